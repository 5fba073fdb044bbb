/**
 * @file What a session takes and tells: plain data only, so that a page or a command line in another realm can show it.
 */
import type { AdapterInfo } from '../base/adapter-info.ts';
import type { DType } from '../base/dtype.ts';
import type { Phase } from '../base/phases.ts';
import type { RgbaImage } from '../base/rgba-image.ts';
import type { Compilation, KernelPlace } from '../compile/compilation.ts';
import type { StoredEntry } from '../dnn/choice/cache.ts';
import type { AlgorithmChoice, Direction, ForcedCandidate } from '../dnn/choice/records.ts';
import type { MemoryData } from '../compile/memory-data.ts';
import type { ProfileData } from '../compile/profile-data.ts';

export interface RunOptions {
  /** What runs in place of what would be chosen, or fails with the reason. */
  readonly forced?: readonly ForcedCandidate[];
  /** What `torch.backends.cudnn.benchmarkBudgetMs` is unless the program says otherwise. */
  readonly benchmarkBudgetMs?: number;
  /**
   * Switches of `torch.backends.cudnn` that hold whatever the program sets them to; torch.compile switched off; and
   * where the default generator starts, whatever `torch.manualSeed` says.
   */
  readonly fixed?: {
    readonly benchmark?: boolean;
    readonly benchmarkInBackground?: boolean;
    readonly deterministic?: boolean;
    readonly workspaceLimit?: number;
    readonly compile?: false;
    readonly seed?: number;
  };
  /** Plans everything anew and notes what the instruments show; `inspection()` tells it afterwards. */
  readonly inspect?: boolean;
  /** What `vision.io.image()` is; without one, a sample. */
  readonly image?: RgbaImage;
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
  /** A figure of the program's, in the place of an earlier one with its title. */
  figure?(figure: Figure): void;
  /** What is being done now: `'compiling 12 pipelines'`, `'measuring conv2d 3 of 5'`. */
  progress(text: string): void;
}

/** A race that was run and recorded on some machine, with where it comes from. */
export interface RecordedRace {
  readonly format: 'wudnn-race/1';
  /** The program's text. */
  readonly program: string;
  /** When it ran, as ISO 8601 writes it. */
  readonly at: string;
  readonly adapter: string;
  /** What computed, by component. */
  readonly versions: Readonly<Record<string, string>>;
  /** How it was made. */
  readonly command: string;
  readonly choices: readonly AlgorithmChoice[];
}

/** What a program has drawn under a title: one of the three, or none where it could not be drawn. */
export interface Figure {
  readonly title: string;
  readonly curves?: readonly Curve[];
  readonly image?: OutputValues;
  readonly progress?: { readonly done: number; readonly of: number };
}

export interface Curve {
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Of so many points that the program gave, one is here. */
  readonly every: number;
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

/** What a run was like inside: its graphs, its kernels, and when what happened. */
export interface Inspection {
  /** Whatever was planned in one go: an eager program's values that were asked for, a compiled call, a step. */
  readonly schedules: readonly Compilation[];
  /** Each kernel, timed apart from the others; absent where the program took a profile itself. */
  readonly profile?: ProfileData;
  /** The device memory at each submission. */
  readonly memory: MemoryData;
  /** What the engine was busy with; the rest of the time is the program's own. */
  readonly phases: readonly Phase[];
  /** Of the run, on the host's clock, in milliseconds. */
  readonly start: number;
  readonly end: number;
}

/** An edited kernel, whole as `kernelText` gives it, and the kernel of the inspection whose place it takes. */
export interface TrialRequest {
  readonly place: KernelPlace;
  readonly text: string;
}

/** A cell of a crossover map. */
export interface CellRequest {
  /** N, C, H, W, K, R, S, stride, padding. */
  readonly sizes: readonly number[];
  readonly direction: Direction;
  readonly dtype: 'float32' | 'float16';
  /** Wall time for measuring, in milliseconds; without it the model predicts. */
  readonly budgetMs?: number;
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

/** Of one tensor, the page is handed no more: drawing it must not make the page wait. */
export const mostShownBytes = 2 ** 22;

/** All numbers of an output. */
export interface OutputValues {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** As in files: a float16 in two bytes, a bool in one. */
  readonly bytes: Uint8Array;
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
