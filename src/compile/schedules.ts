/**
 * @file Schedules that are kept: by the shape of the graph, ready to run. A training step of a known shape plans nothing anew.
 */
import { counted } from '../base/format.ts';
import type { PlanCache } from '../dnn/choice/cache.ts';
import { limitsOf } from '../dnn/choice/candidates.ts';
import type { NamedAlgorithm } from '../dnn/choice/choose.ts';
import { Chooser } from '../dnn/choice/choose.ts';
import type { Plan, Problem } from '../dnn/problem.ts';
import type { AlgorithmChoice, ForcedCandidate } from '../dnn/choice/records.ts';
import type { CudnnSettings } from '../dnn/choice/settings.ts';
import type { Device } from '../gpu/device.ts';
import type { DeviceBuffer } from '../gpu/pool.ts';
import type { Program } from '../gpu/program.ts';
import type { Node, Value } from '../graph/types.ts';
import { planRegion } from './plan.ts';
import type { Prepared } from './prepared.ts';
import type { Region } from './region.ts';
import { scheduleKey } from './region.ts';
import type { Schedule } from './schedule.ts';

/** Schedules remembered; the least recently used goes first. */
const schedulesKept = 256;

export interface Compiled {
  readonly schedule: Schedule;
  readonly program: Program;
  /** It has run without a complaint. */
  proven: boolean;
  readonly preparation?: Preparation;
  /** The last buffers of each slot and of each piece of memory: with the same ones again, bind groups need not be made. */
  readonly recent: { readonly slots: DeviceBuffer[][]; readonly memory: DeviceBuffer[][] };
}

/** What is computed from steady leaves, given by their numbers, and its result as long as their values stay. */
export interface Preparation {
  readonly compiled: Compiled;
  readonly leaves: readonly number[];
  result?: Prepared;
}

type Choose = (problem: Problem, named: NamedAlgorithm & { readonly layer?: string }) => Plan;

export class Schedules {
  /** Told what is being done, for people. */
  onProgress?: (text: string) => void;
  /** Candidates that run in place of what the chooser would take, until the program ends. */
  forced: readonly ForcedCandidate[] = [];
  private readonly settings: CudnnSettings;
  private chooser: Chooser | undefined;
  private kept = new Map<string, Promise<Compiled>>();
  /** Graphs for whose prepared weights there was no room, by the key of their schedules. */
  private cramped = new Set<string>();
  /** The values that a graph's weights had when it ran last, by the key of its schedule. */
  private weightsOf = new Map<string, readonly WeakRef<Value>[]>();
  private readonly ready = new WeakMap<Promise<Compiled>, Compiled>();

  constructor(settings: CudnnSettings) {
    this.settings = settings;
  }

  /** Forgets choices; schedules too, unless they stay. */
  forget(schedules = true): void {
    this.chooser = undefined;
    if (!schedules) return;
    for (const entry of this.kept.values()) this.ready.get(entry)?.preparation?.result?.release();
    this.kept = new Map();
    this.weightsOf = new Map();
    this.cramped = new Set();
  }

  /** Every choice of an algorithm since the last call. */
  takeChoices(): AlgorithmChoice[] {
    return this.chooser?.takeChoices() ?? [];
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
    mayPrepare = true,
  ): Promise<Compiled> {
    const base = this.keyOf(region, targets);
    if (!mayPrepare) this.cramped.add(base);
    const steady = this.cramped.has(base) ? none : this.steadyIn(region, base);
    const key = steady.size > 0 ? `prepared ${[...steady].map((n) => region.numbers.get(n)).join(' ')}\n${base}` : base;
    const known = this.kept.get(key);
    const entry = known ?? this.plan(device, region, targets, plans, steady);
    if (!known) {
      entry.then(
        (compiled) => this.ready.set(entry, compiled),
        () => this.kept.delete(key),
      );
    }
    this.keep(key, entry);
    return entry;
  }

