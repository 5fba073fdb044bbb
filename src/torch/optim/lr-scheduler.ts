/**
 * @file torch.optim.lr_scheduler: the learning rate as a function of the epoch (or step), by PyTorch's formulas.
 *
 * As in PyTorch each `step()` goes from the rate that is in force to the next one, so schedulers can be chained, and a
 * rate that the program sets by hand stays a factor of what follows. The first rate is set by the constructor.
 */
import { fail } from '../../base/errors.ts';
import { shown } from '../../base/options.ts';
import { p } from '../signature.ts';
import { checked, matched, register } from '../signature/call.ts';
import type { ConstructorOf } from '../signature/constructors.ts';
import { signature } from '../signature/match.ts';
import type { Body, Param, Params, Values } from '../signature/types.ts';
import type { GroupOptions, ParamGroup } from './optimizer.ts';
import { Optimizer } from './optimizer.ts';

type Group = ParamGroup<GroupOptions & { momentum?: number; betas?: readonly [number, number] }>;

/** All fields but functions, by name. */
export type SchedulerState = Readonly<Record<string, unknown>>;

const isOfFunctions = (value: unknown): boolean => [value].flat().some((v) => typeof v === 'function');
const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);

export abstract class LRScheduler {
  /** Steps done; the constructor's does not count. */
  lastEpoch = -1;
  /** The groups' rates as the scheduler found them; a group that the optimizer gets later has none. */
  protected readonly baseLrs: readonly number[];
  protected lastLr: readonly number[];
  private readonly groups: readonly Group[];

  constructor(optimizer: Optimizer<any>) {
    this.groups = optimizer.paramGroups as Group[];
    this.baseLrs = this.groups.map((group) => (group.initialLr ??= group.lr));
    this.lastLr = this.baseLrs;
  }

  /** Sets every group's rate for the next epoch. */
  step(): void {
    this.lastEpoch++;
    this.lastLr = this.groups.map((group, i) => this.next(group, this.lastEpoch, i));
    this.lastLr.forEach((rate, i) => {
      this.groups[i].lr = rate;
    });
  }

  /** The rates that the last step set, by group. */
  getLastLr(): number[] {
    return [...this.lastLr];
  }

  /**
   * What a checkpoint needs, including the scheduler's arguments, but not its functions; the current rates are in the
   * optimizer's state.
   */
  stateDict(): SchedulerState {
    const kept = Object.entries(this).filter(([name, value]) => name !== 'groups' && !isOfFunctions(value));
    return structuredClone(Object.fromEntries(kept));
  }

