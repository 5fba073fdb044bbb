/**
 * @file Intent: an option of a name that does not exist is an error at its line, whatever takes it: every function of
 * torch and torch.nn.functional and every method, called as the cases of operations call it; every class; and what else
 * takes options.
 */
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { messageOf } from '../../src/base/errors.ts';
import { isPlain } from '../../src/base/options.ts';
import { F, dnn, nn, optim, torch } from '../../src/torch/index.ts';
import * as secondNames from '../../src/torch/ops/second-names.ts';
import { vision } from '../../src/session/wudnn.ts';
import { families } from '../ops/cases/index.ts';
import { recordCase } from '../ops/evaluate.ts';
import { everything, exceptions } from '../ops/operations.ts';
import { layerCases } from '../support/layers.ts';

const { data } = torch.utils;

type CallOf = (...args: unknown[]) => unknown;

/** Arguments with which each function was called, by its name as in FEATURES.md: `torch.exp`. */
const seen = vi.hoisted(() => new Map<string, readonly unknown[]>());

/** Names of the classes, which do not look like classes while they are watched. */
const classes = vi.hoisted(() => new Set<string>());

/** The same functions and classes, which leave their arguments behind. */
const watching = vi.hoisted(
  () =>
    (prefix: string, space: object): object =>
      Object.fromEntries(
        Object.entries(space).map(([name, value]) => {
          if (typeof value !== 'function') return [name, value];
          return [
            name,
            /^class\b/.test(String(value))
              ? watchClass(`${prefix}.${name}`, value as new () => object)
              : watch(`${prefix}.${name}`, value as CallOf),
          ];
        }),
      ),
);

const watchClass = vi.hoisted(
  () => (name: string, made: new () => object) =>
    new Proxy(classes.add(name) && made, {
      construct(target, args, newTarget) {
        seen.set(name, args);
        return Reflect.construct(target, args, newTarget) as object;
      },
    }),
);

const watch = vi.hoisted(
  () =>
    (name: string, f: CallOf): CallOf =>
      function (this: unknown, ...args) {
        const result = f.apply(this, args); // a call that throws is no example
        seen.set(name, name.startsWith('x.') ? [this, ...args] : args);
        return result;
      },
);

vi.mock('../../src/torch/torch.ts', async (original) => watching('torch', await original()));
vi.mock('../../src/torch/functional.ts', async (original) => watching('F', await original()));
vi.mock('../../src/torch/nn/index.ts', async (original) => watching('nn', await original()));

/** First names by second ones, `'abs'` by `'absolute'`. */
const first = new Map<string, string>([
  ['at', 'index'],
  ['variance', 'var'],
]);
beforeAll(async () => {
  const all = Object.entries(await vi.importActual<object>('../../src/torch/torch.ts'));
  for (const [second, value] of Object.entries(secondNames))
    first.set(second, all.find(([name, same]) => same === value && !(name in secondNames))![0]);
});

const misspelt = { noSuchOption: 1 };

/** The arguments with an option that does not exist, beside those that there are. */
const spoilt = (args: readonly unknown[]): unknown[] =>
  isPlain(args.at(-1)) ? [...args.slice(0, -1), { ...(args.at(-1) as object), ...misspelt }] : [...args, misspelt];

/** What is said of the option; of none, that nothing was said. */
function complaint(call: () => unknown): string {
  try {
    const result = call();
    if (result instanceof Promise) result.catch(() => {});
    return 'no error';
  } catch (error) {
    return messageOf(error);
  }
}

/** What a method takes one after another, `x.tile(2, 3)`, the function takes in an array. */
const told = /unknown option noSuchOption; (known are \w+|it takes no options)|is beyond the last argument/;

describe('functions and methods', () => {
  beforeAll(() => {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(torch.Tensor.prototype))) {
      if (typeof value === 'function' && name !== 'constructor')
        Object.assign(torch.Tensor.prototype, { [name]: watch(`x.${name}`, value as CallOf) });
    }
    for (const c of Object.values(families).flat()) recordCase(c, 'cpu');
  });

  const call = (name: string, args: readonly unknown[]): unknown => {
    const [prefix, own] = name.split('.');
    if (prefix === 'x') return (args[0] as Record<string, CallOf>)[own](...args.slice(1));
    return ({ torch, F } as unknown as Record<string, Record<string, CallOf>>)[prefix][own](...args);
  };

  /** Where cases call the method, or the function by its first name, the arguments are the same. */
  const exampleFor = (name: string): readonly unknown[] | undefined => {
    const [, own] = name.split('.');
    const other = first.get(own) ?? own;
    return [name, `x.${other}`, `torch.${other}`, `F.${other}`]
      .map((called) => seen.get(called))
      .find((args) => args !== undefined);
  };

  test('that cases call', () => {
    const known = new Set(
      everything.map(({ name }) => name).filter((name) => !classes.has(name) && !exceptions.has(name)),
    );
    const examples = [...known].map((name) => [name, exampleFor(name)] as const);
    expect(examples.filter(([, args]) => args === undefined)).toEqual([]);
    const silent = examples
      .map(([name, args]) => [name, complaint(() => call(name, spoilt(args!)))])
      .filter(([, said]) => !told.test(said));
    expect(silent).toEqual([]);
  });
});

/**
 * Modules that hold others, are made to be extended, or take anything as PyTorch's does: what they are given is no
 * options.
 */
const holders = new Set([
  'nn.Identity',
  'nn.Module',
  'nn.ModuleDict',
  'nn.ModuleList',
  'nn.Parameter',
  'nn.ParameterDict',
  'nn.ParameterList',
  'nn.Sequential',
]);

