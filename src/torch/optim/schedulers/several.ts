/**
 * @file Schedulers of schedulers: one after another, or all at once.
 */
import { fail } from '../../../base/errors.ts';
import { p } from '../../signature.ts';
import { constructed } from '../../signature/constructors.ts';
import type { Optimizer } from '../optimizer.ts';
import type { Group, SchedulerState } from './base.ts';
import { LRScheduler, anOptimizer, lastEpoch, optimizer, verbose } from './base.ts';
import { ReduceLROnPlateau } from './plateau.ts';

const schedulers = p.kind<readonly LRScheduler[]>(
  'an array of schedulers',
  'schedulers of one optimizer in an array',
  (v) => Array.isArray(v) && v.every((item) => item instanceof LRScheduler),
)('schedulers');

/** Throws where a scheduler cannot be one of several. */
function checkAll(what: string, optimizer: Optimizer<any>, all: readonly LRScheduler[]): void {
  all.forEach((scheduler, i) => {
    if (scheduler.optimizer !== optimizer)
      fail(`${what}: the scheduler at ${i} sets the rates of another optimizer; all are made for one`);
    if (scheduler instanceof ReduceLROnPlateau)
      fail(`${what}: the scheduler at ${i} is a ReduceLROnPlateau, whose step needs a measure; step it by itself`);
  });
}

abstract class Several extends LRScheduler {
  protected readonly schedulers: readonly LRScheduler[];

  constructor(optimizer: Optimizer<any>, schedulers: readonly LRScheduler[]) {
    super(optimizer);
    this.schedulers = [...schedulers];
    this.lastEpoch = 0;
  }

  override stateDict(): SchedulerState {
    const { schedulers, optimizer: _, ...own } = this as unknown as { schedulers: LRScheduler[]; optimizer: unknown };
    return { ...structuredClone(own), schedulers: schedulers.map((scheduler) => scheduler.stateDict()) };
  }

  override loadStateDict({ schedulers, ...own }: SchedulerState): void {
    const what = this.constructor.name;
    if (!Array.isArray(schedulers) || schedulers.length !== this.schedulers.length)
      fail(
        `${what}: the state has ${Array.isArray(schedulers) ? schedulers.length : 'no'} schedulers, there are ${this.schedulers.length} here`,
      );
    this.schedulers.forEach((scheduler, i) => scheduler.loadStateDict(schedulers[i] as SchedulerState));
    Object.assign(this, structuredClone(own));
  }

  /** Each of them sets the rate itself. */
  protected override next({ lr }: Group): number {
    return lr;
  }
}

abstract class InTurn extends Several {
  private readonly milestones: readonly number[];

  constructor(optimizer: Optimizer<any>, schedulers: readonly LRScheduler[], milestones: readonly number[]) {
    if (schedulers.length === 0) fail('SequentialLR: got no schedulers; give at least one');
    if (milestones.length !== schedulers.length - 1)
      fail(
        `SequentialLR: ${milestones.length} milestones for ${schedulers.length} schedulers; give one between each two`,
      );
    checkAll('SequentialLR', optimizer, schedulers);
    super(optimizer, schedulers);
    this.milestones = [...milestones];
    // Making them has set the rate already; the first begins anew, and the others wait.
    this.groups.forEach((group, i) => {
      group.lr = this.baseLrs[i];
    });
    for (const scheduler of schedulers) scheduler.waitForTurn();
    schedulers[0].step();
    this.lastLr = schedulers[0].getLastLr();
  }

  override step(): void {
    this.lastEpoch++;
    const turn = this.milestones.filter((milestone) => milestone <= this.lastEpoch).length;
    const scheduler = this.schedulers[turn];
    if (turn > 0 && this.milestones[turn - 1] === this.lastEpoch) scheduler.restart();
    else scheduler.step();
    this.lastLr = scheduler.getLastLr();
  }
}

const milestones = p.kind<readonly number[]>(
  'an array of epochs',
  'whole numbers in ascending order in an array',
  (v) => Array.isArray(v) && v.every(Number.isSafeInteger),
)('milestones');

/**
 * One scheduler after another: at each milestone the next one begins, such as a warm-up and then a cosine:
 * `new optim.lrScheduler.SequentialLR(optimizer, [warmUp, cosine], [5])`.
 */
export class SequentialLR extends constructed(
  InTurn,
  'optim.lr_scheduler.SequentialLR',
  [optimizer, schedulers, milestones, lastEpoch, verbose],
  (optimizer, schedulers, milestones) => [optimizer, schedulers, milestones],
) {}

abstract class AtOnce extends Several {
  constructor(schedulers: readonly LRScheduler[], optimizer: Optimizer<any> | null) {
    const of = optimizer ?? schedulers[0]?.optimizer;
    if (!of) fail('ChainedScheduler: got no schedulers; give at least one');
    checkAll('ChainedScheduler', of, schedulers);
    super(of, schedulers);
    this.lastLr = this.groups.map(({ lr }) => lr);
  }

  override step(): void {
    for (const scheduler of this.schedulers) scheduler.step();
    super.step();
  }
}

/** All schedulers in each step, one after another: their factors multiply. */
export class ChainedScheduler extends constructed(
  AtOnce,
  'optim.lr_scheduler.ChainedScheduler',
  [schedulers, anOptimizer('optimizer', null)],
  (schedulers, optimizer) => [schedulers, optimizer],
) {}
