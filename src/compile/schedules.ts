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
import type { Node } from '../graph/types.ts';
import { planRegion } from './plan.ts';
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
  /** The last buffers of each slot and of each piece of memory: with the same ones again, bind groups need not be made. */
  readonly recent: { readonly slots: DeviceBuffer[][]; readonly memory: DeviceBuffer[][] };
}

export class Schedules {
  /** Told what is being done, for people. */
  onProgress?: (text: string) => void;
  /** Candidates that run in place of what the chooser would take, until the program ends. */
  forced: readonly ForcedCandidate[] = [];
  private readonly settings: CudnnSettings;
  private chooser: Chooser | undefined;
  private kept = new Map<string, Promise<Compiled>>();
  private readonly ready = new WeakMap<Promise<Compiled>, Compiled>();

  constructor(settings: CudnnSettings) {
    this.settings = settings;
  }

  /** Forgets choices; schedules too, unless they stay. */
  forget(schedules = true): void {
    this.chooser = undefined;
    if (schedules) this.kept = new Map();
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
  get(device: Device, region: Region, targets: readonly Node[], plans: PlanCache): Promise<Compiled> {
    const key = this.keyOf(region, targets);
    const known = this.kept.get(key);
    const entry = known ?? this.plan(device, region, targets, plans);
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

  private keyOf(region: Region, targets: readonly Node[]): string {
    return `${this.settings.enabled} ${Object.values(limitsOf(this.settings)).join(' ')}\n${scheduleKey(region, targets)}`;
  }

  private keep(key: string, entry: Promise<Compiled>): void {
    this.kept.delete(key);
    this.kept.set(key, entry);
    if (this.kept.size <= schedulesKept) return;
    const [oldest, stale] = this.kept.entries().next().value!;
    this.kept.delete(oldest);
    void stale.then(({ program }) => program.destroy());
  }

  /** Plans as often as it takes to learn which problems there are, which is twice: the first time with what comes to hand. */
  private async plan(device: Device, region: Region, targets: readonly Node[], plans: PlanCache): Promise<Compiled> {
    const chooser = this.chooserFor(device, plans);
    for (;;) {
      const open: (() => Promise<unknown>)[] = [];
      const schedule = this.schedule(device, region, targets, (problem, named) => {
        const plan = chooser.known(problem, named);
        if (plan) return plan;
        open.push(() => chooser.choose(problem, named));
        return chooser.provisional(problem, named);
      });
      for (const choose of open) await choose();
      if (open.length > 0) continue;
      this.onProgress?.(`compiling ${counted(schedule.launches.length, 'kernel')}`);
      return ready(schedule, await device.prepare(schedule.launches));
    }
  }

  private schedule(
    device: Device,
    region: Region,
    targets: readonly Node[],
    choose: (problem: Problem, named: NamedAlgorithm & { readonly layer?: string }) => Plan,
  ): Schedule {
    return planRegion(region, targets, {
      device,
      limits: limitsOf(this.settings),
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
