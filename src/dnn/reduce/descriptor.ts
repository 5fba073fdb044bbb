/**
 * @file The reduction descriptor: an input by its strides, some of whose dimensions are kept and the others brought
 * together.
 *
 * Dimensions that run together are one. At most four are kept and four are not, outermost first, as `struct Reduce` of
 * shaders/lib/reduce.wgsl has them; whoever has more writes the input out first.
 */
import type { DType } from '../../base/dtype.ts';
import { sizeOf } from '../../base/shape.ts';
import type { Binding } from '../../gpu/kernel.ts';
import { params } from '../../gpu/kernel.ts';
import type { ReductionName } from './accumulator.ts';

/** Dimensions and how far apart their elements lie. */
export interface Walk {
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
}

export const mostDimensions = 4;

export interface ReduceDescriptor {
  readonly name: ReductionName;
  readonly kept: Walk;
  readonly along: Walk;
  readonly offset: number;
  readonly dtype: DType;
  readonly result: DType;
  /** Of a variance. */
  readonly correction?: number;
  /** The result may be beyond its type, which the kernel tells. */
  readonly asserts: boolean;
}

export const outputsOf = ({ kept }: ReduceDescriptor): number => sizeOf(kept.sizes);
export const lengthOf = ({ along }: ReduceDescriptor): number => sizeOf(along.sizes);

/** One line for people: `mean of 64 × 1000 elements, float32`. */
export const describeReduction = (d: ReduceDescriptor): string => {
  const adjacent = d.along.strides.at(-1) === 1 || lengthOf(d) === 1;
  return `${d.name} of ${outputsOf(d)} × ${lengthOf(d)} elements${adjacent ? '' : ` ${d.along.strides.at(-1)} apart`}, ${d.dtype}`;
};

/** How far from the first element number `i` of a walk lies. */
export function walked({ sizes, strides }: Walk, i: number): number {
  let [rest, at] = [i, 0];
  for (let d = sizes.length - 1; d >= 0; d--) {
    at += (rest % sizes[d]) * strides[d];
    rest = Math.floor(rest / sizes[d]);
  }
  return at;
}

/** Elements of the storage up to the last one that is read. */
export const extentOf = ({ kept, along, offset }: ReduceDescriptor): number =>
  [kept, along].reduce(
    (end, { sizes, strides }) => sizes.reduce((e, size, d) => e + (size - 1) * Math.max(0, strides[d]), end),
    offset + 1,
  );

/** The uniform `struct Reduce`. */
export function reduceParams(d: ReduceDescriptor, chunks: number): Binding {
  const four = (values: readonly number[], fill: number): number[] => [
    ...new Array<number>(mostDimensions - values.length).fill(fill),
    ...values,
  ];
  return params(
    outputsOf(d),
    lengthOf(d),
    chunks,
    d.offset,
    ...four(d.kept.sizes, 1),
    ...four(d.kept.strides, 0),
    ...four(d.along.sizes, 1),
    ...four(d.along.strides, 0),
  );
}
