/**
 * @file The page's side of the engine: a worker that can be thrown away, and that is believed nothing.
 *
 * JavaScript cannot interrupt a loop that never ends, so Stop ends the whole worker and a fresh engine starts in a new
 * one. A call that was under way then rejects with `StoppedError`; Comlink alone would leave it pending for ever.
 *
 * A program that has run may have changed the engine's realm for good. So another program gets a fresh engine, unless
 * only the page's own examples have run in this one.
 */
import { transferHandlers, wrap } from 'comlink';
import type { Remote } from 'comlink';
import { messageOf } from '../../base/errors.ts';
import type { Form } from '../../base/form.ts';
import type { RgbaImage } from '../../base/rgba-image.ts';
import type { RunSettings } from '../../compare/why.ts';
import type { KernelCheck, KernelPlace, KernelText, KernelTrial } from '../../compile/compilation.ts';
import type { AlgorithmChoice, Standing } from '../../dnn/choice/records.ts';
import { race } from '../../session/forms.ts';
import { Flood } from './flood.ts';
import {
  comparedTraining,
  comparison,
  engineEvent,
  engineInfo,
  jobPayload,
  outputBytes,
  outputValues,
  runResult,
} from './forms.ts';
import { inspection, kernelCheck, kernelText as kernelTextForm, kernelTrial } from './inspection-form.ts';
import type { EngineFrame } from './frame.ts';
import { openFrame } from './frame.ts';
import type { KeptPlan, ProgramId } from './plan-database.ts';
import { examplesId, PlanDatabase } from './plan-database.ts';
import type {
  CellRequest,
  ComparedTraining,
  ComparisonResult,
  EngineEvents,
  EngineInfo,
  ForcedCandidate,
  Inspection,
  JobPayload,
  JobRequest,
  OutputValues,
  RunOptions as SessionOptions,
  RunResult,
  TrialRequest,
} from '../../session/protocol.ts';
import type { EngineEvent, EngineHost } from './protocol.ts';

export { examplesId, importedId } from './plan-database.ts';
export type { KeptPlan, ProgramId } from './plan-database.ts';

// With it an answer could become something to call.
transferHandlers.delete('proxy');

/** The visitor ended the engine while the call was under way. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** The program that is run, and what its visitor allows it. */
export interface RunOptions {
  readonly program: ProgramId;
  readonly forced: readonly ForcedCandidate[];
  readonly benchmarkBudgetMs: number;
  readonly fixed: NonNullable<SessionOptions['fixed']>;
  /** Have what the instruments show noted; `inspection()` tells it afterwards. */
  readonly inspect?: boolean;
  /** What `vision.io.image()` is. */
  readonly image?: RgbaImage;
  /** Hosts that it may reach, `'https://example.org'`. */
  readonly hosts: readonly string[];
}

export interface ClientEvents extends EngineEvents {
  /** The program asked for an address that it may not reach. */
  refused(url: string): void;
  standing(standing: Standing): void;
}

interface Engine {
  readonly frame: EngineFrame;
  readonly host: Remote<EngineHost>;
  readonly hosts: readonly string[];
  /** Rejects when the worker is stopped or breaks, and never resolves. */
  readonly ended: Promise<never>;
  readonly end: (reason: Error) => void;
  /** The program that runs, or ran last. */
  program?: ProgramId;
}

export class EngineClient {
  private readonly plans = new PlanDatabase();
  private engine: Engine | undefined;
  private events: ClientEvents | undefined;
  private hidden = false;
  private plansFailed = false;
  /** What is kept has been changed by the visitor, so the next run is handed it anew. */
  private plansChanged = false;

  /** Starts the engine, or asks the running one what it is. */
  start(): Promise<EngineInfo> {
    return this.call((host) => host.start(), engineInfo);
  }

  async run(text: string, events: ClientEvents, { program, hosts, ...options }: RunOptions): Promise<RunResult> {
    this.events = events;
    if (!this.suits(program, hosts)) this.end(new StoppedError('another program runs'));
    const engine = (this.engine ??= this.launch(hosts));
    const plans = engine.program === program && !this.plansChanged ? undefined : await this.plansOf(program);
    [engine.program, this.plansChanged] = [program, false];
    this.plans.beginRun();
    return this.call((host) => host.run(text, { ...options, plans }), runResult);
  }

  /**
   * The last run's model as a job. The worker is the visitor's program's, so what comes out of it is checked here
   * before it goes anywhere.
   */
  async job(request?: JobRequest): Promise<JobPayload> {
    const { checkJob } = await import('../../remote/printed/check.ts');
    return checkJob(await this.call((host) => host.job(request), jobPayload));
  }

  compare(report: unknown, results: Uint8Array, change?: RunSettings): Promise<ComparisonResult> {
    return this.call((host) => host.compare(report, results, change), comparison);
  }

  compareTraining(report: unknown): Promise<ComparedTraining> {
    return this.call((host) => host.compareTraining(report), comparedTraining);
  }

  outputValues(name: string): Promise<OutputValues> {
    return this.call((host) => host.outputValues(name), outputValues);
  }

