/**
 * @file cuDNN's three convolution calls on tensors: forward, backward data, backward filter, each by exactly the
 * algorithm asked for, or an error with the reason.
 *
 * The geometry is given with the tensors, `convolutionForward(x, w, { padding: 1, algo })`, or by a descriptor,
 * `convolutionForward(desc, x, w, { algo })`. The calls are recorded like all others, so gradients flow through them.
 */
import { fail } from '../../base/errors.ts';
import type { Shape } from '../../base/shape.ts';
import { formatShape, sameShape } from '../../base/shape.ts';
import type { ConvolutionOptions } from '../../dnn/api.ts';
import { convolutionDescriptor } from '../../dnn/api.ts';
import type { ConvDescriptor } from '../../dnn/conv2d/descriptor.ts';
import type { BackwardDataAlgorithm, BackwardFilterAlgorithm, ForwardAlgorithm } from '../../dnn/conv2d/table.ts';
import type { Activation, Epilogue, FloatType, Pool } from '../../dnn/kernels/epilogue.ts';
import { epilogueWords, mathTypes, noEpilogue } from '../../dnn/kernels/epilogue.ts';
import type { Direction, MathType } from '../../dnn/choice/records.ts';
import * as e from '../../graph/expr.ts';
import type { Conv2dAttrs } from '../../graph/ops/conv2d.ts';
import { conv2d, conv2dBackwardData, conv2dBackwardFilter } from '../../graph/ops/conv2d.ts';
import { activationNames, appliedBy, pools } from '../../graph/ops/conv2d-fused.ts';
import { maxPool2d } from '../../graph/ops/pool2d.ts';
import { record } from '../../graph/record.ts';
import type { NamedAlgorithms, Node } from '../../graph/types.ts';
import { withFusion } from '../compiler/fusion.ts';
import { fn, overloads, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { descriptorParameter } from './descriptor-parameter.ts';
import { fourSizes, geometry } from './descriptor.ts';
import type { Name } from './algorithm-names.ts';
import { checkNamed, namedNow } from './algorithm-names.ts';

const asText = <Known extends string>(name: string) =>
  p.kind<Name<Known>>('a string', `${name}, as cuDNN calls it`, (v) => typeof v === 'string');
const [x, w, dy, desc] = [p.tensor('x'), p.tensor('w'), p.tensor('dy'), descriptorParameter('desc')];
/**
 * The algorithm, without which the chooser decides; one of its configurations, as `dnn.convolutionAlgorithms` lists
 * them; and in what products are summed.
 */
const asked = <Algorithm extends string>() =>
  [
    asText<Algorithm>('an algorithm')('algo', null),
    p.text('config', null),
    p.choice(['FMA', 'HALF', 'HALF_ARITHMETIC'])('mathType', null),
  ] as const;
/**
 * What y ends in: bias [K] by output channel, a residual of y's shape, an activation, and the largest of each 2×2
 * window.
 */
const ending = [
  p.tensor('bias', null),
  p.tensor('residual', null),
  p.choice(activationNames)('activation', 'identity'),
  p.choice(Object.keys(pools) as Pool[])('pool', null),
] as const;

const forward = 'ours.convolution_forward';
/**
 * `cudnnConvolutionForward`, or with bias, residual or activation `cudnnConvolutionBiasActivationForward`:
 * y = pool(activation(x ⋆ w + bias + residual)) of x [N, C, H, W] and w [K, C / groups, R, S]. Unless gradients need
 * what lies between, one kernel ends in all of it, or in all but the pool. Throws a `NotSupportedError` with the reason
 * where `algo` cannot run.
 */
export const convolutionForward = overloads(
  fn(
    forward,
    [x, w, '*', ...geometry, ...ending, ...asked<ForwardAlgorithm>()],
    (x, w, stride, padding, dilation, groups, bias, residual, activation, pool, algo, config, mathType): Tensor =>
      forwardOf(
        { x, w, stride, padding, dilation, groups },
        { x, w, bias, residual, activation, pool },
        { algo, config, mathType },
      ),
  ),
  fn(
    forward,
    [desc, x, w, '*', ...ending, ...asked<ForwardAlgorithm>()],
    (desc, x, w, bias, residual, activation, pool, algo, config, mathType): Tensor =>
      forwardOf(desc, { x, w, bias, residual, activation, pool }, { algo, config, mathType }),
  ),
);

interface ForwardOperands {
  readonly x: Tensor;
  readonly w: Tensor;
  readonly bias: Tensor | null;
  readonly residual: Tensor | null;
  readonly activation: Activation;
  readonly pool: Pool | null;
}

function forwardOf(
  given: ConvDescriptor | ConvolutionShape,
  { x, w, bias, residual, activation, pool }: ForwardOperands,
  asked: PlanRequest,
): Tensor {
  const what = 'dnn.convolutionForward';
  const epilogue: Epilogue = { bias: bias !== null, residual: residual !== null, activation, ...(pool && { pool }) };
  const desc = describe(what, 'forward', given, x.dtype, epilogue);
  checkOperands(what, desc, { x, w, bias, residual });
  const attrs = attributes(what, 'forward', desc, x, asked);
  const finished = withFusion((): Node => {
    const sum = record(conv2d, bias ? [x.node, w.node, bias.node] : [x.node, w.node], attrs);
    const joined = residual ? e.add(sum, residual.node) : sum;
    const applied = appliedBy(activation);
    const y = applied ? record(applied.op, [joined], applied.attrs) : joined;
    return pool ? record(maxPool2d, [y], pools[pool]) : y;
  });
  return new Tensor(finished);
}

const backwardData = 'ours.convolution_backward_data';
/**
 * `cudnnConvolutionBackwardData`: dx from dy [N, K, P, Q] and w [K, C / groups, R, S]. Several input sizes give the
 * same output, so `inputSize` [N, C, H, W] says which is meant. Throws a `NotSupportedError` with the reason where
 * `algo` cannot run.
 */
export const convolutionBackwardData = overloads(
  fn(
    backwardData,
    [dy, w, '*', fourSizes('inputSize'), ...geometry, ...asked<BackwardDataAlgorithm>()],
    (dy, w, inputSize, stride, padding, dilation, groups, algo, config, mathType): Tensor =>
      backwardDataOf({ x: inputSize, w, stride, padding, dilation, groups }, dy, w, { algo, config, mathType }),
  ),
  fn(
    backwardData,
    [desc, dy, w, '*', ...asked<BackwardDataAlgorithm>()],
    (desc, dy, w, algo, config, mathType): Tensor => backwardDataOf(desc, dy, w, { algo, config, mathType }),
  ),
);

function backwardDataOf(given: ConvDescriptor | ConvolutionShape, dy: Tensor, w: Tensor, asked: PlanRequest): Tensor {
  const what = 'dnn.convolutionBackwardData';
  const desc = describe(what, 'backward data', given, dy.dtype);
  checkOperands(what, desc, { dy, w });
  const attrs = { ...attributes(what, 'backwardData', desc, dy, asked), shape: [desc.N, desc.C, desc.H, desc.W] };
  return new Tensor(record(conv2dBackwardData, [dy.node, w.node], attrs));
}

const backwardFilter = 'ours.convolution_backward_filter';
/**
 * `cudnnConvolutionBackwardFilter`: dw from x [N, C, H, W] and dy [N, K, P, Q]. Several filter sizes give the same
 * output, so `weightSize` [K, C / groups, R, S] says which is meant. Throws a `NotSupportedError` with the reason where
 * `algo` cannot run.
 */
export const convolutionBackwardFilter = overloads(
  fn(
    backwardFilter,
    [x, dy, '*', fourSizes('weightSize'), ...geometry, ...asked<BackwardFilterAlgorithm>()],
    (x, dy, weightSize, stride, padding, dilation, groups, algo, config, mathType): Tensor =>
      backwardFilterOf({ x, w: weightSize, stride, padding, dilation, groups }, x, dy, { algo, config, mathType }),
  ),
  fn(
    backwardFilter,
    [desc, x, dy, '*', ...asked<BackwardFilterAlgorithm>()],
    (desc, x, dy, algo, config, mathType): Tensor => backwardFilterOf(desc, x, dy, { algo, config, mathType }),
  ),
);

function backwardFilterOf(given: ConvDescriptor | ConvolutionShape, x: Tensor, dy: Tensor, asked: PlanRequest): Tensor {
  const what = 'dnn.convolutionBackwardFilter';
  const desc = describe(what, 'backward filter', given, x.dtype);
  checkOperands(what, desc, { x, dy });
  const attrs = {
    ...attributes(what, 'backwardFilter', desc, x, asked),
    shape: [desc.K, desc.C / desc.groups, desc.R, desc.S],
  };
  return new Tensor(record(conv2dBackwardFilter, [x.node, dy.node], attrs));
}

interface PlanRequest {
  readonly algo: string | null;
  readonly config: string | null;
  readonly mathType: MathType | null;
}

type ConvolutionShape = Required<Pick<ConvolutionOptions, 'stride' | 'padding' | 'dilation' | 'groups'>> & {
  readonly x: Tensor | Shape;
  readonly w: Tensor | Shape;
};

/** The descriptor of a call: the one given, in the call's direction, or a new one. */
function describe(
  what: string,
  direction: Direction,
  given: ConvDescriptor | ConvolutionShape,
  dtype: string,
  epilogue: Epilogue = noEpilogue,
): ConvDescriptor {
  if ('direction' in given) {
    const [theirs, ours] = [given.epilogue, epilogue].map((of) => epilogueWords(of).join(' + ') || 'nothing');
    if (epilogueWords(given.epilogue).length > 0 && theirs !== ours)
      fail(`${what}: the descriptor ends in ${theirs}, the call in ${ours}; make them the same`);
    return { ...given, direction, epilogue };
  }
  if (dtype !== 'float32' && dtype !== 'float16')
    fail(`${what}: dtype ${dtype} has no kernel; convert with .to(torch.float32)`);
  const { x, w, stride, padding, dilation, groups } = given;
  return convolutionDescriptor({
    x: sizes(what, 'x', x),
    w: sizes(what, 'w', w),
    stride,
    padding,
    dilation,
    groups,
    direction,
    dtype: dtype as FloatType,
    epilogue,
  });
}

function sizes(what: string, role: string, of: Tensor | Shape): Shape {
  const shape = of instanceof Tensor ? of.node.shape : of;
  if (shape.length !== 4) fail(`${what}: ${role} has shape ${formatShape(shape)}; expected 4 dimensions`);
  return shape;
}

function checkOperands(
  what: string,
  d: ConvDescriptor,
  operands: Readonly<Record<string, Tensor | null | undefined>>,
): void {
  const y = [d.N, d.K, d.P, d.Q];
  const expected: Record<string, Shape> = {
    x: [d.N, d.C, d.H, d.W],
    w: [d.K, d.C / d.groups, d.R, d.S],
    dy: y,
    bias: [d.K],
    residual: y,
  };
  for (const [role, tensor] of Object.entries(operands)) {
    if (!tensor) continue;
    if (!sameShape(tensor.node.shape, expected[role]))
      fail(`${what}: ${role} has shape ${tensor.shape}, expected ${formatShape(expected[role])}`);
    if (tensor.dtype !== d.dtype)
      fail(`${what}: ${role} is ${tensor.dtype}, expected ${d.dtype}; convert with .to('${d.dtype}')`);
  }
}

/** The recorded operation's attributes; throws where the algorithm that was asked for cannot run. */
function attributes(
  what: string,
  key: keyof NamedAlgorithms,
  d: ConvDescriptor,
  operand: Tensor,
  asked: PlanRequest,
): Conv2dAttrs {
  const [algo, config, mathType] = [asked.algo ?? undefined, asked.config ?? undefined, asked.mathType ?? undefined];
  const algorithms = namedNow(what, key, algo);
  const named = algorithms[key];
  if (config !== undefined && named === undefined)
    fail(`${what}: config '${config}' is a configuration of an algorithm; give algo too`);
  if (algo !== undefined && operand.device.type === 'cpu')
    fail(
      `${what} by ${algo}: the tensors are on the cpu, whose reference has no algorithms; move them with .to('webgpu')`,
    );
  const possible = mathTypes(d);
  if (mathType !== undefined && !possible.includes(mathType))
    fail(`${what}: ${d.dtype} tensors are not computed in ${String(mathType)}; give ${possible.join(' or ')}`);
  checkNamed(what, d, operand.device.type, named, { config, mathType });
  return {
    stride: [d.strideH, d.strideW],
    padding: [d.padTop, d.padBottom, d.padLeft, d.padRight],
    dilation: [d.dilationH, d.dilationW],
    groups: d.groups,
    algorithms,
    config,
    mathType,
  };
}
