/**
 * @file The engine: computes what is asked for, and owns the memory that results live in.
 *
 * Work is done in the order in which it is asked for. Schedules are kept by the shape of the graph, so a training step
 * of a known shape plans nothing anew. Device memory of a value goes back when nothing can reach the value any more.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import { hasNonFinite } from '../base/dtype.ts';
import { DeviceLostError, fail } from '../base/errors.ts';
import { during } from '../base/phases.ts';
import { formatShape } from '../base/shape.ts';
import type { PlanCache } from '../dnn/choice/cache.ts';
import { context } from '../dnn/choice/context.ts';
import type { AlgorithmChoice, ForcedCandidate } from '../dnn/choice/records.ts';
import type { CudnnSettings } from '../dnn/choice/settings.ts';
import { defaultSettings } from '../dnn/choice/settings.ts';
import { forgetOwnConvolutions } from '../dnn/conv2d/own.ts';
import { Device } from '../gpu/device.ts';
import type { MemoryStats } from '../gpu/pool.ts';
import { evaluateStored } from '../graph/evaluate.ts';
import { assignOp, toDeviceOp } from '../graph/ops/identity.ts';
import { resetRecording } from '../graph/recording.ts';
import type { Node } from '../graph/types.ts';
import { nextTask } from './garbage.ts';
import type { PassName, PassOptions } from './passes/index.ts';
import type { Region } from './region.ts';
import type { Compilation } from './compilation.ts';
import { doubtOn, keepPlaces, placed } from './doubts.ts';
import type { LineOf } from './record.ts';
import { collectRegion, partsOf, regionOf } from './region.ts';
import { profiling } from './profile.ts';
import { Schedules } from './schedules.ts';
import { Values, isSmall } from './storage.ts';
import type { Submission } from './submit.ts';
import { submitAtOnce } from './submit.ts';
import { submitWithin } from './thrift.ts';

export type { MemoryStats } from '../gpu/pool.ts';

export class Engine {
  readonly settings: CudnnSettings = defaultSettings();
  /** Told what a program should know of its results and of how they were computed, and the stack of its call. */
  onRemark?: (text: string, stack?: string) => void;
  private gpu: GPU | undefined;
  private current: Device | undefined;
  private readonly schedules = new Schedules(this.settings);
  private queue: Promise<unknown> = Promise.resolve();
  private readonly values = new Values();
  private limit = Infinity;
  private remarked = false;
  /** What the computation that has not ended yet reads or computes. */
  private underWay: ReadonlySet<Node> | undefined;
  /** Something is computed meanwhile, by a program that does not wait. */
  private atOnce = false;
  /** Told, once a turn ends and with it all weak references, of nodes cut off from what they were computed from. */
  onForgotten?: (node: Node) => void;

  constructor() {
    context.device = () => this.current;
    this.schedules.onRemark = (text, stack) => this.onRemark?.(text, stack);
    this.schedules.inBackground = (work) => this.enqueue(work);
  }

  /** Where measured plans are kept; the host hands in a cache with a store. */
  set plans(cache: PlanCache) {
    context.cache = cache;
    this.schedules.forget(false);
  }

  /** Told what is being done, for people. */
  set onProgress(tell: ((text: string) => void) | undefined) {
    this.schedules.onProgress = tell;
  }

  /** Candidates that run in place of what the chooser would take, until the program ends. */
  set forced(forced: readonly ForcedCandidate[]) {
    this.schedules.forced = forced;
  }

  /** Passes of the compiler that are switched off, until the program ends. */
  set withoutPasses(names: readonly PassName[]) {
    this.schedules.withoutPasses = names;
  }

  /** Whether what is planned leaves a record with the program's lines: compiled code, or all, then planned anew. */
  set recordsCompilations(records: 'compiled' | 'all' | undefined) {
    this.schedules.recordsCompilations = records;
    keepPlaces(records !== undefined);
    if (records === 'all') this.schedules.forget();
  }

  /** The record of all that was compiled since the last call; `lineOf` finds the program's line in a stack. */
  takeCompilations(lineOf: LineOf = () => undefined): Compilation[] {
    return this.schedules.takeCompilations(lineOf);
  }

  /** Told of the graph of everything that is planned, as it was recorded and after each pass. */
  set onGraph(tell: PassOptions['onGraph']) {
    this.schedules.onGraph = tell;
  }

  /** Opens a device; throws where WebGPU has none. */
  async start(gpu: GPU): Promise<void> {
    this.gpu = gpu;
    try {
      await this.open();
    } catch (error) {
      this.gpu = undefined; // a GPU without a usable adapter is none
      throw error;
    }
  }

  /** Whether WebGPU was found; a device that was lost is opened anew by the next work. */
  get available(): boolean {
    return this.gpu !== undefined;
  }

  /** The device in use, if there is one. */
  get device(): Device | undefined {
    return this.current;
  }

  /** Bytes that may be reserved on the device in all. */
  get memoryLimit(): number {
    return this.limit;
  }

  set memoryLimit(bytes: number) {
    this.limit = bytes;
    this.schedules.spend();
    if (this.current) this.current.pool.maxReserved = bytes;
  }

  get memory(): MemoryStats {
    return this.current?.pool.stats ?? { allocated: 0, maxAllocated: 0, reserved: 0, buffers: 0 };
  }

  /** Forgets choices, schedules and every switch, as between two programs; values stay. */
  forget(): void {
    forgetOwnConvolutions();
    this.schedules.forget();
    this.values.assertions.forget();
    this.forced = [];
    this.withoutPasses = [];
    this.recordsCompilations = undefined;
    this.takeCompilations();
    this.remarked = false;
    Object.assign(this.settings, defaultSettings());
    this.memoryLimit = Infinity;
    resetRecording();
  }

  /** What is measured in the background. */
  get background(): Pick<Schedules, 'measured' | 'stopMeasuring'> {
    return this.schedules;
  }

  /** Every choice of an algorithm since the last call. */
  takeChoices(): AlgorithmChoice[] {
    return this.schedules.takeChoices();
  }

  /** Computes the nodes; afterwards each has a value, and those of `more` that can be computed: others fail nobody. */
  realize(nodes: readonly Node[], more: readonly Node[] = []): Promise<void> {
    return this.enqueue(() => this.computeWith(nodes, more));
  }

  /**
   * A node's value on the host, computed and read back as needed; `along` is computed in the same go, and of `more`
   * what can be.
   */
  async read(node: Node, along: readonly Node[] = [], more: readonly Node[] = []): Promise<HostArray> {
    await this.enqueue(async () => {
      await this.computeWith([node, ...along], more);
      await during('reading back', () => this.values.toHost([node], this.current));
    });
    if (node.value?.host) this.remarkSpread(node.dtype, node.value.host);
    return (
      node.value?.host ?? fail(node.lost ?? `a tensor of shape ${formatShape(node.shape)} was freed while it was read`)
    );
  }

  /** Says that an algorithm may have spread the NaN or infinity that a result holds. */
  private remarkSpread(dtype: DType, host: HostArray): void {
    const remark = this.remarked ? undefined : this.schedules.spreadRemark;
    if (remark === undefined || !hasNonFinite(dtype, host)) return;
    this.remarked = true;
    this.onRemark?.(remark);
  }

  /** Frees a value at once. Whoever needs it afterwards is told `reason`. */
  drop(node: Node, reason: string): void {
    this.values.drop(node, reason);
  }

  /** Runs `body` between computations, none of which is under way meanwhile; it may call `compute`. */
  work(body: () => Promise<void>): Promise<void> {
    return this.enqueue(body);
  }

  /** Resolves when all submitted work is done. */
  async idle(): Promise<void> {
    await this.enqueue(async () => {
      await this.values.settled();
      await this.current?.idle();
    });
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(() => this.attempt(work));
    this.queue = result.catch(() => {});
    return result;
  }

  /** Runs work; what fails because the device went away says so, whatever the driver said. */
  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    const device = this.current;
    try {
      return await work();
    } catch (error) {
      await nextTask();
      if (device?.lostReason === undefined || error instanceof DeviceLostError) throw error;
      throw new DeviceLostError(`the device was lost while it worked: ${device.lostReason}`, { cause: error });
    }
  }

  private async open(): Promise<Device> {
    const device = await Device.open(
      this.gpu ??
        fail(
          "webgpu: no device; this machine runs on the cpu reference: ask torch.webgpu.isAvailable(), and use .to('cpu')",
        ),
    );
    device.pool.maxReserved = this.memoryLimit;
    doubtOn(device);
    this.current = device;
    void device.lost.then(() => {
      if (this.current !== device) return;
      this.current = undefined;
      this.schedules.forget();
    });
    return device;
  }

  private async computeWith(nodes: readonly Node[], more: readonly Node[]): Promise<void> {
    if (more.length === 0) return this.compute(nodes);
    try {
      return await this.compute([...nodes, ...more]);
    } catch {
      await this.compute(nodes);
    }
    for (const node of more) await this.compute([node]).catch(() => {});
  }

  /** Computes the nodes within `work`. */
  async compute(nodes: readonly Node[]): Promise<void> {
    const { region, targets } = regionOf(nodes.filter((n) => !n.value));
    if (targets.length === 0) return;
    const before = this.underWay;
    this.underWay = new Set([...region.order, ...region.leaves]);
    try {
      await this.computeRegion(region, targets);
    } catch (error) {
      throw placed(error, this.underWay);
    } finally {
      this.underWay = before;
    }
  }

  /** Whether a computation that has not ended needs the node as it is. */
  isUnderWay(node: Node): boolean {
    return this.underWay?.has(node) ?? false;
  }

  private async computeRegion(region: Region, targets: readonly Node[]): Promise<void> {
    // Values cross between devices through the host, so what lies before a crossing is computed first.
    const crossings = region.order.filter((n) => n.op === toDeviceOp);
    for (const crossing of crossings) {
      if (crossing.value) continue;
      const [source] = crossing.inputs;
      await this.compute([source]);
      await this.values.toHost([source], this.current);
      crossing.value = { host: source.value!.host };
    }
    const pending = crossings.length ? targets.filter((n) => !n.value) : targets;
    const onCpu = pending.filter((n) => n.device === 'cpu');
    const onGpu = pending.filter((n) => n.device === 'webgpu');
    if (onCpu.length) {
      await this.values.toHost(collectRegion(onCpu).leaves, this.current);
      this.evaluate(onCpu);
    }
    const passing = new Set<Node>();
    try {
      const known = crossings.length === 0 && onGpu.length === targets.length ? region : undefined;
      for (const part of partsOf(onGpu, passing, known)) await this.computeOnDevice(part.targets, part.region, passing);
    } finally {
      for (const node of passing) this.values.clear(node);
    }
  }

  /**
   * Computes as `realize` does, but before it returns: what a program needs that never awaits. Algorithms that are not
   * chosen yet are the plainest ones. What has to cross from the device to the host cannot be had so, and stays as it
   * is.
   */
  computeAtOnce(nodes: readonly Node[], more: readonly Node[] = []): void {
    const { targets } = regionOf([...nodes, ...more].filter((n) => !n.value && this.canComputeAtOnce(n)));
    const passing = new Set<Node>();
    this.atOnce = true;
    try {
      this.evaluate(targets.filter((n) => n.device === 'cpu'));
      for (const part of partsOf(
        targets.filter((n) => n.device === 'webgpu'),
        passing,
      ))
        this.computeOnDeviceAtOnce(part.targets, part.region, passing);
    } finally {
      this.atOnce = false;
      for (const node of passing) this.values.clear(node);
    }
  }

  private computeOnDeviceAtOnce(asked: readonly Node[], region: Region, passing: ReadonlySet<Node>): void {
    const device = this.current!;
    const targets = [...new Set([...asked, ...region.order.filter(isSmall)])];
    const work = { compiled: this.schedules.getAtOnce(device, region, targets, context.cache), region, targets };
    submitAtOnce(device, this.values, work, new Set(targets.filter((n) => isSmall(n) && !passing.has(n))));
    this.settle(work, passing);
  }

  private canComputeAtOnce(node: Node): boolean {
    const { order, leaves } = collectRegion([node]);
    for (const crossing of order) {
      if (crossing.op !== toDeviceOp) continue;
      const [source] = crossing.inputs;
      if (source.device === 'webgpu' || !this.canComputeAtOnce(source)) return false;
      this.evaluate([source]);
      crossing.value ??= { host: source.value!.host };
    }
    return node.device === 'cpu' ? leaves.every((leaf) => leaf.value!.host) : this.current !== undefined;
  }

  private evaluate(targets: readonly Node[]): void {
    const open = targets.filter((n) => !n.value);
    if (open.length === 0) return;
    const small = collectRegion(open).order.filter(isSmall);
    const all = [...new Set([...open, ...small])];
    try {
      evaluateStored(all, profiling.recorder?.watch).forEach((host, i) => {
        all[i].value = { host };
        this.forgetHistory(all[i]);
      });
    } catch (error) {
      throw placed(error, all);
    }
  }

  private async computeOnDevice(asked: readonly Node[], region: Region, passing: ReadonlySet<Node>): Promise<void> {
    const device = this.current ?? (await this.open());
    const targets = [...new Set([...asked, ...region.order.filter(isSmall)])];
    const { work, outputs } = await submitWithin(device, this.values, { region, targets }, this.schedules);
    targets.forEach((target, i) => this.values.keep(target, outputs[i], device));
    this.settle(work, passing);
    this.values.toHost(targets.filter(isSmall), device).catch(() => {}); // whoever asks for them is told
  }

  /** Of what has its value now, except what only passes from part to part and is computed again where it is needed. */
  private settle({ compiled, region, targets }: Submission, passing: ReadonlySet<Node>): void {
    this.values.assertions.note(region, targets, compiled.schedule.assertions);
    for (const target of targets) if (!passing.has(target)) this.forgetHistory(target);
  }

  /**
   * Cuts a computed node off from what it was computed from, so that a running total does not keep every step's graph.
   * The history stays where gradients may still flow, and inside modules, since the remote job prints it.
   */
  private forgetHistory(node: Node): void {
    if (this.atOnce && this.isUnderWay(node)) return;
    if (node.op !== assignOp && (node.scope !== undefined || (node.requiresGrad && !node.freed))) return;
    node.inputs = [];
    if (!this.atOnce) this.onForgotten?.(node);
  }
}

/** The one engine of this process or worker. */
export const engine = new Engine();
