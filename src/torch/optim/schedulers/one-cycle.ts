/**
 * @file The 1cycle policy.
 */
import { fail } from '../../../base/errors.ts';
import { p } from '../../signature.ts';
import type { Group } from './base.ts';
import { scheduler } from './base.ts';

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

export const rates = p.kind<number | readonly number[]>(
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

export function setMomentum(group: Group, momentum: number): void {
  if (group.betas) group.betas = [momentum, group.betas[1]];
  else group.momentum = momentum;
}
