/**
 * @file Views that plain slices cannot express: flip walks backwards, windows overlap, a diagonal walks two dimensions
 * at once.
 */
import { fail } from '../../base/errors.ts';
import { formatShape } from '../../base/shape.ts';
import * as e from '../expr.ts';
import { leaf, record } from '../record.ts';
import type { Attrs, Node, Op } from '../types.ts';
import { scatterSum } from './indexing.ts';
import { view } from './views.ts';

export interface FlipAttrs extends Attrs {
  readonly dims: readonly number[];
}

/** Dimensions in reverse, by negative strides. */
export const flip: Op<FlipAttrs> = view<FlipAttrs>(
  {
    name: 'flip',
    infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
    gradient: ({ attrs, grad }) => [record(flip, [grad], attrs)],
    python: ([x], { dims }) => `torch.flip(${x}, (${dims.join(', ')},))`,
  },
  ({ shape, strides, offset }, { dims }) => ({
    shape,
    strides: strides.map((stride, d) => (dims.includes(d) ? -stride : stride)),
    offset: dims.reduce((at, d) => at + Math.max(0, shape[d] - 1) * strides[d], offset),
  }),
);

export interface WindowsAttrs extends Attrs {
  readonly dim: number;
  /** Elements in a window. */
  readonly size: number;
  /** From a window's beginning to the next one's. */
  readonly step: number;
  /** From an element of a window to the next one. */
  readonly dilation: number;
}

const windowCount = (length: number, { size, step, dilation }: WindowsAttrs): number =>
  Math.floor((length - dilation * (size - 1) - 1) / step) + 1;

/** Sliding windows along one dimension: it becomes their number, and a new last dimension runs through a window. */
export const windows: Op<WindowsAttrs> = view<WindowsAttrs>(
  {
    name: 'windows',
    infer: ([x], attrs) => {
      const { dim, size, step, dilation } = attrs;
      for (const [name, value] of Object.entries({ size, step, dilation }))
        if (!Number.isInteger(value) || value < 1) fail(`unfold: ${name} ${value} is not a whole number of at least 1`);
      const count = windowCount(x.shape[dim], attrs);
      if (count < 1)
        fail(`unfold: a window of ${dilation * (size - 1) + 1} does not fit dim ${dim} of ${formatShape(x.shape)}`);
      return { shape: [...x.shape.with(dim, count), size], dtype: x.dtype };
    },
    gradient: ({ inputs: [x], attrs, grad }) => [sumWindows(grad, attrs, x.shape[attrs.dim])],
    python: ([x], { dim, size, step, dilation }) =>
      `${x}.unfold(${dim}, ${dilation * (size - 1) + 1}, ${step})${dilation === 1 ? '' : `[..., ::${dilation}]`}`,
  },
  ({ strides, offset }, { dim, step, dilation }, { shape }) => ({
    shape,
    strides: [...strides.with(dim, strides[dim] * step), strides[dim] * dilation],
    offset,
  }),
);

/** The transpose of `windows`: adds windows up where they overlap, over a dimension of the given length. */
export function sumWindows(x: Node, attrs: WindowsAttrs, length: number): Node {
  const { dim, size, step, dilation } = attrs;
  const count = x.shape[dim];
  const last = x.shape.length - 1;
  const order = Array.from({ length: last }, (_, d) => d).toSpliced(dim + 1, 0, last);
  const flat = [...x.shape.slice(0, dim), count * size, ...x.shape.slice(dim + 1, last)];
  const places = Int32Array.from(
    { length: count * size },
    (_, i) => Math.floor(i / size) * step + (i % size) * dilation,
  );
  const index = e.expand(
    e.reshape(
      leaf({ shape: [places.length], dtype: 'int32' }, x.device, places),
      flat.map((_, d) => (d === dim ? places.length : 1)),
    ),
    flat,
  );
  return record(scatterSum, [e.reshape(e.permute(x, order), flat), index], { dim, size: length });
}

export interface DiagonalAttrs extends Attrs {
  readonly dims: readonly [number, number];
  /** Above the main diagonal where positive, below it where negative. */
  readonly offset: number;
}

/** A diagonal of two dimensions, as the last dimension of the result. */
export const diagonal: Op<DiagonalAttrs> = view<DiagonalAttrs>(
  {
    name: 'diagonal',
    infer: ([x], { dims: [a, b], offset }) => {
      if (a === b) fail(`diagonal: needs two different dims, got ${a} twice`);
      const length = Math.max(
        0,
        offset >= 0 ? Math.min(x.shape[a], x.shape[b] - offset) : Math.min(x.shape[a] + offset, x.shape[b]),
      );
      return { shape: [...x.shape.filter((_, d) => d !== a && d !== b), length], dtype: x.dtype };
    },
    gradient: ({ inputs: [x], attrs, grad }) => [onDiagonal(grad, x, attrs)],
    python: ([x], { dims, offset }) => `torch.diagonal(${x}, ${offset}, ${dims.join(', ')})`,
  },
  ({ strides, offset: start }, { dims: [a, b], offset }, { shape }) => ({
    shape,
    strides: [...strides.filter((_, d) => d !== a && d !== b), strides[a] + strides[b]],
    offset: shape.at(-1) === 0 ? start : start + Math.max(0, offset) * strides[b] + Math.max(0, -offset) * strides[a],
  }),
);

/** The elements put on the diagonal of zeros of the shape of `like`. */
export function onDiagonal(g: Node, like: Node, { dims: [a, b], offset }: DiagonalAttrs): Node {
  const along = (d: number): number[] => like.shape.map((size, i) => (i === d ? size : 1));
  const count = (d: number, from: number): Node =>
    e.reshape(
      leaf(
        { shape: [like.shape[d]], dtype: 'int32' },
        like.device,
        Int32Array.from({ length: like.shape[d] }, (_, i) => i + from),
      ),
      along(d),
    );
  if (g.shape.at(-1) === 0) return e.fullLike(like, 0);
  // Row a of the result holds element a (or a + offset, below the main diagonal) at column a + offset.
  const [before, after] =
    offset >= 0 ? [0, like.shape[a] - g.shape.at(-1)!] : [-offset, like.shape[a] + offset - g.shape.at(-1)!];
  const rows = e.padZeros(g, g.shape.length - 1, before, after);
  const kept = like.shape.map((_, d) => d).filter((d) => d !== a && d !== b);
  const order = like.shape.map((_, d) => (d === a ? kept.length : d === b ? kept.length + 1 : kept.indexOf(d)));
  const spread = e.permute(e.reshape(rows, [...rows.shape, 1]), order);
  return e.where(e.eq(count(b, 0), count(a, offset)), spread, 0);
}
