/**
 * @file Schedules that are kept: by the shape of the graph, ready to run. A training step of a known shape plans
 * nothing anew.
 */
import { counted } from '../base/format.ts';
import { during } from '../base/phases.ts';
import type { PlanCache } from '../dnn/choice/cache.ts';
import { limitsOf } from '../dnn/choice/candidates.ts';
import type { ChoiceOptions } from '../dnn/choice/choose.ts';
import { Chooser } from '../dnn/choice/choose.ts';
import { ownConvolutionsVersion } from '../dnn/conv2d/own.ts';
import type { Plan, Problem } from '../dnn/problem.ts';
import type { AlgorithmChoice, ForcedCandidate } from '../dnn/choice/records.ts';
import type { CudnnSettings } from '../dnn/choice/settings.ts';
import type { Exclusively } from '../dnn/choice/stopwatch.ts';
import type { Device } from '../gpu/device.ts';
import type { DeviceBuffer } from '../gpu/pool.ts';
import type { Program } from '../gpu/program.ts';
import type { Node, Value } from '../graph/types.ts';
import type { PassName, PassOptions } from './passes/index.ts';
import type { PlanOptions } from './plan.ts';
import type { Compilation } from './compilation.ts';
import { placeLaunches } from './graph-record.ts';
import { planRegion } from './plan.ts';
import type { PreparedBuffers } from './prepared-buffers.ts';
import type { LineOf, PendingRecord } from './record.ts';
import { recordCompilation } from './record.ts';
import type { Region } from './region.ts';
import type { KnownRegion } from './region-keys.ts';
import { RegionKeys } from './region-keys.ts';
import type { Schedule } from './schedule.ts';

/** Schedules remembered; the least recently used goes first. */
const schedulesKept = 256;

/** More records than a person looks at are not kept. */
const mostRecords = 200;

export interface CompiledSchedule {
  readonly schedule: Schedule;
  readonly program: Program;
  /** It has run without a complaint. */
  proven: boolean;
  readonly preparation?: Preparation;
  /** The problems whose plans it runs, by their keys. */
  readonly problems: ReadonlySet<string>;
  /**
   * The last buffers of each slot and of each piece of memory: with the same ones again, bind groups need not be made.
   */
  readonly recent: { readonly slots: DeviceBuffer[][]; readonly memory: DeviceBuffer[][] };
}

/** What is computed from steady leaves, given by their numbers, and its result as long as their values stay. */
export interface Preparation {
  readonly compiled: CompiledSchedule;
  readonly leaves: readonly number[];
  result?: PreparedBuffers;
}

/** What a schedule does without where memory is short: prepared weights always, else what has no room. */
export interface Saving {
  /** Bytes that there is room for in all, beside values and results. */
  readonly room?: number;
}

/** What is known of a graph beside its shape. */
interface Given extends Saving {
  readonly steady: ReadonlySet<Node>;
}

type Choose = (problem: Problem, options: ChoiceOptions) => Plan;

export class Schedules {
  /** How what is measured in the background gets the device between computations. */
  inBackground?: Exclusively;
  /** Told what is being done, for people. */
  onProgress?: (text: string) => void;
  /** Candidates that run in place of what the chooser would take, until the program ends. */
  forced: readonly ForcedCandidate[] = [];
  /** Passes that are switched off, until the program ends. */
  withoutPasses: readonly PassName[] = [];
  /** Told of a graph after each pass. */
  onGraph: PassOptions['onGraph'];
  /** Told what a person should know. */
  onRemark?: (text: string, stack?: string) => void;
  /** Whether what is planned leaves a record: compiled code, or all code. */
  recordsCompilations?: 'compiled' | 'all';
  private recorded: PendingRecord[] = [];
  private readonly settings: CudnnSettings;
  private chooser: Chooser | undefined;
  private kept = new Map<string, Promise<CompiledSchedule>>();
  private readonly keys = new RegionKeys();
  /** How graphs save memory that ran out of it, by the key of their schedules. */
  private cramped = new Map<string, Saving>();
  /** The values that a graph's weights had when it ran last, by the key of its schedule. */
  private weightsOf = new Map<string, readonly WeakRef<Value>[]>();
  /** Remarks that have been told. */
  private readonly told = new Set<string>();
  private readonly ready = new WeakMap<Promise<CompiledSchedule>, CompiledSchedule>();

  constructor(settings: CudnnSettings) {
    this.settings = settings;
  }

  /** Forgets choices; schedules too, unless they stay. */
  forget(schedules = true): void {
    this.stopMeasuring();
    this.chooser = undefined;
    this.told.clear();
    if (!schedules) return;
    for (const entry of this.kept.values()) this.ready.get(entry)?.preparation?.result?.release();
    this.kept = new Map();
    this.weightsOf = new Map();
    this.spend();
  }

  /** What had no room may have some now. */
  spend(): void {
    this.cramped = new Map();
  }

  /** Resolves when all has been measured that is measured in the background. */
  async measured(): Promise<void> {
    await this.chooser?.settled();
  }

