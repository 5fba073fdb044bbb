/**
 * @file torch.optim.lr_scheduler: the learning rate as a function of the epoch (or step), by PyTorch's formulas.
 *
 * As in PyTorch each `step()` goes from the rate that is in force to the next one, so schedulers can be chained, and a rate
 * that the program sets by hand stays a factor of what follows. The first rate is set by the constructor.
 */
import { fail } from '../../base/errors.ts';
import { checkOptions, named } from '../../base/options.ts';
import type { GroupOptions, Optimizer, ParamGroup } from './optimizer.ts';

type Group = ParamGroup<GroupOptions & { momentum?: number; betas?: readonly [number, number] }>;

export abstract class LRScheduler {
  /** Steps done; the constructor's does not count. */
  lastEpoch = -1;
  protected readonly baseLrs: readonly number[];
  protected readonly groups: readonly Group[];

  constructor(optimizer: Optimizer<any>) {
    this.groups = optimizer.paramGroups as Group[];
    this.baseLrs = this.groups.map((group) => (group.initialLr ??= group.lr));
  }

  /** Sets every group's rate for the next epoch. */
  step(): void {
    this.lastEpoch++;
    this.groups.forEach((group, i) => {
      group.lr = this.next(group, this.lastEpoch, i);
    });
  }

  /** The rates in force, by group. */
  getLastLr(): number[] {
    return this.groups.map((group) => group.lr);
  }

  /** What a checkpoint needs; the rates themselves are in the optimizer's state. */
  stateDict(): { lastEpoch: number } {
    return { lastEpoch: this.lastEpoch };
  }

  loadStateDict({ lastEpoch }: { lastEpoch: number }): void {
    this.lastEpoch = lastEpoch;
  }

  /** A group's rate at an epoch, from the one before. */
  protected abstract next(group: Group, epoch: number, i: number): number;
}

/** Multiplies the rate by `gamma` every `stepSize` epochs. */
export class StepLR extends LRScheduler {
  private readonly stepSize: number;
  private readonly gamma: number;

  constructor(optimizer: Optimizer<any>, ...given: [stepSize: number, gamma?: number | { gamma?: number }] | [options: { stepSize: number; gamma?: number }]) {
    super(optimizer);
    const { stepSize = NaN, gamma = 0.1 } = named<{ stepSize: number; gamma: number }>('StepLR', ['stepSize', 'gamma'], given);
    if (!Number.isInteger(stepSize) || stepSize < 1) fail(`StepLR: stepSize is ${stepSize}, not a whole number of at least 1`);
    this.stepSize = stepSize;
    this.gamma = gamma;
    this.step();
  }

  protected override next({ lr }: Group, epoch: number): number {
    return epoch > 0 && epoch % this.stepSize === 0 ? lr * this.gamma : lr;
  }
}

/** Multiplies the rate by `gamma` at each of the epochs. */
export class MultiStepLR extends LRScheduler {
  private readonly milestones: readonly number[];
  private readonly gamma: number;

  constructor(optimizer: Optimizer<any>, ...given: [milestones: readonly number[], gamma?: number | { gamma?: number }] | [options: { milestones: readonly number[]; gamma?: number }]) {
    super(optimizer);
    const { milestones, gamma = 0.1 } = named<{ milestones: readonly number[]; gamma: number }>('MultiStepLR', ['milestones', 'gamma'], given);
    if (!Array.isArray(milestones)) fail(`MultiStepLR: milestones are ${String(milestones)}; give a list of epochs`);
    this.milestones = milestones;
    this.gamma = gamma;
    this.step();
  }

  protected override next({ lr }: Group, epoch: number): number {
    return lr * this.gamma ** this.milestones.filter((milestone) => milestone === epoch).length;
  }
}

/** Multiplies the rate by `gamma` every epoch. */
export class ExponentialLR extends LRScheduler {
  private readonly gamma: number;

  constructor(optimizer: Optimizer<any>, ...given: [gamma: number] | [options: { gamma: number }]) {
    super(optimizer);
    const { gamma = NaN } = named<{ gamma: number }>('ExponentialLR', ['gamma'], given);
    if (!(gamma > 0)) fail(`ExponentialLR: gamma is ${gamma}; it must be above 0`);
    this.gamma = gamma;
    this.step();
  }

  protected override next({ lr }: Group, epoch: number): number {
    return epoch > 0 ? lr * this.gamma : lr;
  }
}

/** Lets the rate fall to `etaMin` along half a cosine in `tMax` epochs, and rise again (Loshchilov and Hutter, ICLR 2017). */
export class CosineAnnealingLR extends LRScheduler {
  private readonly tMax: number;
  private readonly etaMin: number;

  constructor(optimizer: Optimizer<any>, ...given: [tMax: number, etaMin?: number | { etaMin?: number }] | [options: { tMax: number; etaMin?: number }]) {
    super(optimizer);
    const { tMax = NaN, etaMin = 0 } = named<{ tMax: number; etaMin: number }>('CosineAnnealingLR', ['tMax', 'etaMin'], given);
    if (!(tMax > 0)) fail(`CosineAnnealingLR: tMax is ${tMax}; it must be above 0`);
    this.tMax = tMax;
    this.etaMin = etaMin;
    this.step();
  }

