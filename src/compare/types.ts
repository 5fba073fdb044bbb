/**
 * @file What a comparison gives: plain data, for the page, the exports and the command line.
 */

/** One line of the Comparison table: a tensor of both sides. */
export interface ComparedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Largest |local − remote|. */
  readonly maxAbsError: number;
  /** The same over the float64 reference's rms. */
  readonly relativeError: number;
  /** Largest |local − reference| over the reference's rms. */
  readonly localError: number;
  readonly remoteError: number;
  readonly tolerance: number;
  /** Why that tolerance: dtype, reduction length, algorithm. */
  readonly toleranceReason: string;
  readonly verdict: Verdict;
}

export type Verdict = 'equal' | 'within tolerance' | 'differs';

export interface SideTiming {
  readonly side: 'local' | 'remote';
  readonly device: string;
  /** True when the device is a software adapter or a cpu. */
  readonly software: boolean;
  readonly versions: Readonly<Record<string, string>>;
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** 95% interval of the median, by bootstrap. */
  readonly intervalMs: readonly [number, number];
  readonly runs: number;
  readonly clock: string;
}

export interface ComparisonResult {
  readonly model: string;
  readonly tensors: readonly ComparedTensor[];
  readonly timings: readonly SideTiming[];
}
