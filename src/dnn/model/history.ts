/**
 * @file What was measured corrects what is predicted: by how much the model was wrong about a plan in like problems on
 * this adapter, it is taken to be wrong about it now.
 */
import type { CacheEntry } from '../choice/cache.ts';
import type { Problem } from '../problem.ts';
import type { Candidate } from '../choice/records.ts';
import { learnedTerm } from '../choice/verdict.ts';

/** Factors on predicted times. */
export interface Correction {
  factor(candidateId: string): number;
  /** How many measured problems it rests on. */
  readonly problems: number;
}

interface Observation {
  readonly logRatio: number;
  readonly weight: number;
}

/**
 * What says that a plan is as wrongly predicted as the others, weighs as much as this share of a measurement of the
 * very problem.
 */
const prior = 0.1;

/** Samples with which a time is as good as it gets. */
const manySamples = 5;

/**
 * A plan's factor is that of the whole, times how far it stood out among the plans that were measured with it. One
 * measurement of another problem says little, several of problems that are alike say much: each counts by its likeness
 * and its samples.
 */
export function correctionFor(
  problem: Pick<Problem, 'key' | 'operation' | 'direction'>,
  adapter: string,
  entries: readonly CacheEntry[],
): Correction {
  const sizes = sizesOf(problem.key);
  const levels: Observation[] = [];
  const byCandidate = new Map<string, Observation[]>();
  let problems = 0;
  for (const { key, choice } of entries) {
    if (choice.operation !== problem.operation || choice.direction !== problem.direction || choice.adapter !== adapter)
      continue;
    problems++;
    const likeness = Math.exp(-2 * distance(sizes, sizesOf(key)));
    const timed = choice.candidates.flatMap((candidate) => observed(candidate, likeness));
    if (timed.length === 0) continue;
    // A machine that was slow that day was slow for all of them.
    const level = mean(timed.map(({ observation }) => observation));
    levels.push({ logRatio: level, weight: likeness + Number.MIN_VALUE });
    for (const { candidateId, observation } of timed)
      byCandidate.set(candidateId, [
        ...(byCandidate.get(candidateId) ?? []),
        { ...observation, logRatio: observation.logRatio - level },
      ]);
  }
  const onTheWhole = levels.length ? mean(levels) : 0;
  return {
    problems,
    factor: (candidateId) =>
      Math.exp(onTheWhole + mean([...(byCandidate.get(candidateId) ?? []), { logRatio: 0, weight: prior }])),
  };
}

/**
 * What a candidate's time says of the model. A single sample is a first execution, which may have included compilation.
 */
function observed(
  candidate: Candidate,
  likeness: number,
): { readonly candidateId: string; readonly observation: Observation }[] {
  const { candidateId, own, status, samples = 0, timeMs = 0 } = candidate;
  const modelMs = uncorrected(candidate);
  if (own || status !== 'success' || samples < 2 || !(modelMs > 0) || !(timeMs > 0)) return [];
  const weight = likeness * Math.min(1, samples / manySamples) + Number.MIN_VALUE;
  return [{ candidateId, observation: { logRatio: Math.log(timeMs / modelMs), weight } }];
}

const mean = (observations: readonly Observation[]): number =>
  observations.reduce((sum, o) => sum + o.weight * o.logRatio, 0) / observations.reduce((sum, o) => sum + o.weight, 0);

/** What the model alone said. */
const uncorrected = ({ terms = [] }: Candidate): number =>
  terms.reduce((sum, { name, ms }) => (name === learnedTerm ? sum : sum + ms), 0);

/** The whole numbers of a problem's key, in their order. */
const sizesOf = (key: string): number[] =>
  Array.from(key.split(' | ')[0].matchAll(/:(\d+)/g), ([, digits]) => Number(digits));

/** How many doublings lie between two problems, over all sizes; far where they are not of one form. */
function distance(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return 20;
  return a.reduce((sum, size, i) => sum + Math.abs(Math.log2((size + 1) / (b[i] + 1))), 0);
}
