/**
 * @file torch.nn.functional: losses. Each is a number an element (or a sample), then the mean of them unless told
 * otherwise.
 */
import { isFloat } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { sameShape } from '../../base/shape.ts';
import type { ClassLossAttrs } from '../../graph/ops/class-loss.ts';
import { classLoss, classTotal } from '../../graph/ops/class-loss.ts';
import * as ops from '../../graph/ops/elementwise/index.ts';
import { record } from '../../graph/record.ts';
import { floating, one, several } from '../ops/apply.ts';
import { where } from '../ops/compare.ts';
import { within } from '../ops/checks.ts';
import { placesAmong } from '../ops/index-nodes.ts';
import { clampMin, mul, xlogy } from '../ops/pointwise.ts';
import { sum } from '../ops/reduce.ts';
import { fn, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { softplus } from './activation.ts';
import { pairwiseDistance } from './normalization.ts';
import type { Reduction } from './reduction.ts';
import { reduce, reduced, reducing, reduction, sizeAverage } from './reduction.ts';

const [input, target, weight] = [p.tensor('input'), p.tensor('target'), p.tensor('weight', null)];
const [input1, input2] = [p.tensor('input1'), p.tensor('input2')];
/** (x − y)² */
export const mseLoss = fn(
  'F.mse_loss',
  [input, target, ...reducing],
  (input, target, _average, _reduce, reduction): Tensor => reduced(input.sub(target).square(), reduction),
  { pythonCall: true },
);

/** |x − y| */
export const l1Loss = fn(
  'F.l1_loss',
  [input, target, ...reducing],
  (input, target, _average, _reduce, reduction): Tensor => reduced(input.sub(target).abs(), reduction),
  { pythonCall: true },
);

const bent = (difference: Tensor, attrs: { bend: number; scale: number }): Tensor =>
  one(ops.huber, difference, attrs, floating(difference.dtype));

/** (x − y)² / 2 beta where |x − y| is below beta, |x − y| − beta/2 beyond. */
export const smoothL1Loss = fn(
  'F.smooth_l1_loss',
  [input, target, ...reducing, p.float('beta', 1)],
  (input, target, _average, _reduce, reduction, beta): Tensor => {
    if (!(beta >= 0)) fail(`smoothL1Loss: beta is ${beta}; it is at least 0`);
    if (beta === 0) return l1Loss(input, target, { reduction });
    return reduced(bent(input.sub(target), { bend: beta, scale: 1 }), reduction);
  },
  { pythonCall: true },
);

/** (x − y)² / 2 where |x − y| is at most delta, delta·(|x − y| − delta/2) beyond. */
export const huberLoss = fn(
  'F.huber_loss',
  [input, target, reduction, p.float('delta', 1)],
  (input, target, reduction, delta): Tensor => {
    if (!(delta > 0)) fail(`huberLoss: delta is ${delta}; it is above 0`);
    return reduced(bent(input.sub(target), { bend: delta, scale: delta }), reduction);
  },
  { pythonCall: true },
);

function weighted(losses: Tensor, weight: Tensor | null): Tensor {
  if (!weight) return losses;
  const y = mul(losses, weight);
  return sameShape(y.node.shape, losses.node.shape)
    ? y
    : fail(
        `binaryCrossEntropy: weight has shape ${weight.shape}, the input ${losses.shape}; the weight broadcasts to the input alone`,
      );
}

const noProbability =
  'binaryCrossEntropy: the input has {value}{place}; probabilities are from 0 to 1, as sigmoid gives them, and binaryCrossEntropyWithLogits takes scores as they are';

/** −(y·log(x) + (1 − y)·log(1 − x)) of probabilities x. */
export const binaryCrossEntropy = fn(
  'F.binary_cross_entropy',
  [input, target, weight, ...reducing],
  (input, target, weight, _average, _reduce, reduction): Tensor => {
    if (!sameShape(input.node.shape, target.node.shape))
      fail(
        `binaryCrossEntropy: input ${input.shape} and target ${target.shape} have different shapes; give one target an input`,
      );
    const probabilities = new Tensor(within(input.node, { least: 0, greatest: 1 }, noProbability));
    return reduced(weighted(several(ops.binaryCrossEntropy, [probabilities, target], {}), weight), reduction);
  },
  { pythonCall: true },
);

/** binaryCrossEntropy of sigmoid(x), without its loss of digits; `posWeight` multiplies the positive targets' part. */
export const binaryCrossEntropyWithLogits = fn(
  'F.binary_cross_entropy_with_logits',
  [input, target, weight, ...reducing, p.tensor('posWeight', null)],
  (input, target, weight, _average, _reduce, reduction, posWeight): Tensor => {
    if (!sameShape(input.node.shape, target.node.shape))
      fail(
        `binaryCrossEntropyWithLogits: input ${input.shape} and target ${target.shape} have different shapes; give one target an input`,
      );
    const losses = several(ops.binaryCrossEntropyWithLogits, [input, target, ...(posWeight ? [posWeight] : [])], {});
    return reduced(weighted(losses, weight), reduction);
  },
  { pythonCall: true },
);

/**
 * y·(log(y) − x): of logarithms x and probabilities y; `logTarget` gives logarithms y too. `'batchmean'` divides by the
 * batch's size.
 */
export const klDiv = fn(
  'F.kl_div',
  [
    input,
    target,
    sizeAverage,
    reduce,
    p.choice(['none', 'mean', 'sum', 'batchmean'])('reduction', 'mean'),
    p.flag('logTarget', false),
  ],
  (input, target, _average, _reduce, reduction, logTarget): Tensor => {
    const losses = logTarget ? mul(target.exp(), target.sub(input)) : xlogy(target, target).sub(mul(target, input));
    return reduction === 'batchmean' ? sum(losses).div(input.node.shape[0] ?? 1) : reduced(losses, reduction);
  },
  { pythonCall: true },
);

/** log(1 + exp(−y·x)), y being −1 or 1. */
export const softMarginLoss = fn(
  'F.soft_margin_loss',
  [input, target, ...reducing],
  (input, target, _average, _reduce, reduction): Tensor => {
    const y = mul(target, input);
    if (!sameShape(y.node.shape, input.node.shape))
      fail(`softMarginLoss: target has shape ${target.shape}, the input ${input.shape}; they have one shape`);
    return reduced(softplus(y.neg()), reduction);
  },
  { pythonCall: true },
);

/** Throws where some have more dimensions than others; PyTorch lets only sizes broadcast here. */
function sameRank(what: string, ...tensors: readonly Tensor[]): void {
  if (tensors.some(({ ndim }) => ndim !== tensors[0].ndim))
    fail(
      `${what}: shapes ${tensors.map(({ shape }) => String(shape)).join(', ')}; all have as many dimensions as each other`,
    );
}

/** How far −y·(x1 − x2) + margin is above 0, y being −1 or 1. */
export const marginRankingLoss = fn(
  'F.margin_ranking_loss',
  [input1, input2, target, p.float('margin', 0), ...reducing],
  (x1, x2, target, margin, _average, _reduce, reduction): Tensor => {
    sameRank('marginRankingLoss', x1, x2, target);
    return reduced(clampMin(mul(target.neg(), x1.sub(x2)).add(margin), 0), reduction);
  },
  { pythonCall: true },
);

/** x where y is not −1, and how far margin − x is above 0 where y is not 1; y is −1 or 1. */
export const hingeEmbeddingLoss = fn(
  'F.hinge_embedding_loss',
  [input, target, p.float('margin', 1), ...reducing],
  (input, target, margin, _average, _reduce, reduction): Tensor =>
    reduced(
      where(target.eq(-1), 0, input).add(where(target.eq(1), 0, clampMin(input.neg().add(margin), 0))),
      reduction,
    ),
  { pythonCall: true },
);

/** 1 − the cosine where y is 1, how far the cosine is above the margin where y is −1. */
export const cosineEmbeddingLoss = fn(
  'F.cosine_embedding_loss',
  [input1, input2, target, p.float('margin', 0), ...reducing],
  (x1, x2, target, margin, _average, _reduce, reduction): Tensor => {
    const length = (x: Tensor): Tensor => sum(x.square(), -1).add(1e-12);
    const cosine = sum(mul(x1, x2), -1).div(length(x1).mul(length(x2)).sqrt());
    return reduced(
      where(target.eq(1), cosine.neg().add(1), where(target.eq(-1), clampMin(cosine.sub(margin), 0), 0)),
      reduction,
    );
  },
  { pythonCall: true },
);

/** How far the distance to the positive, plus the margin, is above that to the negative. */
export const tripletMarginLoss = fn(
  'F.triplet_margin_loss',
  [
    p.tensor('anchor'),
    p.tensor('positive'),
    p.tensor('negative'),
    p.float('margin', 1),
    p.float('p', 2),
    p.float('eps', 1e-6),
    p.refused('swap', false, 'exchange anchor and positive'),
    ...reducing,
  ],
  (anchor, positive, negative, margin, p, eps, _swap, _average, _reduce, reduction): Tensor => {
    sameRank('tripletMarginLoss', anchor, positive, negative);
    const difference = pairwiseDistance(anchor, positive, { p, eps }).sub(
      pairwiseDistance(anchor, negative, { p, eps }),
    );
    return reduced(clampMin(difference.add(margin), 0), reduction);
  },
  { pythonCall: true },
);

/** Samples of this class count for nothing. */
const ignoreIndex = p.int('ignoreIndex', -100);

/** The dimension of classes: the first of a sample [C], the second of a batch [N, C, …]. */
const classDim = (input: Tensor): number => (input.ndim === 1 ? 0 : 1);

/** The target, whose classes there are. */
function checkedClasses(
  what: string,
  input: Tensor,
  target: Tensor,
  weight: Tensor | null,
  ignoreIndex: number,
): Tensor {
  if (input.ndim === 0) fail(`${what}: the input has no dimension of classes; it is [C] or [N, C, …]`);
  if (!isFloat(input.dtype)) fail(`${what}: the input is ${input.dtype}; scores are floating`);
  const expected = input.node.shape.toSpliced(classDim(input), 1);
  if (isFloat(target.dtype))
    fail(`${what}: the target is ${target.dtype}; class indices are whole numbers, convert with .long()`);
  if (!sameShape(target.node.shape, expected))
    fail(`${what}: an input ${input.shape} takes a target [${expected.join(', ')}], got ${target.shape}`);
  const classes = input.node.shape[classDim(input)];
  if (weight && !sameShape(weight.node.shape, [classes]))
    fail(`${what}: weight has shape ${weight.shape}; there are ${classes} classes`);
  if (weight?.requiresGrad) fail(`${what}: no gradient flows to the weight; pass weight.detach()`);
  return new Tensor(placesAmong(what, target.node, classes, { one: 'class', many: 'classes' }, ignoreIndex));
}

/** The loss of class indices: of logarithms, or of scores and their logarithms; and what its mean divides by. */
function classLosses(
  [logs, scores]: readonly [logs: Tensor, scores?: Tensor],
  target: Tensor,
  weight: Tensor | null,
  attrs: Pick<ClassLossAttrs, 'ignoreIndex' | 'reduction'>,
): { readonly losses: Tensor; readonly total: () => Tensor } {
  const operands = [...(scores ? [scores] : []), logs, target, ...(weight ? [weight] : [])].map(({ node }) => node);
  const all = { ...attrs, dim: classDim(logs), scores: scores !== undefined };
  return {
    losses: new Tensor(record(classLoss, operands, all)),
    total: () => new Tensor(record(classTotal, operands, all)),
  };
}

/**
 * −weight·x of the target's class, of log-probabilities x [N, C, …] and class indices [N, …]; the mean divides by the
 * weights.
 */
export const nllLoss = fn(
  'F.nll_loss',
  [input, p.indices('target'), weight, sizeAverage, ignoreIndex, reduce, reduction],
  (input, target, weight, _average, ignoreIndex, _reduce, reduction): Tensor => {
    const classes = checkedClasses('nllLoss', input, target, weight, ignoreIndex);
    return classLosses([input], classes, weight, { ignoreIndex, reduction }).losses;
  },
  { pythonCall: true },
);

/**
 * nllLoss of logSoftmax(x), of scores [N, C, …] and class indices [N, …], or probabilities [N, C, …] as the target. The
 * share
 * `labelSmoothing` of the target, from 0 to 1, goes to all classes alike.
 */
export const crossEntropy = fn(
  'F.cross_entropy',
  [input, p.indices('target'), weight, sizeAverage, ignoreIndex, reduce, reduction, p.float('labelSmoothing', 0)],
  (input, target, weight, _average, ignoreIndex, _reduce, reduction, labelSmoothing): Tensor => {
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
      fail(`crossEntropy: labelSmoothing is ${labelSmoothing}; a share is from 0 to 1`);
    if (isFloat(target.dtype)) return softCrossEntropy(input, target, weight, labelSmoothing, reduction);
    const classes = checkedClasses('crossEntropy', input, target, weight, ignoreIndex);
    const dim = classDim(input);
    const logs = input.logSoftmax(dim);
    const { losses, total } = classLosses([logs, input], classes, weight, { ignoreIndex, reduction });
    if (labelSmoothing === 0) return losses;
    const kept = classes.ne(ignoreIndex);
    const alike = where(kept, sum(weight ? mul(logs, alongClasses(weight, input)) : logs, dim).neg(), 0);
    const all = reduction === 'none' ? alike : sum(alike);
    const smooth = mul(reduction === 'mean' ? all.div(total()) : all, labelSmoothing / input.node.shape[dim]);
    return mul(losses, 1 - labelSmoothing).add(smooth.to(losses.dtype));
  },
  { pythonCall: true },
);

/** [C] beside [N, C, …]. */
const alongClasses = (weight: Tensor, input: Tensor): Tensor =>
  weight.reshape(input.node.shape.map((size, d) => (d === classDim(input) ? size : 1)));

function softCrossEntropy(
  input: Tensor,
  target: Tensor,
  weight: Tensor | null,
  smoothing: number,
  reduction: Reduction,
): Tensor {
  if (!sameShape(input.node.shape, target.node.shape))
    fail(
      `crossEntropy: a ${target.dtype} target holds probabilities and has the input's shape ${input.shape}, got ${target.shape}; convert class indices with .long()`,
    );
  const dim = classDim(input);
  const classes = input.node.shape[dim];
  const smooth = smoothing === 0 ? target : mul(target, 1 - smoothing).add(smoothing / classes);
  const logs = mul(input.logSoftmax(dim), smooth);
  const losses = sum(weight ? mul(logs, alongClasses(weight, input)) : logs, dim).neg();
  return reduction === 'mean'
    ? sum(losses).div(input.node.shape.reduce((n, size) => n * size, 1) / classes)
    : reduced(losses, reduction);
}
