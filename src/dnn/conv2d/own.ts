/**
 * @file Convolution kernels that a program brings: algorithms made of a text, for as long as the program runs.
 *
 * A text is WGSL as our own kernels are. It finds its operands at the bindings 0, 1 and 2 of group 0, what it reads
 * before what it writes, and `struct Conv` at 3. The descriptor's numbers are constants too, so that arrays can have
 * their size. It may call `epilogue(sum, index, k)`; where it does not, what the convolution ends in runs apart.
 */
import { fnv1a64 } from '../../base/hash.ts';
import { messageOf } from '../../base/errors.ts';
import { counted } from '../../base/format.ts';
import { sizeOf } from '../../base/shape.ts';
import type { Grid, KernelPart, KernelSpec, Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import { codeOf, meets } from '../../gpu/bounded-loops.ts';
import { shaderSource, wholeText } from '../../gpu/linker.ts';
import type { Direction } from '../choice/records.ts';
import { epilogueWords } from '../kernels/epilogue.ts';
import type { ConvAlgorithm, ConvConfig, ConvSlots } from './algorithm.ts';
import {
  convAlgorithm,
  convParams,
  convPart,
  elementBytes,
  elementPart,
  epilogueParts,
  mathTypes,
  sumPart,
} from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { convFlops, describeConv, noEpilogue, resultShape, storedShape } from './descriptor.ts';

/** Workgroups as a dispatch takes them; one number is folded as `linear_invocation` unfolds it. */
export type Workgroups = number | readonly [x: number, y: number, z: number];

/** A kernel of a program's own. */
export interface OwnConvolution {
  readonly name: string;
  readonly wgsl: string;
  /** Files of ours that the text builds upon, paths below `shaders/`. */
  readonly files?: readonly string[];
  readonly direction: Direction;
  readonly workgroups: Workgroups | ((problem: ConvDescriptor) => Workgroups);
  /** Invocations of a workgroup: the text's constant `GROUP`. */
  readonly workgroupSize: number;
  /** More constants, of whole numbers. */
  readonly constants:
    | Readonly<Record<string, number>>
    | ((problem: ConvDescriptor) => Readonly<Record<string, number>>);
  /** The one problem that it is for, as `sizesText` tells it. */
  readonly only?: string;
  /** Whether it is for a problem: true, or why it is not. */
  readonly runs?: (problem: ConvDescriptor) => unknown;
  /** Equal inputs give equal bits. */
  readonly deterministic: boolean;
  /** The stack of the call that brought it. */
  readonly stack?: string;
}

const templates: Record<Direction, string> = {
  forward: 'conv2d/direct/1_definition.wgsl',
  'backward data': 'conv2d/backward_data/1_gather.wgsl',
  'backward filter': 'conv2d/backward_filter/1_gather.wgsl',
};

/** The text of our plainest kernel of a direction, of 64 invocations a workgroup, each with one result. */
export const convolutionTemplate = (direction: Direction): string => shaderSource(templates[direction]);

/** A problem by its sizes and type, whatever it ends in: `'4×3×32×32 * 16×3×3×3, padding 1, float32'`. */
export const sizesText = (d: ConvDescriptor): string => describeConv({ ...d, epilogue: noEpilogue });

/** Whether a text has what is run. */
export const hasEntry = (given: Pick<OwnConvolution, 'name' | 'wgsl' | 'files'>): boolean =>
  /\bfn\s+main\b/.test(codeOf(wholeText(given)));

/** Those of the program that runs, by direction and name. */
let own = new Map<string, { readonly kernel: OwnConvolution; readonly algorithm: ConvAlgorithm }>();
let changes = 0;
/** Why texts are left out that broke a device, whichever program brings them. */
const broken = new Map<string, string>();

/** Takes a kernel in, in the place of an earlier one of its name. */
export function addOwnConvolution(given: OwnConvolution): void {
  own.set(`${given.direction} ${given.name}`, { kernel: given, algorithm: ownAlgorithm(given) });
  changes++;
}

export function forgetOwnConvolutions(): void {
  if (own.size > 0) changes++;
  own = new Map();
}

/** Another number wherever what was planned may be planned otherwise now. */
export const ownConvolutionsVersion = (): number => changes;

export const ownConvolutions = (direction: Direction): readonly ConvAlgorithm[] =>
  [...own.values()].flatMap(({ kernel, algorithm }) => (kernel.direction === direction ? [algorithm] : []));

/** Tells a problem from itself with other kernels: a part of its key, empty where a program brought none. */
export function ownKey(d: ConvDescriptor): string {
  const parts = [...own.values()].flatMap(({ kernel }) =>
    kernel.direction === d.direction ? [identityOf(kernel, d)] : [],
  );
  return parts.length === 0 ? '' : ` own ${fnv1a64(parts.join('\n'))}`;
}

function identityOf(given: OwnConvolution, d: ConvDescriptor): string {
  const { name, deterministic } = given;
  const shape = attempt(() => JSON.stringify([shapeOf(given, d), whyNot(given, d)]));
  return JSON.stringify([name, wholeText(given), deterministic, shape.value ?? shape.reason]);
}

/** The binding of its result, behind what it reads. */
const bindingsOf: Record<Direction, (slots: ConvSlots, result: Slot) => Launch['bindings']> = {
  forward: ({ x, w }, y) => [reads(x), reads(w), writes(y)],
  'backward data': ({ y, w }, x) => [reads(y), reads(w), writes(x)],
  'backward filter': ({ x, y }, w) => [reads(x), reads(y), writes(w)],
};
const resultOf: Record<Direction, (slots: ConvSlots) => Slot> = {
  forward: ({ y }) => y,
  'backward data': ({ x }) => x,
  'backward filter': ({ w }) => w,
};

/** The bindings of group 0: what it reads, its result, the numbers of the problem. */
export const ownBindings = (d: ConvDescriptor, slots: ConvSlots, result?: Slot): Launch['bindings'] => [
  ...bindingsOf[d.direction](slots, result ?? resultOf[d.direction](slots)),
  convParams(d),
];

/** The files that each is given, whatever it names; the last ones where its text calls the epilogue. */
export const filesGiven = (d: ConvDescriptor, slots: ConvSlots): readonly string[] => [
  ...(convPart.files ?? []),
  gridFile,
  ...(epilogueParts(d.epilogue, slots).part.files ?? []),
];

const gridFile = 'lib/grid.wgsl';

function ownAlgorithm(given: OwnConvolution): ConvAlgorithm {
  const whole = wholeText(given);
  const code = codeOf(whole);
  const endsItself = /\bepilogue\s*\(/.test(code);
  const finishesApart = (d: ConvDescriptor): boolean => !endsItself && epilogueWords(d.epilogue).length > 0;
  return convAlgorithm<ConvConfig>({
    name: given.name,
    direction: given.direction,
    own: { stack: given.stack, broke: (reason) => broken.set(whole, reason) },
    determinism: given.deterministic ? 'deterministic' : 'non-deterministic',
    supports: (d, { limits }) => {
      if (d.epilogue.pool) return 'a kernel of a program stores every output, and a pool takes the largest of four';
      const reason = whyNot(given, d);
      if (reason !== undefined) return reason;
      const { maxComputeInvocationsPerWorkgroup: most } = limits;
      return (
        given.workgroupSize <= most || `its workgroups have ${given.workgroupSize} invocations, of at most ${most}`
      );
    },
    configs: (d) => [{ label: '', mathType: mathTypes(d)[0] }],
    workspace: (d) => (finishesApart(d) ? [sizeOf(storedShape(d)) * elementBytes(d)] : []),
    work: (d) => {
      const barriers = meets(whole);
      return barriers > 0 ? { barriers: barriers * invocationsOf(given, d) } : undefined;
    },
    launches: (d, { mathType }, slots) => {
      const apart = finishesApart(d);
      const result = apart ? slots.workspace[0] : undefined;
      const { part, bindings: ending } = epilogueParts(d.epilogue, slots);
      const parts = [elementPart(d.dtype), sumPart(mathType), convPart];
      const first: Launch = {
        kernel: specOf(given, d, [...parts, ...(endsItself ? [part] : [])], code),
        bindings: ownBindings(d, slots, result),
        ...(endsItself && ending && { epilogue: ending }),
        workgroups: shapeOf(given, d).workgroups,
      };
      if (result === undefined) return [first];
      const group = 64;
      const last: Launch = {
        kernel: kernel('conv2d/finish', ...parts, linear(group), part),
        bindings: [reads(result), writes(slots.y), convParams(d)],
        epilogue: ending,
        workgroups: linearGrid(ceilDiv(sizeOf(storedShape(d)), group)),
      };
      return [first, last];
    },
  });
}

/** Why a kernel is not for a problem. */
function whyNot(given: OwnConvolution, d: ConvDescriptor): string | undefined {
  const broke = broken.get(wholeText(given));
  if (broke !== undefined) return `it broke the device before: ${broke}`;
  if (given.only !== undefined && given.only !== sizesText(d)) return `it is for ${given.only} only`;
  const answer = attempt(() => given.runs?.(d) ?? true);
  if (answer.reason !== undefined) return `its runs() threw: ${answer.reason}`;
  if (answer.value !== true)
    return typeof answer.value === 'string' ? answer.value : 'its runs() says that it is not for this';
  return attempt(() => shapeOf(given, d)).reason;
}

interface Shape {
  readonly workgroups: Grid;
  readonly constants: Readonly<Record<string, number>>;
  readonly group: number;
}

const mostWorkgroups = 65535;

/**
 * Invocations of a grid: as many as the problem has products, and for a small one so many. A kernel runs to its end,
 * and nothing can stop one that was started too often.
 */
const mostInvocations = (d: ConvDescriptor): number => Math.max(2 ** 20, convFlops(d) / 2);

/** Throws where a function of the program's throws, or gives what makes no sense. */
function shapeOf(given: OwnConvolution, d: ConvDescriptor): Shape {
  const count = typeof given.workgroups === 'function' ? given.workgroups(d) : given.workgroups;
  const workgroups = typeof count === 'number' ? [count] : count;
  if (!Array.isArray(workgroups) || !workgroups.every((n) => Number.isSafeInteger(n) && n >= 1))
    throw new Error(`its workgroups are ${String(count)}; a whole number of at least 1, or three`);
  const grid = typeof count === 'number' ? linearGrid(count) : ([...workgroups, 1, 1].slice(0, 3) as unknown as Grid);
  if (grid.some((n) => n > mostWorkgroups))
    throw new Error(`its workgroups are ${grid.join(' × ')}; at most ${mostWorkgroups} in each dimension`);
  const invocations = sizeOf(grid) * given.workgroupSize;
  if (invocations > mostInvocations(d))
    throw new Error(
      `its grid has ${counted(invocations, 'invocation')}, of at most ${mostInvocations(d).toLocaleString('en')} for this problem`,
    );
  const constants = typeof given.constants === 'function' ? given.constants(d) : given.constants;
  for (const [name, value] of Object.entries(constants))
    if (!/^[A-Za-z]\w*$/.test(name) || !Number.isSafeInteger(value) || value < 0 || value > 0xffffffff)
      throw new Error(`its constant ${name} is ${String(value)}; a whole number of at least 0 under a plain name`);
  return { workgroups: grid, constants: { ...constants }, group: given.workgroupSize };
}

const invocationsOf = (given: OwnConvolution, d: ConvDescriptor): number =>
  sizeOf(shapeOf(given, d).workgroups) * given.workgroupSize;

/** A kernel's loops have as many turns as this, and several times what the products of a whole workgroup take. */
const leastTurns = 4096;

function turnsOf(given: OwnConvolution, d: ConvDescriptor): number {
  const products = convFlops(d) / 2;
  const results = sizeOf(resultShape(d));
  return leastTurns + 8 * Math.ceil(Math.max(products / results, products / sizeOf(shapeOf(given, d).workgroups)));
}

function specOf(given: OwnConvolution, d: ConvDescriptor, parts: readonly KernelPart[], code: string): KernelSpec {
  const { name, wgsl, files: named = [] } = given;
  const { constants, group } = shapeOf(given, d);
  // A directive stands before everything else.
  const enabled = Array.from(code.matchAll(/^\s*enable\s+([\w,\s]+);/gm), ([, names]) => names.split(/[\s,]+/)).flat();
  const files = [...parts.flatMap((part) => part.files ?? []), gridFile];
  return {
    label: name,
    spec: {
      enable: [...new Set([...parts.flatMap(({ enable = [] }) => enable), ...enabled])],
      const: { GROUP: group, ...constantsOf(d), ...constants },
      alias: Object.assign({}, ...parts.map(({ alias }) => alias)),
    },
    traits: { gathers: true, group },
    files: files.filter((file) => !named.includes(file) && !defines(code, file)),
    generated: parts.map(({ generated = '' }) => generated).join(''),
    written: {
      name,
      files: named,
      wgsl: wgsl.replace(
        /^(\s*)(enable\s+[\w,\s]+;)/gm,
        (_, before: string, text: string) => before + text.replace(/\S/g, ' '),
      ),
      turns: turnsOf(given, d),
    },
  };
}

/** A copied kernel may bring along what a file of ours defines. */
const defines = (code: string, file: string): boolean =>
  (file === 'lib/conv.wgsl' && /\bstruct\s+Conv\b/.test(code)) ||
  (file === 'lib/grid.wgsl' && /\bfn\s+linear_invocation\b/.test(code));

/** The fields of `struct Conv`, as constants. */
const constantsOf = (d: ConvDescriptor): Record<string, number> => ({
  N: d.N,
  C: d.C,
  H: d.H,
  W: d.W,
  K: d.K,
  R: d.R,
  S: d.S,
  P: d.P,
  Q: d.Q,
  STRIDE_H: d.strideH,
  STRIDE_W: d.strideW,
  PAD_TOP: d.padTop,
  PAD_LEFT: d.padLeft,
  DILATION_H: d.dilationH,
  DILATION_W: d.dilationW,
  GROUPS: d.groups,
});

function attempt<T>(make: () => T): { readonly value?: T; readonly reason?: string } {
  try {
    return { value: make() };
  } catch (error) {
    return { reason: messageOf(error) };
  }
}
