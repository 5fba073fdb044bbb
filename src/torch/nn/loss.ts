/**
 * @file Losses as modules; the formulas are in functional/loss.ts.
 */
import * as F from '../functional.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { Module } from './module.ts';
import { buffer, layer } from './layer.ts';

/**
 * A loss compares; the model is what came before, and that is what the page shows and a remote runs. PyTorch prints
 * none of its settings.
 */
class Loss extends Module<[input: Tensor, target: Tensor], Tensor> {
  declare readonly reduction: F.Reduction;

  protected override get isModel(): boolean {
    return false;
  }
}

const compared = [p.tensor('input'), p.tensor('target')] as const;
const classified = [p.tensor('input'), p.indices('target')] as const;

const averages = [
  p.refused('sizeAverage', null, "give { reduction: 'mean' } or 'sum'"),
  p.refused('reduce', null, "give { reduction: 'none' } for the losses themselves"),
] as const;
const [sizeAverage, reduce] = averages;
const reduction = p.choice(['none', 'mean', 'sum'])('reduction', 'mean');
const [weight, ignoreIndex] = [p.tensor('weight', null), p.int('ignoreIndex', -100)];

/** Weights move with the module. */
const held = (weight: Tensor | null): Tensor | null => weight && buffer(weight);

/**
 * Of scores [N, C, …] and class indices [N, …], or probabilities: `new nn.CrossEntropyLoss({ labelSmoothing: 0.1 })`.
 */
export class CrossEntropyLoss extends layer(
  Loss,
  'nn.CrossEntropyLoss',
  [weight, sizeAverage, ignoreIndex, reduce, reduction, p.float('labelSmoothing', 0)],
  (weight, _sizeAverage, ignoreIndex, _reduce, reduction, labelSmoothing) => ({
    weight: held(weight),
    ignoreIndex,
    reduction,
    labelSmoothing,
  }),
  classified,
) {
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction, labelSmoothing } = this;
    return F.crossEntropy(input, target, { weight, ignoreIndex, reduction, labelSmoothing });
  }
}

/** Of log-probabilities [N, C, …] and class indices [N, …]. */
export class NLLLoss extends layer(
  Loss,
  'nn.NLLLoss',
  [weight, sizeAverage, ignoreIndex, reduce, reduction],
  (weight, _sizeAverage, ignoreIndex, _reduce, reduction) => ({ weight: held(weight), ignoreIndex, reduction }),
  classified,
) {
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction } = this;
    return F.nllLoss(input, target, { weight, ignoreIndex, reduction });
  }
}

/** (x − y)² */
export class MSELoss extends layer(
  Loss,
  'nn.MSELoss',
  [...averages, reduction],
  (_sizeAverage, _reduce, reduction) => ({ reduction }),
  compared,
) {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.mseLoss(input, target, { reduction: this.reduction });
  }
}

/** |x − y| */
export class L1Loss extends layer(
  Loss,
  'nn.L1Loss',
  [...averages, reduction],
  (_sizeAverage, _reduce, reduction) => ({ reduction }),
  compared,
) {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.l1Loss(input, target, { reduction: this.reduction });
  }
}

/** Quadratic near 0, linear beyond `beta`. */
export class SmoothL1Loss extends layer(
  Loss,
  'nn.SmoothL1Loss',
  [...averages, reduction, p.float('beta', 1)],
  (_sizeAverage, _reduce, reduction, beta) => ({ reduction, beta }),
  compared,
) {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.smoothL1Loss(input, target, { reduction: this.reduction, beta: this.beta });
  }
}

/** Quadratic near 0, linear beyond `delta`. */
export class HuberLoss extends layer(
  Loss,
  'nn.HuberLoss',
  [reduction, p.float('delta', 1)],
  (reduction, delta) => ({ reduction, delta }),
  compared,
) {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.huberLoss(input, target, { reduction: this.reduction, delta: this.delta });
  }
}

/** Of probabilities. */
export class BCELoss extends layer(
  Loss,
  'nn.BCELoss',
  [weight, ...averages, reduction],
  (weight, _sizeAverage, _reduce, reduction) => ({ weight: held(weight), reduction }),
  compared,
) {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binaryCrossEntropy(input, target, { weight: this.weight, reduction: this.reduction });
  }
}

/** Of scores before the sigmoid. */
export class BCEWithLogitsLoss extends layer(
  Loss,
  'nn.BCEWithLogitsLoss',
  [weight, ...averages, reduction, p.tensor('posWeight', null)],
  (weight, _sizeAverage, _reduce, reduction, posWeight) => ({
    weight: held(weight),
    reduction,
    pos_weight: held(posWeight),
  }),
  compared,
) {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.binaryCrossEntropyWithLogits(input, target, {
      weight: this.weight,
      reduction: this.reduction,
      posWeight: this.pos_weight,
    });
  }
}

