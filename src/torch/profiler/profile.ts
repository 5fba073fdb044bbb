/**
 * @file A profile: taken from start to stop, then asked for its averages or its trace.
 */
import { fail } from '../../base/errors.ts';
import { engine } from '../../compile/engine.ts';
import { Recorder, profiling } from '../../compile/profile.ts';
import type { ProfileData, ProfiledEvent } from '../../compile/profile-data.ts';
import { chromeTrace } from '../../compile/trace/chrome-trace.ts';
import { context } from '../../dnn/choice/context.ts';
import { ratesOf } from '../../dnn/model/rates.ts';
import { p } from '../signature.ts';
import { checked } from '../signature/call.ts';
import { flushUpdates } from '../tensor.ts';
import { tensorsIn } from '../trace.ts';
import type { By, KeyAverages } from './key-averages.ts';
import { averaged, bys } from './key-averages.ts';

export interface ProfileOptions {
  readonly recordShapes: boolean;
  readonly withFlops: boolean;
  /** It notes so many kernels at most. */
  readonly most?: number;
  /** It ends, and has nothing to tell, where the program takes a profile itself. */
  readonly yields?: boolean;
}

type State = { readonly is: 'new' | 'running' | 'yielded' } | { readonly is: 'done'; readonly taken: ProfileData };

/** The profile that is being taken. */
let running: { readonly recorder: Recorder; readonly yield?: () => void } | undefined;

/** Ends the profile that a program has left running, as between two programs. */
export function endProfile(): void {
  running = undefined;
  profiling.recorder?.abandon();
  profiling.recorder = undefined;
}

export class Profile {
  private readonly options: ProfileOptions;
  private readonly recorder: Recorder;
  private state: State = { is: 'new' };
  private began = 0;

  constructor(options: ProfileOptions) {
    this.options = options;
    this.recorder = new Recorder(options.most);
  }

  /** Whether a program has taken a profile of its own meanwhile. */
  get yielded(): boolean {
    return this.state.is === 'yielded';
  }

  /** Computes what is pending, and profiles whatever is computed from then on. */
  async start(): Promise<void> {
    if (this.state.is !== 'new') fail('start: this profile was started before; make another: torch.profiler.profile()');
    running?.yield?.();
    if (running) fail('start: another profile is running, and there is one at a time; await its stop() first');
    running = { recorder: this.recorder, ...(this.options.yields && { yield: () => this.yield() }) };
    this.state = { is: 'running' };
    await flushUpdates();
    await engine.idle();
    this.began = performance.now();
    profiling.recorder = this.recorder;
  }

  /** Computes what is pending, waits until the device has done it, and ends the profile. */
  async stop(): Promise<void> {
    if (this.state.is !== 'running' || running?.recorder !== this.recorder)
      fail(`stop: this profile ${this.state.is === 'done' ? 'has ended' : 'is not running'}; await start() before it`);
    try {
      await flushUpdates();
      await engine.idle();
      const wallMs = performance.now() - this.began;
      profiling.recorder = undefined;
      await engine.work(async () => {
        const events = await this.recorder.end();
        const { leftOut } = this.recorder;
        this.state = { is: 'done', taken: { events, wallMs, leftOut, ...(await this.deviceOf(events)) } };
      });
    } finally {
      endProfile();
    }
  }

  /** Profiles `body` and what it returns: `await prof.run(() => model(x))`. */
  async run<T>(body: () => T): Promise<Awaited<T>> {
    await this.start();
    try {
      const result = await body();
      await engine.realize(tensorsIn(result).map(({ node }) => node));
      await this.stop();
      return result;
    } catch (error) {
      if (running?.recorder === this.recorder) endProfile();
      throw error;
    }
  }

  /**
   * Sums and averages, by operation, by kernel or by layer, in the order in which they ran first; `groupByInputShape`
   * tells shapes apart.
   */
  keyAverages(options?: { readonly groupByInputShape?: boolean; readonly by?: By }): KeyAverages;
  keyAverages(groupByInputShape: boolean, options?: { readonly by?: By }): KeyAverages;
  keyAverages(groupByInputShape: any, _groupByStackN?: any, by?: any): KeyAverages {
    if (groupByInputShape && !this.options.recordShapes)
      fail('keyAverages: shapes were not recorded; take the profile with { recordShapes: true }');
    return averaged(this.taken('keyAverages'), by as By, groupByInputShape as boolean);
  }

  /** The text of a trace for chrome://tracing or ui.perfetto.dev: kernels, operations and layers over time. */
  exportChromeTrace(): string {
    return chromeTrace(this.taken('exportChromeTrace'));
  }

  /** The events, their clock and the adapter, as plain data. */
  data(): ProfileData {
    return this.taken('data');
  }

  private yield(): void {
    this.state = { is: 'yielded' };
    endProfile();
  }

  private taken(what: string): ProfileData {
    return this.state.is === 'done'
      ? this.state.taken
      : fail(
          `${what}: the profile ${this.state.is === 'new' ? 'was not taken yet' : 'is still running'}; await stop() before`,
        );
  }

  private async deviceOf(events: readonly ProfiledEvent[]): Promise<Pick<ProfileData, 'device' | 'ceilings'>> {
    const { device } = engine;
    if (!device || events.every((event) => event.device === 'cpu')) return {};
    const { adapter, clock } = device;
    const told = {
      adapter: adapter.description,
      software: adapter.software,
      clock: clock.kind,
      quantumNs: clock.quantumNs,
    };
    if (!this.options.withFlops) return { device: told };
    const { fma, memory, shared } = await ratesOf(device, context.cache);
    const ceilings = {
      flops: 2 * Math.max(fma.f32, fma.f32x4),
      bytes: memory,
      workgroup: shared * Float32Array.BYTES_PER_ELEMENT,
    };
    return { device: told, ceilings };
  }
}

checked('profiler.profile', Profile, {
  start: [],
  stop: [],
  run: [p.callback('body')],
  keyAverages: [
    p.flag('groupByInputShape', false),
    p.refused('groupByStackN', 0, 'no stacks are recorded'),
    '*',
    p.ours(p.choice(bys)('by', 'op')),
  ],
  exportChromeTrace: [p.refused('path', null, 'it returns the text, which Node writes by writeFile(path, text)')],
  data: [],
});
