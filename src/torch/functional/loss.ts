/**
 * @file torch.nn.functional: losses. Each is a number an element (or a sample), then the mean of them unless told otherwise.
 */
import { isFloat } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { sameShape } from '../../base/shape.ts';
import * as ops from '../../graph/ops/elementwise/index.ts';
import { floating, one, several } from '../ops/apply.ts';
import { where } from '../ops/compare.ts';
import { checkPlaces } from '../ops/indexing.ts';
import { clampMin, mul, xlogy } from '../ops/pointwise.ts';
import { mean, sum } from '../ops/reduce.ts';
import type { Tensor } from '../tensor.ts';
import { softplus } from './activation.ts';
import { pairwiseDistance } from './normalization.ts';
import { Long, writtenAs } from '../written.ts';

export type Reduction = 'mean' | 'sum' | 'none';

export interface LossOptions {
  readonly reduction?: Reduction;
}

function reduced(what: string, losses: Tensor, reduction: string = 'mean'): Tensor {
  if (reduction === 'mean') return mean(losses);
  if (reduction === 'sum') return sum(losses);
  return reduction === 'none' ? losses : fail(`${what}: unknown reduction '${reduction}'; known are 'mean', 'sum' and 'none'`);
}

/** (x − y)² */
export const mseLoss = writtenAs('F.mse_loss', (input: Tensor, target: Tensor, { reduction }: LossOptions = {}): Tensor => reduced('mseLoss', input.sub(target).square(), reduction));

/** |x − y| */
export const l1Loss = writtenAs('F.l1_loss', (input: Tensor, target: Tensor, { reduction }: LossOptions = {}): Tensor => reduced('l1Loss', input.sub(target).abs(), reduction));

const bent = (difference: Tensor, attrs: { bend: number; scale: number }): Tensor => one(ops.huber, difference, attrs, floating(difference.dtype));

/** (x − y)² / 2 beta where |x − y| is below beta, |x − y| − beta/2 beyond. */
export const smoothL1Loss = writtenAs('F.smooth_l1_loss', (input: Tensor, target: Tensor, { beta = 1, reduction }: LossOptions & { readonly beta?: number } = {}): Tensor => {
  if (!(beta >= 0)) fail(`smoothL1Loss: beta is ${beta}; it is at least 0`);
  if (beta === 0) return l1Loss(input, target, { reduction });
  return reduced('smoothL1Loss', bent(input.sub(target), { bend: beta, scale: 1 }), reduction);
});

/** (x − y)² / 2 where |x − y| is at most delta, delta·(|x − y| − delta/2) beyond. */
export const huberLoss = writtenAs('F.huber_loss', (input: Tensor, target: Tensor, { delta = 1, reduction }: LossOptions & { readonly delta?: number } = {}): Tensor => {
  if (!(delta > 0)) fail(`huberLoss: delta is ${delta}; it is above 0`);
  return reduced('huberLoss', bent(input.sub(target), { bend: delta, scale: delta }), reduction);
});

export interface WeightedOptions extends LossOptions {
  /** Multiplies each loss; broadcasts. */
  readonly weight?: Tensor | null;
}

const weighted = (losses: Tensor, weight: Tensor | null | undefined): Tensor => (weight ? mul(losses, weight) : losses);

/** −(y·log(x) + (1 − y)·log(1 − x)) of probabilities x. */
export const binaryCrossEntropy = writtenAs('F.binary_cross_entropy', (input: Tensor, target: Tensor, { weight, reduction }: WeightedOptions = {}): Tensor => {
  if (!sameShape(input.node.shape, target.node.shape)) fail(`binaryCrossEntropy: input ${input.shape} and target ${target.shape} have different shapes; give one target an input`);
  return reduced('binaryCrossEntropy', weighted(several(ops.binaryCrossEntropy, [input, target], {}), weight), reduction);
});

/** binaryCrossEntropy of sigmoid(x), without its loss of digits; `posWeight` multiplies the positive targets' part. */
export const binaryCrossEntropyWithLogits = writtenAs('F.binary_cross_entropy_with_logits', (input: Tensor, target: Tensor, { weight, posWeight, reduction }: WeightedOptions & { readonly posWeight?: Tensor | null } = {}): Tensor => {
  if (!sameShape(input.node.shape, target.node.shape)) fail(`binaryCrossEntropyWithLogits: input ${input.shape} and target ${target.shape} have different shapes; give one target an input`);
  const losses = several(ops.binaryCrossEntropyWithLogits, [input, target, ...(posWeight ? [posWeight] : [])], {});
  return reduced('binaryCrossEntropyWithLogits', weighted(losses, weight), reduction);
});

