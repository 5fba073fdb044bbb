/**
 * @file torch.nn.functional: losses that are negative logarithms of likelihoods, and of several labels at once.
 */
import { fail } from '../../base/errors.ts';
import { sameShape } from '../../base/shape.ts';
import { within } from '../ops/checks.ts';
import { where } from '../ops/compare.ts';
import { mean } from '../ops/reduce.ts';
import { fn, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { logsigmoid } from './activation.ts';
import { reduce, reduced, reducing, reduction, sizeAverage } from './reduction.ts';

const [input, target] = [p.tensor('input'), p.tensor('target')];
/** Whether constants are added that a gradient does not need. */
const full = p.flag('full', false);

const noVariance = 'gaussianNllLoss: var has {value}{place}; a variance is at least 0';

/**
 * ½·(log(var) + (x − y)² / var) of normal distributions with means x and variances `var`, which has the input's shape,
 * or one number for its last dimension; it counts as at least eps.
 */
export const gaussianNllLoss = fn(
  'F.gaussian_nll_loss',
  [input, target, p.tensor('var'), full, p.float('eps', 1e-6), reduction],
  (input, target, given, full, eps, reduction): Tensor => {
    const { shape } = input.node;
    const lacksLast = sameShape(given.node.shape, shape.slice(0, -1)) && shape.length > 0;
    const isOne = sameShape(given.node.shape, [...shape.slice(0, -1), 1]);
    if (!sameShape(given.node.shape, shape) && !lacksLast && !isOne)
      fail(
        `gaussianNllLoss: var has shape ${given.shape}, the input ${input.shape}; give one variance an element, or one for the last dimension`,
      );
    const isNan = given.isnan();
    const known = new Tensor(within(where(isNan, 0, given).node, { least: 0, greatest: Infinity }, noVariance));
    const checked = where(isNan, given, known);
    const variance = lacksLast && !sameShape(given.node.shape, shape) ? checked.unsqueeze(-1) : checked;
    // The gradient goes to a variance below eps too, as in PyTorch.
    const least = where(variance.lt(eps), variance.sub(variance.detach()).add(eps), variance);
    const losses = least.log().add(input.sub(target).square().div(least)).mul(0.5);
    return reduced(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction);
  },
  { pythonCall: true },
);

/**
 * exp(x) − y·x of counts y whose expected number's logarithm is x; of the number itself if `logInput` is false. `full`
 * adds Stirling's approximation of log(y!).
 */
export const poissonNllLoss = fn(
  'F.poisson_nll_loss',
  [input, target, p.flag('logInput', true), full, sizeAverage, p.float('eps', 1e-8), reduce, reduction],
  (input, target, logInput, full, _average, eps, _reduce, reduction): Tensor => {
    const losses = logInput ? input.exp().sub(target.mul(input)) : input.sub(target.mul(input.add(eps).log()));
    if (!full) return reduced(losses, reduction);
    const stirling = target
      .mul(target.log())
      .sub(target)
      .add(
        target
          .mul(2 * Math.PI)
          .log()
          .mul(0.5),
      );
    return reduced(losses.add(where(target.le(1), 0, stirling)), reduction);
  },
  { pythonCall: true },
);

/** The mean over the last dimension of −(y·log σ(x) + (1 − y)·log σ(−x)): each class has a label of its own, 0 or 1. */
export const multilabelSoftMarginLoss = fn(
  'F.multilabel_soft_margin_loss',
  [input, target, p.tensor('weight', null), ...reducing],
  (input, target, weight, _average, _reduce, reduction): Tensor => {
    const likelihood = target.mul(logsigmoid(input)).add(target.neg().add(1).mul(logsigmoid(input.neg())));
    const losses = likelihood.neg();
    return reduced(mean(weight ? losses.mul(weight) : losses, -1), reduction);
  },
  { pythonCall: true },
);
