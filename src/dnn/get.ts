/**
 * @file Get: plans ranked without running them, in the words of cuDNN's graph API. Mode A takes the model's word; mode B corrects it
 * by what this adapter has measured; FALLBACK takes the plans that work everywhere, without asking any model.
 */
import type { Plan, Problem } from './problem.ts';
import type { ModelTerm } from './records.ts';

export type HeuristicMode = 'A' | 'B' | 'FALLBACK';

export interface RankedPlan {
  readonly plan: Plan;
  readonly predictedMs?: number;
  readonly terms?: readonly ModelTerm[];
}

export function rankPlans(_problem: Problem, plans: readonly Plan[]): RankedPlan[] {
  return plans.map((plan) => ({ plan }));
}
