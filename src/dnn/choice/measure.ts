/**
 * @file Measuring a problem's plans on the device: find on a workbench, and its result ranked.
 */
import type { Device } from '../../gpu/device.ts';
import { context } from './context.ts';
import { planRecord } from './candidates.ts';
import type { RankedPlan } from './heuristics.ts';
import { mixed } from './heuristics.ts';
import type { Plan, Problem } from '../problem.ts';
import type { Candidate } from './records.ts';
import type { PhaseTimes } from './stopwatch.ts';
import type { Exclusively } from './stopwatch.ts';
import { Stopwatch, atOnce } from './stopwatch.ts';
import type { FindOptions } from '../tuner/find.ts';
import { find } from '../tuner/find.ts';
import type { Interruption } from '../tuner/rounds.ts';
import { Workbench } from '../tuner/workbench.ts';

export interface MeasureOptions extends FindOptions {
  readonly interruption?: Interruption;
  /** How what uses the device gets it for itself; compiling does not. Without it the caller has seen to that. */
  readonly exclusively?: Exclusively;
}

export interface Measurement {
  /** Ranked: the chosen one, other successes by time, then those that did not run. */
  readonly candidates: readonly Candidate[];
  /**
   * The fastest that is right, else the likely best of those that were not tried; `undefined` where all were tried and
   * none is right.
   */
  readonly plan?: Plan;
  /** Whether it was timed against the others to the end. */
  readonly measured: boolean;
  readonly tuningMs: number;
  /** Of them; the rest made operands and the reference's numbers. */
  readonly spentMs: Readonly<PhaseTimes>;
  /** Milliseconds that the plan is faster than the one which the model ranks first. */
  readonly gainMs: number;
}

/** Compiles, verifies and times plans, the likely best first, within the budget. */
export async function measure(
  device: Device,
  problem: Problem,
  predicted: readonly RankedPlan[],
  options: MeasureOptions,
): Promise<Measurement> {
  const started = performance.now();
  const ranked = ownFirst(mixed(predicted));
  const { exclusively = atOnce } = options;
  const plans = ranked.map(({ plan }) => plan);
  const bench = await exclusively(() => Workbench.open(device, problem, plans));
  bench.interruption = options.interruption;
  const stopwatch = new Stopwatch(bench, exclusively);
  const { operation, direction, description: descriptor } = problem;
  const named = { operation, direction, descriptor, ...(options.exclusively && { background: true as const }) };
  try {
    const untried = ranked.map(({ plan, predictedMs, terms }) => ({
      record: { ...planRecord(problem, plan), predictedMs, terms },
      // What the model says of a kernel that it does not know keeps it out of no round.
      ...(!plan.algorithm.own && { predictedMs }),
    }));
    const { records, winner, measured } = await find(untried, stopwatch, {
      ...options,
      onStanding: (candidates) => context.onStanding?.({ ...named, candidates }),
    });
    const order = records
      .map((_, i) => i)
      .toSorted((a, b) => rank(records[a], a === winner) - rank(records[b], b === winner) || a - b);
    const best = records[winner]?.timeMs ?? 0;
    const likely = records[ranked.findIndex(({ plan }) => !plan.algorithm.own)];
    return {
      candidates: order.map((i) => records[i]),
      plan: (ranked[winner] ?? ranked.find(({ plan }, i) => records[i].status === 'not tried' && !plan.algorithm.own))
        ?.plan,
      measured,
      tuningMs: performance.now() - started,
      spentMs: stopwatch.spentMs,
      gainMs: Math.max(0, (likely?.timeMs ?? best) - best),
    };
  } finally {
    bench.close();
  }
}

/** Whatever else there is no room for, those that the program brought are tried. */
const ownFirst = (ranked: readonly RankedPlan[]): RankedPlan[] =>
  ranked.toSorted((a, b) => Number(!a.plan.algorithm.own) - Number(!b.plan.algorithm.own));

const rankOf = { success: 0, 'not tried': 1e12, disqualified: 2e12, failed: 3e12, 'not supported': 4e12 };

const rank = ({ status, timeMs = 0 }: Candidate, chosen: boolean): number => (chosen ? -1 : rankOf[status] + timeMs);
