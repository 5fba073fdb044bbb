/**
 * @file What a list of times says: median, quartiles, and how sure the median is.
 */
import { fail } from '../base/errors.ts';
import { Generator } from '../base/random.ts';

export interface TimeSummary {
  readonly runs: number;
  readonly min: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly max: number;
  /** 95% interval of the median. */
  readonly interval: readonly [number, number];
}

const resamples = 1000;
const resampleSeed = 0;

/** Summary of at least one sample. */
export function summarize(samples: readonly number[]): TimeSummary {
  if (samples.length === 0) fail('statistics: no samples to summarize');
  const sorted = samples.toSorted((a, b) => a - b);
  return {
    runs: sorted.length,
    min: sorted[0],
    lowerQuartile: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    upperQuartile: quantile(sorted, 0.75),
    max: sorted.at(-1)!,
    interval: medianInterval(sorted),
  };
}

/** The quantile of sorted samples, linear between neighbours. */
export function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

/**
 * 95% interval of the median by the percentile bootstrap (Efron 1979): the spread of the medians of samples drawn again
 * from the samples. The seed is fixed, so equal samples give an equal interval.
 */
export function medianInterval(samples: readonly number[]): [number, number] {
  const generator = new Generator(resampleSeed);
  return interval95(() => medianOfDraw(samples, generator));
}

/** The median of as many samples drawn from the samples, with putting back. */
function medianOfDraw(samples: readonly number[], generator: Generator): number {
  const drawn = samples.map(() => samples[generator.random() % samples.length]);
  return quantile(
    drawn.sort((a, b) => a - b),
    0.5,
  );
}

function interval95(draw: () => number): [number, number] {
  const drawn = Array.from({ length: resamples }, draw).sort((a, b) => a - b);
  return [quantile(drawn, 0.025), quantile(drawn, 0.975)];
}

export interface Speedup {
  /** How many times faster the first side is; below 1 it is slower. */
  readonly ratio: number;
  readonly interval: readonly [number, number];
  /** Whether the interval excludes 1. */
  readonly certain: boolean;
}

/** How many times faster `first` is than `second`, by medians, with the bootstrap interval of that ratio. */
export function speedup(first: readonly number[], second: readonly number[]): Speedup {
  const generator = new Generator(resampleSeed);
  const interval = interval95(() => medianOfDraw(second, generator) / medianOfDraw(first, generator));
  const ratio = summarize(second).median / summarize(first).median;
  return { ratio, interval, certain: interval[0] > 1 || interval[1] < 1 };
}
