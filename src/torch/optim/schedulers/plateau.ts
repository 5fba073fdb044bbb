/**
 * @file A scheduler that looks at what the program measures.
 */
import { fail } from '../../../base/errors.ts';
import { p } from '../../signature.ts';
import { checked } from '../../signature/call.ts';
import { Tensor } from '../../tensor.ts';
import { constructed } from '../../signature/constructors.ts';
import type { Optimizer } from '../optimizer.ts';
import type { Group } from './base.ts';
import { LRScheduler, optimizer, verbose } from './base.ts';
import { rates } from './one-cycle.ts';

const metrics = p.kind<number>(
  'a number',
  'what was measured, as await loss.item() gives it',
  (v) => typeof v === 'number',
  {
    explain: (what, value) =>
      value instanceof Tensor
        ? `${what}: metrics is a tensor, whose number is not on the host yet; write scheduler.step(await loss.item())`
        : undefined,
  },
);

interface Settings {
  readonly mode: 'min' | 'max';
  readonly factor: number;
  readonly patience: number;
  readonly threshold: number;
  readonly thresholdMode: 'rel' | 'abs';
  readonly cooldown: number;
  readonly minLr: number | readonly number[];
  readonly eps: number;
}

abstract class Plateau extends LRScheduler {
  /** The best measure so far, and the epochs since then; the epochs that are still waited. */
  private best: number;
  private badEpochs = 0;
  private toWait = 0;
  /** Whether this step lets the rate fall. */
  private falls = false;
  private readonly settings: Settings;
  private readonly lowest: readonly number[];

  constructor(optimizer: Optimizer<any>, settings: Settings) {
    super(optimizer, false);
    const { factor, minLr, mode } = settings;
    const groups = optimizer.paramGroups.length;
    if (!(factor < 1)) fail(`ReduceLROnPlateau: factor is ${factor}; it must be below 1`);
    if (typeof minLr !== 'number' && minLr.length !== groups)
      fail(`ReduceLROnPlateau: ${minLr.length} rates for ${groups} parameter groups; give one, or one for each`);
    this.settings = settings;
    this.lowest = typeof minLr === 'number' ? Array.from({ length: groups }, () => minLr) : [...minLr];
    this.best = mode === 'min' ? Infinity : -Infinity;
    this.lastEpoch = 0;
  }

  override step(metrics?: number | { readonly metrics: number }): void;
  override step(metrics: number): void {
    const { patience, cooldown } = this.settings;
    if (this.isBetter(metrics)) [this.best, this.badEpochs] = [metrics, 0];
    else this.badEpochs++;
    if (this.toWait > 0) [this.toWait, this.badEpochs] = [this.toWait - 1, 0];
    this.falls = this.badEpochs > patience;
    if (this.falls) [this.toWait, this.badEpochs] = [cooldown, 0];
    super.step();
  }

  private isBetter(measure: number): boolean {
    const { threshold, mode, thresholdMode } = this.settings;
    const { best } = this;
    if (mode === 'min') return measure < (thresholdMode === 'rel' ? best * (1 - threshold) : best - threshold);
    return measure > (thresholdMode === 'rel' ? best * (threshold + 1) : best + threshold);
  }

  protected override next({ lr }: Group, _epoch: number, i: number): number {
    if (!this.falls) return lr;
    const lower = Math.max(lr * this.settings.factor, this.lowest[i] ?? 0);
    return lr - lower > this.settings.eps ? lower : lr;
  }
}

/**
 * Multiplies the rate by `factor` where a measure, given as `step(await loss.item())`, has not become better for more
 * than `patience` epochs. Better is smaller (`'min'`) or larger (`'max'`) by the threshold, of the best measure
 * (`'rel'`) or in numbers (`'abs'`). After a fall it waits `cooldown` epochs before it counts again.
 */
export class ReduceLROnPlateau extends constructed(
  Plateau,
  'optim.lr_scheduler.ReduceLROnPlateau',
  [
    optimizer,
    p.choice(['min', 'max'])('mode', 'min'),
    p.float('factor', 0.1),
    p.int('patience', 10),
    p.float('threshold', 1e-4),
    p.choice(['rel', 'abs'])('thresholdMode', 'rel'),
    p.int('cooldown', 0),
    rates('minLr', 0),
    p.float('eps', 1e-8),
    verbose,
  ],
  (optimizer, mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps) => [
    optimizer,
    { mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps },
  ],
) {}

checked('optim.lr_scheduler.ReduceLROnPlateau', Plateau, {
  step: [metrics('metrics'), p.refused('epoch', null, 'each step is the next epoch')],
});
