/**
 * @file What a comparison asks for and gives: plain data, for the page, the exports and the command line.
 */
import { fail } from '../base/errors.ts';
import type { Speedup } from './statistics.ts';
import type { RunSettings, Suspect, Trial } from './why.ts';

/** What a job does beyond one forward pass. */
export interface JobRequest {
  /** Brings gradients back too. */
  readonly gradients?: boolean;
  /** PyTorch's switches, under their names in a report: `{ allow_tf32: true, autocast: 'bfloat16' }`. */
  readonly settings?: RunSettings;
  /** Instead of the last model, the one that was trained last, for so many steps. */
  readonly trainingSteps?: number;
}

export interface JobPayload {
  /** The self-contained PyTorch program. */
  readonly program: string;
  /** Weights and inputs, safetensors. */
  readonly tensors: Uint8Array;
  readonly model: string;
}

/** What a remote gave for a job. */
export interface RemoteOutcome {
  /** The job's report, as it came: not checked. */
  readonly report: unknown;
  /** The output tensors, safetensors. */
  readonly results: Uint8Array;
}

/** One line of the Comparison table: a tensor of both sides. */
export interface ComparedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Largest |local − remote|. */
  readonly maxAbsError: number;
  /** The same over the float64 reference's rms; over the remote's where there is no reference. */
  readonly relativeError: number;
  /**
   * Largest |local − reference| over the reference's rms; absent where the reference would take too long to compute.
   */
  readonly localError?: number;
  readonly remoteError?: number;
  readonly tolerance: number;
  /** Why that tolerance: dtype, reduction length, algorithm. */
  readonly toleranceReason: string;
  readonly verdict: Verdict;
  /**
   * What the verdict alone would hide: that there is nothing to compare, that numbers are none, that they are drawn.
   */
  readonly caveat?: string;
}

export type Verdict = 'equal' | 'within tolerance' | 'differs';

/** A layer of the model: its output on both sides, what computed it, and how long that took. */
export interface ComparedLayer {
  /** As in `named_modules()`. */
  readonly path: string;
  /** The class's name, `'Conv2d'`. */
  readonly type: string;
  readonly tensor?: ComparedTensor;
  /** Why there is no tensor. */
  readonly missing?: string;
  readonly local: LayerSide;
  readonly remote: LayerSide;
}

/** What one side did for a layer, as far as it is known. */
export interface LayerSide {
  /** By cuDNN's names, `'WINOGRAD_NONFUSED'`; several where several kernels say so. */
  readonly algorithm?: string;
  /** The configuration of the algorithm here. */
  readonly config?: string;
  /** What says so: where the choice came from, or the names of the kernels. */
  readonly evidence?: string;
  readonly ms?: number;
  /** What the time is of, and how it was found. */
  readonly timed?: string;
}

export interface ComparedGradients {
  /** What they are the gradients of. */
  readonly of: string;
  readonly tensors: readonly ComparedTensor[];
  /** Names of gradients that were not brought back, for their size. */
  readonly leftOut: readonly string[];
}

/** The same steps of training on both sides. */
export interface ComparedTraining {
  /** `'SGD, lr 0.1, momentum 0.9'`. */
  readonly optimizer: string;
  readonly local: TrainingCurve;
  readonly remote: TrainingCurve;
  /** Largest |local − remote| over the remote's loss, and the step (from 0) at which. */
  readonly largest: { readonly relative: number; readonly step: number };
  /** Whether the remote ended before the last step, since its loss was no longer finite. */
  readonly diverged: boolean;
}

export interface TrainingCurve {
  readonly device: string;
  /** Before each step. */
  readonly losses: readonly number[];
  /** Median milliseconds of a step. */
  readonly stepMs: number;
}

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
  /** Median milliseconds of the GPU's work alone, by its own clock. */
  readonly gpuMs?: number;
}

export interface ComparisonResult {
  readonly model: string;
  /** What the remote computed in, in words. */
  readonly arithmetic: string;
  readonly tensors: readonly ComparedTensor[];
  readonly timings: readonly SideTiming[];
  /** How many times faster this side is, and of what; absent where the sides have no clock of one kind. */
  readonly speed?: Speedup & { readonly of: 'wall time' | 'GPU time' };
  /** In the order of the model; absent where the job brought none back. */
  readonly layers?: readonly ComparedLayer[];
  readonly gradients?: ComparedGradients;
  /** What is known to change numbers in how the sides ran: what explainDifference tries. */
  readonly suspects: readonly Suspect[];
}

/** A remote's side of a comparison: what it gave, held beside the run of this side. */
export interface RemoteComparison {
  /** How the visitor knows the remote; it may be an address. */
  readonly remote: string;
  /**
   * How its results came, in words that name no address: `'run for this comparison'`,
   * `'recorded 2026-01-31T12:00:00Z'`.
   */
  readonly origin: string;
  /** When the two sides were held together, in milliseconds since 1970. */
  readonly at: number;
  /** Whether it can be given another job. */
  readonly repeatable: boolean;
  readonly result: ComparisonResult;
  /** What the remote gave; the comparison has checked it. */
  readonly given: RemoteOutcome;
  /** The same steps of training on both sides, where the program trains. */
  readonly training?: ComparedTraining;
  /** What was tried to find out why the sides differ. */
  readonly trials?: readonly Trial[];
}

export function timingOf({ timings }: ComparisonResult, side: SideTiming['side']): SideTiming {
  return timings.find((timing) => timing.side === side) ?? fail(`compare: there is no time of the ${side} side`);
}
