/**
 * @file Floating-point operations that an operation stands for, by the direct method: two for each product that is
 * added up, one for each term of a sum without factors, one for each element of a pointwise result. Comparisons and
 * moves are none.
 */
import { isFloat } from '../base/dtype.ts';
import { sizeOf } from '../base/shape.ts';
import { cast } from './ops/elementwise/unary.ts';
import type { Node } from './types.ts';

export function flopsOf({ op, inputs, attrs, shape, dtype }: Node): number {
  const { sums } = op;
  if (sums !== 'none') return (sums.factors > 1 ? 2 : 1) * sums.products(inputs, attrs, { shape, dtype });
  return op.elementwise && op !== cast && isFloat(dtype) ? sizeOf(shape) : 0;
}
