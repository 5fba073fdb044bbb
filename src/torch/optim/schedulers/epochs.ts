/**
 * @file Schedulers whose rate depends on the epoch alone: it falls in steps, by a factor, along a line, a power or a
 * cosine, or as a function of the program's own.
 */
import { fail } from '../../../base/errors.ts';
import { shown } from '../../../base/options.ts';
import { p } from '../../signature.ts';
import type { Group } from './base.ts';
import { scheduler } from './base.ts';

/** Multiplies the rate by `gamma` every `stepSize` epochs. */
export class StepLR extends scheduler(
  'StepLR',
  [p.int('stepSize'), p.float('gamma', 0.1)],
  (_optimizer, stepSize, gamma) => {
    if (stepSize < 1) fail(`StepLR: stepSize is ${stepSize}, not a whole number of at least 1`);
    return { stepSize, gamma };
  },
) {
  protected override next({ lr }: Group, epoch: number): number {
    return epoch > 0 && epoch % this.stepSize === 0 ? lr * this.gamma : lr;
  }
}

const milestones = p.kind<readonly number[]>(
  'an array of epochs',
  'whole numbers in an array',
  (v) => Array.isArray(v) && v.every(Number.isSafeInteger),
);

/** Multiplies the rate by `gamma` at each of the epochs. */
export class MultiStepLR extends scheduler(
  'MultiStepLR',
  [milestones('milestones'), p.float('gamma', 0.1)],
  (_optimizer, milestones, gamma) => ({ milestones: [...milestones], gamma }),
) {
  protected override next({ lr }: Group, epoch: number): number {
    return lr * this.gamma ** this.milestones.filter((milestone) => milestone === epoch).length;
  }
}

/** Multiplies the rate by `gamma` every epoch. */
export class ExponentialLR extends scheduler('ExponentialLR', [p.float('gamma')], (_optimizer, gamma) => {
  if (!(gamma > 0)) fail(`ExponentialLR: gamma is ${gamma}; it must be above 0`);
  return { gamma };
}) {
  protected override next({ lr }: Group, epoch: number): number {
    return epoch > 0 ? lr * this.gamma : lr;
  }
}

/**
 * Lets the rate fall to `etaMin` along half a cosine in `tMax` epochs, and rise again (Loshchilov and Hutter, ICLR
 * 2017).
 */
