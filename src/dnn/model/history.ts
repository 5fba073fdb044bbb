/**
 * @file What was measured corrects what is predicted: by how much the model was wrong about a plan in like problems on this adapter, it
 * is taken to be wrong about it now.
 */
import type { CacheEntry } from '../cache.ts';
import { planName } from '../candidates.ts';
import type { Candidate } from '../records.ts';

/** Factors on predicted times. */
export interface Correction {
  /** By the plan's name, `planName()`; where it was never measured, what the model is wrong by on the whole. */
  factor(name: string): number;
  /** How many measured problems it rests on. */
  readonly problems: number;
}

interface Observation {
  readonly logRatio: number;
  readonly weight: number;
}

export function correctionFor(problemKey: string, operation: string, adapter: string, entries: readonly CacheEntry[]): Correction {
  const sizes = sizesOf(problemKey);
  const seen = new Map<string, Observation[]>();
  let problems = 0;
  for (const { key, choice } of entries) {
    if (choice.operation !== operation || choice.adapter !== adapter) continue;
    const weight = 1 / (0.5 + distance(sizes, sizesOf(key))) ** 2;
    problems++;
    for (const candidate of choice.candidates) {
      const modelMs = uncorrected(candidate);
      // A single sample is a first execution, which may have included compilation.
      if (candidate.status !== 'success' || !(candidate.samples! > 1) || !(modelMs > 0) || !(candidate.timeMs! > 0)) continue;
      const observation = { logRatio: Math.log(candidate.timeMs! / modelMs), weight };
      for (const name of [planNameOf(candidate), candidate.algo, '']) seen.set(name, [...(seen.get(name) ?? []), observation]);
    }
  }
  const mean = (name: string): number | undefined => {
    const found = seen.get(name);
    return found && Math.exp(found.reduce((sum, o) => sum + o.weight * o.logRatio, 0) / found.reduce((sum, o) => sum + o.weight, 0));
  };
  return { problems, factor: (name) => mean(name) ?? mean(name.split(' ')[0]) ?? mean('') ?? 1 };
}

/** The name of the term that a correction adds. */
export const learnedTerm = 'measured before';

/** What the model alone said. */
const uncorrected = ({ terms = [] }: Candidate): number => terms.reduce((sum, { name, ms }) => (name === learnedTerm ? sum : sum + ms), 0);

const planNameOf = (c: Candidate): string => planName(c.algo, { label: c.config, mathType: c.mathType });

/** The whole numbers of a problem's key, in their order. */
const sizesOf = (key: string): number[] => Array.from(key.split(' | ')[0].matchAll(/:(\d+)/g), ([, digits]) => Number(digits));

/** How many doublings lie between two problems, over all sizes; far where they are not of one form. */
function distance(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return 20;
  return a.reduce((sum, size, i) => sum + Math.abs(Math.log2((size + 1) / (b[i] + 1))), 0);
}
