/**
 * @file argsort: the order of the elements along one dimension, as int64. It is stable, and a NaN is greater than all.
 *
 * Sorted values, the k largest and medians are elements gathered in this order (see torch/ops/sort.ts), so their
 * gradients are gather's.
 */
import { pythonLiteral } from '../../base/python.ts';
import { sizeOf } from '../../base/shape.ts';
import type { Op } from '../types.ts';
import type { DimAttrs } from './indexing.ts';

export interface ArgsortAttrs extends DimAttrs {
  readonly descending: boolean;
}

/** Less than 0 where a comes before b in ascending order. */
export function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

export const argsort: Op<ArgsortAttrs> = {
  name: 'argsort',
  infer: ([x]) => ({ shape: x.shape, dtype: 'int64' }),
  reference: ([x], { dim, descending }, { shape }) => {
    const out = new Float64Array(sizeOf(shape));
    const inner = sizeOf(shape.slice(dim + 1));
    const n = shape[dim];
    const turn = descending ? -1 : 1;
    for (let row = 0; n > 0 && row < out.length / n; row++) {
      const start = Math.floor(row / inner) * n * inner + (row % inner);
      const order = Array.from({ length: n }, (_, i) => i).sort(
        (a, b) => turn * compareNumbers(x.data[start + a * inner], x.data[start + b * inner]),
      );
      order.forEach((from, i) => {
        out[start + i * inner] = from;
      });
    }
    return out;
  },
  gradient: 'none',
  sums: 'none',
  python: ([x], { dim, descending }) =>
    `torch.sort(${x}, dim=${dim}, descending=${pythonLiteral(descending)}, stable=True)[1]`,
};
