/**
 * @file What page and engine say to each other: plain data only, no engine object crosses.
 *
 * The worker exposes `EngineHost` by Comlink on one port. On another it tells the page of `EngineEvent`s by itself; nothing that could
 * be called goes into the worker, since a visitor's program runs there. `forms.ts` says what the page takes of all this.
 */
import type { DType } from '../base/dtype.ts';
import type { ComparedTraining, ComparisonResult, JobPayload, JobRequest } from '../compare/types.ts';
import type { RunSettings } from '../compare/why.ts';
import type { StoredEntry } from '../dnn/cache.ts';
import type { AlgorithmChoice, Forced } from '../dnn/records.ts';

export interface EngineHost {
  /** Finds an adapter and makes a device; never throws: without WebGPU the cpu reference runs and `reason` says why. */
  start(): Promise<EngineInfo>;
  /** Runs a program's text. Resolves when it has ended, well or badly. */
  run(program: string, options: RunOptions): Promise<RunResult>;
  /** The last run's model as a remote job; rejects with the reason when the last run recorded no model. */
  job(request?: JobRequest): Promise<JobPayload>;
  /** The outputs of the last run's model, safetensors; rejects with the reason when the last run recorded no model. */
  outputs(): Promise<Uint8Array>;
  /** Tells whether the page is hidden: what is measured meanwhile means nothing. */
  setHidden(hidden: boolean): Promise<void>;
  /**
   * Judges a remote's results against the last run and a float64 run of the same graph. With a change, which is one of this side's
   * suspects, against another run in which the suspected is not done.
   */
  compare(report: unknown, results: Uint8Array, change?: RunSettings): Promise<ComparisonResult>;
  /** Repeats on this side the steps of training that a remote's report tells of. */
  compareTraining(report: unknown): Promise<ComparedTraining>;
}

export interface RunOptions {
  /** What runs in place of what would be chosen, or fails with the reason. */
  readonly forced?: readonly Forced[];
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

export interface AdapterInfo {
  readonly description: string;
  readonly vendor: string;
  readonly architecture: string;
  /** A software adapter (SwiftShader, lavapipe): its times say nothing about a GPU. */
  readonly software: boolean;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
  /** How kernels are timed, and the smallest step of that clock in nanoseconds. */
  readonly timer: { readonly kind: 'timestamp-query' | 'wall'; readonly quantumNs: number };
}

/** What the engine tells by itself. */
export type EngineEvent =
  | { readonly event: 'console'; readonly entry: ConsoleEntry }
  | { readonly event: 'progress'; readonly text: string }
  /** The program asked for an address that it may not reach. */
  | { readonly event: 'refused'; readonly url: string }
  /** The plan cache has changed. */
  | { readonly event: 'plan'; readonly plan: PlanChange };

export type PlanChange =
  | { readonly change: 'put'; readonly entry: StoredEntry }
  | { readonly change: 'touch'; readonly key: string; readonly used: number }
  | { readonly change: 'delete'; readonly keys: readonly string[] }
  | { readonly change: 'clear' };

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

export type { ComparedTensor, ComparedTraining, ComparisonResult, JobPayload, JobRequest, SideTiming } from '../compare/types.ts';
export type { Forced } from '../dnn/records.ts';