  /** Ends what is being measured in the background, and keeps nothing of it. */
  stopMeasuring(): void {
    this.chooser?.close();
  }

  /** Every choice of an algorithm since the last call. */
  takeChoices(): AlgorithmChoice[] {
    return this.chooser?.takeChoices() ?? [];
  }

  /** The record of all that was compiled since the last call. */
  takeCompilations(lineOf: LineOf): Compilation[] {
    const taken = this.recorded.map((recorded) => recorded(lineOf));
    this.recorded = [];
    return taken;
  }

  /** What a program should know whose results are not finite. */
  get spreadRemark(): string | undefined {
    return this.chooser?.spreadRemark;
  }

  /** The region's schedule, from the cache or planned and compiled now. */
  get(
    device: Device,
    region: Region,
    targets: readonly Node[],
    plans: PlanCache,
    saving?: Saving,
  ): Promise<CompiledSchedule> {
    const shape = this.regionLike(region, targets);
    if (saving) this.cramped.set(shape.key, saving);
    const cramped = this.cramped.get(shape.key);
    const steady = cramped ? none : this.steadyIn(region, shape.key);
    const key = steady.size > 0 ? preparedKey(shape, region, steady) : crampedKey(shape, cramped);
    const known = this.kept.get(key);
    const entry = known ?? this.plan(device, region, targets, plans, { steady, room: cramped?.room });
    if (!known) {
      entry.then(
        (compiled) => this.ready.set(entry, compiled),
        () => this.kept.delete(key),
      );
    }
    this.keep(key, entry);
    return entry;
  }

  /**
   * The same without waiting: algorithms that are not chosen yet are the plainest ones, and the schedule is kept apart.
   */
  getAtOnce(device: Device, region: Region, targets: readonly Node[], plans: PlanCache): CompiledSchedule {
    const { key } = this.regionLike(region, targets);
    for (const known of [key, atOnce(key)]) {
      const entry = this.kept.get(known);
      const compiled = entry && this.ready.get(entry);
      if (!compiled) continue;
      this.keep(known, entry);
      return compiled;
    }
    const chooser = this.chooserFor(device, plans);
    const problems = new Set<string>();
    const choose: Choose = (problem, named) => chooser.known(problem, named) ?? chooser.atOnce(problem, named);
    const schedule = this.schedule(device, region, targets, noting(problems, choose));
    const compiled = ready(schedule, device.prepareAtOnce(schedule.launches), problems);
    const entry = Promise.resolve(compiled);
    this.ready.set(entry, compiled);
    this.keep(atOnce(key), entry);
    return compiled;
  }

  /**
   * A model's weights, in compiled code, that have the values of the last run of the same graph. Each run notes them
   * for the next.
   */
  private steadyIn(region: Region, key: string): ReadonlySet<Node> {
    const weights = region.leaves.filter((leaf) => leaf.isState);
    if (weights.length === 0 || !region.order.some(({ compiled }) => compiled)) return none;
    const before = this.weightsOf.get(key);
    const isSteady = weights.map(({ value }, i) => before?.[i].deref() === value);
    if (isSteady.includes(false))
      this.weightsOf.set(
        key,
        weights.map(({ value }, i) => (isSteady[i] ? before![i] : new WeakRef(value!))),
      );
    return new Set(weights.filter((_, i) => isSteady[i]));
  }

  private regionLike(region: Region, targets: readonly Node[]): KnownRegion {
    const { settings, withoutPasses } = this;
    const told = `${settings.enabled} ${Object.values(limitsOf(settings)).join(' ')} ${withoutPasses.join(' ')} ${ownConvolutionsVersion()}`;
    return this.keys.of(region, targets, told);
  }

  private keep(key: string, entry: Promise<CompiledSchedule>): void {
    this.kept.delete(key);
    this.kept.set(key, entry);
    if (this.kept.size <= schedulesKept) return;
    const [oldest, stale] = this.kept.entries().next().value!;
    this.kept.delete(oldest);
    this.weightsOf.delete(oldest);
    this.cramped.delete(oldest);
    void stale.then(dispose);
  }

  /** Lets go of the schedules that run the problem: their next run is planned anew. Nothing is computed meanwhile. */
  private drop(problem: string): void {
    for (const [key, entry] of this.kept) {
      const compiled = this.ready.get(entry);
      if (!compiled?.problems.has(problem)) continue;
      this.kept.delete(key);
      dispose(compiled);
    }
  }

  private async plan(
    device: Device,
    region: Region,
    targets: readonly Node[],
    plans: PlanCache,
    given: Given,
  ): Promise<CompiledSchedule> {
    const chooser = this.chooserFor(device, plans);
    const problems = new Set<string>();
    const schedule = await during('planning', () =>
      settled(chooser, (choose) => this.schedule(device, region, targets, noting(problems, choose), given)),
    );
    if (this.records(region)) await this.record(device, region, targets, plans, schedule);
    this.onProgress?.(`compiling ${counted(schedule.launches.length, 'kernel')}`);
    const { preparation } = schedule;
    const [program, before] = await during('compiling', () =>
      Promise.all([schedule, ...(preparation ? [preparation] : [])].map((s) => device.prepare(s.launches))),
    );
    if (!preparation) return ready(schedule, program, problems);
    const leaves = preparation.slots.flatMap((slot) => (slot.kind === 'leaf' ? [slot.leaf] : []));
    return {
      ...ready(schedule, program, problems),
      preparation: { compiled: ready(preparation, before, problems), leaves },
    };
  }

