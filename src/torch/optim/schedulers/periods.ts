/**
 * @file Schedulers whose rate comes back: cosines with warm restarts, and triangles.
 */
import { fail } from '../../../base/errors.ts';
import { p } from '../../signature.ts';
import { checked } from '../../signature/call.ts';
import type { Group } from './base.ts';
import { scheduler } from './base.ts';
import { rates, setMomentum } from './one-cycle.ts';

/**
 * Lets the rate fall to `etaMin` along half a cosine in `t0` epochs and begins again, each time after `tMult` times as
 * many (Loshchilov and Hutter, ICLR 2017). `step(epoch)` may be given a part of an epoch:
 * `step(epoch + batch / batches)`.
 */
export class CosineAnnealingWarmRestarts extends scheduler(
  'CosineAnnealingWarmRestarts',
  [p.int('t0'), p.int('tMult', 1), p.float('etaMin', 0)],
  (_optimizer, t0, tMult, etaMin) => {
    if (t0 < 1) fail(`CosineAnnealingWarmRestarts: t0 is ${t0}; a period has at least 1 epoch`);
    if (tMult < 1) fail(`CosineAnnealingWarmRestarts: tMult is ${tMult}; it must be at least 1`);
    return { t0, tMult, etaMin, period: t0, since: 0 };
  },
) {
  override step(epoch?: number | { readonly epoch?: number | null } | null): void;
  override step(epoch: number | null): void {
    if (epoch === null && this.lastEpoch >= 0) {
      this.since++;
      if (this.since >= this.period) {
        this.since -= this.period;
        this.period *= this.tMult;
      }
      super.step();
      return;
    }
    const at = epoch ?? 0;
    if (!(at >= 0)) fail(`CosineAnnealingWarmRestarts: epoch is ${at}; it is at least 0`);
    this.place(at);
    this.lastEpoch = Math.floor(at) - 1;
    super.step();
  }

  override restart(): void {
    this.step(0);
  }

  /** Which period an epoch lies in, and how far. */
  private place(epoch: number): void {
    const { t0, tMult } = this;
    [this.period, this.since] = [t0, epoch];
    while (this.since >= this.period) {
      this.since -= this.period;
      this.period *= tMult;
    }
  }

  protected override next({ lr }: Group, _epoch: number, i: number): number {
    const { etaMin, since, period } = this;
    if (i >= this.baseLrs.length) return lr;
    return etaMin + ((this.baseLrs[i] - etaMin) * (1 + Math.cos((Math.PI * since) / period))) / 2;
  }
}
checked('optim.lr_scheduler.CosineAnnealingWarmRestarts', CosineAnnealingWarmRestarts, {
  step: [p.float('epoch', null)],
});

type Scale = (x: number) => number;
const scaleFn = p.kind<Scale>('a function', 'one of the cycle or the iteration', (v) => typeof v === 'function');

/** How much of a cycle's height is left, by the cycle from 1 or by the iteration. */
const scales: Readonly<Record<'triangular' | 'triangular2' | 'exp_range', (gamma: number) => Scale>> = {
  triangular: () => () => 1,
  triangular2: () => (cycle) => 1 / 2 ** (cycle - 1),
  exp_range: (gamma) => (iteration) => gamma ** iteration,
};

/**
 * Lets the rate go up from `baseLr` to `maxLr` and down again, in a line, over and over; to be stepped after every
 * batch (Smith, WACV 2017). Momentum (or Adam's first beta) goes the other way. `'triangular2'` halves each cycle's
 * height, `'exp_range'` multiplies it by `gamma` each iteration.
 */
export class CyclicLR extends scheduler(
  'CyclicLR',
  [
    rates('baseLr'),
    rates('maxLr'),
    p.int('stepSizeUp', 2000),
    p.int('stepSizeDown', null),
    p.choice(['triangular', 'triangular2', 'exp_range'])('mode', 'triangular'),
    p.float('gamma', 1),
    scaleFn('scaleFn', null),
    p.choice(['cycle', 'iterations'])('scaleMode', 'cycle'),
    p.flag('cycleMomentum', true),
    rates('baseMomentum', 0.8),
    rates('maxMomentum', 0.9),
  ],
  (
    optimizer,
    baseLr,
    maxLr,
    stepSizeUp,
    stepSizeDown,
    mode,
    gamma,
    scaleFn,
    scaleMode,
    cycleMomentum,
    baseMomentum,
    maxMomentum,
  ) => {
    const groups = optimizer.paramGroups as Group[];
    const each = (name: string, given: number | readonly number[]): number[] => {
      const list = typeof given === 'number' ? groups.map(() => given) : [...given];
      if (list.length !== groups.length)
        fail(
          `CyclicLR: ${name} has ${list.length} numbers for ${groups.length} parameter groups; give one, or one for each`,
        );
      return list;
    };
    const [lowest, highest] = [each('baseLr', baseLr), each('maxLr', maxLr)];
    const [up, down] = [stepSizeUp, stepSizeDown ?? stepSizeUp];
    if (!(up > 0 && down > 0)) fail(`CyclicLR: ${up} steps up and ${down} down; each is at least 1`);
    if (cycleMomentum && !groups.every((group) => 'momentum' in group || 'betas' in group))
      fail('CyclicLR: the optimizer has no momentum to cycle; pass { cycleMomentum: false }');
    groups.forEach((group, i) => {
      group.lr = lowest[i];
    });
    return {
      lowest,
      highest,
      up,
      down,
      gamma,
      mode,
      scaleFn,
      byIteration: scaleFn ? scaleMode === 'iterations' : mode === 'exp_range',
      cycleMomentum,
      lowestMomentum: each('baseMomentum', baseMomentum),
      highestMomentum: each('maxMomentum', maxMomentum),
    };
  },
) {
  override restart(): void {
    this.lastEpoch = -1;
    this.step();
  }

  protected override next(group: Group, iteration: number, i: number): number {
    const { up, down, gamma, mode, byIteration, lowest, highest, lowestMomentum, highestMomentum } = this;
    if (i >= lowest.length) return group.lr;
    const length = up + down;
    const cycle = Math.floor(1 + iteration / length);
    const x = 1 + iteration / length - cycle;
    const turn = up / length;
    const height = x <= turn ? x / turn : (x - 1) / (turn - 1);
    const scale = (this.scaleFn ?? scales[mode](gamma))(byIteration ? iteration : cycle);
    if (this.cycleMomentum)
      setMomentum(group, highestMomentum[i] - (highestMomentum[i] - lowestMomentum[i]) * height * scale);
    return lowest[i] + (highest[i] - lowest[i]) * height * scale;
  }
}
