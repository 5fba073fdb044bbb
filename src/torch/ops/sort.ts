/**
 * @file Order: sort, argsort, topk, kthvalue, median, unique. Values are gathered in the order of their indices, and a
 * NaN is greater than all, as in PyTorch. Sorting is stable.
 */
import { encode } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { normalizeDim, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { gather } from '../../graph/ops/indexing.ts';
import { argsort as argsortOp, compareNumbers } from '../../graph/ops/sort.ts';
import { record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { fromHost } from '../creation.ts';
import { inOwnMemory } from '../memory.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, overloads, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import type { ValuesAndIndices } from './values-and-indices.ts';
import { readFrom, valuesAndIndices } from './values-and-indices.ts';

/** The tensor's node with at least one dimension, and the dimension to walk. */
function line(what: string, self: Tensor, dim: number): { x: Node; d: number; scalar: boolean } {
  const scalar = self.ndim === 0;
  return { x: scalar ? e.reshape(self.node, [1]) : self.node, d: normalizeDim(what, dim, self.ndim), scalar };
}

/** The elements at positions `start` to `end` of the sorted dimension, laid out like a node. */
function inOrder(
  what: string,
  self: Tensor,
  dim: number,
  descending: boolean,
  start: number,
  end: number,
  like?: Node,
): ValuesAndIndices {
  const { x, d, scalar } = line(what, self, dim);
  const places = e.slice(record(argsortOp, [x], { dim: d, descending }), d, start, Math.min(end, x.shape[d]));
  const values = record(gather, [x, places], { dim: d });
  const shaped = (node: Node): Tensor => new Tensor(scalar ? e.reshape(node, []) : inOwnMemory(node, like));
  return valuesAndIndices(shaped(values), shaped(places));
}

const dim = p.int('dim', -1);
const keepdim = p.flag('keepdim', false);
/** Equal elements keep their order always; PyTorch's `stable` is accepted. */
const inSomeOrder = [p.tensor('input'), dim, p.flag('descending', false), '*', p.flag('stable', false)] as const;

/** The elements in order along a dimension, and the index of each. */
export const sort = fn('torch.sort', inSomeOrder, (input, dim, descending): ValuesAndIndices =>
  inOrder('sort', input, dim, descending, 0, Infinity, input.node),
);

/** The indices that sort a dimension. */
export const argsort = fn(
  'torch.argsort',
  inSomeOrder,
  (input, dim, descending): Tensor => inOrder('argsort', input, dim, descending, 0, Infinity, input.node).indices,
);

/** The k largest (or smallest) elements of a dimension, in order. */
export const topk = fn(
  'torch.topk',
  [p.tensor('input'), p.int('k'), dim, p.flag('largest', true), p.flag('sorted', true)],
  (self, k, dim, largest): ValuesAndIndices => {
    const { x, d } = line('topk', self, dim);
    if (k < 0 || k > x.shape[d]) fail(`topk: k is ${k}; dim ${d} has ${x.shape[d]} elements`);
    return inOrder('topk', self, dim, largest, 0, k);
  },
  { pythonCall: true },
);

/** The k-th smallest element of a dimension, counted from 1. */
export const kthvalue = fn(
  'torch.kthvalue',
  [p.tensor('input'), p.int('k'), dim, keepdim],
  (self, k, dim, keepdim): ValuesAndIndices => {
    const { x, d } = line('kthvalue', self, dim);
    if (k < 1 || k > x.shape[d]) fail(`kthvalue: k is ${k}; give 1 to ${x.shape[d]}, the size of dim ${d}`);
    const { values, indices } = inOrder('kthvalue', self, dim, false, k - 1, k);
    return keepdim || self.ndim === 0
      ? valuesAndIndices(values, indices)
      : valuesAndIndices(squeezed(values, d), squeezed(indices, d));
  },
  { pythonCall: true },
);

const squeezed = (t: Tensor, d: number): Tensor => new Tensor(e.reshape(t.node, t.node.shape.toSpliced(d, 1)));

/**
 * The lower of the two middle elements along a dimension, NaN if it has one; without a dim, of all elements, as a
 * tensor.
 */
export const median = overloads(
  fn(
    'torch.median',
    [p.tensor('input')],
    (input): Tensor =>
      readFrom(input, medianAlong(new Tensor(e.reshape(input.node, [sizeOf(input.node.shape)])), 0, false).values),
    { pythonCall: true },
  ),
  fn(
    'torch.median',
    [p.tensor('input'), p.int('dim'), keepdim],
    (input, dim, keepdim): ValuesAndIndices => medianAlong(input, dim, keepdim),
    { pythonCall: true },
  ),
);

function medianAlong(self: Tensor, dim: number, keepdim: boolean): ValuesAndIndices {
  const { x, d } = line('median', self, dim);
  const size = x.shape[d];
  if (size === 0) fail(`median: dim ${d} of shape ${self.shape} has no elements`);
  const order = record(argsortOp, [x], { dim: d, descending: false });
  const middle = e.slice(order, d, Math.floor((size - 1) / 2), Math.floor((size - 1) / 2) + 1);
  // A NaN is sorted to the end; where there is one, the first of them is the median.
  const nans = e.sum(e.isnan(x), [d], true);
  const firstNan = record(gather, [order, e.where(e.eq(nans, 0), 0, e.sub(size, nans))], { dim: d });
  const places = e.where(e.eq(nans, 0), middle, firstNan);
  const values = record(gather, [x, places], { dim: d });
  const shape = keepdim && self.ndim ? values.shape : values.shape.toSpliced(d, 1);
  return valuesAndIndices(new Tensor(e.reshape(values, shape)), new Tensor(e.reshape(places, shape)));
}

export interface Unique {
  /** The different values, in ascending order. */
  readonly values: Tensor;
  /** For each element, which of the values it is; int64, in the tensor's shape. */
  readonly inverse: Tensor;
  /** How often each value occurs; int64. */
  readonly counts: Tensor;
}

/**
 * The distinct elements of the whole tensor; NaN comes last, and each NaN is distinct. A promise, because their number
 * depends on the data; computed on the cpu.
 */
export const unique = fn(
  'torch.unique',
  [
    p.tensor('input'),
    p.flag('sorted', true),
    p.flag('returnInverse', false),
    p.flag('returnCounts', false),
    p.refused('dim', null, "only the whole tensor's values are told apart"),
  ],
  async (self): Promise<Unique> => {
    const data = await self.data();
    const numbers: ArrayLike<number> = data;
    const values: number[] = [];
    const counts: number[] = [];
    const inverse = new Int32Array(numbers.length);
    for (const at of Uint32Array.from(numbers, (_, i) => i).sort(
      (a, b) => compareNumbers(numbers[a], numbers[b]) || a - b,
    )) {
      if (numbers[at] !== values.at(-1)) counts[values.push(numbers[at]) - 1] = 0;
      inverse[at] = values.length - 1;
      counts[values.length - 1]++;
    }
    const { device } = self;
    return {
      values: fromHost(encode(self.dtype, values), [values.length], self.dtype, { device }),
      inverse: fromHost(inverse, self.node.shape, 'int64', { device }),
      counts: fromHost(Int32Array.from(counts), [values.length], 'int64', { device }),
    };
  },
);

const sorting = { sort, argsort, topk, kthvalue, median, unique };
methods(sorting);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof sorting> {}
}
