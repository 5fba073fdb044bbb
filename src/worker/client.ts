/**
 * @file The page's side of the engine: a worker that can be thrown away.
 *
 * JavaScript cannot interrupt a loop that never ends, so Stop ends the whole worker and a fresh engine starts in a new
 * one. A call that was under way then rejects with `StoppedError`; Comlink alone would leave it pending for ever.
 */
import { proxy, wrap } from 'comlink';
import type { Remote } from 'comlink';
import type { RunSettings } from '../compare/why.ts';
import type { ComparedTraining, ComparisonResult, EngineEvents, EngineHost, EngineInfo, Forced, JobPayload, JobRequest, RunResult } from './protocol.ts';

/** The visitor ended the engine while the call was under way. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

interface Engine {
  readonly worker: Worker;
  readonly host: Remote<EngineHost>;
  /** Rejects when the worker is stopped or breaks, and never resolves. */
  readonly ended: Promise<never>;
  readonly end: (reason: Error) => void;
}

export class EngineClient {
  readonly #createWorker: () => Worker;
  #engine: Engine | undefined;
  #hidden = false;

  constructor(createWorker: () => Worker) {
    this.#createWorker = createWorker;
  }

  /** Starts the engine, or asks the running one what it is. */
  start(): Promise<EngineInfo> {
    return this.#call((host) => host.start());
  }

  run(program: string, events: EngineEvents, forced: readonly Forced[]): Promise<RunResult> {
    return this.#call<RunResult>((host) => host.run(program, proxy(events), forced));
  }

  /** The last run's model as a job. The worker is the visitor's program's, so what comes out of it is checked here before it goes anywhere. */
  async job(request?: JobRequest): Promise<JobPayload> {
    const { checkJob } = await import('../remote/printed/check.ts');
    return checkJob(await this.#call((host) => host.job(request)));
  }

  compare(report: unknown, results: Uint8Array, change?: RunSettings): Promise<ComparisonResult> {
    return this.#call((host) => host.compare(report, results, change));
  }

  compareTraining(report: unknown): Promise<ComparedTraining> {
    return this.#call((host) => host.compareTraining(report));
  }

  outputs(): Promise<Uint8Array> {
    return this.#call((host) => host.outputs());
  }

  /** Tells the engine whether the page is hidden. */
  setHidden(hidden: boolean): void {
    this.#hidden = hidden;
    void this.#engine?.host.setHidden(hidden);
  }

  /** Ends the engine, whatever it is doing, and starts a fresh one. What the page has shown stays. */
  stop(): Promise<EngineInfo> {
    this.#end(new StoppedError('stopped'));
    return this.start();
  }

  async #call<T>(ask: (host: Remote<EngineHost>) => Promise<T>): Promise<T> {
    const engine = (this.#engine ??= this.#launch());
    return Promise.race([ask(engine.host), engine.ended]);
  }

  #launch(): Engine {
    const worker = this.#createWorker();
    let end!: (reason: Error) => void;
    const ended = new Promise<never>((_, reject) => (end = reject));
    ended.catch(() => {}); // an engine that ends while no call is under way is no error
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#end(new Error(`engine: the worker failed: ${event.message || 'its script did not load; reload the page'}`));
    });
    const host = wrap<EngineHost>(worker);
    if (this.#hidden) void host.setHidden(true);
    return { worker, host, ended, end };
  }

  #end(reason: Error): void {
    this.#engine?.worker.terminate();
    this.#engine?.end(reason);
    this.#engine = undefined;
  }
}

/** The engine of the page, in a worker of its own. */
export function createEngineClient(): EngineClient {
  const client = new EngineClient(() => new Worker(new URL('./host.ts', import.meta.url), { type: 'module', name: 'wudnn engine' }));
  const tell = (): void => client.setHidden(document.hidden);
  document.addEventListener('visibilitychange', tell);
  tell();
  return client;
}
