/**
 * @file Pooling over windows of a plane: maxPool2d, its indices, its gradient; avgPool2d and its gradient.
 *
 * The maximum and its place are two nodes, since a node has one output; they are twins, which one kernel computes. A
 * place is the flat index in the plane, h·W + w, as PyTorch returns it; among equals the first wins, and a NaN wins
 * over all, the last of several.
 */
import { fail } from '../../base/errors.ts';
import { pythonLiteral } from '../../base/python.ts';
import type { Shape } from '../../base/shape.ts';
import { formatShape, sizeOf } from '../../base/shape.ts';
import { record } from '../record.ts';
import { eachElement, meansOf, sumsOf } from '../sums.ts';
import type { Attrs, Op, TensorType } from '../types.ts';

export interface Pool2dAttrs extends Attrs {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly ceilMode: boolean;
}

export interface AvgPool2dAttrs extends Pool2dAttrs {
  /** Whether padding counts as zeros in the mean. */
  readonly countIncludePad: boolean;
}

export interface PoolBackwardAttrs extends Pool2dAttrs {
  /** The input's shape. */
  readonly shape: Shape;
}

/**
 * Output size along one dimension, as PyTorch computes it: with ceil mode, a last window must start inside the input or
 * its left padding.
 */
function poolSize(
  what: string,
  size: number,
  kernel: number,
  stride: number,
  pad: number,
  dilation: number,
  ceil: boolean,
): number {
  const span = size + 2 * pad - dilation * (kernel - 1) - 1;
  let out = (ceil ? Math.ceil(span / stride) : Math.floor(span / stride)) + 1;
  if (ceil && (out - 1) * stride >= size + pad) out--;
  if (out < 1)
    fail(`${what}: a window of ${dilation * (kernel - 1) + 1} does not fit an input of ${size} with padding ${pad}`);
  return out;
}

function inferPool(what: string, x: TensorType, attrs: Pool2dAttrs): number[] {
  if (x.shape.length !== 4) fail(`${what}: input has shape ${formatShape(x.shape)}; expected 4 dimensions`);
  if (x.shape.includes(0, 1)) fail(`${what}: input has shape ${formatShape(x.shape)}; only the batch may be empty`);
  for (const [name, values, least] of [
    ['kernel size', attrs.kernel, 1],
    ['stride', attrs.stride, 1],
    ['padding', attrs.padding, 0],
    ['dilation', attrs.dilation, 1],
  ] as const) {
    for (const v of values)
      if (!Number.isInteger(v) || v < least) fail(`${what}: ${name} ${v} is not a whole number of at least ${least}`);
  }
  for (const d of [0, 1]) {
    if (attrs.padding[d] * 2 > attrs.kernel[d])
      fail(`${what}: padding ${attrs.padding[d]} is more than half of the kernel size ${attrs.kernel[d]}`);
  }
  const out = [0, 1].map((d) =>
    poolSize(
      what,
      x.shape[2 + d],
      attrs.kernel[d],
      attrs.stride[d],
      attrs.padding[d],
      attrs.dilation[d],
      attrs.ceilMode,
    ),
  );
  return [x.shape[0], x.shape[1], out[0], out[1]];
}

/** Calls `visit` for every element under every window; `xi` is −1 on padding. */
function eachWindow(x: Shape, y: Shape, a: Pool2dAttrs, visit: (xi: number, yi: number, place: number) => void): void {
  const [N, C, H, W] = x;
  const [, , P, Q] = y;
  for (let plane = 0; plane < N * C; plane++) {
    for (let p = 0; p < P; p++) {
      for (let q = 0; q < Q; q++) {
        for (let r = 0; r < a.kernel[0]; r++) {
          for (let s = 0; s < a.kernel[1]; s++) {
            const h = p * a.stride[0] - a.padding[0] + r * a.dilation[0];
            const w = q * a.stride[1] - a.padding[1] + s * a.dilation[1];
            const inside = h >= 0 && h < H && w >= 0 && w < W;
            visit(inside ? (plane * H + h) * W + w : -1, (plane * P + p) * Q + q, h * W + w);
          }
        }
      }
    }
  }
}