  inspection(): Promise<Inspection> {
    return this.call((host) => host.inspection(), inspection);
  }

  kernelText(place: KernelPlace): Promise<KernelText> {
    return this.call((host) => host.kernelText(place), kernelTextForm);
  }

  checkKernel(text: string): Promise<KernelCheck> {
    return this.call((host) => host.checkKernel(text), kernelCheck);
  }

  trialKernel(request: TrialRequest): Promise<KernelTrial> {
    return this.call((host) => host.trialKernel(request), kernelTrial);
  }

  mapCell(request: CellRequest): Promise<AlgorithmChoice> {
    return this.call((host) => host.mapCell(request), race);
  }

  outputs(): Promise<Uint8Array> {
    return this.call((host) => host.outputs(), outputBytes);
  }

  /** All measurements that are kept. */
  keptPlans(): Promise<KeptPlan[]> {
    return this.plans.list();
  }

  exportPlans(): Promise<string> {
    return this.plans.exportText();
  }

  /** Takes measurements over from a file's text; how many. */
  importPlans(text: string): Promise<number> {
    this.plansChanged = true;
    return this.plans.importText(text);
  }

  clearPlans(): Promise<void> {
    this.plansChanged = true;
    return this.plans.clear();
  }

  /** Tells the engine whether the page is hidden. */
  setHidden(hidden: boolean): void {
    this.hidden = hidden;
    void this.engine?.host.setHidden(hidden);
  }

  /** Ends the engine, whatever it is doing, and starts a fresh one. What the page has shown stays. */
  stop(): Promise<EngineInfo> {
    this.end(new StoppedError('stopped'));
    return this.start();
  }

  /** What the engine answers, where it is of the form. */
  private async call<T>(ask: (host: Remote<EngineHost>) => Promise<unknown>, form: Form<T>): Promise<T> {
    const engine = (this.engine ??= this.launch([]));
    const answer = await Promise.race([ask(engine.host), engine.ended]);
    try {
      return form(answer, 'engine');
    } catch (error) {
      throw new Error(`the program broke the engine: ${messageOf(error)}; press Stop, or reload the page`, {
        cause: error,
      });
    }
  }

  private suits(program: ProgramId, hosts: readonly string[]): boolean {
    const engine = this.engine;
    if (!engine) return true;
    const before = engine.program ?? examplesId;
    return (before === program || before === examplesId) && engine.hosts.join() === hosts.join();
  }

  private launch(hosts: readonly string[]): Engine {
    let end!: (reason: Error) => void;
    const ended = new Promise<never>((_, reject) => (end = reject));
    ended.catch(() => {}); // an engine that ends while no call is under way is no error
    const frame = openFrame(hosts, (reason) => this.end(new Error(`engine: the worker failed: ${reason}`)));
    const engine: Engine = { frame, host: wrap<EngineHost>(frame.calls), hosts, ended, end };
    const flood = new Flood();
    const count = (): void => {
      if (flood.exceeds())
        this.end(new Error('the program sent more than the page can show, so its engine was stopped'));
    };
    frame.calls.addEventListener('message', count);
    frame.events.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      count();
      if (this.engine === engine) this.hear(engine, data);
    });
    frame.events.start();
    if (this.hidden) void engine.host.setHidden(true);
    return engine;
  }

  /** What is not of the forms that an engine says is a program's own saying. */
  private hear(engine: Engine, data: unknown): void {
    let event: EngineEvent;
    try {
      event = engineEvent(data, 'engine');
    } catch {
      return;
    }
    if (event.event === 'console') this.events?.console(event.entry);
    else if (event.event === 'progress') this.events?.progress(event.text);
    else if (event.event === 'figure') this.events?.figure?.(event.figure);
    else if (event.event === 'standing') this.events?.standing(event.standing);
    else if (event.event === 'refused') this.events?.refused(event.url);
    else if (engine.program !== undefined) void this.keep(this.plans.apply(engine.program, event.plan));
  }

  private async plansOf(program: ProgramId) {
    const loaded = await this.keep(this.plans.load(program));
    if (loaded?.damage !== undefined) this.events?.console({ level: 'warn', text: loaded.damage });
    return loaded?.entries ?? [];
  }

  /** A database that fails costs the memory of later visits and nothing else; it is told once. */
  private keep<T>(work: Promise<T>): Promise<T | undefined> {
    return work.catch((error: unknown) => {
      if (!this.plansFailed)
        this.events?.console({
          level: 'warn',
          text: `plan cache: the store failed (${messageOf(error)}); choices measured now are lost when this session ends`,
        });
      this.plansFailed = true;
      return undefined;
    });
  }

  private end(reason: Error): void {
    this.engine?.frame.remove();
    this.engine?.end(reason);
    this.engine = undefined;
  }
}

/** The engine of the page, in a frame of its own. */
export function createEngineClient(): EngineClient {
  const client = new EngineClient();
  const tell = (): void => client.setHidden(document.hidden);
  document.addEventListener('visibilitychange', tell);
  tell();
  return client;
}
