/**
 * @file What all schedulers share: the learning rate as a function of the epoch (or step), by PyTorch's formulas.
 *
 * As in PyTorch each `step()` goes from the rate that is in force to the next one, so schedulers can be chained, and a
 * rate that the program sets by hand stays a factor of what follows. The first rate is set by the constructor.
 */
import { fail } from '../../../base/errors.ts';
import { shown } from '../../../base/options.ts';
import { p } from '../../signature.ts';
import { checked, matched, register } from '../../signature/call.ts';
import type { ConstructorOf } from '../../signature/constructors.ts';
import { signature } from '../../signature/match.ts';
import type { Body, Param, Params, Values } from '../../signature/types.ts';
import type { GroupOptions, ParamGroup } from '../optimizer.ts';
import { Optimizer } from '../optimizer.ts';

export type Group = ParamGroup<GroupOptions & { momentum?: number; betas?: readonly [number, number] }>;

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
  /** Whose rates it sets. */
  readonly optimizer: Optimizer<any>;

  /** What goes on from the rates in force, whatever they were first, leaves no first rate in the groups. */
  constructor(optimizer: Optimizer<any>, fromFirst = true) {
    this.optimizer = optimizer;
    this.baseLrs = this.groups.map((group) => (fromFirst ? (group.initialLr ??= group.lr) : group.lr));
    this.lastLr = this.baseLrs;
  }

  /** The optimizer's groups, which may get more later. */
  protected get groups(): readonly Group[] {
    return this.optimizer.paramGroups as Group[];
  }

  /** Sets every group's rate for the next epoch. */
  step(): void {
    this.lastEpoch++;
    this.lastLr = this.groups.map((group, i) => this.next(group, this.lastEpoch, i));
    this.lastLr.forEach((rate, i) => {
      this.groups[i].lr = rate;
    });
  }

  /** Goes back to before the first epoch, so that another scheduler may come first; the rates stay as they are. */
  waitForTurn(): void {
    this.lastEpoch = -1;
  }

  /** Begins anew from the first rates, as a scheduler whose turn has come. */
  restart(): void {
    this.groups.forEach((group, i) => {
      group.lr = this.baseLrs[i] ?? group.lr;
    });
    this.lastEpoch = -1;
    this.step();
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
    const kept = Object.entries(this).filter(([name, value]) => name !== 'optimizer' && !isOfFunctions(value));
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

export type SchedulerParams<S extends Params> = readonly [
  Param<'optimizer', Optimizer<any>, true, never>,
  ...S,
  typeof lastEpoch,
  typeof verbose,
];
export const [lastEpoch, verbose] = [
  p.refused('lastEpoch', -1, 'load a state by loadStateDict(…)'),
  p.refused('verbose', 'deprecated', 'print getLastLr()'),
];
export const anOptimizer = p.kind<Optimizer<any>>(
  'an optimizer',
  'one, such as new optim.SGD(…)',
  (v) => v instanceof Optimizer,
);
export const optimizer = anOptimizer('optimizer');

/** A scheduler by PyTorch's name and the parameters behind the optimizer; `fields` gets every value in order. */
export function scheduler<const S extends Params, B extends (...values: Values<SchedulerParams<S>>) => object>(
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