function maxima(
  x: { shape: Shape; data: Float64Array },
  attrs: Pool2dAttrs,
  y: TensorType,
): { values: Float64Array; places: Float64Array } {
  const values = new Float64Array(sizeOf(y.shape)).fill(-Infinity);
  const places = new Float64Array(values.length).fill(-1);
  eachWindow(x.shape, y.shape, attrs, (xi, yi, place) => {
    if (xi < 0) return;
    const v = x.data[xi];
    if (v > values[yi] || Number.isNaN(v) || places[yi] < 0) {
      values[yi] = v;
      places[yi] = place;
    }
  });
  return { values, places };
}

export const maxPool2d: Op<Pool2dAttrs> = {
  name: 'maxPool2d',
  infer: ([x], attrs) => ({ shape: inferPool('maxPool2d', x, attrs), dtype: x.dtype }),
  reference: ([x], attrs, y) => maxima(x, attrs, y).values,
  gradient: ({ inputs: [x], attrs, grad }) => [
    record(maxPool2dBackward, [grad, record(maxPool2dIndices, [x], attrs)], { ...attrs, shape: x.shape }),
  ],
  sums: 'none',
  twin: 'maxPool2dIndices',
  python: ([x], attrs) => `F.max_pool2d(${[x, ...poolArguments(attrs)].join(', ')})`,
};

/** The place of each maximum in its plane, h·W + w, as int64; −1 where dilated taps meet no element. */
export const maxPool2dIndices: Op<Pool2dAttrs> = {
  name: 'maxPool2dIndices',
  infer: ([x], attrs) => ({ shape: inferPool('maxPool2d', x, attrs), dtype: 'int64' }),
  reference: ([x], attrs, y) => maxima(x, attrs, y).places,
  gradient: 'none',
  sums: 'none',
  twin: 'maxPool2d',
  python: ([x], attrs) => `F.max_pool2d(${[x, ...poolArguments(attrs)].join(', ')}, return_indices=True)[1]`,
};

/**
 * Adds each output's gradient at the place of its maximum. Deterministic: each input element gathers from its windows.
 */
export const maxPool2dBackward: Op<PoolBackwardAttrs> = {
  name: 'maxPool2dBackward',
  infer: ([g], { shape }) => ({ shape, dtype: g.dtype }),
  reference: ([g, places], { shape }) => {
    const out = new Float64Array(sizeOf(shape));
    const plane = shape[2] * shape[3];
    const windows = g.shape[2] * g.shape[3];
    g.data.forEach((v, i) => {
      if (places.data[i] >= 0) out[Math.floor(i / windows) * plane + places.data[i]] += v;
    });
    return out;
  },
  gradient: ({ inputs: [, places], attrs, grad }) => [record(takeFromPlanes, [grad, places], attrs), undefined],
  sums: {
    ...sumsOf(1, eachElement),
    longest: (_, { kernel, stride }) => Math.ceil(kernel[0] / stride[0]) * Math.ceil(kernel[1] / stride[1]),
  },
  python: ([g, places], { shape }) =>
    `torch.zeros(${shape[0]}, ${shape[1]}, ${shape[2] * shape[3]}).scatter_add(2, ${places}.long().flatten(2), ${g}.flatten(2)).reshape(${shape.join(', ')})`,
};

/**
 * The elements of each plane at the given places: max pooling's derivative in the direction of its operand. `attrs` are
 * that pooling's.
 */
export const takeFromPlanes: Op<PoolBackwardAttrs> = {
  name: 'takeFromPlanes',
  infer: ([x, places]) => ({ shape: places.shape, dtype: x.dtype }),
  reference: ([x, places]) => {
    const plane = x.shape[2] * x.shape[3];
    const windows = places.shape[2] * places.shape[3];
    return places.data.map((place, i) => (place < 0 ? 0 : x.data[Math.floor(i / windows) * plane + place]));
  },
  gradient: ({ inputs: [, places], attrs, grad }) => [record(maxPool2dBackward, [grad, places], attrs), undefined],
  sums: 'none',
  python: ([x, places]) => `${x}.flatten(2).gather(2, ${places}.long().flatten(2)).reshape(${places}.shape)`,
};

