/**
 * @file PyTorch's x[…], reading: places, ranges, new dimensions, index tensors, lists and masks, as `x.index(…)`.
 *
 * An index is read from left to right. Places, ranges and new dimensions are views; what remains are picks: int32
 * tensors, each for one dimension, that broadcast together. Their dimensions are brought to the front, flattened, and
 * gathered from by one number each. A mask is the picks of the places where it holds; how many there are is known when
 * it has been computed, so that such a call is a promise.
 */
import { dtypes } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { isFlat, nestedIn } from '../../base/nested.ts';
import type { Shape } from '../../base/shape.ts';
import { broadcastShapes, formatShape, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { toDevice } from '../../graph/ops/identity.ts';
import { gather } from '../../graph/ops/indexing.ts';
import { leaf, record } from '../../graph/record.ts';
import type { DeviceType, Layout, Node } from '../../graph/types.ts';
import { inOwnMemory, placeOf } from '../memory.ts';
import { fn, p } from '../signature.ts';
import { Tensor, readTensor } from '../tensor.ts';
import { within } from './checks.ts';
import { fromEnd } from './index-nodes.ts';
import { hostOf } from './bounds.ts';
import { dataDecides, promiseOf } from './promises.ts';

/** From, to (exclusive), in steps of: Python's 1:, :-1, ::2 are [1, null], [null, -1], [null, null, 2]. */
export type Range = readonly [start?: number | null, end?: number | null, step?: number | null];
/**
 * Indices nested by dimension, as in `[[0, 2], [1, 1]]`, or booleans for a mask. A flat array of numbers is a range.
 */
export type List = readonly boolean[] | readonly (readonly (number | boolean | List)[])[];
/**
 * What `index` takes that only looks: a place, a range, `null` for a new dimension, `'...'` for all that are not named,
 * `':'` for all of one.
 */
export type View = number | Range | null | '...' | ':';
/** What `index` takes: also tensors of places, masks, lists. */
export type Index = View | boolean | List | Tensor;

/** Places along one dimension, in range. */
export interface Pick {
  readonly dim: number;
  readonly index: Node;
}

/** A mask over dimensions from `dim` on, whose places are not known before it is read. */
export interface Mask {
  readonly dim: number;
  readonly mask: Tensor;
}

/** An index read: the views of it done, the picks and masks still to be made, in order. */
export interface Reading {
  readonly x: Node;
  readonly chosen: readonly (Pick | Mask)[];
}

export const isMask = (chosen: Pick | Mask): chosen is Mask => 'mask' in chosen;

/** What may be an index by its type; which values are one is said when it is read. */
const indices = p.row<Index>(
  'places, ranges, tensors, lists or masks',
  'them one after another',
  (v) =>
    v === null ||
    v instanceof Tensor ||
    Array.isArray(v) ||
    ['number', 'string', 'boolean', 'undefined'].includes(typeof v),
);

/**
 * The elements at an index, like PyTorch's x[…]: a view if the index has only numbers and ranges, otherwise a copy;
 * with a mask, a promise.
 */
export const index = fn(
  'ours.index',
  [p.tensor('input'), indices('indices', [])],
  (self, indices): Tensor | Promise<Tensor> => {
    const { x, chosen } = read('index', self.node, indices, true);
    if (chosen.length === 0) return new Tensor(x);
    const masks = chosen.filter(isMask);
    if (masks.length === 0) return new Tensor(take(x, chosen as Pick[]));
    return promiseOf<Tensor, Tensor>(
      'index',
      Promise.all(masks.map(({ mask }) => readTensor(mask))).then((values) => {
        const known = new Map(masks.map((m, i) => [m, values[i]]));
        return new Tensor(
          take(
            x,
            chosen.flatMap((c) => (isMask(c) ? placesOf(known.get(c)!, c.mask.node.shape, c.dim, x.device) : [c])),
          ),
        );
      }),
      dataDecides,
    );
  },
);

/** The views of an index, and what is left to pick. `eager`: a place that only the device knows is picked at once. */
export function read(what: string, node: Node, indices: readonly Index[], eager: boolean): Reading {
  const rank = node.shape.length;
  const named = indices.reduce((n: number, i) => n + dimensionsOf(what, i), 0);
  if (named > rank) fail(`${what}: ${named} indices for a tensor of ${rank} dimensions`);
  if (indices.filter((i) => i === '...').length > 1)
    fail(`${what}: '...' can stand for the dimensions that are not named only once`);
  let x = node;
  let dim = 0;
  const chosen: (Pick | IndexTensor)[] = [];
  const newDimension = (): void => {
    x = e.reshape(x, x.shape.toSpliced(dim, 0, 1));
  };
  for (const i of indices) {
    if (i === '...') dim += rank - named;
    else if (i === ':') dim++;
    else if (i === null) {
      newDimension();
      dim++;
    } else if (typeof i === 'number') x = place(what, x, dim, i);
    else if (typeof i === 'boolean') {
      newDimension();
      chosen.push({ dim: dim++, index: numbers(i ? [0] : [], [i ? 1 : 0], x.device) });
    } else if (isRange(i)) x = range(what, x, dim++, i);
    else {
      const tensor = i instanceof Tensor ? i : listed(what, i as List, x.device);
      if (tensor.dtype === 'bool') {
        if (tensor.ndim === 0) newDimension();
        chosen.push({
          dim: dim++,
          tensor: tensor.ndim === 0 ? new Tensor(e.reshape(tensor.node, [1])) : tensor,
          isList: !(i instanceof Tensor),
        });
      } else {
        checkPlaces(what, tensor);
        const host = tensor.ndim === 0 ? hostOf(tensor.node) : undefined;
        if (host) x = place(what, x, dim, host[0]);
        else if (tensor.ndim === 0 && eager) x = take(x, [pickOf(what, tensor, dim, x)]);
        else chosen.push({ dim: dim++, tensor, isList: false });
      }
    }
  }
  return { x, chosen: settled(what, x, chosen) };
}

/** A tensor of places, or a mask, as it was given for a dimension. */
interface IndexTensor {
  readonly dim: number;
  readonly tensor: Tensor;
  /** An array of the program's, so that it can be read at once. */
  readonly isList: boolean;
}

/**
 * Until here a mask stood for one dimension, as in PyTorch, whose indices behind a mask of several go by that too; now
 * it takes all of its own.
 */
function settled(what: string, x: Node, chosen: readonly (Pick | IndexTensor)[]): (Pick | Mask)[] {
  let shift = 0;
  return chosen.flatMap((c): (Pick | Mask)[] => {
    const dim = c.dim + shift;
    if (!('tensor' in c)) return [{ ...c, dim }];
    const { tensor, isList } = c;
    if (tensor.dtype !== 'bool') return [pickOf(what, tensor, dim, x)];
    checkMask(what, tensor, x.shape, dim);
    shift += tensor.ndim - 1;
    return isList ? placesOf(hostOf(tensor.node)!, tensor.node.shape, dim, x.device) : [{ dim, mask: tensor }];
  });
}

/** How many dimensions an index names. */
function dimensionsOf(what: string, i: Index): number {
  if (i === null || i === '...' || typeof i === 'boolean') return 0;
  if (i === ':' || typeof i === 'number') return 1;
  if (i instanceof Tensor) return i.dtype === 'bool' ? i.ndim : 1;
  if (!Array.isArray(i))
    fail(
      `${what}: ${typeof i === 'string' ? `'${String(i)}'` : String(i)} is not an index; give a number, a range [start, end, step], a tensor or nested array of indices, a mask, null, ':' or '...'`,
    );
  if (isRange(i)) {
    const given = `[${(i as readonly unknown[]).join(', ')}]`;
    if (i.length < 1 || i.length > 3)
      fail(
        `${what}: ${given} is not a range [start, end, step]; give indices as torch.tensor(${given}, { dtype: 'int64' }), all of a dimension as ':'`,
      );
    return 1;
  }
  const list =
    nestedIn(i) ??
    fail(
      `${what}: a nested array is not rectangular: its rows have different lengths, or it mixes numbers and booleans`,
    );
  return list.isMask ? list.shape.length : 1;
}

/** A nested array as a tensor: places, or a mask. */
function listed(what: string, list: List, device: DeviceType): Tensor {
  const { shape, values, isMask: bools } = nestedIn(list)!;
  if (!bools && values.some((v) => !Number.isInteger(v)))
    fail(`${what}: a list holds places, whole numbers; got ${values.find((v) => !Number.isInteger(v))}`);
  return new Tensor(
    leaf({ shape, dtype: bools ? 'bool' : 'int32' }, device, bools ? Uint8Array.from(values) : Int32Array.from(values)),
  );
}

function place(what: string, x: Node, dim: number, at: number): Node {
  const size = x.shape[dim];
  if (!Number.isInteger(at) || at < -size || at >= size)
    fail(`${what}: index ${at} is out of range for dim ${dim} of size ${size}`);
  const from = at < 0 ? at + size : at;
  return e.reshape(e.slice(x, dim, from, from + 1), x.shape.toSpliced(dim, 1));
}

const isRange = (i: Index): i is Range => Array.isArray(i) && isFlat(i);

function range(what: string, x: Node, dim: number, [start, end, step]: Range): Node {
  for (const bound of [start, end])
    if (bound != null && !Number.isInteger(bound) && Math.abs(bound) !== Infinity)
      fail(`${what}: a range's bounds are whole numbers or null, got ${bound}`);
  const by = step ?? 1;
  if (!Number.isInteger(by) || by < 1)
    fail(`${what}: step ${by} is not a whole number of at least 1; flip() walks backwards`);
  const size = x.shape[dim];
  const bound = (at: number): number => Math.min(size, Math.max(0, at < 0 ? at + size : at));
  const from = bound(start ?? 0);
  return e.slice(x, dim, from, Math.max(from, bound(end ?? Infinity)), by);
}

function checkMask(what: string, { node }: Tensor, shape: Shape, dim: number): void {
  node.shape.forEach((size, d) => {
    if (size !== shape[dim + d])
      fail(
        `${what}: the mask has shape ${formatShape(node.shape)} and the tensor ${formatShape(shape)}; they differ in dim ${dim + d}, of size ${size} and ${shape[dim + d]}`,
      );
  });
}

const numbers = (values: readonly number[], shape: Shape, device: DeviceType): Node =>
  leaf({ shape, dtype: 'int32' }, device, Int32Array.from(values));

function checkPlaces(what: string, index: Tensor): void {
  if (index.dtype === 'uint8')
    fail(`${what}: a uint8 index was a mask in older PyTorch; convert it with .bool() for a mask or .int() for places`);
  if (index.dtype !== 'int32' && index.dtype !== 'int64')
    fail(
      `${what}: the index is ${index.dtype}; ${dtypes[index.dtype].kind === 'float' ? "places are whole numbers, made with { dtype: 'int64' } or .long()" : 'convert it with .long()'}`,
    );
}

function pickOf(what: string, index: Tensor, dim: number, { shape, device }: Node): Pick {
  const size = shape[dim];
  if (size === 0 && sizeOf(index.node.shape) > 0)
    fail(`${what}: dim ${dim} has no elements, so that no index is in range`);
  const message = `${what}: index {value} is out of range for dim ${dim} of size ${size}`;
  const places = within(toDevice(index.node, device), { least: -size, greatest: size - 1 }, message);
  return { dim, index: fromEnd(places, size) };
}

/** The places where a mask holds, a pick for each of its dimensions. */
export function placesOf(mask: ArrayLike<number>, shape: Shape, dim: number, device: DeviceType): Pick[] {
  const places = Array.from(mask).flatMap((held, i) => (held ? [i] : []));
  return shape.map((size, d) => {
    const inner = sizeOf(shape.slice(d + 1));
    return {
      dim: dim + d,
      index: numbers(
        places.map((i) => Math.floor(i / inner) % size),
        [places.length],
        device,
      ),
    };
  });
}

/**
 * Picks as one: the tensor with its picked dimensions in front, flattened; a number for each element of the picks'
 * common shape.
 */
export interface Rows {
  /** [picked, others]. */
  readonly flat: Node;
  /** In front of the picked dimensions, in the order of memory: the dims of x. */
  readonly order: readonly number[];
  /** Flat. */
  readonly places: Node;
  /** The picks' common shape. */
  readonly shape: Shape;
  /** The dimensions that are not picked. */
  readonly others: Shape;
  /** How many of the others come before the picks' dimensions in the result. */
  readonly before: number;
}

export function rowsOf(what: string, x: Node, picks: readonly Pick[]): Rows {
  const dims = picks.map((pick) => pick.dim);
  const others = x.shape.map((_, d) => d).filter((d) => !dims.includes(d));
  const order = [...dims, ...others];
  const sizes = dims.map((d) => x.shape[d]);
  const rest = others.map((d) => x.shape[d]);
  const shape = broadcastShapes(what, ...picks.map((pick) => pick.index.shape));
  const moved = order.every((d, i) => d === i) ? x : e.permute(x, order);
  const strides = sizes.map((_, i) => sizeOf(sizes.slice(i + 1)));
  const terms = picks.map(({ index }, i) => {
    const at = e.cast(index, picks[0].index.dtype);
    return strides[i] === 1 ? at : e.mul(at, strides[i]);
  });
  const places = e.expand(
    terms.reduce((a, b) => e.add(a, b)),
    shape,
  );
  const areNeighbours = dims.every((d, i) => i === 0 || d === dims[i - 1] + 1);
  return {
    flat: e.reshape(moved, [sizeOf(sizes), sizeOf(rest)]),
    order,
    places: e.reshape(places, [sizeOf(shape)]),
    shape,
    others: rest,
    before: areNeighbours ? dims[0] : 0,
  };
}

/** Each place for all of the other dimensions' elements. */
export const acrossRows = ({ places, flat }: Rows): Node =>
  e.expand(e.reshape(places, [...places.shape, 1]), [places.shape[0], flat.shape[1]]);

/** The order that brings the picks' dimensions, which are in front, to their place behind `before` others. */
export function resultOrder({ shape, others, before }: Rows): number[] {
  const front = shape.map((_, d) => d);
  const behind = others.map((_, d) => shape.length + d);
  return [...behind.slice(0, before), ...front, ...behind.slice(before)];
}

function take(x: Node, picks: readonly Pick[]): Node {
  const rows = rowsOf('index', x, picks);
  const taken = e.reshape(record(gather, [rows.flat, acrossRows(rows)], { dim: 0 }), [...rows.shape, ...rows.others]);
  const order = resultOrder(rows);
  const result = rows.before === 0 ? taken : e.permute(taken, order);
  // PyTorch lays the result out along the tensor's other dimensions, and along the places.
  const along = (front: readonly number[], behind: readonly number[]): Layout => ({
    shape: result.shape,
    strides: order.map((d) => [...front, ...behind][d]),
    offset: 0,
  });
  const { strides } = placeOf(x).layout;
  const overOthers = along(
    rows.shape.map(() => 0),
    rows.order.slice(picks.length).map((d) => strides[d]),
  );
  const overPlaces = picks.map((pick) =>
    along(
      placeOf(e.expand(pick.index, rows.shape)).layout.strides,
      rows.others.map(() => 0),
    ),
  );
  return inOwnMemory(result, [overOthers, ...overPlaces]);
}
