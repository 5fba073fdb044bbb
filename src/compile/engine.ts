/**
 * @file The engine: computes what is asked for, and owns the memory that results live in.
 *
 * Work is done in the order in which it is asked for. Schedules are kept by the shape of the graph, so a training step
 * of a known shape plans nothing anew. Device memory of a value goes back when nothing can reach the value any more.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import { hasNonFinite } from '../base/dtype.ts';
import { DeviceLostError, OutOfMemoryError, fail } from '../base/errors.ts';
import { counted } from '../base/format.ts';
import { formatShape } from '../base/shape.ts';
import type { PlanCache } from '../dnn/cache.ts';
import { limitsOf } from '../dnn/candidates.ts';
import { Chooser } from '../dnn/choose.ts';
import { context } from '../dnn/context.ts';
import type { AlgorithmChoice, Forced } from '../dnn/records.ts';
import type { CudnnSettings } from '../dnn/settings.ts';
import { defaultSettings } from '../dnn/settings.ts';
import { Device } from '../gpu/device.ts';
import type { DeviceBuffer, MemoryStats } from '../gpu/pool.ts';
import type { Program } from '../gpu/program.ts';
import { evaluateStored } from '../graph/evaluate.ts';
import { fullOp } from '../graph/ops/full.ts';
import { assignOp, toDeviceOp } from '../graph/ops/identity.ts';
import { resetRecording } from '../graph/recording.ts';
import type { Node } from '../graph/types.ts';
import { deviceBytes } from './lower/move.ts';
import type { Region } from './plan.ts';
import { collectRegion, planRegion, scheduleKey } from './plan.ts';
import type { Schedule } from './schedule.ts';
import { Values } from './storage.ts';

export type { MemoryStats } from '../gpu/pool.ts';

/** Values up to this size that a program's tensor stands for are kept on the host when they are computed on the way. */
const smallBytes = 16 * 1024;

/** Host buffers of such a size, and so many, make V8 collect garbage. */
const ballastBytes = 64 * 2 ** 20;
const ballastRounds = 8;
/** A collector takes its time: so often is it asked before memory counts as full. */
const maxCollections = 6;

/** Schedules remembered; the least recently used goes first. */
const schedulesKept = 256;

interface Compiled {
  readonly schedule: Schedule;
  readonly program: Program;
  /** It has run without a complaint. */
  proven: boolean;
  /** The last buffers of each slot and of each piece of memory: with the same ones again, bind groups need not be made. */
  readonly recent: { readonly slots: DeviceBuffer[][]; readonly memory: DeviceBuffer[][] };
}

/** A parameter's value goes back and forth between two buffers. */
const recentKept = 2;

function noteRecent(lists: DeviceBuffer[][], i: number, buffer: DeviceBuffer): void {
  const known = (lists[i] ??= []);
  if (known.includes(buffer)) return;
  known.unshift(buffer);
  if (known.length > recentKept) known.pop();
}

/** Buffers taken from the pool for one run of a schedule. */
interface Lent {
  readonly temporary: DeviceBuffer[];
  readonly outputs: DeviceBuffer[];
}

export class Engine {
  readonly settings: CudnnSettings = defaultSettings();
  /** Told what is being done, for people. */
  onProgress?: (text: string) => void;
  /** Told what a program should know of its results, once a program. */
  onRemark?: (text: string) => void;
  /** Candidates that run in place of what the chooser would take, until the program ends. */
  forced: readonly Forced[] = [];
  private gpu: GPU | undefined;
  private current: Device | undefined;
  private chooser: Chooser | undefined;
  private schedules = new Map<string, Promise<Compiled>>();
  private queue: Promise<unknown> = Promise.resolve();
  private readonly values = new Values();
  private limit = Infinity;
  private remarked = false;

  constructor() {
    context.device = () => this.current;
  }

  /** Where measured plans are kept; the host hands in a cache with a store. */
  set plans(cache: PlanCache) {
    context.cache = cache;
    this.chooser = undefined;
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
    if (this.current) this.current.pool.maxReserved = bytes;
  }

  get memory(): MemoryStats {
    return this.current?.pool.stats ?? { allocated: 0, maxAllocated: 0, reserved: 0, buffers: 0 };
  }

