/**
 * @file softmax and its logarithm along one dimension.
 */
import { sizeOf } from '../../base/shape.ts';
import * as e from '../expr.ts';
import { eachElement } from '../sums.ts';
import type { Attrs, Op, Operand, Sums } from '../types.ts';

export interface SoftmaxAttrs extends Attrs {
  readonly dim: number;
}

/**
 * Calls `write` for each element with its distance from its row's largest, and with the sum of the exponentials of
 * these.
 */
function overRows(
  { shape, data }: Operand,
  dim: number,
  write: (at: number, distance: number, total: number) => void,
): void {
  const n = shape[dim];
  const inner = sizeOf(shape.slice(dim + 1));
  for (let row = 0; row < data.length / n; row++) {
    const first = Math.floor(row / inner) * n * inner + (row % inner);
    let top = -Infinity;
    let total = 0;
    for (let i = 0; i < n; i++) top = Math.max(top, data[first + i * inner]);
    for (let i = 0; i < n; i++) total += Math.exp(data[first + i * inner] - top);
    for (let i = 0; i < n; i++) write(first + i * inner, data[first + i * inner] - top, total);
  }
}

/**
 * The sum of a row's exponentials, which all of its elements share. What it is off by is in proportion, and in a
 * logarithm as it is.
 */
const alongRow: Omit<Sums<SoftmaxAttrs>, 'size'> = {
  factors: 1,
  products: eachElement,
  longest: ([x], { dim }) => x.shape[dim],
};

/** e^x over the sum of e^x along the dimension. */
export const softmax: Op<SoftmaxAttrs> = {
  name: 'softmax',
  infer: ([x]) => x,
  reference: ([x], { dim }) => {
    const out = new Float64Array(x.data.length);
    overRows(x, dim, (at, distance, total) => {
      out[at] = Math.exp(distance) / total;
    });
    return out;
  },
  gradient: ({ attrs: { dim }, node, grad }) => [e.mul(node, e.sub(grad, e.sum(e.mul(grad, node), [dim], true)))],
  sums: { ...alongRow, size: () => 0 },
  python: ([x], { dim }) => `F.softmax(${x}, dim=${dim})`,
};

/** The logarithm of softmax, exact where softmax is nearly 0. */
export const logSoftmax: Op<SoftmaxAttrs> = {
  name: 'logSoftmax',
  infer: ([x]) => x,
  reference: ([x], { dim }) => {
    const out = new Float64Array(x.data.length);
    overRows(x, dim, (at, distance, total) => {
      out[at] = distance - Math.log(total);
    });
    return out;
  },
  gradient: ({ attrs: { dim }, node, grad }) => [e.sub(grad, e.mul(e.exp(node), e.sum(grad, [dim], true)))],
  sums: { ...alongRow, size: () => 1 },
  python: ([x], { dim }) => `F.log_softmax(${x}, dim=${dim})`,
};