export class CosineAnnealingLR extends scheduler(
  'CosineAnnealingLR',
  [p.float('tMax'), p.float('etaMin', 0)],
  (_optimizer, tMax, etaMin) => {
    if (!(tMax > 0)) fail(`CosineAnnealingLR: tMax is ${tMax}; it must be above 0`);
    return { tMax, etaMin };
  },
) {
  protected override next({ lr }: Group, epoch: number, i: number): number {
    const { tMax, etaMin } = this;
    if (epoch === 0) return lr;
    // At the bottom the ratio below has no value, so the way up starts from the base rate; without one the rate stays,
    // as in PyTorch.
    if ((epoch - 1 - tMax) % (2 * tMax) === 0)
      return i < this.baseLrs.length ? lr + ((this.baseLrs[i] - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2 : lr;
    return (
      ((1 + Math.cos((Math.PI * epoch) / tMax)) / (1 + Math.cos((Math.PI * (epoch - 1)) / tMax))) * (lr - etaMin) +
      etaMin
    );
  }
}

/** Multiplies the rate by `factor` until epoch `totalIters`, and takes that back then. */
export class ConstantLR extends scheduler(
  'ConstantLR',
  [p.float('factor', 1 / 3), p.int('totalIters', 5)],
  (_optimizer, factor, totalIters) => {
    if (!(factor > 0 && factor <= 1)) fail(`ConstantLR: factor is ${factor}; it must be above 0 and at most 1`);
    return { factor, totalIters };
  },
) {
  protected override next({ lr }: Group, epoch: number): number {
    if (epoch === 0) return lr * this.factor;
    return epoch === this.totalIters ? lr * (1 / this.factor) : lr;
  }
}

/** Lets the factor of the rate go from `startFactor` to `endFactor` in `totalIters` equal steps: a warm-up. */
export class LinearLR extends scheduler(
  'LinearLR',
  [p.float('startFactor', 1 / 3), p.float('endFactor', 1), p.int('totalIters', 5)],
  (_optimizer, startFactor, endFactor, totalIters) => {
    if (!(startFactor > 0 && startFactor <= 1))
      fail(`LinearLR: startFactor is ${startFactor}; it must be above 0 and at most 1`);
    if (!(endFactor >= 0 && endFactor <= 1)) fail(`LinearLR: endFactor is ${endFactor}; it is from 0 to 1`);
    return { startFactor, endFactor, totalIters };
  },
) {
  protected override next({ lr }: Group, epoch: number): number {
    const { startFactor, endFactor, totalIters } = this;
    if (epoch === 0) return lr * startFactor;
    if (epoch > totalIters) return lr;
    const rise = endFactor - startFactor;
    return lr * (1 + rise / (totalIters * startFactor + (epoch - 1) * rise));
  }
}

/** Lets the rate fall to 0 in `totalIters` steps, as (1 − epoch / totalIters) to a power. */
export class PolynomialLR extends scheduler(
  'PolynomialLR',
  [p.int('totalIters', 5), p.float('power', 1)],
  (_optimizer, totalIters, power) => ({ totalIters, power }),
) {
  protected override next({ lr }: Group, epoch: number): number {
    const { totalIters, power } = this;
    if (epoch === 0 || epoch > totalIters) return lr;
    return lr * ((1 - epoch / totalIters) / (1 - (epoch - 1) / totalIters)) ** power;
  }
}

type Lambda = (epoch: number) => number;
const lambdas = p.kind<Lambda | readonly Lambda[]>(
  'a function or an array of them',
  'one function of the epoch, or one for each group',
  (v) => typeof v === 'function' || (Array.isArray(v) && v.every((f) => typeof f === 'function')),
);

/**
 * The first rate times a function of the epoch, or one function for each group; a group that comes later keeps its
 * rate, as in PyTorch.
 */
export class LambdaLR extends scheduler('LambdaLR', [lambdas('lrLambda')], ({ paramGroups }, lrLambda) => ({
  lambdas: oneForEach('LambdaLR', paramGroups.length, lrLambda),
})) {
  protected override next({ lr }: Group, epoch: number, i: number): number {
    if (i >= Math.min(this.baseLrs.length, this.lambdas.length)) return lr;
    return this.baseLrs[i] * factorAt('LambdaLR', this.lambdas[i], epoch);
  }
}

/** Multiplies the rate by a function of the epoch, or by one function for each group. */
export class MultiplicativeLR extends scheduler(
  'MultiplicativeLR',
  [lambdas('lrLambda')],
  ({ paramGroups }, lrLambda) => ({ lambdas: oneForEach('MultiplicativeLR', paramGroups.length, lrLambda) }),
) {
  /** As in PyTorch, from the rate that is in force. */
  override restart(): void {
    this.lastEpoch = -1;
    this.step();
  }

  protected override next({ lr }: Group, epoch: number, i: number): number {
    return epoch > 0 && i < this.lambdas.length ? lr * factorAt('MultiplicativeLR', this.lambdas[i], epoch) : lr;
  }
}

function oneForEach(what: string, groups: number, given: Lambda | readonly Lambda[]): readonly Lambda[] {
  const functions = typeof given === 'function' ? Array.from({ length: groups }, () => given) : [...given];
  if (functions.length !== groups)
    fail(
      `${what}: ${functions.length} functions for ${groups} parameter groups; pass one function, or one for each group`,
    );
  return functions;
}

function factorAt(what: string, lambda: Lambda, epoch: number): number {
  const factor = lambda(epoch);
  if (typeof factor !== 'number') fail(`${what}: lrLambda(${epoch}) gives ${shown(factor)}, not a number`);
  return factor;
}