  /** Forgets choices, schedules and every switch, as between two programs; values stay. */
  forget(): void {
    this.schedules = new Map();
    this.chooser = undefined;
    this.forced = [];
    this.remarked = false;
    Object.assign(this.settings, defaultSettings());
    this.memoryLimit = Infinity;
    resetRecording();
  }

  /** Every choice of an algorithm since the last call. */
  takeChoices(): AlgorithmChoice[] {
    return this.chooser?.takeChoices() ?? [];
  }

  /** Computes the nodes; afterwards each has a value. So have those of `more` that can be computed: they fail for nobody here. */
  realize(nodes: readonly Node[], more: readonly Node[] = []): Promise<void> {
    return this.enqueue(() => this.computeWith(nodes, more));
  }

  /** A node's value on the host, computed and read back as needed; `along` is computed in the same go, and of `more` what can be. */
  async read(node: Node, along: readonly Node[] = [], more: readonly Node[] = []): Promise<HostArray> {
    await this.enqueue(async () => {
      await this.computeWith([node, ...along], more);
      await this.values.toHost([node], this.current);
    });
    if (node.value?.host) this.remarkSpread(node.dtype, node.value.host);
    return node.value?.host ?? fail(node.lost ?? `a tensor of shape ${formatShape(node.shape)} was freed while it was read`);
  }

