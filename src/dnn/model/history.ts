/**
 * @file What was measured corrects what is predicted: by how much the model was wrong about a plan in like problems on
 * this adapter, it is taken to be wrong about it now.
 */
import type { CacheEntry } from '../cache.ts';
import { planName } from '../candidates.ts';
import type { Problem } from '../problem.ts';
import type { Candidate } from '../records.ts';

/** Factors on predicted times. */
export interface Correction {
  /** By the plan's name, `planName()`. */
  factor(name: string): number;
  /** How many measured problems it rests on. */
  readonly problems: number;
}

interface Observation {
  readonly logRatio: number;
  readonly weight: number;
}

/** The weight of what the model is wrong by on the whole, beside a plan's own history: that of a problem three doublings away. */
const prior = 0.1;

export function correctionFor(problem: Pick<Problem, 'key' | 'operation' | 'direction'>, adapter: string, entries: readonly CacheEntry[]): Correction {
  const sizes = sizesOf(problem.key);
  const all: Observation[] = [];
  const byPlan = new Map<string, Observation[]>();
  let problems = 0;
  for (const { key, choice } of entries) {
    if (choice.operation !== problem.operation || choice.direction !== problem.direction || choice.adapter !== adapter) continue;
    const weight = 1 / (0.5 + distance(sizes, sizesOf(key))) ** 2;
    problems++;
    for (const candidate of choice.candidates) {
      const modelMs = uncorrected(candidate);
      // A single sample is a first execution, which may have included compilation.
      if (candidate.status !== 'success' || !(candidate.samples! > 1) || !(modelMs > 0) || !(candidate.timeMs! > 0)) continue;
      const observation = { logRatio: Math.log(candidate.timeMs! / modelMs), weight };
      const name = planName(candidate.algo, { label: candidate.config, mathType: candidate.mathType });
      all.push(observation);
      byPlan.set(name, [...(byPlan.get(name) ?? []), observation]);
    }
  }
  const onTheWhole = all.length ? mean(all) : 0;
  return { problems, factor: (name) => Math.exp(mean([...(byPlan.get(name) ?? []), { logRatio: onTheWhole, weight: prior }])) };
}

const mean = (observations: readonly Observation[]): number =>
  observations.reduce((sum, o) => sum + o.weight * o.logRatio, 0) / observations.reduce((sum, o) => sum + o.weight, 0);

/** The name of the term that a correction adds. */
export const learnedTerm = 'measured before';

/** What the model alone said. */
const uncorrected = ({ terms = [] }: Candidate): number => terms.reduce((sum, { name, ms }) => (name === learnedTerm ? sum : sum + ms), 0);

/** The whole numbers of a problem's key, in their order. */
const sizesOf = (key: string): number[] => Array.from(key.split(' | ')[0].matchAll(/:(\d+)/g), ([, digits]) => Number(digits));

/** How many doublings lie between two problems, over all sizes; far where they are not of one form. */
function distance(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return 20;
  return a.reduce((sum, size, i) => sum + Math.abs(Math.log2((size + 1) / (b[i] + 1))), 0);
}
