/**
 * @file torch.nn.functional: normalisation by the statistics of a layer, of groups of channels, of single images, of a
 * batch.
 *
 * All of them take mean and variance over some dims and apply one pointwise kernel; they differ in the dims.
 */
import type { DType } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import type { Shape } from '../../base/shape.ts';
import { broadcastShapes, formatShape, normalizeDim, sameShape, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { normalized } from '../../graph/ops/elementwise/index.ts';
import { mean as meanOp, variance as varianceOp } from '../../graph/ops/reduce.ts';
import { avgPool2d } from '../../graph/ops/pool2d.ts';
import { lastNodeId, record } from '../../graph/record.ts';
import { recordingNow, recordingWith } from '../../graph/recording.ts';
import type { Node } from '../../graph/types.ts';
import { replaceValue } from '../inplace.ts';
import { inOwnMemory } from '../memory.ts';
import { requireFloat } from '../ops/apply.ts';
import { clampMin, mul } from '../ops/pointwise.ts';
import { norm, sum } from '../ops/reduce.ts';
import { expand } from '../ops/shape.ts';
import { fn, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';

type Parameter = Tensor | null;

const [input, weight, bias, eps] = [
  p.tensor('input'),
  p.tensor('weight', null),
  p.tensor('bias', null),
  p.float('eps', 1e-5),
];
/** A size, or several; PyTorch wants an array. */
const normalizedShape = p.kind<number | Shape>(
  'a size or an array of them',
  'whole numbers',
  (v) => Number.isSafeInteger(v) || (Array.isArray(v) && v.every(Number.isSafeInteger)),
  { python: (v) => (typeof v === 'number' ? [v] : v) },
);

interface Statistics {
  readonly mean: Node;
  readonly variance: Node;
}

/** Records as one formula, so that one kernel may compute it, compiled or not. */
const asOneFormula = <T>(make: () => T): T => recordingWith({ formula: recordingNow().formula ?? lastNodeId() }, make);

/** Over the dims, in float32 whatever x is; reduced dims stay as 1. */
function statisticsOf(x: Node, dims: readonly number[]): Statistics {
  const wide = e.cast(x, 'float32');
  return {
    mean: record(meanOp, [wide], { dims, keepdim: true }),
    variance: record(varianceOp, [wide], { dims, keepdim: true, correction: 0 }),
  };
}

/** `shape` is what weight and bias look like beside x. */
function apply(
  what: string,
  x: Node,
  { mean, variance }: Statistics,
  weight: Parameter,
  bias: Parameter,
  shape: Shape,
  eps: number,
  training?: true,
): Node {
  const parameter = (name: string, t: Tensor): Node => {
    if (sizeOf(t.node.shape) !== sizeOf(shape))
      fail(`${what}: ${name} has shape ${t.shape}; ${sizeOf(shape)} elements are needed`);
    return e.reshape(t.node, shape);
  };
  const scale = weight ? parameter('weight', weight) : bias ? e.fullLike(parameter('bias', bias), 1) : undefined;
  const inputs = [x, mean, variance, ...(scale ? [scale] : []), ...(bias ? [parameter('bias', bias)] : [])];
  return record(normalized, inputs, training ? { eps, training } : { eps });
}

/** Mean 0 and variance 1 over the last dimensions, which have the shape given; then weight and bias of that shape. */
export const layerNorm = fn(
  'F.layer_norm',
  [input, normalizedShape('normalizedShape'), weight, bias, eps],
  (input, normalizedShape, weight, bias, eps): Tensor => {
    requireFloat('layerNorm', input);
    const shape = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
    const x = input.node;
    if (shape.length === 0 || !sameShape(x.shape.slice(-shape.length), shape))
      fail(`layerNorm: the input ${formatShape(x.shape)} does not end in ${formatShape(shape)}`);
    const dims = shape.map((_, i) => x.shape.length - shape.length + i);
    const y = asOneFormula(() => apply('layerNorm', x, statisticsOf(x, dims), weight, bias, shape, eps));
    return new Tensor(inOwnMemory(y));
  },
  { pythonCall: true },
);

/** The distance from 1 to the next number, which PyTorch adds where no eps is given. */
const nextToOne: Readonly<Partial<Record<DType, number>>> = { float32: 2 ** -23, float16: 2 ** -10, bfloat16: 2 ** -7 };

/**
 * x divided by its root mean square over the last dimensions, which have the shape given;
 * then weight of that shape.
 */
export const rmsNorm = fn(
  'F.rms_norm',
  [input, normalizedShape('normalizedShape'), weight, p.float('eps', null)],
  (input, normalizedShape, weight, eps): Tensor => {
    requireFloat('rmsNorm', input);
    const shape = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
    const { shape: whole, dtype } = input.node;
    if (shape.length === 0 || !sameShape(whole.slice(-shape.length), shape))
      fail(`rmsNorm: the input ${formatShape(whole)} does not end in ${formatShape(shape)}`);
    if (weight && !sameShape(weight.node.shape, shape))
      fail(`rmsNorm: weight has shape ${weight.shape}; it has that of the norm, ${formatShape(shape)}`);
    const wide = e.cast(input.node, 'float32');
    const dims = shape.map((_, i) => whole.length - shape.length + i);
    const scale = e.rsqrt(e.add(e.mean(e.square(wide), dims, true), eps ?? nextToOne[dtype]!));
    const y = e.mul(wide, scale);
    return new Tensor(e.cast(weight ? e.mul(y, e.cast(weight.node, 'float32')) : y, dtype));
  },
);

/**
 * x divided by (k + alpha · mean of squares)^beta, over `size` neighbouring channels of [N, C, …] (Krizhevsky and
 * others, NIPS 2012).
 */
export const localResponseNorm = fn(
  'F.local_response_norm',
  [input, p.int('size'), p.float('alpha', 1e-4), p.float('beta', 0.75), p.float('k', 1)],
  (input, size, alpha, beta, k): Tensor => {
    requireFloat('localResponseNorm', input);
    if (input.ndim < 3)
      fail(`localResponseNorm: the input has shape ${input.shape}; at least 3 dimensions are needed, [N, C, …]`);
    if (size < 1) fail(`localResponseNorm: size is ${size}; at least 1 channel is needed`);
    const x = input.node;
    const [N, C, ...rest] = x.shape;
    const flat = e.reshape(e.square(x), [N, 1, C, sizeOf(rest)]);
    const around = e.padZeros(flat, 2, Math.floor(size / 2), Math.floor((size - 1) / 2));
    const window = { kernel: [size, 1], stride: [1, 1], padding: [0, 0], dilation: [1, 1], ceilMode: false } as const;
    const means = e.reshape(record(avgPool2d, [around], { ...window, countIncludePad: true }), x.shape);
    return new Tensor(e.div(x, e.pow(e.add(e.mul(means, alpha), k), beta)));
  },
  { pythonCall: true },
);

/** One weight and bias a channel, beside an input [N, C, …]. */
const perChannel = (x: Node): number[] => x.shape.slice(1).map((size, d) => (d === 0 ? size : 1));

function requireChannels(what: string, input: Tensor, least = 2): void {
  requireFloat(what, input);
  if (input.ndim < least)
    fail(`${what}: the input has shape ${input.shape}; at least ${least} dimensions are needed, [N, C, …]`);
}

/** Mean 0 and variance 1 over each group of channels of each image [N, C, …]; then weight and bias by channel. */
export const groupNorm = fn(
  'F.group_norm',
  [input, p.int('numGroups'), weight, bias, eps],
  (input, numGroups, weight, bias, eps): Tensor => {
    requireChannels('groupNorm', input);
    const x = input.node;
    const [batch, channels, ...rest] = x.shape;
    if (!(numGroups > 0) || channels % numGroups !== 0)
      fail(`groupNorm: ${channels} channels do not divide into ${numGroups} groups`);
    if (sizeOf(x.shape) === numGroups)
      fail(
        `groupNorm: more than one value a group is needed, the input has shape ${input.shape} and ${numGroups} groups`,
      );
    const grouped = e.reshape(x, [batch, numGroups, channels / numGroups, ...rest]);
    const dims = grouped.shape.map((_, d) => d).slice(2);
    const parameters = [numGroups, channels / numGroups, ...rest.map(() => 1)];
    const y = asOneFormula(() =>
      apply('groupNorm', grouped, statisticsOf(grouped, dims), weight, bias, parameters, eps),
    );
    return new Tensor(e.reshape(inOwnMemory(y), x.shape));
  },
  { pythonCall: true },
);

/** Mean 0 and variance 1 over each channel of each image [N, C, …]; then weight and bias by channel. */
export const instanceNorm = fn(
  'F.instance_norm',
  [
    input,
    p.refused('runningMean', null, 'F.batchNorm keeps running statistics'),
    p.refused('runningVar', null, 'F.batchNorm keeps running statistics'),
    weight,
    bias,
    p.refused('useInputStats', true, 'F.batchNorm can use running statistics'),
    p.float('momentum', 0.1),
    eps,
  ],
  (input, _mean, _variance, weight, bias, _own, _momentum, eps): Tensor => {
    requireChannels('instanceNorm', input, 3);
    const x = input.node;
    const dims = x.shape.map((_, d) => d).slice(2);
    if (dims.reduce((n, d) => n * x.shape[d], 1) === 1)
      fail(`instanceNorm: more than one value a channel is needed, the input has shape ${input.shape}`);
    const y = asOneFormula(() => apply('instanceNorm', x, statisticsOf(x, dims), weight, bias, perChannel(x), eps));
    return new Tensor(inOwnMemory(y));
  },
  { pythonCall: true },
);

/**
 * Mean 0 and variance 1 over each channel of a batch [N, C, …]; then weight and bias by channel. In training by the
 * batch's own statistics, towards which the running ones move by `momentum`; else by the running ones.
 */
export const batchNorm = fn(
  'F.batch_norm',
  [
    input,
    p.nullable(p.tensor('runningMean')),
    p.nullable(p.tensor('runningVar')),
    weight,
    bias,
    p.flag('training', false),
    p.float('momentum', 0.1),
    eps,
  ],
  (input, runningMean, runningVar, weight, bias, training, momentum, eps): Tensor => {
    requireChannels('batchNorm', input);
    const x = input.node;
    const shape = perChannel(x);
    if (!training) {
      if (!runningMean || !runningVar)
        fail('batchNorm: outside training it needs runningMean and runningVar; pass them, or { training: true }');
      const running = {
        mean: e.cast(e.reshape(runningMean.node, shape), 'float32'),
        variance: e.cast(e.reshape(runningVar.node, shape), 'float32'),
      };
      return new Tensor(apply('batchNorm', x, running, weight, bias, shape, eps));
    }
    const dims = x.shape.map((_, d) => d).filter((d) => d !== 1);
    const count = sizeOf(x.shape) / x.shape[1];
    if (count === 1)
      fail(`batchNorm: more than one value a channel is needed in training, the input has shape ${input.shape}`);
    const { statistics, y } = asOneFormula(() => {
      const statistics = statisticsOf(x, dims);
      return { statistics, y: apply('batchNorm', x, statistics, weight, bias, shape, eps, true) };
    });
    if (runningMean && count > 0) moveTowards(runningMean, statistics.mean, momentum, 1);
    if (runningVar && count > 0) moveTowards(runningVar, statistics.variance, momentum, count / (count - 1));
    return new Tensor(inOwnMemory(y));
  },
  {
    pythonCall: ([input, mean, variance, weight, bias, training, ...others]) => [
      input,
      ...(training ? [null, null] : [mean, variance]),
      weight,
      bias,
      training,
      ...others,
    ],
  },
);

/** running ← (1 − momentum)·running + momentum·scale·batch */
function moveTowards(running: Tensor, batch: Node, momentum: number, scale: number): void {
  const now = e.reshape(new Tensor(batch).detach().node, running.node.shape);
  replaceValue(
    running,
    e.add(e.mul(running.node, 1 - momentum), e.mul(e.cast(now, running.dtype), momentum * scale)),
    'a running statistic',
  );
}

/** x divided by its p-norm along a dim, which counts as at least eps. */
export const normalize = fn(
  'F.normalize',
  [input, p.float('p', 2), p.int('dim', 1), p.float('eps', 1e-12), p.refused('out', null, 'take the result')],
  (input, p, dim, eps): Tensor => input.div(clampMin(norm(input, p, dim, { keepdim: true }), eps)),
  { pythonCall: true },
);

/** The cosine of the angle between x1 and x2 along a dim; norms count as at least eps. */
export const cosineSimilarity = fn(
  'F.cosine_similarity',
  [p.tensor('x1'), p.tensor('x2'), p.int('dim', 1), p.float('eps', 1e-8)],
  (x1, x2, dim, eps): Tensor => {
    requireFloat('cosineSimilarity', x1, x2);
    if (eps < 0)
      fail(`cosineSimilarity: eps is ${eps}, below 0, where PyTorch's versions disagree; give a small positive number`);
    const over = normalizeDim('cosineSimilarity', dim, Math.max(x1.ndim, x2.ndim)) - Math.max(x1.ndim, x2.ndim);
    const shape = broadcastShapes('cosineSimilarity', x1.node.shape, x2.node.shape);
    const direction = (x: Tensor): Tensor => x.div(clampMin(norm(x, 2, over, { keepdim: true }), eps));
    return sum(mul(direction(expand(x1, shape)), direction(expand(x2, shape))), over);
  },
  { pythonCall: true },
);

/** The p-norm of x1 − x2 + eps along the last dimension. */
export const pairwiseDistance = fn(
  'F.pairwise_distance',
  [p.tensor('x1'), p.tensor('x2'), p.float('p', 2), p.float('eps', 1e-6), p.flag('keepdim', false)],
  (x1, x2, p, eps, keepdim): Tensor => norm(x1.sub(x2).add(eps), p, -1, { keepdim }),
  { pythonCall: true },
);
