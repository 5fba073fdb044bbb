/**
 * @file unfold and fold: the windows of a convolution as columns of a matrix (im2col), and their sum back in place
 * (col2im).
 */
import { fail } from '../../base/errors.ts';
import { formatShape } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { sumWindows, windows } from '../../graph/ops/strides.ts';
import { record } from '../../graph/record.ts';
import { inOwnMemory } from '../memory.ts';
import { fn, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import type { Pair } from './options.ts';
import { pair } from './options.ts';
import { overPlanes } from './planes.ts';

/** Where windows lie: distances within a window, zeros around the plane, steps between windows. */
const places = [p.pair('dilation', 1), p.pair('padding', 0), p.pair('stride', 1)] as const;

const geometry = (kernelSize: Pair, dilation: Pair, padding: Pair, stride: Pair) => ({
  kernel: pair(kernelSize),
  dilation: pair(dilation),
  padding: pair(padding),
  stride: pair(stride),
});

/** input [N, C, H, W] to [N, C·R·S, windows]: a window a column. */
export const unfold = fn(
  'F.unfold',
  [p.tensor('input'), p.pair('kernelSize'), ...places],
  (input, kernelSize, ...window): Tensor => {
    const {
      kernel: [R, S],
      dilation,
      padding,
      stride,
    } = geometry(kernelSize, ...window);
    return overPlanes(input, (x) => {
      if (x.shape.length !== 4) fail(`unfold: input has shape ${formatShape(x.shape)}; expected 3 or 4 dimensions`);
      const padded = e.padZeros(e.padZeros(x, 2, padding[0], padding[0]), 3, padding[1], padding[1]);
      const rows = record(windows, [padded], { dim: 2, size: R, step: stride[0], dilation: dilation[0] });
      const both = record(windows, [rows], { dim: 3, size: S, step: stride[1], dilation: dilation[1] });
      const [N, C, P, Q] = both.shape;
      return inOwnMemory(e.reshape(e.permute(both, [0, 1, 4, 5, 2, 3]), [N, C * R * S, P * Q]));
    });
  },
  { pythonCall: true },
);

/** Columns [N, C·R·S, windows] back to planes [N, C, H, W]; where windows overlap they are added up. */
export const fold = fn(
  'F.fold',
  [p.tensor('input'), p.pair('outputSize'), p.pair('kernelSize'), ...places],
  (input, outputSize, kernelSize, ...window): Tensor =>
    input.ndim === 2
      ? folded(input.unsqueeze(0), outputSize, kernelSize, ...window).squeeze(0)
      : folded(input, outputSize, kernelSize, ...window),
  { pythonCall: true },
);

function folded(
  input: Tensor,
  outputSize: Pair,
  kernelSize: Pair,
  ...window: readonly [dilation: Pair, padding: Pair, stride: Pair]
): Tensor {
  if (input.ndim !== 3) fail(`fold: input has shape ${input.shape}; expected 2 or 3 dimensions`);
  const {
    kernel: [R, S],
    dilation,
    padding,
    stride,
  } = geometry(kernelSize, ...window);
  const padded = pair(outputSize).map((size, d) => size + 2 * padding[d]);
  const [P, Q] = padded.map((size, d) => Math.floor((size - dilation[d] * ([R, S][d] - 1) - 1) / stride[d]) + 1);
  const [N, rows, columns] = input.shape;
  if (rows % (R * S) !== 0 || columns !== P * Q)
    fail(
      `fold: input has shape ${input.shape}, expected [N, C·${R * S}, ${P * Q}] for an output of [${pair(outputSize).join(', ')}]`,
    );
  const C = rows / (R * S);
  const apart = e.permute(e.reshape(input.node, [N, C, R, S, P, Q]), [0, 1, 2, 4, 5, 3]);
  const acrossColumns = sumWindows(apart, { dim: 4, size: S, step: stride[1], dilation: dilation[1] }, padded[1]);
  const planes = sumWindows(
    e.permute(acrossColumns, [0, 1, 3, 4, 2]),
    { dim: 2, size: R, step: stride[0], dilation: dilation[0] },
    padded[0],
  );
  const cropped = e.slice(planes, 2, padding[0], padded[0] - padding[0]);
  return new Tensor(inOwnMemory(e.slice(cropped, 3, padding[1], padded[1] - padding[1])));
}