  /** The same without waiting: algorithms that are not chosen yet are the plainest ones, and the schedule is kept apart. */
  getAtOnce(device: Device, region: Region, targets: readonly Node[], plans: PlanCache): Compiled {
    const key = this.keyOf(region, targets);
    for (const known of [key, atOnce(key)]) {
      const entry = this.kept.get(known);
      const compiled = entry && this.ready.get(entry);
      if (!compiled) continue;
      this.keep(known, entry);
      return compiled;
    }
    const chooser = this.chooserFor(device, plans);
    const schedule = this.schedule(
      device,
      region,
      targets,
      (problem, named) => chooser.known(problem, named) ?? chooser.atOnce(problem, named),
    );
    const compiled = ready(schedule, device.prepareAtOnce(schedule.launches));
    const entry = Promise.resolve(compiled);
    this.ready.set(entry, compiled);
    this.keep(atOnce(key), entry);
    return compiled;
  }

  /** A model's weights, in compiled code, that have the values of the last run of the same graph. Each run notes them for the next. */
  private steadyIn(region: Region, key: string): ReadonlySet<Node> {
    const weights = region.leaves.filter((leaf) => leaf.isState);
    if (weights.length === 0 || !region.order.some(({ compiled }) => compiled)) return none;
    const before = this.weightsOf.get(key);
    this.weightsOf.set(
      key,
      weights.map(({ value }) => new WeakRef(value!)),
    );
    return before ? new Set(weights.filter(({ value }, i) => before[i].deref() === value)) : none;
  }

  private keyOf(region: Region, targets: readonly Node[]): string {
    return `${this.settings.enabled} ${Object.values(limitsOf(this.settings)).join(' ')}\n${scheduleKey(region, targets)}`;
  }

  private keep(key: string, entry: Promise<Compiled>): void {
    this.kept.delete(key);
    this.kept.set(key, entry);
    if (this.kept.size <= schedulesKept) return;
    const [oldest, stale] = this.kept.entries().next().value!;
    this.kept.delete(oldest);
    this.weightsOf.delete(oldest);
    this.cramped.delete(oldest);
    void stale.then(({ program, preparation }) => {
      program.destroy();
      preparation?.result?.release();
      preparation?.compiled.program.destroy();
    });
  }

  /** Plans as often as it takes to learn which problems there are, which is twice: the first time with what comes to hand. */
  private async plan(
    device: Device,
    region: Region,
    targets: readonly Node[],
    plans: PlanCache,
    steady: ReadonlySet<Node>,
  ): Promise<Compiled> {
    const chooser = this.chooserFor(device, plans);
    for (;;) {
      const open: (() => Promise<unknown>)[] = [];
      const choose: Choose = (problem, named) => {
        const plan = chooser.known(problem, named);
        if (plan) return plan;
        open.push(() => chooser.choose(problem, named));
        return chooser.provisional(problem, named);
      };
      const schedule = this.schedule(device, region, targets, choose, steady);
      for (const choose of open) await choose();
      if (open.length > 0) continue;
      this.onProgress?.(`compiling ${counted(schedule.launches.length, 'kernel')}`);
      const { preparation } = schedule;
      if (!preparation) return ready(schedule, await device.prepare(schedule.launches));
      const [program, before] = await Promise.all([schedule, preparation].map((s) => device.prepare(s.launches)));
      const leaves = preparation.slots.flatMap((slot) => (slot.kind === 'leaf' ? [slot.leaf] : []));
      return { ...ready(schedule, program), preparation: { compiled: ready(preparation, before), leaves } };
    }
  }

  private schedule(
    device: Device,
    region: Region,
    targets: readonly Node[],
    choose: Choose,
    steady: ReadonlySet<Node> = none,
  ): Schedule {
    return planRegion(region, targets, {
      device,
      limits: limitsOf(this.settings),
      steady,
      choose: (problem, node, named) => choose(problem, { ...named, layer: node.scope?.path || undefined }),
    });
  }

  private chooserFor(device: Device, plans: PlanCache): Chooser {
    if (!this.chooser) {
      this.chooser = new Chooser(device, this.settings, plans);
      this.chooser.forced = this.forced;
      this.chooser.onProgress = (text) => this.onProgress?.(text);
    }
    return this.chooser;
  }
}

const ready = (schedule: Schedule, program: Program): Compiled => ({
  schedule,
  program,
  proven: false,
  recent: { slots: [], memory: [] },
});

const atOnce = (key: string): string => `at once\n${key}`;

const none: ReadonlySet<Node> = new Set();
