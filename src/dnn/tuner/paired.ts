/**
 * @file Two kernels compared by their times in the same rounds: whatever slows the machine down in a round slows both.
 */
import type { PairedComparison } from '../choice/records.ts';

/**
 * How much slower the first is than the second; both are given by round, and the rounds that both ran count. The
 * interval is that of the median ratio by its signs (98%), and wider by 30/n⁴ where n rounds are too few for that.
 * `undefined` where they have no round in common.
 */
export function comparePaired(samples: readonly number[], against: readonly number[]): PairedComparison | undefined {
  const rounds = Math.min(samples.length, against.length);
  if (rounds === 0) return undefined;
  const ratios = Array.from({ length: rounds }, (_, round) => ratio(samples[round], against[round])).sort(
    (a, b) => a - b,
  );
  const rank = confidentRank(rounds);
  const margin = 1 + 30 / rounds ** 4;
  return {
    slower: median(ratios) - 1,
    interval: [ratios[rank] / margin - 1, ratios[rounds - 1 - rank] * margin - 1],
    rounds,
  };
}

/** Compared with a third by way of the second, with the bounds of both. */
export function chained(first: PairedComparison, second: PairedComparison, through: string): PairedComparison {
  const product = (a: number, b: number): number => (1 + a) * (1 + b) - 1;
  return {
    slower: product(first.slower, second.slower),
    interval: [product(first.interval[0], second.interval[0]), product(first.interval[1], second.interval[1])],
    rounds: Math.min(first.rounds, second.rounds),
    through,
  };
}

export const isSlower = ({ interval }: PairedComparison): boolean => interval[0] > 0;
export const isFaster = ({ interval }: PairedComparison): boolean => interval[1] < 0;

/** Two that a clock shows as equal are equal, also where it shows nothing of either. */
const ratio = (a: number, b: number): number => (a === b ? 1 : a / b);

/**
 * The rank (from 0) of the sorted ratio which lies below the true median with a probability of 99%, by the binomial
 * distribution of signs; 0 where there are too few for that.
 */
function confidentRank(n: number): number {
  let below = 0;
  let chance = 2 ** -n;
  let k = 0;
  for (; below + chance <= 0.01; k++) {
    below += chance;
    chance *= (n - k) / (k + 1);
  }
  return Math.max(0, k - 1);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