/** y·(log(y) − x): of logarithms x and probabilities y; `logTarget` gives logarithms y too. `'batchmean'` divides by the batch's size. */
export const klDiv = writtenAs('F.kl_div', (input: Tensor, target: Tensor, { reduction = 'mean', logTarget = false }: { readonly reduction?: Reduction | 'batchmean'; readonly logTarget?: boolean } = {}): Tensor => {
  const losses = logTarget ? mul(target.exp(), target.sub(input)) : xlogy(target, target).sub(mul(target, input));
  return reduction === 'batchmean' ? sum(losses).div(input.node.shape[0] ?? 1) : reduced('klDiv', losses, reduction);
});

/** log(1 + exp(−y·x)), y being −1 or 1. */
export const softMarginLoss = writtenAs('F.soft_margin_loss', (input: Tensor, target: Tensor, { reduction }: LossOptions = {}): Tensor => reduced('softMarginLoss', softplus(mul(target, input).neg()), reduction));

/** How far −y·(x1 − x2) + margin is above 0, y being −1 or 1. */
export const marginRankingLoss = writtenAs('F.margin_ranking_loss', (x1: Tensor, x2: Tensor, target: Tensor, { margin = 0, reduction }: LossOptions & { readonly margin?: number } = {}): Tensor =>
  reduced('marginRankingLoss', clampMin(mul(target.neg(), x1.sub(x2)).add(margin), 0), reduction));

/** x where y is not −1, and how far margin − x is above 0 where y is not 1; y is −1 or 1. */
export const hingeEmbeddingLoss = writtenAs('F.hinge_embedding_loss', (input: Tensor, target: Tensor, { margin = 1, reduction }: LossOptions & { readonly margin?: number } = {}): Tensor =>
  reduced('hingeEmbeddingLoss', where(target.eq(-1), 0, input).add(where(target.eq(1), 0, clampMin(input.neg().add(margin), 0))), reduction));

/** 1 − the cosine where y is 1, how far the cosine is above the margin where y is −1. */
export const cosineEmbeddingLoss = writtenAs('F.cosine_embedding_loss', (x1: Tensor, x2: Tensor, target: Tensor, { margin = 0, reduction }: LossOptions & { readonly margin?: number } = {}): Tensor => {
  const length = (x: Tensor): Tensor => sum(x.square(), -1).add(1e-12);
  const cosine = sum(mul(x1, x2), -1).div(length(x1).mul(length(x2)).sqrt());
  return reduced('cosineEmbeddingLoss', where(target.eq(1), cosine.neg().add(1), where(target.eq(-1), clampMin(cosine.sub(margin), 0), 0)), reduction);
});

/** How far the distance to the positive, plus the margin, is above that to the negative. */
export const tripletMarginLoss = writtenAs('F.triplet_margin_loss', (anchor: Tensor, positive: Tensor, negative: Tensor, { margin = 1, p = 2, eps = 1e-6, reduction }: LossOptions & { readonly margin?: number; readonly p?: number; readonly eps?: number } = {}): Tensor => {
  const difference = pairwiseDistance(anchor, positive, { p, eps }).sub(pairwiseDistance(anchor, negative, { p, eps }));
  return reduced('tripletMarginLoss', clampMin(difference.add(margin), 0), reduction);
});

export interface ClassOptions extends LossOptions {
  /** A weight by class, [C]. */
  readonly weight?: Tensor | null;
  /** Samples of this class count for nothing. */
  readonly ignoreIndex?: number;
}

/** The dimension of classes: the first of a sample [C], the second of a batch [N, C, …]. */
const classDim = (input: Tensor): number => (input.ndim === 1 ? 0 : 1);

function checkClasses(what: string, input: Tensor, target: Tensor, weight: Tensor | null | undefined, ignoreIndex: number): void {
  if (input.ndim === 0) fail(`${what}: the input has no dimension of classes; it is [C] or [N, C, …]`);
  if (!isFloat(input.dtype)) fail(`${what}: the input is ${input.dtype}; scores are floating`);
  const expected = input.node.shape.toSpliced(classDim(input), 1);
  if (isFloat(target.dtype)) fail(`${what}: the target is ${target.dtype}; class indices are whole numbers, convert with .long()`);
  if (!sameShape(target.node.shape, expected)) fail(`${what}: an input ${input.shape} takes a target [${expected.join(', ')}], got ${target.shape}`);
  const classes = input.node.shape[classDim(input)];
  if (weight && !sameShape(weight.node.shape, [classes])) fail(`${what}: weight has shape ${weight.shape}; there are ${classes} classes`);
  checkPlaces(what, target, classes, { one: 'class', many: 'classes' }, ignoreIndex);
}