/** How many elements each window divides by. */
function windowCounts(x: Shape, y: Shape, attrs: AvgPool2dAttrs): Float64Array {
  const counts = new Float64Array(y[2] * y[3]);
  const [H, W] = [x[2], x[3]];
  for (let p = 0; p < y[2]; p++) {
    for (let q = 0; q < y[3]; q++) {
      const [h0, w0] = [p * attrs.stride[0] - attrs.padding[0], q * attrs.stride[1] - attrs.padding[1]];
      // With ceil mode a window may stick out beyond the padding; what lies there never counts.
      const [h1, w1] = [
        Math.min(h0 + attrs.kernel[0], H + attrs.padding[0]),
        Math.min(w0 + attrs.kernel[1], W + attrs.padding[1]),
      ];
      const inside = (Math.min(h1, H) - Math.max(h0, 0)) * (Math.min(w1, W) - Math.max(w0, 0));
      counts[p * y[3] + q] = attrs.countIncludePad ? (h1 - h0) * (w1 - w0) : inside;
    }
  }
  return counts;
}

export const avgPool2d: Op<AvgPool2dAttrs> = {
  name: 'avgPool2d',
  infer: ([x], attrs) => ({ shape: inferPool('avgPool2d', x, attrs), dtype: x.dtype }),
  reference: ([x], attrs, y) => {
    const out = new Float64Array(sizeOf(y.shape));
    const counts = windowCounts(x.shape, y.shape, attrs);
    eachWindow(x.shape, y.shape, attrs, (xi, yi) => {
      if (xi >= 0) out[yi] += x.data[xi] / counts[yi % counts.length];
    });
    return out;
  },
  gradient: ({ inputs: [x], attrs, grad }) => [record(avgPool2dBackward, [grad], { ...attrs, shape: x.shape })],
  sums: meansOf(1, (_, { kernel }, y) => sizeOf(y.shape) * sizeOf(kernel)),
  python: ([x], attrs) => `F.avg_pool2d(${[x, ...avgArguments(attrs)].join(', ')})`,
};

/** Spreads each output's gradient over its window. */
export const avgPool2dBackward: Op<AvgPool2dAttrs & PoolBackwardAttrs> = {
  name: 'avgPool2dBackward',
  infer: ([g], { shape }) => ({ shape, dtype: g.dtype }),
  reference: ([g], attrs) => {
    const out = new Float64Array(sizeOf(attrs.shape));
    const counts = windowCounts(attrs.shape, g.shape, attrs);
    eachWindow(attrs.shape, g.shape, attrs, (xi, yi) => {
      if (xi >= 0) out[xi] += g.data[yi] / counts[yi % counts.length];
    });
    return out;
  },
  gradient: ({ attrs: { shape: _, ...attrs }, grad }) => [record(avgPool2d, [grad], attrs as AvgPool2dAttrs)],
  sums: meansOf(1, ([g], { kernel }) => sizeOf(g.shape) * sizeOf(kernel)),
  python: ([g], { shape, kernel, stride, padding, ceilMode, countIncludePad }) => {
    const sizes = [kernel, stride, padding].map((size) => `(${size.join(', ')})`);
    return `torch.ops.aten.avg_pool2d_backward(${[g, `torch.zeros(${shape.join(', ')}, device=device)`, ...sizes, ...[ceilMode, countIncludePad, null].map(pythonLiteral)].join(', ')})`;
  },
};

const pair = ([a, b]: readonly [number, number]): string => (a === b ? `${a}` : `(${a}, ${b})`);

function poolArguments(attrs: Pool2dAttrs): string[] {
  const out = [pair(attrs.kernel)];
  if (pair(attrs.stride) !== pair(attrs.kernel)) out.push(`stride=${pair(attrs.stride)}`);
  if (attrs.padding.some((v) => v !== 0)) out.push(`padding=${pair(attrs.padding)}`);
  if (attrs.dilation.some((v) => v !== 1)) out.push(`dilation=${pair(attrs.dilation)}`);
  if (attrs.ceilMode) out.push('ceil_mode=True');
  return out;
}

const avgArguments = (attrs: AvgPool2dAttrs): string[] => [
  ...poolArguments(attrs),
  ...(attrs.countIncludePad ? [] : ['count_include_pad=False']),
];