  /** Continues where `stateDict()` was taken, with that scheduler's own arguments. */
  loadStateDict(state: SchedulerState): void {
    const own = this.stateDict();
    for (const [name, value] of Object.entries(state)) {
      if (!(name in own))
        fail(
          `${this.constructor.name}: the state has ${name}, which this scheduler has not (${Object.keys(own).join(', ')}); load it into the kind of scheduler that it was taken from`,
        );
      if (kindOf(value) !== kindOf(own[name]))
        fail(`${this.constructor.name}: ${name} in the state is ${shown(value)}, not like ${shown(own[name])}`);
    }
    Object.assign(this, structuredClone(state));
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

type SchedulerParams<S extends Params> = readonly [
  Param<'optimizer', Optimizer<any>, true, never>,
  ...S,
  typeof lastEpoch,
  typeof verbose,
];
const [lastEpoch, verbose] = [
  p.refused('lastEpoch', -1, 'load a state by loadStateDict(…)'),
  p.refused('verbose', 'deprecated', 'print getLastLr()'),
];
const optimizer = p.kind<Optimizer<any>>(
  'an optimizer',
  'one, such as new optim.SGD(…)',
  (v) => v instanceof Optimizer,
)('optimizer');

/** A scheduler by PyTorch's name and the parameters behind the optimizer; `fields` gets every value in order. */
function scheduler<const S extends Params, B extends (...values: Values<SchedulerParams<S>>) => object>(
  name: string,
  params: S,
  fields: B,
): ConstructorOf<LRScheduler & ReturnType<B>, SchedulerParams<S>, B> {
  const way = {
    signature: signature(`optim.lr_scheduler.${name}`, [optimizer, ...params, lastEpoch, verbose]),
    body: fields as Body,
    pythonCall: false as const,
  };
  abstract class Scheduler extends LRScheduler {
    constructor(...args: unknown[]) {
      const { values } = matched([way], args, false).found;
      const made = (fields as Body)(...values) as object;
      super(values[0] as Optimizer<any>);
      Object.assign(this, made);
      this.step();
    }
  }
  register(Scheduler, [way]);
  return Scheduler as unknown as ConstructorOf<LRScheduler & ReturnType<B>, SchedulerParams<S>, B>;
}

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
export class LambdaLR extends scheduler('LambdaLR', [lambdas('lrLambda')], ({ paramGroups }, lrLambda) => {
  const given: readonly Lambda[] = typeof lrLambda === 'function' ? paramGroups.map(() => lrLambda) : [...lrLambda];
  if (given.length !== paramGroups.length)
    fail(
      `LambdaLR: ${given.length} functions for ${paramGroups.length} parameter groups; pass one function, or one for each group`,
    );
  return { lambdas: given };
}) {
  protected override next({ lr }: Group, epoch: number, i: number): number {
    if (i >= Math.min(this.baseLrs.length, this.lambdas.length)) return lr;
    const factor = this.lambdas[i](epoch);
    if (typeof factor !== 'number') fail(`LambdaLR: lrLambda(${epoch}) gives ${shown(factor)}, not a number`);
    return this.baseLrs[i] * factor;
  }
}

/** The rates and momenta between which a phase goes, by the fields of a group that hold them. */
interface Phase {
  readonly end: number;
  readonly lr: readonly [from: Rate, to: Rate];
  readonly momentum: readonly [from: Momentum, to: Momentum];
}

type Rate = 'initialLr' | 'maxLr' | 'minLr';
type Momentum = 'maxMomentum' | 'baseMomentum';

type Anneal = (from: number, to: number, part: number) => number;
const anneals: Readonly<Record<'cos' | 'linear', Anneal>> = {
  cos: (from, to, part) => to + ((from - to) / 2) * (Math.cos(Math.PI * part) + 1),
  linear: (from, to, part) => (to - from) * part + from,
};

const rates = p.kind<number | readonly number[]>(
  'a number or an array of them',
  'one rate, or one for each group',
  (v) => typeof v === 'number' || (Array.isArray(v) && v.every((rate) => typeof rate === 'number')),
);

/**
 * One rise to `maxLr` and one fall far below the first rate; to be stepped after every batch (Smith and Topin, 2017).
 * Its steps are
 * `totalSteps`, or `epochs` times `stepsPerEpoch`; `pctStart` is the part of them in which the rate rises, and momentum
 * (or Adam's first beta) falls. The first rate is the largest by `divFactor`, the last one the first by
 * `finalDivFactor`; in three phases it comes down to the first rate as it rose, and only then to the last.
 */
export class OneCycleLR extends scheduler(
  'OneCycleLR',
  [
    rates('maxLr'),
    p.int('totalSteps', null),
    p.int('epochs', null),
    p.int('stepsPerEpoch', null),
    p.float('pctStart', 0.3),
    p.choice(['cos', 'linear'])('annealStrategy', 'cos'),
    p.flag('cycleMomentum', true),
    p.float('baseMomentum', 0.85),
    p.float('maxMomentum', 0.95),
    p.float('divFactor', 25),
    p.float('finalDivFactor', 1e4),
    p.flag('threePhase', false),
  ],
  (
    optimizer,
    maxLr,
    totalSteps,
    epochs,
    stepsPerEpoch,
    pctStart,
    annealStrategy,
    cycleMomentum,
    baseMomentum,
    maxMomentum,
    divFactor,
    finalDivFactor,
    threePhase,
  ) => {
    const groups = optimizer.paramGroups as Group[];
    const total = totalSteps ?? (epochs ?? 0) * (stepsPerEpoch ?? 0);
    if (total < 1) fail(`OneCycleLR: ${total} steps in all; give totalSteps, or epochs and stepsPerEpoch`);
    if (!(pctStart >= 0 && pctStart <= 1)) fail(`OneCycleLR: pctStart is ${pctStart}, not a part between 0 and 1`);
    if (typeof maxLr !== 'number' && maxLr.length !== groups.length)
      fail(`OneCycleLR: ${maxLr.length} rates for ${groups.length} parameter groups; give one, or one for each group`);
    if (cycleMomentum && !groups.every((group) => 'momentum' in group || 'betas' in group))
      fail('OneCycleLR: the optimizer has no momentum to cycle; pass { cycleMomentum: false }');
    groups.forEach((group, i) => {
      group.maxLr = typeof maxLr === 'number' ? maxLr : maxLr[i];
      group.initialLr = group.maxLr / divFactor;
      group.minLr = group.initialLr / finalDivFactor;
      if (cycleMomentum) Object.assign(group, { maxMomentum, baseMomentum });
    });
    return { totalSteps: total, phases: phasesOf(total, pctStart, threePhase), annealStrategy, cycleMomentum };
  },
) {
  protected override next(group: Group, step: number, i: number): number {
    const { totalSteps, phases, annealStrategy, cycleMomentum } = this;
    if (step > totalSteps)
      fail(`OneCycleLR: step ${step} is beyond the ${totalSteps} of the cycle; give a larger totalSteps`);
    const n = phases.findIndex(({ end }, k) => step <= end || k === phases.length - 1);
    const { end, lr, momentum } = phases[n];
    const start = n > 0 ? phases[n - 1].end : 0;
    const between = ([from, to]: readonly [Rate | Momentum, Rate | Momentum]): number =>
      anneals[annealStrategy](bound(group, from, i), bound(group, to, i), (step - start) / (end - start));
    if (cycleMomentum) setMomentum(group, between(momentum));
    return between(lr);
  }
}

/** A field of a group, which a group that came later lacks unless the program gave it. */
function bound(group: Group, field: Rate | Momentum, i: number): number {
  return (
    group[field] ??
    fail(
      `OneCycleLR: parameter group ${i} was added later and has no ${field}; add it with { initialLr, maxLr, minLr, maxMomentum, baseMomentum }, or make the scheduler behind it`,
    )
  );
}

function phasesOf(total: number, pctStart: number, threePhase: boolean): Phase[] {
  const up: Phase = {
    end: pctStart * total - 1,
    lr: ['initialLr', 'maxLr'],
    momentum: ['maxMomentum', 'baseMomentum'],
  };
  if (!threePhase) return [up, { end: total - 1, lr: ['maxLr', 'minLr'], momentum: ['baseMomentum', 'maxMomentum'] }];
  return [
    up,
    { end: 2 * pctStart * total - 2, lr: ['maxLr', 'initialLr'], momentum: ['baseMomentum', 'maxMomentum'] },
    { end: total - 1, lr: ['initialLr', 'minLr'], momentum: ['maxMomentum', 'maxMomentum'] },
  ];
}

function setMomentum(group: Group, momentum: number): void {
  if (group.betas) group.betas = [momentum, group.betas[1]];
  else group.momentum = momentum;
}
