/**
 * @file torch.optim.lr_scheduler: the learning rate as a function of the epoch (or step), by PyTorch's formulas.
 *
 * As in PyTorch each `step()` goes from the rate that is in force to the next one, so schedulers can be chained, and a rate
 * that the program sets by hand stays a factor of what follows. The first rate is set by the constructor.
 */
import { fail } from '../../base/errors.ts';
import { p } from '../signature.ts';
import { checked, matched, register } from '../signature/call.ts';
import type { Constructed } from '../signature/constructed.ts';
import { signature } from '../signature/match.ts';
import type { Body, Param, Params, Values } from '../signature/types.ts';
import type { GroupOptions, ParamGroup } from './optimizer.ts';
import { Optimizer } from './optimizer.ts';

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

checked('optim.lr_scheduler.LRScheduler', LRScheduler, {
  step: [p.refused('epoch', null, 'each step is the next epoch')],
  getLastLr: [],
  stateDict: [],
  loadStateDict: [p.record('stateDict')],
});

type Scheduled<S extends Params> = readonly [Param<'optimizer', Optimizer<any>, true, never>, ...S, typeof lastEpoch, typeof verbose];
const [lastEpoch, verbose] = [p.refused('lastEpoch', -1, 'load a state by loadStateDict(…)'), p.refused('verbose', 'deprecated', 'print getLastLr()')];
const optimizer = p.kind<Optimizer<any>>('an optimizer', 'one, such as new optim.SGD(…)', (v) => v instanceof Optimizer)('optimizer');

/** A scheduler by PyTorch's name and the parameters behind the optimizer; `fields` gets every value in order. */
function scheduler<const S extends Params, B extends (...values: Values<Scheduled<S>>) => object>(name: string, params: S, fields: B): Constructed<LRScheduler & ReturnType<B>, Scheduled<S>, B> {
  const way = { signature: signature(`optim.lr_scheduler.${name}`, [optimizer, ...params, lastEpoch, verbose]), body: fields as Body, written: false as const };
  abstract class Made extends LRScheduler {
    constructor(...args: unknown[]) {
      const { values } = matched([way], args, false).found;
      super(values[0] as Optimizer<any>);
      Object.assign(this, (fields as Body)(...values));
      this.step();
    }
  }
  register(Made, [way]);
  return Made as unknown as Constructed<LRScheduler & ReturnType<B>, Scheduled<S>, B>;
}

/** Multiplies the rate by `gamma` every `stepSize` epochs. */
export class StepLR extends scheduler('StepLR', [p.int('stepSize'), p.float('gamma', 0.1)], (_optimizer, stepSize, gamma) => {
  if (stepSize < 1) fail(`StepLR: stepSize is ${stepSize}, not a whole number of at least 1`);
  return { stepSize, gamma };
}) {
  protected override next({ lr }: Group, epoch: number): number {
    return epoch > 0 && epoch % this.stepSize === 0 ? lr * this.gamma : lr;
  }
}

const milestones = p.kind<readonly number[]>('an array of epochs', 'whole numbers in an array', (v) => Array.isArray(v) && v.every(Number.isSafeInteger));

