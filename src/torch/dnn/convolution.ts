/**
 * @file cuDNN's three convolution calls on tensors: forward, backward data, backward filter, each by exactly the algorithm
 * asked for, or an error with the reason.
 *
 * The geometry is given with the tensors, `convolutionForward(x, w, { padding: 1, algo })`, or by a descriptor,
 * `convolutionForward(desc, x, w, { algo })`. The calls are recorded like all others, so gradients flow through them.
 */
import { fail } from '../../base/errors.ts';
import { checkOptions, shown } from '../../base/options.ts';
import type { Shape } from '../../base/shape.ts';
import { formatShape, sameShape } from '../../base/shape.ts';
import type { ConvolutionOptions } from '../../dnn/api.ts';
import { convolutionDescriptor } from '../../dnn/api.ts';
import type { ConvDescriptor } from '../../dnn/conv2d/descriptor.ts';
import type { BackwardDataAlgorithm, BackwardFilterAlgorithm, ForwardAlgorithm } from '../../dnn/conv2d/table.ts';
import type { Activation, Epilogue, FloatType, Pool } from '../../dnn/epilogue.ts';
import { epilogueWords, mathTypes, noEpilogue } from '../../dnn/epilogue.ts';
import type { Direction, MathType } from '../../dnn/records.ts';
import * as e from '../../graph/expr.ts';
import type { Conv2dAttrs } from '../../graph/ops/conv2d.ts';
import { conv2d, conv2dBackwardData, conv2dBackwardFilter } from '../../graph/ops/conv2d.ts';
import { activationOps, activations, pools } from '../../graph/ops/conv2d-fused.ts';
import { maxPool2d } from '../../graph/ops/pool2d.ts';
import { record } from '../../graph/record.ts';
import type { NamedAlgorithms, Node } from '../../graph/types.ts';
import { compile } from '../compile.ts';
import { Tensor } from '../tensor.ts';
import type { Name } from './named.ts';
import { checkNamed, namedNow } from './named.ts';

export type ConvolutionGeometry = Pick<ConvolutionOptions, 'stride' | 'padding' | 'dilation' | 'groups'>;

interface Asked<Algorithm extends string> {
  /** cuDNN's name of the algorithm; without it the chooser decides. */
  readonly algo?: Name<Algorithm>;
  /** One of the algorithm's configurations, as `dnn.convolutionAlgorithms` lists them. */
  readonly config?: string;
  /** `'HALF_ARITHMETIC'`: float16 tensors are multiplied and summed in float16; without it sums are float32. */
  readonly mathType?: MathType;
}

export interface ConvolutionForwardOptions extends Asked<ForwardAlgorithm> {
  /** [K], added by output channel. */
  readonly bias?: Tensor | null;
  /** Of y's shape, added before the activation. */
  readonly residual?: Tensor | null;
  /** What y ends in; `'identity'` if not given. */
  readonly activation?: Activation;
  /** Keeps the largest of each window of y, so that [N, K, ⌊P/2⌋, ⌊Q/2⌋] remain. */
  readonly pool?: Pool;
}

export type ConvolutionBackwardDataOptions = Asked<BackwardDataAlgorithm>;
export type ConvolutionBackwardFilterOptions = Asked<BackwardFilterAlgorithm>;

type WithTensors<Options> = readonly [a: Tensor, b: Tensor, options?: Options];
type WithDescriptor<Options> = readonly [desc: ConvDescriptor, a: Tensor, b: Tensor, options?: Options];

const geometryNames = ['stride', 'padding', 'dilation', 'groups'] as const;

/**
 * `cudnnConvolutionForward`, or with bias, residual or activation `cudnnConvolutionBiasActivationForward`:
 * y = pool(activation(x ⋆ w + bias + residual)) of x [N, C, H, W] and w [K, C / groups, R, S]. Unless gradients need what lies between,
 * one kernel ends in all of it, or in all but the pool. Throws a `NotSupportedError` with the reason where `algo` cannot run.
 */
