/**
 * @file Convolution and its two gradients: conv2d, conv2dBackwardData, conv2dBackwardFilter.
 *
 * Each of the three is linear in both operands, so the gradients of each are the other two, and double backward needs
 * nothing more. A transposed convolution is backward data with the roles of x and y exchanged.
 *
 * All three carry the algorithms that were asked for in each direction. Each takes its own, and its gradients theirs:
 * what is named where the backward pass is recorded, else what was named where the convolution was.
 */
import { isFloat } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import type { Shape } from '../../base/shape.ts';
import { formatShape, sameShape, sizeOf } from '../../base/shape.ts';
import type { ConvGeometry } from '../geometry.ts';
import { convOutputSize } from '../geometry.ts';
import * as e from '../expr.ts';
import { record } from '../record.ts';
import { recordingNow } from '../recording.ts';
import { sumsOf } from '../sums.ts';
import type { Attrs, NamedAlgorithms, Node, Op, Operand, TensorType } from '../types.ts';

export interface Conv2dAttrs extends Attrs {
  readonly stride: readonly [number, number];
  /** Top, bottom, left, right. */
  readonly padding: readonly [number, number, number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
  readonly algorithms?: NamedAlgorithms;
  /** The configuration of this operation's own algorithm; its gradients choose theirs. */
  readonly config?: string;
  /** The only kind of arithmetic that is allowed; its gradients take the usual ones. */
  readonly mathType?: 'FMA' | 'HALF' | 'HALF_ARITHMETIC';
}

/** Backward data needs x's shape and backward filter w's: several shapes give the same output. */
export interface Conv2dBackwardAttrs extends Conv2dAttrs {
  readonly shape: Shape;
}

export type Four = readonly [number, number, number, number];

export function four(what: string, role: string, shape: Shape): Four {
  if (shape.length !== 4) fail(`${what}: ${role} has shape ${formatShape(shape)}; expected 4 dimensions`);
  return shape as unknown as Four;
}

export const geometryOf = (attrs: Conv2dAttrs, x: Four, w: Four): ConvGeometry => ({ x, w, ...attrs });

function checkDtypes(what: string, a: TensorType, b: TensorType): void {
  if (a.dtype !== b.dtype) fail(`${what}: input is ${a.dtype} and weight is ${b.dtype}; convert one with .to()`);
  if (!isFloat(a.dtype)) fail(`${what}: dtype ${a.dtype} is not a floating type; convert with .to(torch.float32)`);
}

/** The products of a convolution: each element of y takes one with every tap of a filter. */
export const productsOf = (w: Shape, y: Shape): number => sizeOf(y) * sizeOf(w.slice(1));

/** Whether the operation is one of the three, which take algorithms by name. */
export const isConvolution = ({ op }: Node): boolean =>
  op === conv2d || op === conv2dBackwardData || op === conv2dBackwardFilter;

/** y from x and w, and a bias by output channel where a third operand is given. */
export const conv2d: Op<Conv2dAttrs> = {
  name: 'conv2d',
  infer: ([x, w, b], attrs) => {
    checkDtypes('conv2d', x, w);
    if (b && !sameShape(b.shape, [w.shape[0]]))
      fail(`conv2d: bias has shape ${formatShape(b.shape)}, expected [${w.shape[0]}], one for each output channel`);
    if (b && b.dtype !== w.dtype) fail(`conv2d: weight is ${w.dtype} and bias is ${b.dtype}; convert one with .to()`);
    const xs = four('conv2d', 'input', x.shape);
    const ws = four('conv2d', 'weight', w.shape);
    const [P, Q] = convOutputSize('conv2d', geometryOf(attrs, xs, ws));
    return { shape: [xs[0], ws[0], P, Q], dtype: x.dtype };
  },
  reference: ([x, w, b], attrs, y) => {
    const out = new Float64Array(sizeOf(y.shape));
    const plane = y.shape[2] * y.shape[3];
    if (b) for (let i = 0; i < out.length; i++) out[i] = b.data[Math.floor(i / plane) % y.shape[1]];
    addProducts(attrs, x, w, y.shape, out);
    return out;
  },
  gradient: ({ inputs: [x, w], attrs, grad, needs }) => [
    needs(0) ? record(conv2dBackwardData, [grad, w], { ...ofGradient(attrs), shape: x.shape }) : undefined,
    needs(1) ? record(conv2dBackwardFilter, [x, grad], { ...ofGradient(attrs), shape: w.shape }) : undefined,
    needs(2) ? e.sum(grad, [0, 2, 3]) : undefined,
  ],
  sums: sumsOf(2, ([, w], _, y) => productsOf(w.shape, y.shape)),
  python: (inputs, attrs) =>
    `F.conv2d(${[padded(inputs[0], attrs), ...inputs.slice(1), ...keywords(attrs)].join(', ')})`,
};

/** Adds a convolution's products to `out`, which has the shape y. */
export function addProducts(
  attrs: Conv2dAttrs,
  x: Pick<Operand, 'shape' | 'data'>,
  w: Pick<Operand, 'shape' | 'data'>,
  y: Shape,
  out: Float64Array,
): void {
  const { xRow, xColumn, yRow } = tapsOf(attrs, x.shape, y);
  eachTap(attrs, x.shape as Four, w.shape as Four, y as Four, (wi, xi, yi, rows, columns) => {
    const factor = w.data[wi];
    for (let p = 0; p < rows; p++)
      for (let q = 0; q < columns; q++) out[yi + p * yRow + q] += x.data[xi + p * xRow + q * xColumn] * factor;
  });
}

/** dx from dy and w. */
export const conv2dBackwardData: Op<Conv2dBackwardAttrs> = {
  name: 'conv2dBackwardData',
  infer: ([dy, w], attrs) => {
    checkDtypes('conv2dBackwardData', dy, w);
    checkOutput(
      'conv2dBackwardData',
      attrs,
      four('conv2dBackwardData', 'input gradient', attrs.shape),
      four('conv2dBackwardData', 'weight', w.shape),
      dy.shape,
    );
    return { shape: attrs.shape, dtype: dy.dtype };
  },
  reference: ([dy, w], attrs) => {
    const out = new Float64Array(sizeOf(attrs.shape));
    const { xRow, xColumn, yRow } = tapsOf(attrs, attrs.shape, dy.shape);
    eachTap(attrs, attrs.shape as Four, w.shape as Four, dy.shape as Four, (wi, xi, yi, rows, columns) => {
      for (let p = 0; p < rows; p++)
        for (let q = 0; q < columns; q++) out[xi + p * xRow + q * xColumn] += dy.data[yi + p * yRow + q] * w.data[wi];
    });
    return out;
  },
  gradient: ({ inputs: [dy, w], attrs: { shape: _, ...attrs }, grad, needs }) => [
    needs(0) ? record(conv2d, [grad, w], ofGradient(attrs as Conv2dAttrs)) : undefined,
    needs(1)
      ? record(conv2dBackwardFilter, [grad, dy], { ...ofGradient(attrs as Conv2dAttrs), shape: w.shape })
      : undefined,
  ],
  sums: sumsOf(2, ([dy, w]) => productsOf(w.shape, dy.shape)),
  python: ([dy, w], attrs) =>
    cropped(`torch.nn.grad.conv2d_input(${[paddedShape(attrs), w, dy, ...keywords(attrs)].join(', ')})`, attrs),
};

/** dw from x and dy. */
export const conv2dBackwardFilter: Op<Conv2dBackwardAttrs> = {
  name: 'conv2dBackwardFilter',
  infer: ([x, dy], attrs) => {
    checkDtypes('conv2dBackwardFilter', x, dy);
    checkOutput(
      'conv2dBackwardFilter',
      attrs,
      four('conv2dBackwardFilter', 'input', x.shape),
      four('conv2dBackwardFilter', 'weight gradient', attrs.shape),
      dy.shape,
    );
    return { shape: attrs.shape, dtype: x.dtype };
  },
  reference: ([x, dy], attrs) => {
    const out = new Float64Array(sizeOf(attrs.shape));
    const { xRow, xColumn, yRow } = tapsOf(attrs, x.shape, dy.shape);
    eachTap(attrs, x.shape as Four, attrs.shape as Four, dy.shape as Four, (wi, xi, yi, rows, columns) => {
      for (let p = 0; p < rows; p++)
        for (let q = 0; q < columns; q++) out[wi] += x.data[xi + p * xRow + q * xColumn] * dy.data[yi + p * yRow + q];
    });
    return out;
  },
  gradient: ({ inputs: [x, dy], attrs: { shape: _, ...attrs }, grad, needs }) => [
    needs(0)
      ? record(conv2dBackwardData, [dy, grad], { ...ofGradient(attrs as Conv2dAttrs), shape: x.shape })
      : undefined,
    needs(1) ? record(conv2d, [x, grad], ofGradient(attrs as Conv2dAttrs)) : undefined,
  ],
  sums: sumsOf(2, ([, dy], { shape }) => productsOf(shape, dy.shape)),
  python: ([x, dy], attrs) =>
    `torch.nn.grad.conv2d_weight(${[padded(x, attrs), `(${attrs.shape.join(', ')})`, dy, ...keywords(attrs)].join(', ')})`,
};

/** The attributes of a convolution's gradient, recorded now. */
const ofGradient = (attrs: Conv2dAttrs): Conv2dAttrs => ({
  ...attrs,
  algorithms: { ...attrs.algorithms, ...recordingNow().algorithms },
  config: undefined,
  mathType: undefined,
});

function checkOutput(what: string, attrs: Conv2dAttrs, x: Four, w: Four, y: Shape): void {
  const [P, Q] = convOutputSize(what, geometryOf(attrs, x, w));
  const expected = [x[0], w[0], P, Q];
  if (!sameShape(y, expected))
    fail(`${what}: the output gradient has shape ${formatShape(y)}, expected ${formatShape(expected)}`);
}

/**
 * The flat index of a tap in w, and of the first elements of x and y that it pairs; `rows` × `columns` pairs follow at
 * the steps of `Taps`.
 */
type TapVisitor = (wi: number, xi: number, yi: number, rows: number, columns: number) => void;

/**
 * From one pair of a tap to the next: the steps in x along a column and along a row of y, whose rows are `yRow` long.
 */
interface Taps {
  readonly xRow: number;
  readonly xColumn: number;
  readonly yRow: number;
}

/** How the pairs of x and y that share a tap lie in memory. */
const tapsOf = ({ stride }: Conv2dAttrs, x: Shape, y: Shape): Taps => ({
  xRow: stride[0] * x[3],
  xColumn: stride[1],
  yRow: y[3],
});

/** Visits every product in the sum that defines convolution, tap by tap. Products with padding are left out. */
function eachTap(attrs: Conv2dAttrs, x: Four, w: Four, y: Four, visit: TapVisitor): void {
  const [N, C, H, W] = x;
  const [K, Cg, R, S] = w;
  const [, , P, Q] = y;
  const { stride, padding, dilation, groups } = attrs;
  const rowsOf = Array.from({ length: R }, (_, r) => reached(r * dilation[0] - padding[0], stride[0], H, P));
  const columnsOf = Array.from({ length: S }, (_, s) => reached(s * dilation[1] - padding[2], stride[1], W, Q));
  for (let n = 0; n < N; n++) {
    for (let k = 0; k < K; k++) {
      const firstC = Math.floor((k * groups) / K) * Cg;
      for (let c = 0; c < Cg; c++) {
        for (let r = 0; r < R; r++) {
          const [p, h, rows] = rowsOf[r];
          for (let s = 0; s < S; s++) {
            const [q, v, columns] = columnsOf[s];
            const xi = ((n * C + firstC + c) * H + h) * W + v;
            visit(((k * Cg + c) * R + r) * S + s, xi, ((n * K + k) * P + p) * Q + q, rows, columns);
          }
        }
      }
    }
  }
}

/**
 * Along one dimension: the first output whose tap lies inside of the input, its place there, and the number of such
 * outputs.
 */
function reached(
  offset: number,
  stride: number,
  size: number,
  outputs: number,
): [first: number, at: number, count: number] {
  const first = Math.max(0, Math.ceil(-offset / stride));
  const end = Math.min(outputs, Math.floor((size - 1 - offset) / stride) + 1);
  return [first, first * stride + offset, Math.max(0, end - first)];
}

const isSymmetric = ({ padding: [t, b, l, r] }: Conv2dAttrs): boolean => t === b && l === r;
const pair = ([a, b]: readonly [number, number]): string => (a === b ? `${a}` : `(${a}, ${b})`);

/** PyTorch pads both sides alike; other padding is applied to the input first. */
export function padded(x: string, attrs: Conv2dAttrs): string {
  const [t, b, l, r] = attrs.padding;
  return isSymmetric(attrs) ? x : `F.pad(${x}, (${l}, ${r}, ${t}, ${b}))`;
}

function paddedShape(attrs: Conv2dBackwardAttrs): string {
  const [n, c, h, w] = attrs.shape;
  const [t, b, l, r] = isSymmetric(attrs) ? [0, 0, 0, 0] : attrs.padding;
  return `(${n}, ${c}, ${h + t + b}, ${w + l + r})`;
}

function cropped(dx: string, attrs: Conv2dBackwardAttrs): string {
  if (isSymmetric(attrs)) return dx;
  const [, , h, w] = attrs.shape;
  return `${dx}[:, :, ${attrs.padding[0]}:${attrs.padding[0] + h}, ${attrs.padding[2]}:${attrs.padding[2] + w}]`;
}

export function keywords(attrs: Conv2dAttrs): string[] {
  const out: string[] = [];
  if (attrs.stride.some((v) => v !== 1)) out.push(`stride=${pair(attrs.stride)}`);
  if (isSymmetric(attrs) && attrs.padding.some((v) => v !== 0))
    out.push(`padding=${pair([attrs.padding[0], attrs.padding[2]])}`);
  if (attrs.dilation.some((v) => v !== 1)) out.push(`dilation=${pair(attrs.dilation)}`);
  if (attrs.groups !== 1) out.push(`groups=${attrs.groups}`);
  return out;
}