  /** Says that an algorithm may have spread the NaN or infinity that a result holds. */
  private remarkSpread(dtype: DType, host: HostArray): void {
    const remark = this.remarked ? undefined : this.chooser?.spreadRemark;
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
    const device = await Device.open(this.gpu ?? fail("webgpu: no device; this machine runs on the cpu reference: ask torch.webgpu.isAvailable(), and use .to('cpu')"));
    device.pool.maxReserved = this.memoryLimit;
    this.current = device;
    void device.lost.then(() => {
      if (this.current !== device) return;
      this.current = undefined;
      this.schedules = new Map();
      this.chooser = undefined;
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
    if (onCpu.length) await this.computeOnHost(onCpu);
    if (onGpu.length) await this.computeOnDevice(onGpu, onGpu.length === targets.length && !crossings.length ? region : collectRegion(onGpu));
  }

  private async computeOnHost(targets: readonly Node[]): Promise<void> {
    await this.values.toHost(collectRegion(targets).leaves, this.current);
    evaluateStored(targets).forEach((host, i) => {
      targets[i].value = { host };
      forgetHistory(targets[i]);
    });
  }

  private async computeOnDevice(asked: readonly Node[], region: Region): Promise<void> {
    const device = this.current ?? (await this.open());
    const targets = [...new Set([...asked, ...region.order.filter(isSmall)])];
    const compiled = await this.compiled(device, region, targets);
    const outputs = await this.run(device, region.leaves, targets, compiled);
    targets.forEach((target, i) => {
      this.values.keep(target, outputs[i], device);
      forgetHistory(target);
    });
    this.values.toHost(targets.filter(isSmall), device).catch(() => {}); // whoever asks for them is told
  }

  /** Submits a schedule; the buffers of the targets, in their order. Without memory, it frees what it can and tries again. */
  private async run(device: Device, leaves: readonly Node[], targets: readonly Node[], compiled: Compiled): Promise<DeviceBuffer[]> {
    for (let collections = 0; ; collections++) {
      try {
        return await this.submit(device, leaves, targets, compiled);
      } catch (error) {
        if (!(error instanceof OutOfMemoryError) || collections === maxCollections) throw error;
        await this.collectGarbage();
        device.pool.emptyCache();
      }
    }
  }

  private async submit(device: Device, leaves: readonly Node[], targets: readonly Node[], compiled: Compiled): Promise<DeviceBuffer[]> {
    const lent: Lent = { temporary: [], outputs: [] };
    try {
      await device.guarded('running a schedule', () => device.submit(compiled.program, this.lend(device, leaves, targets, compiled, lent)), compiled.proven);
      compiled.proven = true;
      for (const leaf of leaves) leaf.value!.used = true;
      return lent.outputs;
    } catch (error) {
      for (const buffer of lent.outputs) device.pool.release(buffer);
      throw error;
    } finally {
      for (const buffer of lent.temporary) device.pool.release(buffer);
    }
  }

  /** A buffer for every slot of a schedule, noted in `lent` as it is taken from the pool. */
  private lend(device: Device, leaves: readonly Node[], targets: readonly Node[], { schedule, recent }: Compiled, lent: Lent): DeviceBuffer[] {
    const memory = schedule.memory.map((bytes, i) => {
      const buffer = device.pool.allocate(bytes, 'intermediate', recent.memory[i]);
      noteRecent(recent.memory, i, buffer);
      lent.temporary.push(buffer);
      return buffer;
    });
    return schedule.slots.map((slot, i) => {
      if (slot.kind === 'temporary') return memory[slot.memory].resized(slot.bytes);
      const buffer =
        slot.kind === 'leaf'
          ? this.values.onDevice(leaves[slot.leaf], device, lent.temporary, recent.slots[i])
          : device.pool.allocate(Math.max(4, slot.bytes), `result of shape ${formatShape(targets[slot.output].shape)}`, recent.slots[i]);
      if (slot.kind === 'output') lent.outputs[slot.output] = buffer;
      noteRecent(recent.slots, i, buffer);
      return buffer;
    });
  }

  /** The region's schedule, from the cache or planned and compiled now. */
  private compiled(device: Device, region: Region, targets: readonly Node[]): Promise<Compiled> {
    const key = `${this.settings.enabled} ${Object.values(limitsOf(this.settings)).join(' ')}\n${scheduleKey(region, targets)}`;
    let entry = this.schedules.get(key);
    if (entry) this.schedules.delete(key);
    else {
      entry = this.plan(device, region, targets);
      entry.catch(() => this.schedules.delete(key));
    }
    this.schedules.set(key, entry);
    if (this.schedules.size > schedulesKept) {
      const [oldest, stale] = this.schedules.entries().next().value!;
      this.schedules.delete(oldest);
      void stale.then(({ program }) => program.destroy());
    }
    return entry;
  }

  /**
   * Has unreachable values freed now. A JavaScript engine knows nothing of device memory; but it collects when host buffers
   * come and go, so some are made, which nobody touches and which therefore take no memory.
   */
  async collectGarbage(): Promise<void> {
    for (let i = 0; i < ballastRounds; i++) {
      void new ArrayBuffer(ballastBytes);
      await nextTask();
    }
  }

  private async plan(device: Device, region: Region, targets: readonly Node[]): Promise<Compiled> {
    const chooser = this.chooserFor(device);
    const schedule = await planRegion(region, targets, {
      device,
      limits: limitsOf(this.settings),
      choose: (problem, node, named) => chooser.choose(problem, { ...named, layer: node.scope?.path || undefined }),
    });
    this.onProgress?.(`compiling ${counted(schedule.launches.length, 'kernel')}`);
    return { schedule, program: await device.prepare(schedule.launches), proven: false, recent: { slots: [], memory: [] } };
  }

  private chooserFor(device: Device): Chooser {
    if (!this.chooser) {
      this.chooser = new Chooser(device, this.settings, context.cache);
      this.chooser.forced = this.forced;
      this.chooser.onProgress = (text) => this.onProgress?.(text);
    }
    return this.chooser;
  }
}

/** The one engine of this process or worker. */
export const engine = new Engine();

/**
 * Cuts a computed node off from what it was computed from, so that a running total does not keep every step's graph. The
 * history stays where gradients may still flow, and inside modules, since the remote job prints it.
 */
function forgetHistory(node: Node): void {
  if (node.op === assignOp || (node.scope === undefined && (!node.requiresGrad || node.freed))) node.inputs = [];
}

/** The region of the targets, and of what is computed together with nodes in it. */
function regionOf(asked: readonly Node[]): { region: Region; targets: readonly Node[] } {
  let targets = asked;
  for (;;) {
    const region = collectRegion(targets);
    const together = new Set(region.order.flatMap((n) => n.together ?? []));
    for (const n of region.order) n.together = undefined;
    const more = [...together].flatMap((nodes) => nodes()).filter((n) => !n.value && !n.lost);
    if (more.length === 0) return { region, targets };
    targets = [...new Set([...targets, ...more])];
  }
}

/** Whether the program may ask for the value soon, and it is small enough to be kept on the host for that. */
const isSmall = (n: Node): boolean => n.visible && n.op !== fullOp && n.op !== assignOp && deviceBytes(n) <= smallBytes;

/** Lets what is due happen: a lost device says so, and buffers of unreachable values come back. */
const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
