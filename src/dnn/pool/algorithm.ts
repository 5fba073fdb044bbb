/**
 * @file What a pooling algorithm is, and the parts that its kernels share. cuDNN has one way to pool and gives it no
 * name; these are ours.
 */
import type { KernelPart, Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Algorithm, Config, Slots } from '../algorithm.ts';
import { elementPart } from '../kernels/epilogue.ts';
import type { MathType } from '../choice/records.ts';
import type { PoolDescriptor } from './descriptor.ts';
import { poolParams } from './descriptor.ts';

/** x and y by role; the direction says which of them is written. */
export interface PoolSlots extends Slots {
  readonly x: Slot;
  readonly y: Slot;
  /**
   * Of the maxima, in y's shape: what the gradient reads, and a forward pass that keeps values writes too where it is
   * given.
   */
  readonly places?: Slot;
}

export interface PoolAlgorithm<C extends Config = Config> extends Algorithm<PoolDescriptor, PoolSlots, C> {
  readonly direction: PoolDescriptor['direction'];
}

/** Keeps an algorithm's own configuration type while the tables hold them all alike. */
export function poolAlgorithm<C extends Config>(algorithm: PoolAlgorithm<C>): PoolAlgorithm {
  return algorithm as unknown as PoolAlgorithm;
}

/** Pooling adds up in float32 whatever it stores. */
export const poolMath = ({ dtype }: PoolDescriptor): MathType => (dtype === 'float16' ? 'HALF' : 'FMA');

export const group = 64;

/** Neighbouring outputs of a row that an invocation makes. */
export type Lanes = 1 | 4;

/** Invocations that make all outputs, `lanes` of a row each. */
export const runsOf = (d: PoolDescriptor, lanes: Lanes): number => d.N * d.C * d.P * ceilDiv(d.Q, lanes);

const isMax = (d: PoolDescriptor): boolean => d.mode === 'max';

const divisorPart = ({ mode }: PoolDescriptor): KernelPart => ({
  const: { COUNT_PADDING: String(mode === 'average count include padding') },
  files: ['pool/divisor.wgsl'],
});

/** What a window has shown so far. */
function statePart(d: PoolDescriptor, { places }: PoolSlots): KernelPart[] {
  if (!isMax(d)) return [divisorPart(d), { files: ['pool/average.wgsl'] }];
  const kept = places === undefined ? d.keeps : 'both';
  return [{ files: ['pool/max.wgsl', `pool/keep_${kept}.wgsl`] }];
}

/** A launch of a forward kernel. */
export function poolLaunch(
  d: PoolDescriptor,
  slots: PoolSlots,
  name: string,
  lanes: Lanes,
  workgroups: number,
  size = group,
): Launch {
  return {
    kernel: kernel(`pool/${name}`, poolPart(d, size), { files: [`pool/lanes_${lanes}.wgsl`] }, ...statePart(d, slots)),
    bindings: [
      reads(slots.x),
      poolParams(d),
      writes(slots.y),
      ...(slots.places === undefined ? [] : [writes(slots.places)]),
    ],
    workgroups: linearGrid(workgroups),
  };
}

/** A launch of a gradient's kernel; `invocations` of them. */
export function poolBackwardLaunch(d: PoolDescriptor, slots: PoolSlots, name: string, invocations: number): Launch {
  const share: KernelPart[] = isMax(d)
    ? [{ files: ['pool/backward/max.wgsl'] }]
    : [divisorPart(d), { files: ['pool/backward/average.wgsl'] }];
  return {
    kernel: kernel(`pool/backward/${name}`, poolPart(d), ...share),
    bindings: [reads(slots.y), writes(slots.x), poolParams(d), ...(isMax(d) ? [reads(slots.places!)] : [])],
    workgroups: linearGrid(ceilDiv(invocations, group)),
  };
}

export const poolPart = ({ dtype }: PoolDescriptor, size = group): KernelPart => ({
  ...elementPart(dtype),
  const: { GROUP: size },
  files: ['lib/grid.wgsl', 'lib/pool.wgsl'],
});
