/**
 * @file Index tensors as nodes: checked where their numbers are on the host, spread over the other dimensions.
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
import { hostOf } from './known.ts';

/** What functions of index tensors take. */
export const [input, dim, places] = [p.tensor('input'), p.int('dim'), p.indices('index')];

/** The index as a node on the data's device, after the checks that its host value allows. */
export function indexNode(
  what: string,
  index: Tensor,
  size: number,
  things: Things = { one: 'index', many: 'elements' },
): Node {
  if (dtypes[index.dtype].kind !== 'int')
    fail(`${what}: the index is ${index.dtype}; indices are whole numbers, convert with .to('int32')`);
  checkPlaces(what, index, size, things);
  return e.cast(index.node, 'int32');
}

/** What the program calls a place and what there is at places: a `class` of 10 `classes`. */
export interface Things {
  readonly one: string;
  readonly many: string;
}

/** Throws where the index is on the host and has a number below 0, or not below `size`; `allowed` may be there too. */
export function checkPlaces(what: string, index: Tensor, size: number, { one, many }: Things, allowed?: number): void {
  const host = hostOf(index.node);
  const at = host?.findIndex((i) => i !== allowed && !(i >= 0 && i < size)) ?? -1;
  if (at < 0) return;
  const { shape } = index.node;
  const place = shape.map((n, d) => Math.floor(at / sizeOf(shape.slice(d + 1))) % n);
  fail(
    `${what}: ${one} ${host![at]}${place.length ? ` at [${place.join(', ')}]` : ''} is out of range; there are ${size} ${many}${size > 0 ? `, from 0 to ${size - 1}` : ''}`,
  );
}

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
export function fitted(what: string, x: Node, index: Tensor, dim: number): Node {
  if (x.shape.length !== index.ndim)
    fail(`${what}: the index has ${index.ndim} dimensions and the tensor ${x.shape.length}; they must be as many`);
  return index.node.shape.reduce((node, size, d) => {
    if (d === dim) return node;
    if (size > x.shape[d])
      fail(`${what}: index ${index.shape} is larger than the tensor [${x.shape.join(', ')}] in dim ${d}`);
    return e.slice(node, d, 0, size);
  }, x);
}
