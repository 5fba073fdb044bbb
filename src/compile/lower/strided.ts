/**
 * @file Operands seen as outer × dim × inner, as the operations along one dimension walk them.
 */
import { sizeOf } from '../../base/shape.ts';
import type { Slot } from '../../gpu/kernel.ts';
import type { Layout, Node } from '../../graph/types.ts';
import { collapse, contiguousLayout } from '../layout.ts';
import type { LowerContext } from './context.ts';

export interface ThreeLevels {
  readonly slot: Slot;
  readonly offset: number;
  /** Strides of outer, dim and inner, in elements. */
  readonly strides: readonly [outer: number, dim: number, inner: number];
}

/** Sizes before, along and behind a dimension. */
export const aroundDim = (shape: readonly number[], dim: number): [outer: number, size: number, inner: number] => [
  sizeOf(shape.slice(0, dim)),
  shape[dim],
  sizeOf(shape.slice(dim + 1)),
];

/** A node's storage with three strides; copies only where the dimensions before or behind `dim` do not run together. */
export function threeLevels(node: Node, dim: number, context: LowerContext): ThreeLevels {
  const seen = context.view(node);
  const strides = levels(seen.layout, dim);
  if (strides) return { slot: seen.slot, offset: seen.layout.offset, strides };
  return { slot: context.contiguous(node), offset: 0, strides: levels(contiguousLayout(node.shape), dim)! };
}

function levels({ shape, strides }: Layout, dim: number): [number, number, number] | undefined {
  const run = (from: number, to: number): number | undefined => {
    const merged = collapse(shape.slice(from, to), [strides.slice(from, to)]).strides[0];
    return merged.length > 1 ? undefined : (merged[0] ?? 0);
  };
  const [outer, inner] = [run(0, dim), run(dim + 1, shape.length)];
  return outer === undefined || inner === undefined ? undefined : [outer, strides[dim], inner];
}