export function convolutionForward(x: Tensor, w: Tensor, options?: ConvolutionForwardOptions & ConvolutionGeometry): Tensor;
export function convolutionForward(desc: ConvDescriptor, x: Tensor, w: Tensor, options?: ConvolutionForwardOptions): Tensor;
export function convolutionForward(...call: WithTensors<ConvolutionForwardOptions & ConvolutionGeometry> | WithDescriptor<ConvolutionForwardOptions>): Tensor {
  const what = 'dnn.convolutionForward';
  const { given, tensors: [x, w], options } = readCall(what, call, ['bias', 'residual', 'activation', 'pool']);
  const { bias, residual, activation = 'identity', pool } = options;
  if (!Object.hasOwn(activations, activation)) fail(`${what}: unknown activation '${String(activation)}'; known are ${Object.keys(activations).join(', ')}`);
  if (pool !== undefined && !Object.hasOwn(pools, pool)) fail(`${what}: unknown pool '${String(pool)}'; known are ${Object.keys(pools).join(', ')}`);
  const epilogue: Epilogue = { bias: Boolean(bias), residual: Boolean(residual), activation, ...(pool && { pool }) };
  const desc = describe(what, 'forward', given ?? { x, w, ...options }, x.dtype, epilogue);
  checkOperands(what, desc, { x, w, bias, residual });
  const attrs = attributes(what, 'forward', desc, x, options);
  const finish = compile((): Node => {
    const sum = record(conv2d, bias ? [x.node, w.node, bias.node] : [x.node, w.node], attrs);
    const joined = residual ? e.add(sum, residual.node) : sum;
    const y = activation === 'identity' ? joined : record(activationOps[activation].op, [joined], activationOps[activation].attrs);
    return pool ? record(maxPool2d, [y], pools[pool]) : y;
  });
  return new Tensor(finish());
}

/**
 * `cudnnConvolutionBackwardData`: dx from dy [N, K, P, Q] and w [K, C / groups, R, S]. Several input sizes give the same
 * output, so `inputSize` [N, C, H, W] says which is meant. Throws a `NotSupportedError` with the reason where `algo` cannot run.
 */
export function convolutionBackwardData(dy: Tensor, w: Tensor, options: ConvolutionBackwardDataOptions & ConvolutionGeometry & { readonly inputSize: Shape }): Tensor;
export function convolutionBackwardData(desc: ConvDescriptor, dy: Tensor, w: Tensor, options?: ConvolutionBackwardDataOptions): Tensor;
export function convolutionBackwardData(...call: WithTensors<ConvolutionBackwardDataOptions & ConvolutionGeometry & { readonly inputSize: Shape }> | WithDescriptor<ConvolutionBackwardDataOptions>): Tensor {
  const what = 'dnn.convolutionBackwardData';
  const { given, tensors: [dy, w], options } = readCall(what, call, ['inputSize']);
  const { inputSize } = options as { inputSize?: Shape };
  const desc = describe(what, 'backward data', given ?? { ...options, x: inputSize ?? fail(`${what}: inputSize is missing; give x's shape [N, C, H, W]`), w }, dy.dtype);
  checkOperands(what, desc, { dy, w });
  const attrs = { ...attributes(what, 'backwardData', desc, dy, options), shape: [desc.N, desc.C, desc.H, desc.W] };
  return new Tensor(record(conv2dBackwardData, [dy.node, w.node], attrs));
}

/**
 * `cudnnConvolutionBackwardFilter`: dw from x [N, C, H, W] and dy [N, K, P, Q]. Several filter sizes give the same output,
 * so `weightSize` [K, C / groups, R, S] says which is meant. Throws a `NotSupportedError` with the reason where `algo` cannot run.
 */
export function convolutionBackwardFilter(x: Tensor, dy: Tensor, options: ConvolutionBackwardFilterOptions & ConvolutionGeometry & { readonly weightSize: Shape }): Tensor;
export function convolutionBackwardFilter(desc: ConvDescriptor, x: Tensor, dy: Tensor, options?: ConvolutionBackwardFilterOptions): Tensor;
export function convolutionBackwardFilter(...call: WithTensors<ConvolutionBackwardFilterOptions & ConvolutionGeometry & { readonly weightSize: Shape }> | WithDescriptor<ConvolutionBackwardFilterOptions>): Tensor {
  const what = 'dnn.convolutionBackwardFilter';
  const { given, tensors: [x, dy], options } = readCall(what, call, ['weightSize']);
  const { weightSize } = options as { weightSize?: Shape };
  const desc = describe(what, 'backward filter', given ?? { ...options, x, w: weightSize ?? fail(`${what}: weightSize is missing; give w's shape [K, C / groups, R, S]`) }, x.dtype);
  checkOperands(what, desc, { x, dy });
  const attrs = { ...attributes(what, 'backwardFilter', desc, x, options), shape: [desc.K, desc.C / desc.groups, desc.R, desc.S] };
  return new Tensor(record(conv2dBackwardFilter, [x.node, dy.node], attrs));
}

