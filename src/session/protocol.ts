/**
 * @file What a session takes and tells: plain data only, so that a page or a command line in another realm can show it.
 */
import type { AdapterInfo } from '../base/adapter-info.ts';
import type { DType } from '../base/dtype.ts';
import type { StoredEntry } from '../dnn/choice/cache.ts';
import type { AlgorithmChoice, ForcedCandidate } from '../dnn/choice/records.ts';

export interface RunOptions {
  /** What runs in place of what would be chosen, or fails with the reason. */
  readonly forced?: readonly ForcedCandidate[];
  /** What `torch.backends.cudnn.benchmarkBudgetMs` is unless the program says otherwise. */
  readonly benchmarkBudgetMs?: number;
  /** The plans that the program may know; absent where the engine has them already. */
  readonly plans?: readonly StoredEntry[];
}

export interface EngineInfo {
  readonly device: 'webgpu' | 'cpu';
  readonly adapter?: AdapterInfo;
  /** Why there is no WebGPU device, and what to do. */
  readonly reason?: string;
}

/** Who hears what a program says while it runs. */
export interface EngineEvents {
  console(entry: ConsoleEntry): void;
  /** What is being done now: `'compiling 12 pipelines'`, `'measuring conv2d 3 of 5'`. */
  progress(text: string): void;
}

export interface ConsoleEntry {
  readonly level: 'log' | 'info' | 'warn' | 'error';
  readonly text: string;
  /** The line of the visitor's program that wrote it, from 1, where known. */
  readonly line?: number;
  /** An entry of this number takes the place of an earlier one with it. */
  readonly id?: number;
  /** It prints tensors that are still computed; the entry that has their values follows. */
  readonly open?: boolean;
}

export type RunResult = RunSuccess | RunFailure;

export interface RunSuccess {
  readonly ok: true;
  readonly device: 'webgpu' | 'cpu';
  /** Tensors that the program exports by name; else the output of its last outermost model call. */
  readonly outputs: readonly OutputSummary[];
  readonly choices: readonly AlgorithmChoice[];
  /** Wall time of the whole program, in milliseconds. */
  readonly wallMs: number;
  /** Whether `job()` has a model to send, and its class. */
  readonly model?: string;
  /** The class of the optimizer whose steps a job can repeat, where the program trained a model by one. */
  readonly optimizer?: string;
}

export interface RunFailure {
  readonly ok: false;
  readonly error: ProgramError;
  readonly choices: readonly AlgorithmChoice[];
}

export interface ProgramError {
  readonly name: string;
  readonly message: string;
  /** Place in the visitor's program, from 1, where known. */
  readonly line?: number;
  readonly column?: number;
  /** The visitor's own frames, innermost first. */
  readonly frames: readonly { readonly line: number; readonly column: number; readonly name?: string }[];
}

export interface OutputSummary {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly device: 'webgpu' | 'cpu';
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly std: number;
  /** How many elements are NaN or infinite. */
  readonly nonFinite: number;
  /** The first elements, at most 64. */
  readonly head: readonly number[];
  /** FNV-1a of the bytes, in hex: equal numbers, equal checksum. */
  readonly checksum: string;
}

export type {
  ComparedTensor,
  ComparedTraining,
  ComparisonResult,
  JobPayload,
  JobRequest,
  SideTiming,
} from '../compare/types.ts';
export type { ForcedCandidate } from '../dnn/choice/records.ts';
