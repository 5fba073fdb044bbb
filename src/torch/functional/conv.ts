/**
 * @file Convolutions and transposed convolutions over planes and lines.
 */
import { fail } from '../../base/errors.ts';
import { formatShape, sizeOf } from '../../base/shape.ts';
import { descriptorOf } from '../../compile/lower/dnn.ts';
import { noEpilogue } from '../../dnn/kernels/epilogue.ts';
import * as e from '../../graph/expr.ts';
import { conv2d as conv2dOp, conv2dBackwardData } from '../../graph/ops/conv2d.ts';
import { record } from '../../graph/record.ts';
import type { BackwardDataAlgorithm, ForwardAlgorithm } from '../../dnn/conv2d/table.ts';
import type { Node } from '../../graph/types.ts';
import type { Name } from '../dnn/algorithm-names.ts';
import { checkNamed, namedNow } from '../dnn/algorithm-names.ts';
import type { Pair } from '../signature.ts';
import { fn, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import type { PlanePadding } from './conv-options.ts';
import { algo, convAttrs, linePadding, planePadding, transposedAlgo } from './conv-options.ts';
import { pair, single } from './options.ts';
import { asPlanes, overPlanes } from './planes.ts';

const [input, weight, bias] = [p.tensor('input'), p.tensor('weight'), p.tensor('bias', null)];
const groups = p.int('groups', 1);

/**
 * Cross-correlation of input [N, C, H, W] with weight [K, C / groups, R, S], plus bias [K]; gives [N, K, P, Q].
 * An input [C, H, W] is one image without a batch.
 */
export const conv2d = fn(
  'F.conv2d',
  [input, weight, bias, p.pair('stride', 1), planePadding('padding', 0), p.pair('dilation', 1), groups, '*', algo],
  convolved,
);

function convolved(
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  stride: Pair,
  padding: PlanePadding,
  dilation: Pair,
  groups: number,
  algo: Name<ForwardAlgorithm> | null,
): Tensor {
  const attrs = {
    ...convAttrs('conv2d', weight, stride, padding, dilation, groups),
    algorithms: namedNow('conv2d', 'forward', algo ?? undefined),
  };
  return overPlanes(input, (x) => {
    const y = record(conv2dOp, bias ? [x, weight.node, bias.node] : [x, weight.node], attrs);
    const { forward } = attrs.algorithms;
    if (forward !== undefined && sizeOf(y.shape) > 0)
      checkNamed('conv2d', descriptorOf('conv2d', x, weight.node, attrs, 'forward', noEpilogue), y.device, forward);
    return y;
  });
}

/** Cross-correlation of lines: input [N, C, L] (or [C, L]) with weight [K, C / groups, R], plus bias [K]. */
export const conv1d = fn(
  'F.conv1d',
  [input, weight, bias, p.single('stride', 1), linePadding('padding', 0), p.single('dilation', 1), groups, '*', algo],
  (input, weight, bias, stride, padding, dilation, groups, algo): Tensor => {
    checkLines('conv1d', input, weight);
    const planar: PlanePadding = typeof padding === 'string' ? padding : [0, single(padding)];
    return asPlanes(input, (x) =>
      convolved(x, asRow(weight), bias, [1, single(stride)], planar, [1, single(dilation)], groups, algo),
    );
  },
  { pythonCall: true },
);

/**
 * The transpose of conv2d: input [N, C, H, W] with weight [C, K / groups, R, S], plus bias [K]. The output's height is
 * (H − 1)·stride − 2·padding + dilation·(R − 1) + outputPadding + 1. It is the gradient of a convolution by its input.
 */
export const convTranspose2d = fn(
  'F.conv_transpose2d',
  [
    input,
    weight,
    bias,
    p.pair('stride', 1),
    p.pair('padding', 0),
    p.pair('outputPadding', 0),
    groups,
    p.pair('dilation', 1),
    '*',
    transposedAlgo,
  ],
  transposed,
  { pythonCall: true },
);

function transposed(
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  strides: Pair,
  paddings: Pair,
  outputPadding: Pair,
  groups: number,
  dilations: Pair,
  algo: Name<BackwardDataAlgorithm> | null,
): Tensor {
  const algorithms = namedNow('convTranspose2d', 'backwardData', algo ?? undefined);
  const [stride, padding, extra, dilation] = [pair(strides), pair(paddings), pair(outputPadding), pair(dilations)];
  extra.forEach((v, d) => {
    if (v < 0 || (v >= stride[d] && v >= dilation[d]))
      fail(
        `convTranspose2d: outputPadding ${v} must be smaller than the stride ${stride[d]} or the dilation ${dilation[d]}`,
      );
  });
  if (weight.ndim !== 4) fail(`convTranspose2d: weight has shape ${weight.shape}; expected 4 dimensions`);
  return overPlanes(input, (y) => {
    if (y.shape.length !== 4)
      fail(`convTranspose2d: input has shape ${formatShape(y.shape)}; expected 3 or 4 dimensions`);
    const [C, perGroup, R, S] = weight.node.shape;
    if (y.shape[1] !== C)
      fail(
        `convTranspose2d: weight expects ${C} input channels, got ${y.shape[1]}; check the input's second dimension`,
      );
    const size = (d: 0 | 1, filter: number): number =>
      (y.shape[2 + d] - 1) * stride[d] - 2 * padding[d] + dilation[d] * (filter - 1) + extra[d] + 1;
    const shape = [y.shape[0], perGroup * groups, size(0, R), size(1, S)];
    const attrs = {
      stride,
      dilation,
      groups,
      padding: [padding[0], padding[0], padding[1], padding[1]] as const,
      shape,
      algorithms,
    };
    const x = record(conv2dBackwardData, [y, weight.node], attrs);
    return bias ? plusChannels(x, bias) : x;
  });
}

function plusChannels(x: Node, bias: Tensor): Node {
  if (bias.ndim !== 1 || bias.shape[0] !== x.shape[1])
    fail(`convTranspose2d: bias has shape ${bias.shape}, expected [${x.shape[1]}], one for each output channel`);
  return e.add(x, e.reshape(bias.node, [x.shape[1], 1, 1]));
}

/** The transpose of conv1d: input [N, C, L] (or [C, L]) with weight [C, K / groups, R], plus bias [K]. */
export const convTranspose1d = fn(
  'F.conv_transpose1d',
  [
    input,
    weight,
    bias,
    p.single('stride', 1),
    p.single('padding', 0),
    p.single('outputPadding', 0),
    groups,
    p.single('dilation', 1),
    '*',
    transposedAlgo,
  ],
  (input, weight, bias, stride, padding, outputPadding, groups, dilation, algo): Tensor => {
    checkLines('convTranspose1d', input, weight);
    return asPlanes(input, (y) =>
      transposed(
        y,
        asRow(weight),
        bias,
        [1, single(stride)],
        [0, single(padding)],
        [0, single(outputPadding)],
        groups,
        [1, single(dilation)],
        algo,
      ),
    );
  },
  { pythonCall: true },
);

function checkLines(what: string, input: Tensor, weight: Tensor): void {
  if (input.ndim !== 2 && input.ndim !== 3) fail(`${what}: input has shape ${input.shape}; expected 2 or 3 dimensions`);
  if (weight.ndim !== 3) fail(`${what}: weight has shape ${weight.shape}; expected 3 dimensions`);
}

/** A filter of lines as one of planes of height 1. */
const asRow = ({ node }: Tensor): Tensor => new Tensor(e.reshape(node, node.shape.toSpliced(2, 0, 1)));
