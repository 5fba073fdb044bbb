/**
 * @file What page and engine say to each other: plain data only, no engine object crosses.
 *
 * The worker exposes `EngineHost` by Comlink on one port. On another it tells the page of `EngineEvent`s by itself;
 * nothing that could be called goes into the worker, since a visitor's program runs there. `forms.ts` says what the
 * page takes of all this.
 */
import type { ComparedTraining, ComparisonResult, JobPayload, JobRequest } from '../../compare/types.ts';
import type { RunSettings } from '../../compare/why.ts';
import type { StoredEntry } from '../../dnn/choice/cache.ts';
import type { AlgorithmChoice, Standing } from '../../dnn/choice/records.ts';
import type { KernelCheck, KernelPlace, KernelText, KernelTrial } from '../../compile/compilation.ts';
import type {
  CellRequest,
  ConsoleEntry,
  EngineInfo,
  Figure,
  Inspection,
  OutputValues,
  RunOptions,
  RunResult,
  TrialRequest,
} from '../../session/protocol.ts';

export interface EngineHost {
  /** Finds an adapter and makes a device; never throws: without WebGPU the cpu reference runs and `reason` says why. */
  start(): Promise<EngineInfo>;
  /** Runs a program's text. Resolves when it has ended, well or badly. */
  run(program: string, options: RunOptions): Promise<RunResult>;
  /** The numbers of an output of the last run; rejects where it has too many to look at. */
  outputValues(name: string): Promise<OutputValues>;
  /** What the last run was like inside; rejects with the reason where it was not run with `inspect`. */
  inspection(): Promise<Inspection>;
  /** The text of a kernel of the inspection. */
  kernelText(place: KernelPlace): Promise<KernelText>;
  /** What the compiler says of a kernel's whole text, with lines and columns in it; nothing is run. */
  checkKernel(text: string): Promise<KernelCheck>;
  /**
   * Runs an edited kernel in the place of one of the inspection: on the same grid, and on equal buffers of random
   * numbers. What goes wrong with it is told in the answer; rejects where there is no such place.
   */
  trialKernel(request: TrialRequest): Promise<KernelTrial>;
  /** Every algorithm of a convolution with its time; rejects where the sizes make no sense or there is no GPU. */
  mapCell(request: CellRequest): Promise<AlgorithmChoice>;
  /** The last run's model as a remote job; rejects with the reason when the last run recorded no model. */
  job(request?: JobRequest): Promise<JobPayload>;
  /** The outputs of the last run's model, safetensors; rejects with the reason when the last run recorded no model. */
  outputs(): Promise<Uint8Array>;
  /** Tells whether the page is hidden: what is measured meanwhile means nothing. */
  setHidden(hidden: boolean): Promise<void>;
  /**
   * Judges a remote's results against the last run and a float64 run of the same graph. With a change, which is one of
   * this side's suspects, against another run in which the suspected is not done.
   */
  compare(report: unknown, results: Uint8Array, change?: RunSettings): Promise<ComparisonResult>;
  /** Repeats on this side the steps of training that a remote's report tells of. */
  compareTraining(report: unknown): Promise<ComparedTraining>;
}

/** What the engine tells by itself. */
export type EngineEvent =
  | { readonly event: 'console'; readonly entry: ConsoleEntry }
  | { readonly event: 'progress'; readonly text: string }
  | { readonly event: 'figure'; readonly figure: Figure }
  /** The program asked for an address that it may not reach. */
  | { readonly event: 'refused'; readonly url: string }
  /** How the measurement under way stands. */
  | { readonly event: 'standing'; readonly standing: Standing }
  /** The plan cache has changed. */
  | { readonly event: 'plan'; readonly plan: PlanChange };

export type PlanChange =
  | { readonly change: 'put'; readonly entry: StoredEntry }
  | { readonly change: 'touch'; readonly key: string; readonly used: number }
  | { readonly change: 'delete'; readonly keys: readonly string[] }
  | { readonly change: 'clear' };