/** Those that no case of layers constructs, since the oldest PyTorch of the tests lacks them, or has them as losses. */
const otherLayers: readonly (() => object)[] = [
  () => new nn.BCELoss(),
  () => new nn.SoftMarginLoss(),
  () => new nn.GaussianNLLLoss(),
  () => new nn.RMSNorm(2),
  () => new nn.ZeroPad1d(1),
  () => new nn.CircularPad1d(1),
  () => new nn.CircularPad2d(1),
  () => new nn.ChannelShuffle(2),
];

test('layers, as the cases of layers construct them', () => {
  for (const make of [...layerCases.map((c) => c.make), ...otherLayers]) make();
  const layers = [...classes].filter((name) => name.startsWith('nn.') && !holders.has(name));
  const construct = (name: string): unknown =>
    new (nn as unknown as Record<string, new (...args: unknown[]) => unknown>)[name.slice(3)](
      ...spoilt(seen.get(name)!),
    );
  const examples = layers.filter((name) => seen.has(name)).map((name) => [name, complaint(() => construct(name))]);
  expect(examples.filter(([, said]) => !/unknown option noSuchOption/.test(said))).toEqual([]);
  expect(layers.filter((name) => !seen.has(name))).toEqual([]);
});

describe('what else takes options', () => {
  const x = (): torch.Tensor => torch.ones([2, 2], { requiresGrad: true });
  const sgd = (): optim.SGD => new optim.SGD([x()], { lr: 0.1 });
  const rows = (): InstanceType<typeof data.TensorDataset> => new data.TensorDataset(torch.zeros(4, 2));
  const wrong = misspelt as object;

  const calls: Record<string, () => unknown> = {
    'torch.load': () => torch.load(new Uint8Array(), wrong),
    'torch.allclose': () => torch.allclose(x(), x(), wrong),
    'torch.autograd.backward': () => torch.autograd.backward([x().sum()], [], wrong),
    'torch.autograd.grad': () => torch.autograd.grad(x().sum(), x(), wrong),
    'torch.manualSeed': () => (torch.manualSeed as CallOf)(0, wrong),
    'x.backward': () => x().sum().backward(undefined, wrong),
    'x.add_': () => torch.zeros(2).add_(1, wrong),
    'nn.init.uniform_': () => nn.init.uniform_(x(), 0, 1, wrong),
    'nn.init.xavierUniform_': () => nn.init.xavierUniform_(x(), 1, wrong),
    'nn.init.kaimingNormal_': () => nn.init.kaimingNormal_(x(), wrong),
    'nn.init.truncNormal_': () => nn.init.truncNormal_(x(), 0, 1, -2, 2, wrong),
    'nn.init.orthogonal_': () => nn.init.orthogonal_(x(), 1, wrong),
    'nn.utils.clipGradNorm_': () => nn.utils.clipGradNorm_([x()], 1, wrong),
    registerBuffer: () => new nn.Identity().registerBuffer('b', x(), wrong),
    loadStateDict: () => new nn.Identity().loadStateDict({}, wrong),
    'MultiheadAttention()': () => new nn.MultiheadAttention(2, 1)(x(), x(), x(), wrong),
    'optim.SGD': () => new optim.SGD([x()], wrong),
    'optim.Adam': () => new optim.Adam([x()], wrong),
    'optim.AdamW': () => new optim.AdamW([x()], wrong),
    'optim.Adadelta': () => new optim.Adadelta([x()], wrong),
    'optim.Adagrad': () => new optim.Adagrad([x()], wrong),
    'optim.RMSprop': () => new optim.RMSprop([x()], wrong),
    'optim.lrScheduler.StepLR': () => new optim.lrScheduler.StepLR(sgd(), { stepSize: 1, ...wrong }),
    'optim.lrScheduler.MultiStepLR': () => new optim.lrScheduler.MultiStepLR(sgd(), [1], wrong),
    'optim.lrScheduler.ExponentialLR': () => new optim.lrScheduler.ExponentialLR(sgd(), { gamma: 0.5, ...wrong }),
    'optim.lrScheduler.CosineAnnealingLR': () => new optim.lrScheduler.CosineAnnealingLR(sgd(), 2, wrong),
    'optim.lrScheduler.OneCycleLR': () => new optim.lrScheduler.OneCycleLR(sgd(), 0.1, { totalSteps: 2, ...wrong }),
    'data.DataLoader': () => new data.DataLoader(rows(), wrong),
    'data.randomSplit': () => data.randomSplit(rows(), [2, 2], wrong),
    'vision.datasets.shapes': () => vision.datasets.shapes(2, wrong),
    'vision.io.image': () => vision.io.image(wrong),
    'vision.models.ResNet': () => new vision.models.ResNet(wrong),
    'dnn.convolutionDescriptor': () => dnn.convolutionDescriptor({ x: [1, 1, 4, 4], w: [1, 1, 3, 3], ...wrong }),
    'dnn.convolutionForward': () => dnn.convolutionForward(torch.ones(1, 1, 4, 4), torch.ones(1, 1, 3, 3), wrong),
    'dnn.convolutionBackwardData': () =>
      dnn.convolutionBackwardData(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 3, 3), {
        inputSize: [1, 1, 4, 4],
        ...wrong,
      }),
    'dnn.convolutionBackwardFilter': () =>
      dnn.convolutionBackwardFilter(torch.ones(1, 1, 4, 4), torch.ones(1, 1, 2, 2), {
        weightSize: [1, 1, 3, 3],
        ...wrong,
      }),
    'dnn.withConvolutionAlgorithm': () => dnn.withConvolutionAlgorithm(wrong, () => 0),
  };

  test.each(Object.keys(calls))('%s', (name) => {
    expect(complaint(calls[name])).toMatch(told);
  });
});
