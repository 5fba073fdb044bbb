/**
 * @file The usual kinds of sums; each operation says in its file which are its own.
 */
import { sizeOf } from '../base/shape.ts';
import type { Sums, TensorType } from './types.ts';

const product = (factors: readonly number[]): number => factors.reduce((a, b) => a * b, 1);

/** Sums of products of the first so many operands. */
export const sumsOf = <A>(factors: number, products: Sums<A>['products']): Sums<A> => ({
  factors,
  products,
  size: (rms, length) => product(rms) * Math.sqrt(length),
});

/** The same, divided by their length. */
export const meansOf = <A>(factors: number, products: Sums<A>['products']): Sums<A> => ({
  factors,
  products,
  size: (rms, length) => product(rms) / Math.sqrt(length),
});

/** One term for each element of the first operand. */
export const eachElement = ([x]: readonly TensorType[]): number => sizeOf(x.shape);
