/**
 * @file Convolutions and transposed convolutions over planes and lines.
 */
import { fail } from '../../base/errors.ts';
import { formatShape, sizeOf } from '../../base/shape.ts';
import { descriptorOf } from '../../compile/lower/dnn.ts';
import { noEpilogue } from '../../dnn/epilogue.ts';
import * as e from '../../graph/expr.ts';
import { conv2d as conv2dOp, conv2dBackwardData } from '../../graph/ops/conv2d.ts';
import { record } from '../../graph/record.ts';
import type { BackwardDataAlgorithm, ForwardAlgorithm } from '../../dnn/conv2d/table.ts';
import type { Node } from '../../graph/types.ts';
import type { Name } from '../dnn/named.ts';
import { checkNamed, namedNow } from '../dnn/named.ts';
import { Tensor } from '../tensor.ts';
import type { ConvOptions } from './conv-options.ts';
import { convAttrs } from './conv-options.ts';
import type { Pair, Single } from './options.ts';
import { pair, single } from './options.ts';
import { asPlanes, overPlanes } from './planes.ts';
import { writtenAs } from '../written.ts';

export type { ConvOptions } from './conv-options.ts';

/**
 * Cross-correlation of input [N, C, H, W] with weight [K, C / groups, R, S], plus bias [K]; gives [N, K, P, Q].
 * An input [C, H, W] is one image without a batch.
 */
export function conv2d(input: Tensor, weight: Tensor, bias?: Tensor | null, options: ConvOptions = {}): Tensor {
  const attrs = { ...convAttrs('conv2d', weight, options), algorithms: namedNow('conv2d', 'forward', options.algo) };
  return overPlanes(input, (x) => {
    const y = record(conv2dOp, bias ? [x, weight.node, bias.node] : [x, weight.node], attrs);
    const { forward } = attrs.algorithms;
    if (forward !== undefined && sizeOf(y.shape) > 0) checkNamed('conv2d', descriptorOf('conv2d', x, weight.node, attrs, 'forward', noEpilogue), y.device, forward);
    return y;
  });
}

export interface Conv1dOptions {
  readonly stride?: Single;
  readonly padding?: Single | 'same' | 'valid';
  readonly dilation?: Single;
  readonly groups?: number;
  readonly algo?: Name<ForwardAlgorithm>;
}

/** Cross-correlation of lines: input [N, C, L] (or [C, L]) with weight [K, C / groups, R], plus bias [K]. */
export const conv1d = writtenAs('F.conv1d', (input: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv1dOptions = {}): Tensor => {
  checkLines('conv1d', input, weight);
  const { padding = 0 } = options;
  const planar: ConvOptions = {
    stride: [1, single(options.stride ?? 1)],
    dilation: [1, single(options.dilation ?? 1)],
    padding: typeof padding === 'string' ? padding : [0, single(padding)],
    groups: options.groups,
    algo: options.algo,
  };
  return asPlanes(input, (x) => conv2d(x, asRow(weight), bias, planar));
});

export interface ConvTransposeOptions {
  readonly stride?: Pair;
  readonly padding?: Pair;
  /** Added to the output's size on one side, where several sizes are possible. */
  readonly outputPadding?: Pair;
  readonly groups?: number;
  readonly dilation?: Pair;
  /** Runs exactly this algorithm of backward data, in cuDNN's name, or fails with the reason. */
  readonly algo?: Name<BackwardDataAlgorithm>;
}

/**
 * The transpose of conv2d: input [N, C, H, W] with weight [C, K / groups, R, S], plus bias [K]. The output's height is
 * (H − 1)·stride − 2·padding + dilation·(R − 1) + outputPadding + 1. It is the gradient of a convolution by its input.
 */
export const convTranspose2d = writtenAs('F.conv_transpose2d', (input: Tensor, weight: Tensor, bias?: Tensor | null, options: ConvTransposeOptions = {}): Tensor => {
  const algorithms = namedNow('convTranspose2d', 'backwardData', options.algo);
  const [stride, padding, extra, dilation] = [pair(options.stride ?? 1), pair(options.padding ?? 0), pair(options.outputPadding ?? 0), pair(options.dilation ?? 1)];
  const groups = options.groups ?? 1;
  extra.forEach((v, d) => {
    if (v < 0 || (v >= stride[d] && v >= dilation[d])) fail(`convTranspose2d: outputPadding ${v} must be smaller than the stride ${stride[d]} or the dilation ${dilation[d]}`);
  });
  if (weight.ndim !== 4) fail(`convTranspose2d: weight has shape ${weight.shape}; expected 4 dimensions`);
  return overPlanes(input, (y) => {
    if (y.shape.length !== 4) fail(`convTranspose2d: input has shape ${formatShape(y.shape)}; expected 3 or 4 dimensions`);
    const [C, perGroup, R, S] = weight.node.shape;
    if (y.shape[1] !== C) fail(`convTranspose2d: weight expects ${C} input channels, got ${y.shape[1]}; check the input's second dimension`);
    const size = (d: 0 | 1, filter: number): number => (y.shape[2 + d] - 1) * stride[d] - 2 * padding[d] + dilation[d] * (filter - 1) + extra[d] + 1;
    const shape = [y.shape[0], perGroup * groups, size(0, R), size(1, S)];
    const attrs = { stride, dilation, groups, padding: [padding[0], padding[0], padding[1], padding[1]] as const, shape, algorithms };
    const x = record(conv2dBackwardData, [y, weight.node], attrs);
    return bias ? plusChannels(x, bias) : x;
  });
});

function plusChannels(x: Node, bias: Tensor): Node {
  if (bias.ndim !== 1 || bias.shape[0] !== x.shape[1]) fail(`convTranspose2d: bias has shape ${bias.shape}, expected [${x.shape[1]}], one for each output channel`);
  return e.add(x, e.reshape(bias.node, [x.shape[1], 1, 1]));
}

export interface ConvTranspose1dOptions {
  readonly stride?: Single;
  readonly padding?: Single;
  readonly outputPadding?: Single;
  readonly groups?: number;
  readonly dilation?: Single;
  readonly algo?: Name<BackwardDataAlgorithm>;
}

/** The transpose of conv1d: input [N, C, L] (or [C, L]) with weight [C, K / groups, R], plus bias [K]. */
export const convTranspose1d = writtenAs('F.conv_transpose1d', (input: Tensor, weight: Tensor, bias?: Tensor | null, options: ConvTranspose1dOptions = {}): Tensor => {
  checkLines('convTranspose1d', input, weight);
  const planar: ConvTransposeOptions = {
    stride: [1, single(options.stride ?? 1)],
    padding: [0, single(options.padding ?? 0)],
    outputPadding: [0, single(options.outputPadding ?? 0)],
    dilation: [1, single(options.dilation ?? 1)],
    groups: options.groups,
    algo: options.algo,
  };
  return asPlanes(input, (y) => convTranspose2d(y, asRow(weight), bias, planar));
});

function checkLines(what: string, input: Tensor, weight: Tensor): void {
  if (input.ndim !== 2 && input.ndim !== 3) fail(`${what}: input has shape ${input.shape}; expected 2 or 3 dimensions`);
  if (weight.ndim !== 3) fail(`${what}: weight has shape ${weight.shape}; expected 3 dimensions`);
}

/** A filter of lines as one of planes of height 1. */
const asRow = ({ node }: Tensor): Tensor => new Tensor(e.reshape(node, node.shape.toSpliced(2, 0, 1)));
