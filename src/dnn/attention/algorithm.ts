/**
 * @file What an attention algorithm is, and the parts that its kernels share. Names are those of PyTorch's
 * `SDPBackend`.
 */
import type { Binding, KernelPart, Launch, Slot } from '../../gpu/kernel.ts';
import { kernel, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Algorithm, Config, Slots } from '../algorithm.ts';
import { elementPart } from '../kernels/epilogue.ts';
import type { MathType } from '../choice/records.ts';
import type { AttentionDescriptor } from './descriptor.ts';
import { attentionParams } from './descriptor.ts';

export interface AttentionSlots extends Slots {
  readonly q: Slot;
  readonly k: Slot;
  readonly v: Slot;
  readonly y: Slot;
  readonly mask?: Slot;
}

export type AttentionAlgorithm<C extends Config = Config> = Algorithm<AttentionDescriptor, AttentionSlots, C>;

/** Keeps an algorithm's own configuration type while the table holds them all alike. */
export function attentionAlgorithm<C extends Config>(algorithm: AttentionAlgorithm<C>): AttentionAlgorithm {
  return algorithm as unknown as AttentionAlgorithm;
}

/** Scores and sums are float32 whatever is stored. */
export const attentionMath = ({ dtype }: AttentionDescriptor): MathType => (dtype === 'float16' ? 'HALF' : 'FMA');

/** What every kernel is linked with that makes weights of scores. */
export const softmaxPart = ({ dtype, mask }: AttentionDescriptor): KernelPart => ({
  ...elementPart(dtype),
  const: mask === 'added' ? {} : { CAUSAL: String(mask === 'causal') },
  files: [
    'lib/math.wgsl',
    'lib/exponential.wgsl',
    'lib/attention.wgsl',
    `attention/mask_${mask === 'added' ? 'added' : 'by_place'}.wgsl`,
  ],
});

/** `@group(1)`: the mask's file owns it, so that no kernel's bindings shift. */
export const maskBindings = ({ mask }: AttentionDescriptor, slots: AttentionSlots): Binding[] | undefined =>
  mask === 'added' ? [reads(slots.mask!)] : undefined;

/** The largest head whose query and result an invocation can keep in registers. */
const largestHead = 128;

/** `true`, or why a fused kernel cannot hold these heads. */
export const fitsRegisters = ({ E, Ev }: AttentionDescriptor): true | string =>
  Math.max(E, Ev) <= largestHead
    ? true
    : `keeps a query and its result in registers, so heads have at most ${largestHead} numbers; these have ${Math.max(E, Ev)}`;

/** Whether all rows of q, k and v are made of aligned fours. */
export const byFour = (d: AttentionDescriptor): boolean =>
  d.E % 4 === 0 &&
  d.Ev % 4 === 0 &&
  [d.q, d.k, d.v].every((m) => [m.offset, m.outer, m.inner, m.row].every((stride) => stride % 4 === 0));

const quads = (size: number): number => Math.ceil(size / 4);

/** Fours of a key and of a value together. */
export const quadsOf = ({ E, Ev }: AttentionDescriptor): number => quads(E) + quads(Ev);

/** The only launch of a fused kernel. */
export function fusedLaunch(
  d: AttentionDescriptor,
  slots: AttentionSlots,
  name: string,
  constants: Readonly<Record<string, number>>,
  workgroups: number,
): Launch {
  return {
    kernel: kernel(`attention/${name}`, softmaxPart(d), {
      const: { ...constants, SIZE: d.E, VALUE_SIZE: d.Ev, QUADS: quads(d.E), VALUE_QUADS: quads(d.Ev) },
      files: ['lib/grid.wgsl', `attention/rows_by_${byFour(d) ? 'four' : 'one'}.wgsl`],
    }),
    bindings: [reads(slots.q), reads(slots.k), reads(slots.v), writes(slots.y), attentionParams(d)],
    epilogue: maskBindings(d, slots),
    workgroups: linearGrid(workgroups),
  };
}

/** Multiplications and additions of a fused kernel over so many pairs; those that a triangle forbids are left out. */
export const fusedOperations = ({ E, Ev }: AttentionDescriptor, pairs: number): number => 2 * pairs * (E + Ev);

/** Elements of keys and values that are read for so many pairs. */
export const pairReads = ({ E, Ev }: AttentionDescriptor, pairs: number): number => pairs * (E + Ev);

/**
 * A query and its result are arrays of vectors that loops index, so they are read and written as memory is: for each
 * pair the query once, the result once each way.
 */
export const ownVectors = ({ E, Ev }: AttentionDescriptor, pairs: number): number => pairs * (quads(E) + 2 * quads(Ev));
