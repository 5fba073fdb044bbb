/**
 * @file A launch of a plan remembers the problem that it helps to solve: whoever looks at a kernel can run the plan
 * again on numbers whose answer is known.
 */
import type { Launch } from '../gpu/kernel.ts';
import type { Slots } from './algorithm.ts';
import type { Plan, Problem } from './problem.ts';

export interface Solution {
  readonly problem: Problem;
  readonly plan: Plan;
  /** Which of the plan's launches it is. */
  readonly at: number;
}

/** The plan's launches on these slots. */
export const launchesOf = (problem: Problem, plan: Plan, slots: Slots): Launch[] =>
  plan.algorithm.launches(problem.desc, plan.config, slots).map((launch, at) => {
    const origin: Solution = { problem, plan, at };
    return { ...launch, origin };
  });

/** What a launch helps to solve, where it is one of a plan's. */
export const solutionOf = ({ origin }: Launch): Solution | undefined => origin as Solution | undefined;