  private records({ order }: Region): boolean {
    if (this.recorded.length >= mostRecords) return false;
    return (
      this.recordsCompilations === 'all' ||
      (this.recordsCompilations === 'compiled' && order.some(({ compiled }) => compiled !== false))
    );
  }

  /** What each pass would take alone is asked of a chooser that measures nothing and is heard by nobody. */
  private async record(
    device: Device,
    region: Region,
    targets: readonly Node[],
    plans: PlanCache,
    schedule: Schedule,
  ): Promise<void> {
    const chooser = new Chooser(device, { ...this.settings, benchmark: false }, plans);
    const place = this.recorded.length;
    const { launches, preparation } = schedule;
    if (preparation) placeLaunches(preparation.launches, { schedule: place, kernel: 0 });
    placeLaunches(launches, { schedule: place, kernel: preparation?.launches.length ?? 0 });
    const recorded = await recordCompilation({
      region,
      targets,
      schedule,
      options: this.options(device, (problem, named) => chooser.provisional(problem, named), {
        steady: none,
        room: schedule.thrift?.goal,
      }),
      settled: (lower) => settled(chooser, (choose) => lower((problem, _, named) => choose(problem, named ?? {}))),
    });
    this.recorded.push(recorded);
  }

  private schedule(
    device: Device,
    region: Region,
    targets: readonly Node[],
    choose: Choose,
    given: Given = { steady: none },
  ): Schedule {
    return planRegion(region, targets, this.options(device, choose, given));
  }

  private options(device: Device, choose: Choose, given: Given): PlanOptions {
    return {
      device,
      limits: limitsOf(this.settings),
      without: new Set(this.withoutPasses),
      onGraph: this.onGraph,
      onRemark: (text) => this.remark(text),
      ...given,
      choose: (problem, node, named) =>
        choose(problem, { ...named, layer: node.scope?.path || undefined, measure: node.compiled === 'max-autotune' }),
    };
  }

  /** Once a program, however often the pass runs. */
  private remark(text: string, stack?: string): void {
    if (!this.told.has(text)) this.onRemark?.(text, stack);
    this.told.add(text);
  }

  private chooserFor(device: Device, plans: PlanCache): Chooser {
    if (!this.chooser) {
      this.chooser = new Chooser(device, this.settings, plans);
      this.chooser.forced = this.forced;
      this.chooser.onProgress = (text) => this.onProgress?.(text);
      this.chooser.inBackground = this.inBackground;
      this.chooser.onReplaced = (problem) => this.drop(problem);
      this.chooser.onRemark = (text, stack) => this.remark(text, stack);
    }
    return this.chooser;
  }
}

/**
 * Plans as often as it takes to learn which problems there are, which is twice: the first time with what comes to hand.
 */
async function settled(chooser: Chooser, plan: (choose: Choose) => Schedule): Promise<Schedule> {
  for (;;) {
    const open: (() => Promise<unknown>)[] = [];
    const schedule = plan((problem, named) => {
      const known = chooser.known(problem, named);
      if (known) return known;
      open.push(() => chooser.choose(problem, named));
      return chooser.provisional(problem, named);
    });
    if (open.length === 0) return schedule;
    for (const choose of open) await choose();
  }
}

/** Notes whose plans a schedule runs. */
const noting =
  (problems: Set<string>, choose: Choose): Choose =>
  (problem, options) => {
    problems.add(problem.key);
    return choose(problem, options);
  };

function dispose({ program, preparation }: CompiledSchedule): void {
  program.destroy();
  preparation?.result?.release();
  preparation?.compiled.program.destroy();
}

const ready = (schedule: Schedule, program: Program, problems: ReadonlySet<string>): CompiledSchedule => ({
  schedule,
  program,
  problems,
  proven: false,
  recent: { slots: [], memory: [] },
});

/** The key of the schedule that finds these weights prepared. */
function preparedKey(shape: KnownRegion, region: Region, steady: ReadonlySet<Node>): string {
  const numbers = Array.from(steady, (node) => region.numbers.get(node)!);
  const { prepared } = shape;
  if (prepared?.numbers.length === numbers.length && numbers.every((n, i) => n === prepared.numbers[i]))
    return prepared.key;
  const key = `prepared ${numbers.join(' ')}\n${shape.key}`;
  shape.prepared = { key, numbers };
  return key;
}

const crampedKey = ({ key }: KnownRegion, saving: Saving | undefined): string =>
  saving?.room === undefined ? key : `within ${saving.room}\n${key}`;

const atOnce = (key: string): string => `at once\n${key}`;

const none: ReadonlySet<Node> = new Set();
