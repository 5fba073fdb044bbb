/**
 * @file Pooling over planes and lines, with given windows or with a given output size.
 */
import { fail } from '../../base/errors.ts';
import * as e from '../../graph/expr.ts';
import { argmax } from '../../graph/ops/reduce.ts';
import { avgPool2d as avgPool2dOp, maxPool2d as maxPool2dOp } from '../../graph/ops/pool2d.ts';
import { leaf, record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { encode } from '../../base/dtype.ts';
import { takeAlong } from '../ops/index-nodes.ts';
import { gather } from '../../graph/ops/indexing.ts';
import type { Pair, Single } from '../signature.ts';
import { fn, p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import type { AdaptiveSize } from './options.ts';
import { outputSize, pair, single } from './options.ts';
import { asPlanes, overPlanes } from './planes.ts';

const input = p.tensor('input');
/** The window's size unless given. */
const [stride, lineStride] = [p.pair('stride', null), p.single('stride', null)];
const ceilMode = p.flag('ceilMode', false);
const returnIndices = p.refused('returnIndices', false, 'the indices of the largest elements are not returned');
/** Whether padding counts as zeros in the mean. */
const countIncludePad = p.flag('countIncludePad', true);
const divisorOverride = p.refused('divisorOverride', null, 'multiply the means by the number that you need');

/** A window over planes, in the graph's words. */
const planar = (kernelSize: Pair, stride: Pair | null, padding: Pair, dilation: Pair, ceilMode: boolean) => ({
  kernel: pair(kernelSize),
  stride: pair(stride ?? kernelSize),
  padding: pair(padding),
  dilation: pair(dilation),
  ceilMode,
});

/** A window over lines, as one over planes of height 1. */
const linear = (kernelSize: Single, stride: Single | null, padding: Single, dilation: Single, ceilMode: boolean) =>
  planar(
    [1, single(kernelSize)],
    [1, single(stride ?? kernelSize)],
    [0, single(padding)],
    [1, single(dilation)],
    ceilMode,
  );

type Window = ReturnType<typeof planar>;

function maxima(input: Tensor, window: Window): Tensor {
  const levels = input.dtype === 'int8' || input.dtype === 'uint8';
  return overPlanes(input, (x) =>
    e.cast(record(maxPool2dOp, [levels ? e.cast(x, 'float32') : x], window), input.dtype),
  );
}

const averages = (input: Tensor, window: Window, countIncludePad: boolean): Tensor =>
  overPlanes(input, (x) => record(avgPool2dOp, [x], { ...window, countIncludePad }));

/**
 * The largest element under each window of an input [N, C, H, W] (or [C, H, W]); padding counts as −∞. Quantised
 * planes, int8 or uint8, are pooled as float32, which holds their levels exactly.
 */
export const maxPool2d = fn(
  'F.max_pool2d',
  [input, p.pair('kernelSize'), stride, p.pair('padding', 0), p.pair('dilation', 1), ceilMode, returnIndices],
  (input, kernelSize, stride, padding, dilation, ceilMode): Tensor =>
    maxima(input, planar(kernelSize, stride, padding, dilation, ceilMode)),
);

/** The mean under each window; padding counts as zeros unless `countIncludePad` is false. */
export const avgPool2d = fn(
  'F.avg_pool2d',
  [input, p.pair('kernelSize'), stride, p.pair('padding', 0), ceilMode, countIncludePad, divisorOverride],
  (input, kernelSize, stride, padding, ceilMode, countIncludePad): Tensor =>
    averages(input, planar(kernelSize, stride, padding, 1, ceilMode), countIncludePad),
);

/** The largest element under each window of lines [N, C, L] (or [C, L]). */
export const maxPool1d = fn(
  'F.max_pool1d',
  [input, p.single('kernelSize'), lineStride, p.single('padding', 0), p.single('dilation', 1), ceilMode, returnIndices],
  (input, kernelSize, stride, padding, dilation, ceilMode): Tensor =>
    overLines('maxPool1d', input, (x) => maxima(x, linear(kernelSize, stride, padding, dilation, ceilMode))),
  { pythonCall: true },
);

/** The mean under each window of lines [N, C, L] (or [C, L]). */
export const avgPool1d = fn(
  'F.avg_pool1d',
  [input, p.single('kernelSize'), lineStride, p.single('padding', 0), ceilMode, countIncludePad],
  (input, kernelSize, stride, padding, ceilMode, countIncludePad): Tensor =>
    overLines('avgPool1d', input, (x) =>
      averages(x, linear(kernelSize, stride, padding, 1, ceilMode), countIncludePad),
    ),
  { pythonCall: true },
);

function overLines(what: string, input: Tensor, f: (planes: Tensor) => Tensor): Tensor {
  if (input.ndim !== 2 && input.ndim !== 3) fail(`${what}: input has shape ${input.shape}; expected 2 or 3 dimensions`);
  return asPlanes(input, f);
}

/**
 * Windows of an adaptive pooling along one dimension: output i looks at elements floor(i·size/count) to ceil((i +
 * 1)·size/count).
 */
const adaptiveWindows = (size: number, count: number): { start: number; end: number }[] =>
  Array.from({ length: count }, (_, i) => ({
    start: Math.floor((i * size) / count),
    end: Math.ceil(((i + 1) * size) / count),
  }));

function adaptiveSize(what: string, x: Node, outputSize: AdaptiveSize): [number, number] {
  if (x.shape.length !== 4) fail(`${what}: input has shape [${x.shape.join(', ')}]; expected 3 or 4 dimensions`);
  const asked = typeof outputSize === 'number' ? [outputSize, outputSize] : outputSize;
  const [P, Q] = asked.map((size, d) => size ?? x.shape[2 + d]);
  if (![P, Q].every((size) => Number.isInteger(size) && size >= 1))
    fail(`${what}: output size [${P}, ${Q}] is not two whole numbers of at least 1`);
  if (x.shape[2] === 0 || x.shape[3] === 0)
    fail(`${what}: the input's planes [${x.shape[2]}, ${x.shape[3]}] are empty`);
  return [P, Q];
}

const divides = ({ shape }: Node, [P, Q]: readonly [number, number]): boolean =>
  shape[2] % P === 0 && shape[3] % Q === 0;

const evenWindows = ({ shape }: Node, [P, Q]: readonly [number, number]) => {
  const kernel = [shape[2] / P, shape[3] / Q] as const;
  return { kernel, stride: kernel, padding: [0, 0] as const, dilation: [1, 1] as const, ceilMode: false };
};

/**
 * The mean under windows that are chosen so that the output has the size asked for; sizes that do not divide make
 * windows overlap.
 */
export const adaptiveAvgPool2d = fn(
  'F.adaptive_avg_pool2d',
  [input, outputSize],
  (input, outputSize): Tensor => {
    return overPlanes(input, (x) => {
      const [P, Q] = adaptiveSize('adaptiveAvgPool2d', x, outputSize);
      if (divides(x, [P, Q])) return record(avgPool2dOp, [x], { ...evenWindows(x, [P, Q]), countIncludePad: true });
      return unevenMeans(unevenMeans(x, 2, P), 3, Q);
    });
  },
  { pythonCall: true },
);

/**
 * The means of adaptive windows along one dimension: laid out with equal lengths, what is not a window's own left out
 * of its sum.
 */
function unevenMeans(x: Node, dim: number, count: number): Node {
  const windows = adaptiveWindows(x.shape[dim], count);
  const { length, at } = alike(windows);
  const beside = (last: number): number[] =>
    x.shape.flatMap((_, d) => (d < dim ? [1] : d === dim ? [count, last] : [1]));
  const own = leaf(
    { shape: beside(length), dtype: 'bool' },
    x.device,
    Uint8Array.from(windows.flatMap(({ start, end }) => Array.from({ length }, (_, i) => Number(i < end - start)))),
  );
  const counts = leaf(
    { shape: beside(1), dtype: x.dtype },
    x.device,
    encode(
      x.dtype,
      windows.map(({ start, end }) => end - start),
    ),
  );
  const spread = e.reshape(takeAlong(x, dim, at), x.shape.toSpliced(dim, 1, count, length));
  return e.reshape(e.div(e.sum(e.where(own, spread, 0), [dim + 1], true), counts), x.shape.with(dim, count));
}

/** Windows with the length of the longest, the last element of shorter ones repeated: where the elements lie. */
function alike(windows: readonly { start: number; end: number }[]): { length: number; at: Int32Array } {
  const length = Math.max(...windows.map(({ start, end }) => end - start));
  return {
    length,
    at: Int32Array.from(
      windows.flatMap(({ start, end }) => Array.from({ length }, (_, i) => Math.min(end - 1, start + i))),
    ),
  };
}

/** The largest element under the windows of adaptiveAvgPool2d. */
export const adaptiveMaxPool2d = fn(
  'F.adaptive_max_pool2d',
  [input, outputSize, returnIndices],
  (input, outputSize): Tensor => {
    return overPlanes(input, (x) => {
      const [P, Q] = adaptiveSize('adaptiveMaxPool2d', x, outputSize);
      return divides(x, [P, Q]) ? record(maxPool2dOp, [x], evenWindows(x, [P, Q])) : unevenMaxima(x, P, Q);
    });
  },
  { pythonCall: true },
);

/**
 * Windows of unequal size are laid out with equal ones, whose last element repeats; of equal elements the first counts,
 * of NaN the last.
 */
function unevenMaxima(x: Node, P: number, Q: number): Node {
  const [N, C, H, W] = x.shape;
  const [rows, columns] = [alike(adaptiveWindows(H, P)), alike(adaptiveWindows(W, Q))];
  const spread = e.reshape(takeAlong(takeAlong(x, 2, rows.at), 3, columns.at), [
    N,
    C,
    P,
    rows.length,
    Q,
    columns.length,
  ]);
  const flat = e.reshape(e.permute(spread, [0, 1, 2, 4, 3, 5]), [N, C, P, Q, rows.length * columns.length]);
  const order = leaf(
    { shape: [flat.shape[4]], dtype: 'int64' },
    x.device,
    Int32Array.from({ length: flat.shape[4] }, (_, i) => i),
  );
  const lastNan = e.amax(e.where(e.isnan(flat), order, -1), [4], true);
  const places = e.where(e.ge(lastNan, 0), lastNan, record(argmax, [flat], { dims: [4], keepdim: true }));
  return e.reshape(record(gather, [flat, places], { dim: 4 }), [N, C, P, Q]);
}

const oneSize = p.single('outputSize');

/** The mean under as many windows along lines [N, C, L] (or [C, L]) as the output has elements. */
export const adaptiveAvgPool1d = fn(
  'F.adaptive_avg_pool1d',
  [input, oneSize],
  (input, outputSize): Tensor =>
    overLines('adaptiveAvgPool1d', input, (x) => adaptiveAvgPool2d(x, [1, single(outputSize)])),
  { pythonCall: true },
);

/** The largest element under the windows of adaptiveAvgPool1d. */
export const adaptiveMaxPool1d = fn(
  'F.adaptive_max_pool1d',
  [input, oneSize, returnIndices],
  (input, outputSize): Tensor =>
    overLines('adaptiveMaxPool1d', input, (x) => adaptiveMaxPool2d(x, [1, single(outputSize)])),
  { pythonCall: true },
);
