/**
 * @file Looking up: elements by their place in the flattened tensor, places of values among boundaries, membership.
 */
import { fail } from '../../base/errors.ts';
import { sameShape, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { gather } from '../../graph/ops/indexing.ts';
import { record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { indexFromEnd } from './index-nodes.ts';
import { resultType, toNodes } from './promote.ts';

const input = p.tensor('input');

/** The elements at places of the flattened tensor, in the index's shape; places below 0 count from the end. */
export const take = fn(
  'torch.take',
  [input, p.indices('index')],
  (self, index): Tensor => {
    const size = sizeOf(self.node.shape);
    const places = e.reshape(indexFromEnd('take', index, size), [sizeOf(index.node.shape)]);
    return new Tensor(e.reshape(record(gather, [e.reshape(self.node, [size]), places], { dim: 0 }), index.node.shape));
  },
  { pythonCall: true },
);

/** int64 unless int32 is asked for; `right`: values equal to a boundary lie behind it. */
const outInt32 = p.flag('outInt32', false);

/** How many of the last dimension's boundaries each value of x lies behind: each value is compared with all of them. */
function placesOf(x: Node, boundaries: Node, right: boolean, outInt32: boolean): Tensor {
  const value = e.reshape(x, [...x.shape, 1]);
  // A NaN lies behind all of them.
  const isBefore = right ? e.gt(boundaries, value) : e.ge(boundaries, value);
  const count = e.sum(e.logicalNot(isBefore), [isBefore.shape.length - 1]);
  return new Tensor(e.reshape(e.cast(count, outInt32 ? 'int32' : 'int64'), x.shape));
}

/**
 * Which interval between ascending boundaries each value is in, from 0; `right` puts equal values into the next one.
 */
export const bucketize = fn(
  'torch.bucketize',
  [p.operand('input'), p.tensor('boundaries'), '*', outInt32, p.flag('right', false)],
  (self, boundaries, outInt32, right): Tensor => {
    if (boundaries.ndim !== 1) fail(`bucketize: the boundaries have shape ${boundaries.shape}; expected a vector`);
    const [x, b] = toNodes([self, boundaries], resultType(self, boundaries));
    return placesOf(x, b, right, outInt32);
  },
  { pythonCall: true },
);

/**
 * Where each value would be inserted into an ascending sequence [n], or into its row's own [..., n]; `right` (or
 * `side: 'right'`) behind equal elements.
 */
export const searchsorted = fn(
  'torch.searchsorted',
  [
    p.tensor('sortedSequence'),
    p.operand('input'),
    '*',
    outInt32,
    p.flag('right', false),
    p.choice(['left', 'right'])('side', null),
    p.refused('sorter', null, 'sort the sequence first'),
  ],
  (sequence, values, outInt32, right, side): Tensor => {
    if (right && side === 'left') fail("searchsorted: right is true and side is 'left'; give one of them");
    const [b, x] = toNodes([sequence, values], resultType(sequence, values));
    const rows = b.shape.slice(0, -1);
    if (sequence.ndim === 0) fail('searchsorted: the sequence has no dimension; expected a vector or rows');
    if (sequence.ndim > 1 && !sameShape(rows, x.shape.slice(0, -1)))
      fail(
        `searchsorted: the sequence ${sequence.shape} and the values [${x.shape.join(', ')}] differ in more than the last size`,
      );
    const boundaries = sequence.ndim > 1 ? e.reshape(b, [...rows, 1, b.shape[b.shape.length - 1]]) : b;
    return placesOf(x, boundaries, right || side === 'right', outInt32);
  },
  { pythonCall: true },
);

/** Whether each element is among the test elements, as bool: each is compared with all of them. */
export const isin = fn(
  'torch.isin',
  [p.operand('elements'), p.operand('testElements'), '*', p.flag('assumeUnique', false), p.flag('invert', false)],
  (elements, tests, _unique, invert): Tensor => {
    if (!(elements instanceof Tensor) && !(tests instanceof Tensor)) fail('isin: both are numbers; give a tensor');
    const [x, t] = toNodes([elements, tests], resultType(elements, tests));
    const equal = e.eq(e.reshape(x, [...x.shape, 1]), e.reshape(t, [sizeOf(t.shape)]));
    const found = e.gt(e.sum(equal, [equal.shape.length - 1]), 0);
    return new Tensor(invert ? e.logicalNot(found) : found);
  },
  { pythonCall: true },
);

const lookups = { take };
methods(lookups);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof lookups> {}
}