/** Parts a call into its descriptor, if it has one, its two tensors and its options. */
function readCall<Options extends object>(what: string, call: WithTensors<Options> | WithDescriptor<Options>, names: readonly string[]) {
  const [first] = call;
  const given = first instanceof Tensor ? undefined : first;
  const [a, b, options = {} as Options] = (given ? call.slice(1) : call) as unknown as WithTensors<Options>;
  if (!(a instanceof Tensor) || !(b instanceof Tensor)) fail(`${what}: two tensors are needed, alone or after a descriptor from dnn.convolutionDescriptor`);
  const most = given ? 4 : 3;
  if (call.length > most) fail(`${what}: ${shown((call as readonly unknown[])[most])} is beyond the last argument; ${given ? 'a descriptor, ' : ''}two tensors and options by name are taken`);
  checkOptions(what, options, [...(given ? names.filter((name) => !name.endsWith('Size')) : [...names, ...geometryNames]), 'algo', 'config', 'mathType']);
  return { given, tensors: [a, b] as const, options };
}

type Sized = ConvolutionGeometry & { readonly x: Tensor | Shape; readonly w: Tensor | Shape };

/** The descriptor of a call: the one given, in the call's direction, or a new one. */
function describe(what: string, direction: Direction, given: ConvDescriptor | Sized, dtype: string, epilogue: Epilogue = noEpilogue): ConvDescriptor {
  if ('direction' in given) {
    const [theirs, ours] = [given.epilogue, epilogue].map((of) => epilogueWords(of).join(' + ') || 'nothing');
    if (epilogueWords(given.epilogue).length > 0 && theirs !== ours) fail(`${what}: the descriptor ends in ${theirs}, the call in ${ours}; make them the same`);
    return { ...given, direction, epilogue };
  }
  if (dtype !== 'float32' && dtype !== 'float16') fail(`${what}: dtype ${dtype} has no kernel; convert with .to(torch.float32)`);
  const { x, w, stride, padding, dilation, groups } = given;
  return convolutionDescriptor({ x: sizes(what, 'x', x), w: sizes(what, 'w', w), stride, padding, dilation, groups, direction, dtype: dtype as FloatType, epilogue });
}

function sizes(what: string, role: string, of: Tensor | Shape): readonly [number, number, number, number] {
  const shape = of instanceof Tensor ? of.node.shape : of;
  if (shape.length !== 4) fail(`${what}: ${role} has shape ${formatShape(shape)}; expected 4 dimensions`);
  return shape as unknown as readonly [number, number, number, number];
}

function checkOperands(what: string, d: ConvDescriptor, operands: Readonly<Record<string, Tensor | null | undefined>>): void {
  const y = [d.N, d.K, d.P, d.Q];
  const expected: Record<string, Shape> = { x: [d.N, d.C, d.H, d.W], w: [d.K, d.C / d.groups, d.R, d.S], dy: y, bias: [d.K], residual: y };
  for (const [role, tensor] of Object.entries(operands)) {
    if (!tensor) continue;
    if (!sameShape(tensor.node.shape, expected[role])) fail(`${what}: ${role} has shape ${tensor.shape}, expected ${formatShape(expected[role])}`);
    if (tensor.dtype !== d.dtype) fail(`${what}: ${role} is ${tensor.dtype}, expected ${d.dtype}; convert with .to('${d.dtype}')`);
  }
}

/** The recorded operation's attributes; throws where the algorithm that was asked for cannot run. */
function attributes(what: string, key: keyof NamedAlgorithms, d: ConvDescriptor, operand: Tensor, { algo, config, mathType }: Asked<string>): Conv2dAttrs {
  const algorithms = namedNow(what, key, algo);
  const named = algorithms[key];
  if (config !== undefined && named === undefined) fail(`${what}: config '${config}' is a configuration of an algorithm; give algo too`);
  if (algo !== undefined && operand.device.type === 'cpu') fail(`${what} by ${algo}: the tensors are on the cpu, whose reference has no algorithms; move them with .to('webgpu')`);
  const possible = mathTypes(d);
  if (mathType !== undefined && !possible.includes(mathType)) fail(`${what}: ${d.dtype} tensors are not computed in ${String(mathType)}; give ${possible.join(' or ')}`);
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