/** Of log-probabilities and probabilities. */
export class KLDivLoss extends layer(
  Loss,
  'nn.KLDivLoss',
  [...averages, p.choice(['none', 'mean', 'sum', 'batchmean'])('reduction', 'mean'), p.flag('logTarget', false)],
  (_sizeAverage, _reduce, reduction, logTarget) => ({ reduction: reduction as F.Reduction, logTarget }),
  compared,
) {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.klDiv(input, target, { reduction: this.reduction, logTarget: this.logTarget });
  }
}

/** log(1 + exp(−y·x)), y being −1 or 1. */
export class SoftMarginLoss extends layer(
  Loss,
  'nn.SoftMarginLoss',
  [...averages, reduction],
  (_sizeAverage, _reduce, reduction) => ({ reduction }),
  compared,
) {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.softMarginLoss(input, target, { reduction: this.reduction });
  }
}

/** x where y is 1, how far margin − x is above 0 where y is −1. */
export class HingeEmbeddingLoss extends layer(
  Loss,
  'nn.HingeEmbeddingLoss',
  [p.float('margin', 1), ...averages, reduction],
  (margin, _sizeAverage, _reduce, reduction) => ({ margin, reduction }),
  compared,
) {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.hingeEmbeddingLoss(input, target, { margin: this.margin, reduction: this.reduction });
  }
}

const ofThree = [p.tensor('input1'), p.tensor('input2'), p.tensor('target')] as const;

/** A loss of two inputs and a target, −1 or 1. */
class PairLoss extends Module<[input1: Tensor, input2: Tensor, target: Tensor], Tensor> {
  declare readonly reduction: F.Reduction;

  protected override get isModel(): boolean {
    return false;
  }
}

/** How far −y·(x1 − x2) + margin is above 0, y being −1 or 1. */
export class MarginRankingLoss extends layer(
  PairLoss,
  'nn.MarginRankingLoss',
  [p.float('margin', 0), ...averages, reduction],
  (margin, _sizeAverage, _reduce, reduction) => ({ margin, reduction }),
  ofThree,
) {
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.marginRankingLoss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** 1 − the cosine where y is 1, how far the cosine is above the margin where y is −1. */
export class CosineEmbeddingLoss extends layer(
  PairLoss,
  'nn.CosineEmbeddingLoss',
  [p.float('margin', 0), ...averages, reduction],
  (margin, _sizeAverage, _reduce, reduction) => ({ margin, reduction }),
  ofThree,
) {
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return F.cosineEmbeddingLoss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** How far the distance to the positive, plus the margin, is above that to the negative. */
export class TripletMarginLoss extends layer(
  PairLoss,
  'nn.TripletMarginLoss',
  [
    p.float('margin', 1),
    p.float('p', 2),
    p.float('eps', 1e-6),
    p.refused('swap', false, 'exchange anchor and positive'),
    ...averages,
    reduction,
  ],
  (margin, p, eps, _swap, _sizeAverage, _reduce, reduction) => ({ margin, norm: p, eps, reduction }),
  [p.tensor('anchor'), p.tensor('positive'), p.tensor('negative')],
) {
  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { margin, norm, eps, reduction } = this;
    return F.tripletMarginLoss(anchor, positive, negative, { margin, p: norm, eps, reduction });
  }
}

/** Of normal distributions with means and variances: `loss(mean, target, variance)`. */
export class GaussianNLLLoss extends layer(
  PairLoss,
  'nn.GaussianNLLLoss',
  ['*', p.flag('full', false), p.float('eps', 1e-6), reduction],
  (full, eps, reduction) => ({ full, eps, reduction }),
  [p.tensor('input'), p.tensor('target'), p.tensor('var')],
) {
  override forward(input: Tensor, target: Tensor, variance: Tensor): Tensor {
    const { full, eps, reduction } = this;
    return F.gaussianNllLoss(input, target, variance, { full, eps, reduction });
  }
}

/** Of counts, and the logarithm of the number that is expected. */
export class PoissonNLLLoss extends layer(
  Loss,
  'nn.PoissonNLLLoss',
  [p.flag('logInput', true), p.flag('full', false), sizeAverage, p.float('eps', 1e-8), reduce, reduction],
  (logInput, full, _sizeAverage, eps, _reduce, reduction) => ({ logInput, full, eps, reduction }),
  [p.tensor('logInput'), p.tensor('target')],
) {
  override forward(input: Tensor, target: Tensor): Tensor {
    const { logInput, full, eps, reduction } = this;
    return F.poissonNllLoss(input, target, { logInput, full, eps, reduction });
  }
}

/** Of scores and labels, 0 or 1, of which each class has its own. */
export class MultiLabelSoftMarginLoss extends layer(
  Loss,
  'nn.MultiLabelSoftMarginLoss',
  [weight, ...averages, reduction],
  (weight, _sizeAverage, _reduce, reduction) => ({ weight: held(weight), reduction }),
  compared,
) {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.multilabelSoftMarginLoss(input, target, { weight: this.weight, reduction: this.reduction });
  }
}
