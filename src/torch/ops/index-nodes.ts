/**
 * @file Index tensors as nodes: checked, spread over the other dimensions.
 */
import { dtypes } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { gather as gatherOp } from '../../graph/ops/indexing.ts';
import { leaf, record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { within } from './checks.ts';
import { boundsOf } from './bounds.ts';

/** What functions of index tensors take. */
export const [input, dim, places] = [p.tensor('input'), p.int('dim'), p.indices('index')];

/** The index as a node, whose numbers are from 0 to below `size`. */
export function indexNode(
  what: string,
  index: Tensor,
  size: number,
  things: Things = { one: 'index', many: 'elements' },
): Node {
  checkWhole(what, index);
  return wordsOf(placesAmong(what, index.node, size, things));
}

/** The same, where numbers below 0 count from the end. */
export function indexFromEnd(what: string, index: Tensor, size: number): Node {
  checkWhole(what, index);
  const message = `${what}: index {value}{place} is out of range; there are ${size} elements${size > 0 ? `, from ${-size} to ${size - 1}` : ''}`;
  return fromEnd(wordsOf(within(index.node, { least: -size, greatest: size - 1 }, message)), size);
}

/** Bytes would wrap on the way to a place. */
const wordsOf = (index: Node): Node => (dtypes[index.dtype].hostBytes === 4 ? index : e.cast(index, 'int32'));

function checkWhole(what: string, { dtype }: Tensor): void {
  if (dtypes[dtype].kind !== 'int')
    fail(`${what}: the index is ${dtype}; indices are whole numbers, convert with .long()`);
}

/** What the program calls a place and what there is at places: a `class` of 10 `classes`. */
export interface Things {
  readonly one: string;
  readonly many: string;
}

/** The node, whose numbers are from 0 to below `size`; `allowed` may be there too. */
export function placesAmong(what: string, index: Node, size: number, { one, many }: Things, allowed?: number): Node {
  const message = `${what}: ${one} {value}{place} is out of range; there are ${size} ${many}${size > 0 ? `, from 0 to ${size - 1}` : ''}`;
  return within(index, { least: 0, greatest: size - 1, ...(allowed !== undefined && { allowed }) }, message);
}

/** Places from −size on, counted from the beginning. */
export const fromEnd = (index: Node, size: number): Node =>
  boundsOf(index).least < 0 ? e.where(e.lt(index, 0), e.add(index, size), index) : index;

/** An index along `dim` of a tensor, expanded over the other dimensions. */
export function overRows(index: Node, shape: readonly number[], dim: number): Node {
  const count = sizeOf(index.shape);
  return e.expand(
    e.reshape(
      index,
      shape.map((_, d) => (d === dim ? count : 1)),
    ),
    shape.with(dim, count),
  );
}

/** Elements of x along a dimension at places known beforehand. */
export function takeAlong(x: Node, dim: number, places: Int32Array): Node {
  return record(
    gatherOp,
    [x, overRows(leaf({ shape: [places.length], dtype: 'int32' }, x.device, places), x.shape, dim)],
    { dim },
  );
}

/** A tensor cut to the index's sizes in the dimensions other than `dim`. */
export function cutToIndex(what: string, x: Node, index: Tensor, dim: number): Node {
  if (x.shape.length !== index.ndim)
    fail(`${what}: the index has ${index.ndim} dimensions and the tensor ${x.shape.length}; they must be as many`);
  return index.node.shape.reduce((node, size, d) => {
    if (d === dim) return node;
    if (size > x.shape[d])
      fail(`${what}: index ${index.shape} is larger than the tensor [${x.shape.join(', ')}] in dim ${d}`);
    return e.slice(node, d, 0, size);
  }, x);
}
