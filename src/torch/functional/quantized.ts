/**
 * @file Quantised layers: 8-bit operands, 32-bit sums, 8-bit results. They are torch.ao.nn.quantized.functional with
 * the scales and zero points given as options, where PyTorch's tensors carry them.
 *
 * With s = inputScale · weightScale a result is round((sum + bias / s) · (s / scale)) + zeroPoint, in float32, half to
 * even, held in the range of the dtype: the numbers of PyTorch's fbgemm and oneDNN. Its qnnpack rounds the bias to
 * int32 first, so it may be 1 off. Scales that are numbers are multiplied and divided by the host; where they are
 * tensors, a GPU that does not divide exactly may tell a tie otherwise.
 */
import { fail } from '../../base/errors.ts';
import { sameShape, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import type { QuantizedType } from '../../graph/ops/elementwise/index.ts';
import { levelsOf, requantize } from '../../graph/ops/elementwise/index.ts';
import type { FullAttrs } from '../../graph/ops/full.ts';
import { full, fullOp } from '../../graph/ops/full.ts';
import { intConv2d, intMatmul } from '../../graph/ops/int8.ts';
import { record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { requireFloat } from '../ops/apply.ts';
import type { QuantizationParameter } from '../ops/quantization-nodes.ts';
import { levelRange, scaleNodes, zeroPointNode } from '../ops/quantization-nodes.ts';
import { fn, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { convAttrs, planePadding } from './conv-options.ts';
import { overPlanes } from './planes.ts';

const parameter = p.kind<QuantizationParameter>(
  'a number or a tensor',
  'one of them',
  (v) => typeof v === 'number' || v instanceof Tensor,
);

/**
 * Levels and numbers: x = scale · (level − zeroPoint). The weight's may be tensors with one for each output channel;
 * `scale` is the result's.
 */
const levels = [
  parameter('inputScale'),
  parameter('inputZeroPoint', 0),
  parameter('weightScale'),
  parameter('weightZeroPoint', 0),
  parameter('scale'),
  parameter('zeroPoint', 0),
] as const;
const operands = [p.tensor('input'), p.tensor('weight'), p.tensor('bias', null)] as const;

interface QuantizationParameters {
  readonly inputScale: QuantizationParameter;
  readonly inputZeroPoint: QuantizationParameter;
  readonly weightScale: QuantizationParameter;
  readonly weightZeroPoint: QuantizationParameter;
  readonly scale: QuantizationParameter;
  readonly zeroPoint: QuantizationParameter;
}

/**
 * Cross-correlation of input [N, C, H, W], int8 or uint8, with weight [K, C / groups, R, S], int8, plus bias [K],
 * floating; gives [N, K, P, Q] in the input's dtype. Padding stands for 0. A relu costs nothing: with the range's lower
 * end as
 * `zeroPoint`, what is negative ends there.
 */
export const quantizedConv2d = fn(
  'ours.quantized_conv2d',
  [
    ...operands,
    '*',
    ...levels,
    p.pair('stride', 1),
    planePadding('padding', 0),
    p.pair('dilation', 1),
    p.int('groups', 1),
  ],
  (
    input,
    weight,
    bias,
    inputScale,
    inputZeroPoint,
    weightScale,
    weightZeroPoint,
    scale,
    zeroPoint,
    stride,
    padding,
    dilation,
    groups,
  ): Tensor => {
    const { zeroPoints, levels } = layerOf(
      'quantizedConv2d',
      input,
      weight,
      bias,
      { inputScale, inputZeroPoint, weightScale, weightZeroPoint, scale, zeroPoint },
      [1, 1],
    );
    const attrs = convAttrs('quantizedConv2d', weight, stride, padding, dilation, groups);
    return overPlanes(input, (x) => levels(record(intConv2d, [x, weight.node, ...zeroPoints], attrs)));
  },
);

/**
 * input [..., in], int8 or uint8, · weightᵀ [in, out], int8, plus bias [out], floating; gives [..., out] in the input's
 * dtype.
 */
export const quantizedLinear = fn(
  'ours.quantized_linear',
  [...operands, '*', ...levels],
  (input, weight, bias, inputScale, inputZeroPoint, weightScale, weightZeroPoint, scale, zeroPoint): Tensor => {
    const { zeroPoints, levels } = layerOf(
      'quantizedLinear',
      input,
      weight,
      bias,
      { inputScale, inputZeroPoint, weightScale, weightZeroPoint, scale, zeroPoint },
      [],
    );
    const [out, columns] = weight.node.shape;
    const { shape } = input.node;
    if (shape.at(-1) !== columns)
      fail(`quantizedLinear: the weight ${weight.shape} takes ${columns} features, the input has shape ${input.shape}`);
    const rows = e.reshape(input.node, [sizeOf(shape.slice(0, -1)), columns]);
    const sums = record(intMatmul, [rows, e.transpose(weight.node), ...zeroPoints], {});
    return new Tensor(e.reshape(levels(sums), [...shape.slice(0, -1), out]));
  },
);

interface Layer {
  /** Those of input and weight; none where both are 0. */
  readonly zeroPoints: readonly Node[];
  /** From the sums of products to levels of the output. */
  readonly levels: (sums: Node) => Node;
}

/**
 * Checks operands and parameters. `behind` is what follows the channel among the dimensions of the sums, as sizes of 1.
 */
function layerOf(
  what: string,
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  options: QuantizationParameters,
  behind: readonly number[],
): Layer {
  const range = levelRange(what, input);
  if (weight.ndim !== behind.length + 2)
    fail(`${what}: weight has shape ${weight.shape}; expected ${behind.length + 2} dimensions`);
  if (weight.dtype !== 'int8')
    fail(`${what}: weight is ${weight.dtype}; expected int8, as quantizePerTensor or quantizePerChannel gives it`);
  const [K] = weight.node.shape;
  const { inputZeroPoint, weightZeroPoint, zeroPoint } = options;
  const one = { x: input, shape: [] };
  const channels = (of: QuantizationParameter) => ({
    x: input,
    shape: typeof of === 'object' && sizeOf(of.node.shape) !== 1 ? [K, ...behind] : [],
  });

  const inputScale = scaleNodes(what, 'inputScale', options.inputScale, one).scale;
  const weightScale = scaleNodes(what, 'weightScale', options.weightScale, channels(options.weightScale)).scale;
  const outputScale = scaleNodes(what, 'scale', options.scale, one).scale;
  const zero = zeroPointNode(what, 'zeroPoint', zeroPoint, one, range);
  const zeroOfInput = zeroPointNode(what, 'inputZeroPoint', inputZeroPoint, one, range);
  const zeroOfWeight = zeroPointNode(
    what,
    'weightZeroPoint',
    weightZeroPoint,
    channels(weightZeroPoint),
    levelsOf.int8,
  );

  const scale = folded(mul, inputScale, weightScale);
  const multiplier = folded(div, scale, outputScale);
  const offset = bias ? [e.div(biasNode(what, bias, [K, ...behind]), scale)] : [];
  return {
    zeroPoints: inputZeroPoint === 0 && weightZeroPoint === 0 ? [] : [zeroOfInput, zeroOfWeight],
    levels: (sums) => record(requantize, [sums, multiplier, zero, ...offset], { dtype: input.dtype as QuantizedType }),
  };
}

function biasNode(what: string, bias: Tensor, shape: readonly number[]): Node {
  requireFloat(`${what}: bias`, bias);
  if (!sameShape(bias.node.shape, shape.slice(0, 1)))
    fail(`${what}: bias has shape ${bias.shape}, expected [${shape[0]}], one for each output channel`);
  return e.cast(e.reshape(bias.node, shape), 'float32');
}

interface Arithmetic {
  readonly ofNumbers: (a: number, b: number) => number;
  readonly ofNodes: (a: Node, b: Node) => Node;
}

const mul: Arithmetic = { ofNumbers: (a, b) => a * b, ofNodes: e.mul };
const div: Arithmetic = { ofNumbers: (a, b) => a / b, ofNodes: e.div };

/** By the host where both are constants, rounded to float32. */
function folded({ ofNumbers, ofNodes }: Arithmetic, a: Node, b: Node): Node {
  if (a.op !== fullOp || b.op !== fullOp) return ofNodes(a, b);
  return full([], 'float32', ofNumbers((a.attrs as FullAttrs).value, (b.attrs as FullAttrs).value), a.device);
}