interface Picked {
  /** By sample, 0 where it is ignored. */
  readonly losses: Tensor;
  /** What a mean divides by. */
  readonly total: Tensor;
  /** By sample, 1 or its class's weight, 0 where it is ignored. */
  readonly counts: Tensor;
}

/** −weight·logProbability of each sample's class. */
function pick(logProbability: Tensor, target: Tensor, weight: Tensor | null | undefined, ignoreIndex: number): Picked {
  const dim = classDim(logProbability);
  const ignored = target.eq(ignoreIndex);
  const classes = where(ignored, 0, target).to('int32');
  const scores = logProbability.gather(dim, classes.unsqueeze(dim)).squeeze(dim);
  const one = weight ? weight.gather(0, classes.flatten()).reshape([...target.shape]) : 1;
  const counts = where(ignored, 0, one).to(logProbability.dtype);
  return { losses: where(ignored, 0, mul(scores.neg(), counts)), total: sum(counts), counts };
}

function reducedByCount(what: string, { losses, total }: Picked, reduction: Reduction = 'mean'): Tensor {
  return reduction === 'mean' ? sum(losses).div(total) : reduced(what, losses, reduction);
}

/** −weight·x of the target's class, of log-probabilities x [N, C, …] and class indices [N, …]; the mean divides by the weights. */
export const nllLoss = writtenAs('F.nll_loss', (input: Tensor, target: Tensor, { weight, ignoreIndex = -100, reduction }: ClassOptions = {}): Tensor => {
  checkClasses('nllLoss', input, target, weight, ignoreIndex);
  return reducedByCount('nllLoss', pick(input, target, weight, ignoreIndex), reduction);
}, (input, target, options) => [input, new Long(target), options]);

export interface CrossEntropyOptions extends ClassOptions {
  /** This share of the target goes to all classes alike; from 0 to 1. */
  readonly labelSmoothing?: number;
}

/** nllLoss of logSoftmax(x), of scores [N, C, …] and class indices [N, …], or probabilities [N, C, …] as the target. */
export const crossEntropy = writtenAs('F.cross_entropy', (input: Tensor, target: Tensor, { weight, ignoreIndex = -100, labelSmoothing = 0, reduction }: CrossEntropyOptions = {}): Tensor => {
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) fail(`crossEntropy: labelSmoothing is ${labelSmoothing}; a share is from 0 to 1`);
  if (isFloat(target.dtype)) return softCrossEntropy(input, target, weight, labelSmoothing, reduction);
  checkClasses('crossEntropy', input, target, weight, ignoreIndex);
  const dim = classDim(input);
  const logs = input.logSoftmax(dim);
  const picked = pick(logs, target, weight, ignoreIndex);
  if (labelSmoothing === 0) return reducedByCount('crossEntropy', picked, reduction);
  const kept = target.ne(ignoreIndex);
  const alike = where(kept, sum(weight ? mul(logs, alongClasses(weight, input)) : logs, dim).neg(), 0);
  const losses = mul(picked.losses, 1 - labelSmoothing).add(mul(alike, labelSmoothing / input.node.shape[dim]));
  return reducedByCount('crossEntropy', { ...picked, losses }, reduction);
}, (input, target, options) => [input, new Long(target), options]);

/** [C] beside [N, C, …]. */
const alongClasses = (weight: Tensor, input: Tensor): Tensor => weight.reshape(input.node.shape.map((size, d) => (d === classDim(input) ? size : 1)));

function softCrossEntropy(input: Tensor, target: Tensor, weight: Tensor | null | undefined, smoothing: number, reduction: Reduction = 'mean'): Tensor {
  if (!sameShape(input.node.shape, target.node.shape)) fail(`crossEntropy: a ${target.dtype} target holds probabilities and has the input's shape ${input.shape}, got ${target.shape}; convert class indices with .long()`);
  const dim = classDim(input);
  const classes = input.node.shape[dim];
  const smooth = smoothing === 0 ? target : mul(target, 1 - smoothing).add(smoothing / classes);
  const logs = mul(input.logSoftmax(dim), smooth);
  const losses = sum(weight ? mul(logs, alongClasses(weight, input)) : logs, dim).neg();
  return reduction === 'mean' ? sum(losses).div(input.node.shape.reduce((n, size) => n * size, 1) / classes) : reduced('crossEntropy', losses, reduction);
}
