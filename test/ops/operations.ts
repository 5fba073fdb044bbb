/**
 * @file Every function of torch and torch.nn.functional and every method of tensors, and those that no case can hold
 * against PyTorch.
 */
import * as F from '../../src/torch/functional.ts';
import * as torch from '../../src/torch/torch.ts';
import { functionalName, testedName } from './tested.ts';

/** What a program calls, `torch.exp`, `F.relu` or `x.view`, and the name by which cases test it. */
export interface Callable {
  readonly name: string;
  readonly tested: string;
}

export const isClass = (value: unknown): boolean => typeof value === 'function' && /^class\b/.test(String(value));

const callables = (prefix: string, space: object, nameOf: (name: string) => string): Callable[] =>
  Object.entries(space).flatMap(([name, value]) =>
    typeof value === 'function' && !isClass(value) ? [{ name: `${prefix}.${name}`, tested: nameOf(name) }] : [],
  );

/** Methods that no function of torch stands beside. */
const ownMethods = Object.fromEntries(
  Object.entries(Object.getOwnPropertyDescriptors(torch.Tensor.prototype)).flatMap(([name, { value }]) =>
    name === 'constructor' || (name in torch && typeof torch[name as keyof typeof torch] === 'function')
      ? []
      : [[name, value as unknown]],
  ),
);

export const everything: readonly Callable[] = [
  ...callables('torch', torch, testedName),
  ...callables('F', F, functionalName),
  ...callables('x', ownMethods, testedName),
];

/** Why a function has no cases, or few: it is no operation, or another test holds it against PyTorch. */
const reasons = {
  sized: 'a promise, since the data decides; test/remote/asks-the-data.test.ts holds it against PyTorch',
  inPlace:
    'one mechanism for all forms with an underscore; test/engine/inplace.test.ts holds each against the form without it',
  recording: 'switches how operations are recorded; test/engine/autograd.test.ts and compile.test.ts',
  types: 'tells of dtypes; test/unit/type-info.test.ts',
  precision: 'switches precisions; test/unit/autocast.test.ts and test/remote/autocast.test.ts',
  named: 'a word for what shape and to() give; test/engine/nn.test.ts',
  reading: 'reads, shows or frees a value or a setting',
  saving: 'files; test/engine/nn.test.ts and test/remote/nn.test.ts',
} as const;

const because = (reason: keyof typeof reasons, ...names: readonly string[]): [string, string][] =>
  names.map((name) => [name, reasons[reason]]);

/** Forms with an underscore of what is there without one; the most used two have cases enough of their own. */
const inPlaceForms = Object.keys(ownMethods).filter(
  (name) =>
    name.endsWith('_') &&
    name.slice(0, -1) in torch.Tensor.prototype &&
    !['requiresGrad_', 'add_', 'mul_'].includes(name),
);

export const exceptions: ReadonlyMap<string, string> = new Map([
  ...because('sized', 'torch.maskedSelect', 'torch.nonzero', 'torch.unique', 'torch.allclose', 'torch.equal'),
  ...because('inPlace', ...inPlaceForms.map((name) => `x.${name}`)),
  ...because(
    'recording',
    'torch.compile',
    'torch.enableGrad',
    'torch.inferenceMode',
    'torch.isGradEnabled',
    'torch.noGrad',
    'torch.setGradEnabled',
    'x.backward',
    'x.registerHook',
    'x.requiresGrad_',
    'x.retainGrad',
  ),
  ...because('precision', 'torch.autocast', 'torch.isAutocastEnabled'),
  ...because('types', 'torch.canCast', 'torch.finfo', 'torch.iinfo', 'torch.promoteTypes', 'torch.resultType'),
  ...because(
    'reading',
    'torch.device',
    'torch.initialSeed',
    'torch.sync',
    'x.data',
    'x.dispose',
    'x.item',
    'x.setNode',
    'x.tolist',
    'x.toString',
  ),
  ...because('named', 'x.bfloat16', 'x.bool', 'x.cpu', 'x.dim', 'x.float', 'x.half', 'x.int', 'x.numel', 'x.size'),
  ...because('saving', 'torch.load', 'torch.save'),
]);
