/**
 * @file Heuristics: plans ranked without running them, in the words of cuDNN's graph API. Mode A takes the model's
 * word; mode B corrects it by what this adapter has measured; FALLBACK takes plain plans that need no workspace, and
 * asks no model.
 */
import type { Device } from '../../gpu/device.ts';
import type { PlanCache } from './cache.ts';
import { candidateId, workspaceBytes } from './candidates.ts';
import { estimate } from '../model/estimate.ts';
import { correctionFor } from '../model/history.ts';
import { ratesOf } from '../model/rates.ts';
import type { Plan, Problem } from '../problem.ts';
import type { ModelTerm } from './records.ts';
import { learnedTerm } from './verdict.ts';

export type HeuristicMode = 'A' | 'B' | 'FALLBACK';

export interface RankedPlan {
  readonly plan: Plan;
  /** Milliseconds of one execution. */
  readonly predictedMs?: number;
  /** What they are the sum of. */
  readonly terms?: readonly ModelTerm[];
}

/** The likely best first. The first call for an adapter measures its rates, in some tenths of a second. */
export async function rankPlans(
  problem: Problem,
  plans: readonly Plan[],
  device: Device,
  cache: PlanCache,
  mode: HeuristicMode = 'B',
): Promise<RankedPlan[]> {
  if (mode === 'FALLBACK')
    return plans.toSorted((a, b) => workspaceBytes(a) - workspaceBytes(b)).map((plan) => ({ plan }));
  if (plans.length < 2) return plans.map((plan) => ({ plan }));
  const rates = await ratesOf(device, cache);
  const correction = mode === 'B' ? correctionFor(problem, device.adapter.description, await cache.list()) : undefined;
  const ranked = plans.map((plan) => {
    const { ms, terms } = estimate(problem, plan, rates);
    if (!correction?.problems) return { plan, predictedMs: ms, terms };
    const factor = correction.factor(candidateId(plan));
    const learned = {
      name: learnedTerm,
      ms: ms * (factor - 1),
      detail: `${factor.toFixed(2)} times the model, from ${correction.problems} measured problems`,
    };
    return { plan, predictedMs: ms * factor, terms: [...terms, learned] };
  });
  return ranked.toSorted((a, b) => a.predictedMs - b.predictedMs);
}

/** Each further configuration of one algorithm counts as this much slower than it is predicted to be. */
const crowding = 1.25;

/**
 * The order in which plans are tried where not all of them will be: a model that is wrong about one algorithm must not
 * fill the list with it.
 */
export function mixed(ranked: readonly RankedPlan[]): RankedPlan[] {
  const seen = new Map<string, number>();
  const penalized = ranked.map((row) => {
    const { name } = row.plan.algorithm;
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return { row, ms: (row.predictedMs ?? 1) * crowding ** before };
  });
  return penalized.toSorted((a, b) => a.ms - b.ms).map(({ row }) => row);
}
