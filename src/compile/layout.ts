/**
 * @file Layouts as kernels need them: is it contiguous, what does broadcasting do to it, which dimensions run together.
 */
import type { Shape } from '../base/shape.ts';
import { contiguousStrides, sizeOf } from '../base/shape.ts';
import type { Layout } from '../graph/types.ts';

export const contiguousLayout = (shape: Shape): Layout => ({ shape, strides: contiguousStrides(shape), offset: 0 });

/**
 * Whether the elements lie in row-major order from the storage's beginning; strides of dimensions of size 1 do not
 * matter.
 */
export function isContiguous({ shape, strides, offset }: Layout): boolean {
  if (offset !== 0) return false;
  const expected = contiguousStrides(shape);
  return shape.every((size, d) => size === 1 || strides[d] === expected[d]) || sizeOf(shape) === 0;
}

/** The layout under a shape that it broadcasts to: repeated dimensions get stride 0. */
export function broadcastLayout({ shape, strides, offset }: Layout, target: Shape): Layout {
  const lead = target.length - shape.length;
  return {
    shape: target,
    strides: target.map((size, d) => (d < lead || (shape[d - lead] === 1 && size !== 1) ? 0 : strides[d - lead])),
    offset,
  };
}

export interface Strides {
  readonly sizes: number[];
  /** By layout, then by collapsed dimension. */
  readonly strides: number[][];
}

/** Merges neighbouring dimensions that every layout walks through in one stride, and drops those of size 1. */
export function collapse(shape: Shape, layouts: readonly (readonly number[])[]): Strides {
  const sizes: number[] = [];
  const strides: number[][] = layouts.map(() => []);
  shape.forEach((size, d) => {
    if (size === 1) return;
    const last = sizes.length - 1;
    const merges = last >= 0 && layouts.every((l, i) => strides[i][last] === l[d] * size);
    if (merges) sizes[last] *= size;
    else sizes.push(size);
    layouts.forEach((l, i) => {
      if (merges) strides[i][last] = l[d];
      else strides[i].push(l[d]);
    });
  });
  return { sizes, strides };
}