  protected override next({ lr }: Group, epoch: number, i: number): number {
    const { tMax, etaMin } = this;
    if (epoch === 0) return lr;
    // At the bottom the ratio below has no value, so the way up starts from the base rate.
    if ((epoch - 1 - tMax) % (2 * tMax) === 0) return lr + ((this.baseLrs[i] - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2;
    return ((1 + Math.cos((Math.PI * epoch) / tMax)) / (1 + Math.cos((Math.PI * (epoch - 1)) / tMax))) * (lr - etaMin) + etaMin;
  }
}

/** The first rate times a function of the epoch, or one function for each group. */
export class LambdaLR extends LRScheduler {
  private readonly lambdas: readonly ((epoch: number) => number)[];

  constructor(optimizer: Optimizer<any>, lrLambda: ((epoch: number) => number) | readonly ((epoch: number) => number)[]) {
    super(optimizer);
    const given = typeof lrLambda === 'function' ? this.groups.map(() => lrLambda) : lrLambda;
    if (given.length !== this.groups.length) fail(`LambdaLR: ${given.length} functions for ${this.groups.length} parameter groups; pass one function, or one for each group`);
    this.lambdas = given;
    this.step();
  }

  protected override next(_group: Group, epoch: number, i: number): number {
    return this.baseLrs[i] * this.lambdas[i](epoch);
  }
}

export interface OneCycleOptions {
  /** Steps of the whole cycle; or give `epochs` and `stepsPerEpoch`. */
  readonly totalSteps?: number;
  readonly epochs?: number;
  readonly stepsPerEpoch?: number;
  /** The part of the cycle in which the rate rises. */
  readonly pctStart?: number;
  readonly annealStrategy?: 'cos' | 'linear';
  /** Whether momentum (or Adam's first beta) falls while the rate rises. */
  readonly cycleMomentum?: boolean;
  readonly baseMomentum?: number;
  readonly maxMomentum?: number;
  /** The first rate is the largest one divided by this. */
  readonly divFactor?: number;
  /** The last rate is the first one divided by this. */
  readonly finalDivFactor?: number;
  /** Comes down to the first rate as it rose, and only then to the last. */
  readonly threePhase?: boolean;
}

interface Phase {
  readonly end: number;
  readonly lr: readonly [from: number, to: number];
  readonly momentum: readonly [from: number, to: number];
}

/** One rise to `maxLr` and one fall far below the first rate; to be stepped after every batch (Smith and Topin, 2017). */
export class OneCycleLR extends LRScheduler {
  private readonly totalSteps: number;
  private readonly phases: readonly (readonly Phase[])[];
  private readonly anneal: (from: number, to: number, part: number) => number;
  private readonly cyclesMomentum: boolean;

  constructor(optimizer: Optimizer<any>, maxLr: number | readonly number[], options: OneCycleOptions = {}) {
    super(optimizer);
    checkOptions('OneCycleLR', options, ['totalSteps', 'epochs', 'stepsPerEpoch', 'pctStart', 'annealStrategy', 'cycleMomentum', 'baseMomentum', 'maxMomentum', 'divFactor', 'finalDivFactor', 'threePhase']);
    const { epochs, stepsPerEpoch, annealStrategy = 'cos', cycleMomentum = true } = options;
    const total = options.totalSteps ?? (epochs ?? 0) * (stepsPerEpoch ?? 0);
    if (!Number.isInteger(total) || total < 1) fail(`OneCycleLR: ${total} steps in all; give totalSteps, or epochs and stepsPerEpoch`);
    if (cycleMomentum && !this.groups.every((group) => 'momentum' in group || 'betas' in group)) fail('OneCycleLR: the optimizer has no momentum to cycle; pass { cycleMomentum: false }');
    this.totalSteps = total;
    this.cyclesMomentum = cycleMomentum;
    this.anneal = annealStrategy === 'cos' ? (from, to, part) => to + ((from - to) / 2) * (Math.cos(Math.PI * part) + 1) : (from, to, part) => (to - from) * part + from;
    this.phases = this.groups.map((group, i) => {
      const phases = phasesOf(typeof maxLr === 'number' ? maxLr : maxLr[i], total, options);
      group.initialLr = phases[0].lr[0];
      return phases;
    });
    this.step();
  }

  protected override next(group: Group, step: number, i: number): number {
    if (step > this.totalSteps) fail(`OneCycleLR: step ${step} is beyond the ${this.totalSteps} of the cycle; give a larger totalSteps`);
    let start = 0;
    for (const [n, { end, lr, momentum }] of this.phases[i].entries()) {
      if (step > end && n < this.phases[i].length - 1) {
        start = end;
        continue;
      }
      const part = (step - start) / (end - start);
      if (this.cyclesMomentum) setMomentum(group, this.anneal(momentum[0], momentum[1], part));
      return this.anneal(lr[0], lr[1], part);
    }
    return group.lr;
  }
}

function phasesOf(top: number, total: number, options: OneCycleOptions): Phase[] {
  const { pctStart = 0.3, baseMomentum = 0.85, maxMomentum = 0.95, divFactor = 25, finalDivFactor = 1e4, threePhase = false } = options;
  const first = top / divFactor;
  const last = first / finalDivFactor;
  const up: Phase = { end: pctStart * total - 1, lr: [first, top], momentum: [maxMomentum, baseMomentum] };
  if (!threePhase) return [up, { end: total - 1, lr: [top, last], momentum: [baseMomentum, maxMomentum] }];
  return [
    up,
    { end: 2 * pctStart * total - 2, lr: [top, first], momentum: [baseMomentum, maxMomentum] },
    { end: total - 1, lr: [first, last], momentum: [maxMomentum, maxMomentum] },
  ];
}

function setMomentum(group: Group, momentum: number): void {
  if (group.betas) group.betas = [momentum, group.betas[1]];
  else group.momentum = momentum;
}
