/**
 * @file What a convolution algorithm is: an algorithm (see ../algorithm.ts) for a convolution descriptor, with a
 * direction.
 */
import type { Binding, KernelPart, Param, Slot } from '../../gpu/kernel.ts';
import { params } from '../../gpu/kernel.ts';
import type { Algorithm, Config, Slots } from '../algorithm.ts';
import type { Direction } from '../choice/records.ts';
import type { ConvDescriptor, ConvSizes } from './descriptor.ts';

export type { DeviceTraits } from '../algorithm.ts';
export { elementBytes, elementPart, epilogueParts, mathTypes, sumPart } from '../kernels/epilogue.ts';
export type ConvConfig = Config;

/** x, w and y by role; the direction says which of them is written. */
export interface ConvSlots extends Slots {
  readonly x: Slot;
  readonly w: Slot;
  readonly y: Slot;
}

/** `name` is cuDNN's without its prefix, `'IMPLICIT_GEMM'`. */
export interface ConvAlgorithm<C extends ConvConfig = ConvConfig> extends Algorithm<ConvDescriptor, ConvSlots, C> {
  readonly direction: Direction;
}

/** Keeps an algorithm's own configuration type while the tables hold them all alike. */
export function convAlgorithm<C extends ConvConfig>(algorithm: ConvAlgorithm<C>): ConvAlgorithm {
  return algorithm as unknown as ConvAlgorithm;
}

/**
 * Why an algorithm has no kernel that ends in a pool, where one is asked for: the four outputs of a window never meet
 * in it.
 */
export const refusesPool = ({ epilogue }: ConvDescriptor, why: string): string | undefined =>
  epilogue.pool && `cannot end in a ${epilogue.pool} pool: ${why}`;

/** A kernel that finds its elements by `struct Conv`. */
export const convPart: KernelPart = { files: ['lib/conv.wgsl'], traits: { gathers: true } };

/** The uniform `struct Conv` of shaders/lib/conv.wgsl; more fields may follow. */
export function convParams(d: ConvSizes, ...more: readonly Param[]): Binding {
  return params(
    d.N,
    d.C,
    d.H,
    d.W,
    d.K,
    d.R,
    d.S,
    d.P,
    d.Q,
    d.strideH,
    d.strideW,
    d.padTop,
    d.padLeft,
    d.dilationH,
    d.dilationW,
    d.groups,
    ...more,
  );
}