/** Multiplies the rate by `gamma` at each of the epochs. */
export class MultiStepLR extends scheduler('MultiStepLR', [milestones('milestones'), p.float('gamma', 0.1)], (_optimizer, milestones, gamma) => ({ milestones, gamma })) {
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

/** Lets the rate fall to `etaMin` along half a cosine in `tMax` epochs, and rise again (Loshchilov and Hutter, ICLR 2017). */
export class CosineAnnealingLR extends scheduler('CosineAnnealingLR', [p.float('tMax'), p.float('etaMin', 0)], (_optimizer, tMax, etaMin) => {
  if (!(tMax > 0)) fail(`CosineAnnealingLR: tMax is ${tMax}; it must be above 0`);
  return { tMax, etaMin };
}) {
  protected override next({ lr }: Group, epoch: number, i: number): number {
    const { tMax, etaMin } = this;
    if (epoch === 0) return lr;
    // At the bottom the ratio below has no value, so the way up starts from the base rate.
    if ((epoch - 1 - tMax) % (2 * tMax) === 0) return lr + ((this.baseLrs[i] - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2;
    return ((1 + Math.cos((Math.PI * epoch) / tMax)) / (1 + Math.cos((Math.PI * (epoch - 1)) / tMax))) * (lr - etaMin) + etaMin;
  }
}

type Lambda = (epoch: number) => number;
const lambdas = p.kind<Lambda | readonly Lambda[]>('a function or an array of them', 'one function of the epoch, or one for each group', (v) => typeof v === 'function' || (Array.isArray(v) && v.every((f) => typeof f === 'function')));

/** The first rate times a function of the epoch, or one function for each group. */
export class LambdaLR extends scheduler('LambdaLR', [lambdas('lrLambda')], ({ paramGroups }, lrLambda) => {
  const given: readonly Lambda[] = typeof lrLambda === 'function' ? paramGroups.map(() => lrLambda) : lrLambda;
  if (given.length !== paramGroups.length) fail(`LambdaLR: ${given.length} functions for ${paramGroups.length} parameter groups; pass one function, or one for each group`);
  return { lambdas: given };
}) {
  protected override next(_group: Group, epoch: number, i: number): number {
    return this.baseLrs[i] * this.lambdas[i](epoch);
  }
}

interface Phase {
  readonly end: number;
  readonly lr: readonly [from: number, to: number];
  readonly momentum: readonly [from: number, to: number];
}

type Anneal = (from: number, to: number, part: number) => number;
const anneals: Readonly<Record<'cos' | 'linear', Anneal>> = {
  cos: (from, to, part) => to + ((from - to) / 2) * (Math.cos(Math.PI * part) + 1),
  linear: (from, to, part) => (to - from) * part + from,
};

const rates = p.kind<number | readonly number[]>('a number or an array of them', 'one rate, or one for each group', (v) => typeof v === 'number' || (Array.isArray(v) && v.every((rate) => typeof rate === 'number')));

/**
 * One rise to `maxLr` and one fall far below the first rate; to be stepped after every batch (Smith and Topin, 2017). Its steps are
 * `totalSteps`, or `epochs` times `stepsPerEpoch`; `pctStart` is the part of them in which the rate rises, and momentum (or Adam's first
 * beta) falls. The first rate is the largest by `divFactor`, the last one the first by `finalDivFactor`; in three phases it comes down to
 * the first rate as it rose, and only then to the last.
 */
export class OneCycleLR extends scheduler('OneCycleLR', [
  rates('maxLr'), p.int('totalSteps', null), p.int('epochs', null), p.int('stepsPerEpoch', null), p.float('pctStart', 0.3), p.choice(['cos', 'linear'])('annealStrategy', 'cos'), p.flag('cycleMomentum', true),
  p.float('baseMomentum', 0.85), p.float('maxMomentum', 0.95), p.float('divFactor', 25), p.float('finalDivFactor', 1e4), p.flag('threePhase', false),
], (optimizer, maxLr, totalSteps, epochs, stepsPerEpoch, pctStart, annealStrategy, cycleMomentum, baseMomentum, maxMomentum, divFactor, finalDivFactor, threePhase) => {
  const groups = optimizer.paramGroups as Group[];
  const total = totalSteps ?? (epochs ?? 0) * (stepsPerEpoch ?? 0);
  if (total < 1) fail(`OneCycleLR: ${total} steps in all; give totalSteps, or epochs and stepsPerEpoch`);
  if (typeof maxLr !== 'number' && maxLr.length !== groups.length) fail(`OneCycleLR: ${maxLr.length} rates for ${groups.length} parameter groups; give one, or one for each group`);
  if (cycleMomentum && !groups.every((group) => 'momentum' in group || 'betas' in group)) fail('OneCycleLR: the optimizer has no momentum to cycle; pass { cycleMomentum: false }');
  const phases = groups.map((group, i) => {
    const made = phasesOf(typeof maxLr === 'number' ? maxLr : maxLr[i], total, { pctStart, baseMomentum, maxMomentum, divFactor, finalDivFactor, threePhase });
    group.initialLr = made[0].lr[0];
    return made;
  });
  return { totalSteps: total, phases, anneal: anneals[annealStrategy], cyclesMomentum: cycleMomentum };
}) {
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

interface Cycle {
  readonly pctStart: number;
  readonly baseMomentum: number;
  readonly maxMomentum: number;
  readonly divFactor: number;
  readonly finalDivFactor: number;
  readonly threePhase: boolean;
}

function phasesOf(top: number, total: number, { pctStart, baseMomentum, maxMomentum, divFactor, finalDivFactor, threePhase }: Cycle): Phase[] {
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
