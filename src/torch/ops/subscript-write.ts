/**
 * @file PyTorch's x[…], writing: `x.indexPut_([…], values)` is x[…] = values, with `accumulate` x[…] += values, where
 * values that meet at one place are added up.
 *
 * What a mask lets through is counted on the device: row k of the values goes where the mask holds for the k-th time.
 */
import { fail } from '../../base/errors.ts';
import type { Shape } from '../../base/shape.ts';
import { formatShape, sizeOf } from '../../base/shape.ts';
import type { Range } from '../../graph/assertion.ts';
import { isWithin, assertionMessage } from '../../graph/assertion.ts';
import * as e from '../../graph/expr.ts';
import { add } from '../../graph/ops/elementwise/index.ts';
import { full } from '../../graph/ops/full.ts';
import { detached, overwrite, toDevice } from '../../graph/ops/identity.ts';
import { gather, lastPlace, scatterSum } from '../../graph/ops/indexing.ts';
import { cumsum } from '../../graph/ops/scan.ts';
import { record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { changeInPlace } from '../inplace.ts';
import { Tensor } from '../tensor.ts';
import { withinBeside } from './checks.ts';
import { hostOf } from './bounds.ts';
import type { Operand } from './promote.ts';
import { toNodes } from './promote.ts';
import type { Index, Mask, Pick } from './subscript.ts';
import { recordWhole, scatterSumOf } from './int64.ts';
import { acrossRows, isMask, placesOf, read, resultOrder, rowsOf } from './subscript.ts';

/**
 * Writes to the elements at an index; the values broadcast to its shape. Of several at one place the last wins, or all
 * are added (`accumulate`).
 */
export function put(
  self: Tensor,
  what: string,
  indices: readonly Index[],
  values: Operand,
  accumulate: boolean,
): Tensor {
  const { x, chosen } = read(what, self.node, indices, false);
  const view = new Tensor(x);
  const value = (kept: boolean): Node => valueNode(what, view, values, kept);
  if (chosen.length === 0)
    changeInPlace(view, what, (v) => new Tensor(written(v.node, stretched(what, value(true), x.shape), accumulate)));
  else if (chosen.length === 1 && isMask(chosen[0])) {
    const [mask] = chosen as [Mask];
    changeInPlace(view, what, (v) => new Tensor(putMasked(what, v.node, mask, value(false), accumulate)));
  } else {
    const picks = chosen.flatMap((c) =>
      isMask(c) ? placesOf(known(what, c), c.mask.node.shape, c.dim, x.device) : [c],
    );
    changeInPlace(view, what, (v) => new Tensor(putRows(what, v.node, picks, value(false), accumulate)));
  }
  return self;
}

const known = (what: string, { mask }: Mask): ArrayLike<number> =>
  hostOf(mask.node) ??
  fail(
    `${what}: where a mask that is not computed yet holds is not known beside other index tensors; read its places first: (await mask.nonzero()).unbind(1)`,
  );

/**
 * The values on the view's device, in its dtype. PyTorch converts what is written to views, and nothing that index
 * tensors place.
 */
function valueNode(what: string, view: Tensor, values: Operand, convert: boolean): Node {
  if (!(values instanceof Tensor)) return toNodes([values, view], view.dtype)[0];
  if (!convert && values.dtype !== view.dtype)
    fail(
      `${what}: the tensor is ${view.dtype} and the values are ${values.dtype}; convert them with .to('${view.dtype}')`,
    );
  const node = e.cast(toDevice(values.node, view.node.device), view.dtype);
  const ones = node.shape.findIndex((size) => size !== 1);
  return e.reshape(node, node.shape.slice(ones < 0 ? node.shape.length : ones));
}

function stretched(what: string, value: Node, shape: Shape): Node {
  const lead = shape.length - value.shape.length;
  if (lead < 0 || value.shape.some((size, d) => size !== 1 && size !== shape[lead + d]))
    fail(
      `${what}: the values have shape ${formatShape(value.shape)}, which does not broadcast to the index's ${formatShape(shape)}`,
    );
  return e.expand(value, shape);
}

const written = (x: Node, value: Node, accumulate: boolean): Node =>
  accumulate ? recordWhole(add, [x, value], {}) : record(overwrite, [value, x], { through: false });

function putRows(what: string, x: Node, picks: readonly Pick[], value: Node, accumulate: boolean): Node {
  const rows = rowsOf(what, x, picks);
  const [size, columns] = rows.flat.shape;
  const order = resultOrder(rows);
  const front = [...rows.shape, ...rows.others];
  const whole = stretched(
    what,
    value,
    order.map((d) => front[d]),
  );
  if (sizeOf(rows.others) === 0) return e.copy(x);
  const source = e.reshape(
    e.permute(
      whole,
      front.map((_, d) => order.indexOf(d)),
    ),
    [rows.places.shape[0], columns],
  );
  const flat =
    accumulate || sizeOf(rows.shape) === 0
      ? recordWhole(add, [rows.flat, scatterSumOf(source, acrossRows(rows), 0, size)], {})
      : replaced(rows.flat, source, rows.places);
  const shaped = e.reshape(
    flat,
    rows.order.map((d) => x.shape[d]),
  );
  return e.permute(
    shaped,
    rows.order.map((_, d) => rows.order.indexOf(d)),
  );
}

/**
 * The rows with those at the places replaced: by the last that is written there, though as in PyTorch the gradient goes
 * to all that are.
 */
function replaced(flat: Node, source: Node, places: Node): Node {
  const [size, columns] = flat.shape;
  const last = e.expand(record(lastPlace, [e.reshape(places, [places.shape[0], 1])], { dim: 0, size }), [
    size,
    columns,
  ]);
  const values = record(gather, [detached(source), e.where(e.lt(last, 0), 0, last)], { dim: 0 });
  const hit = e.ge(last, 0);
  const result = e.where(hit, values, flat);
  if (!source.requiresGrad) return result;
  const across = e.expand(e.reshape(places, [places.shape[0], 1]), source.shape);
  const history = e.where(hit, record(scatterSum, [source, across], { dim: 0, size }), flat);
  return record(overwrite, [detached(result), history], { through: true });
}

/**
 * Where the mask holds, the value, which broadcasts; or its rows one after another, where it has one for each place.
 */
function putMasked(what: string, x: Node, { dim, mask }: Mask, value: Node, accumulate: boolean): Node {
  const held = toDevice(mask.node, x.device);
  const rank = held.shape.length;
  const behind = x.shape.length - dim - rank;
  const beside = e.reshape(held, [...held.shape, ...new Array<number>(behind).fill(1)]);
  const axis = value.shape.length - behind - 1;
  if (axis < 0 || value.shape[axis] === 1) {
    const apart =
      axis < 0 ? value : e.reshape(value, value.shape.toSpliced(axis, 1, ...new Array<number>(rank).fill(1)));
    const whole = stretched(what, apart, x.shape);
    return e.where(beside, written(x, whole, accumulate), x);
  }
  const [front, back] = [x.shape.slice(0, dim), x.shape.slice(dim + rank)];
  const count = value.shape[axis];
  const whole = stretched(what, value, [...front, count, ...back]);
  const rows = e.permute(whole, [dim, ...front.keys(), ...back.map((_, d) => dim + 1 + d)]);
  const message = `${what}: the mask holds in {value} places and there are ${count} values for them`;
  const spread = counted(held, rows, { least: count, greatest: count }, message);
  const order = [...front.map((_, d) => rank + d), ...held.shape.keys(), ...back.map((_, d) => rank + dim + d)];
  return e.where(beside, written(x, e.permute(spread, order), accumulate), x);
}

/**
 * Row k of the source, [rows, …], where the mask holds for the k-th time: [mask's shape, …], and anything where it does
 * not. In how many places it holds is in the range, which ends at the rows; in the message, `{value}` is that number.
 */
export function counted(mask: Node, source: Node, range: Range, message: string): Node {
  const size = sizeOf(mask.shape);
  const inner = source.shape.slice(1);
  const shape = [...mask.shape, ...inner];
  const flat = e.reshape(mask, [size]);
  const host = hostOf(flat);
  const holds = size === 0 ? 0 : host && Array.from(host).filter(Boolean).length;
  if (holds !== undefined && !isWithin(holds, range)) fail(assertionMessage(message, holds, 0, []));
  const nothing = full(shape, source.dtype, 0, source.device);
  if (size === 0) return nothing;
  const sums = record(cumsum, [flat], { dim: 0, reverse: false });
  const fits = (x: Node): Node =>
    holds === undefined ? withinBeside(x, e.slice(sums, 0, size - 1, size), range, message) : x;
  if (source.shape[0] === 0) return fits(nothing);
  const places = e.where(flat, e.sub(fits(sums), 1), 0);
  const across = e.expand(e.reshape(places, [size, ...inner.map(() => 1)]), [size, ...inner]);
  return e.reshape(record(gather, [source, across], { dim: 0 }), shape);
}
