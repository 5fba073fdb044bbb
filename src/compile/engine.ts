/**
 * @file The engine: computes what is asked for, and owns the memory that results live in.
 *
 * Work is done in the order in which it is asked for. Schedules are kept by the shape of the graph, so a training step
 * of a known shape plans nothing anew. Device memory of a value goes back when nothing can reach the value any more.
 */
import type { HostArray } from '../base/dtype.ts';
import { DeviceLostError, fail } from '../base/errors.ts';
import { formatShape } from '../base/shape.ts';
import type { PlanCache } from '../dnn/cache.ts';
import { Chooser } from '../dnn/choose.ts';
import { context } from '../dnn/context.ts';
import type { AlgorithmChoice } from '../dnn/records.ts';
import type { CudnnSettings } from '../dnn/settings.ts';
import { defaultSettings } from '../dnn/settings.ts';
import { Device } from '../gpu/device.ts';
import type { DeviceBuffer, MemoryStats } from '../gpu/pool.ts';
import type { Program } from '../gpu/program.ts';
import { evaluateStored } from '../graph/evaluate.ts';
import { assignOp } from '../graph/ops/identity.ts';
import type { Node } from '../graph/types.ts';
import { deviceBytes } from './lower/move.ts';
import type { Region } from './plan.ts';
import { collectRegion, planRegion } from './plan.ts';
import type { Schedule } from './schedule.ts';
import { Storage, fromDeviceWords, toDeviceWords } from './storage.ts';

/** Values up to this size that a program's tensor stands for are kept on the host when they are computed on the way. */
const smallBytes = 16 * 1024;

/** Values up to this size leave the device once they were read: uploading them again costs less than tracking them. */
const shortLivedBytes = 64 * 1024;

/** Schedules remembered; the least recently used goes first. */
const schedulesKept = 256;

interface Compiled {
  readonly schedule: Schedule;
  readonly program: Program;
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
  private gpu: GPU | undefined;
  private current: Device | undefined;
  private chooser: Chooser | undefined;
  private generation = 0;
  private schedules = new Map<string, Promise<Compiled>>();
  private queue: Promise<unknown> = Promise.resolve();
  private readonly unreachable = new FinalizationRegistry<{ buffer: DeviceBuffer; generation: number }>(({ buffer, generation }) => this.release(buffer, generation));

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
    await this.open();
  }

  /** The device in use, if there is one. */
  get device(): Device | undefined {
    return this.current;
  }

  get memory(): MemoryStats {
    return this.current?.pool.stats ?? { allocated: 0, maxAllocated: 0, reserved: 0, buffers: 0 };
  }

  /** Forgets choices and schedules, as at the end of a program; values stay. */
  forget(): void {
    this.schedules = new Map();
    this.chooser = undefined;
    Object.assign(this.settings, defaultSettings());
  }

  /** Every choice of an algorithm since the last call. */
  takeChoices(): AlgorithmChoice[] {
    return this.chooser?.takeChoices() ?? [];
  }

  /** Computes the nodes; afterwards each has a value. */
  realize(nodes: readonly Node[]): Promise<void> {
    return this.enqueue(() => this.compute(nodes));
  }

  /** A node's value on the host, computed and read back as needed. */
  async read(node: Node): Promise<HostArray> {
    await this.enqueue(async () => {
      await this.compute([node]);
      await this.toHost([node]);
    });
    return node.value!.host!;
  }

  /** Frees a value's device memory at once. Whoever needs the value afterwards is told `reason`. */
  drop(node: Node, reason: string): void {
    const storage = node.value?.device;
    if (storage instanceof Storage) {
      this.unreachable.unregister(storage);
      this.release(storage.buffer, storage.generation);
    }
    node.value = undefined;
    node.lost = reason;
  }

  /** Resolves when all submitted work is done. */
  async idle(): Promise<void> {
    await this.enqueue(async () => {
      await this.current?.idle();
    });
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => {});
    return result;
  }

  private async open(): Promise<Device> {
    const device = await Device.open(this.gpu ?? fail('webgpu: no device; this machine runs on the cpu reference'));
    this.current = device;
    this.generation++;
    void device.lost.then(() => {
      if (this.current !== device) return;
      this.current = undefined;
      this.schedules = new Map();
      this.chooser = undefined;
    });
    return device;
  }

  private async compute(nodes: readonly Node[]): Promise<void> {
    const targets = nodes.filter((n) => !n.value);
    if (targets.length === 0) return;
    // Values cross between devices through the host, so what lies before a crossing is computed first.
    for (const crossing of collectRegion(targets).order.filter((n) => n.op.name === 'toDevice')) {
      if (crossing.value) continue;
      const [source] = crossing.inputs;
      await this.compute([source]);
      await this.toHost([source]);
      crossing.value = { host: source.value!.host };
    }
    const pending = targets.filter((n) => !n.value);
    if (pending.length === 0) return;
    const onCpu = pending.filter((n) => n.device === 'cpu');
    const onGpu = pending.filter((n) => n.device === 'webgpu');
    if (onCpu.length) {
      await this.toHost(collectRegion(onCpu).leaves);
      evaluateStored(onCpu).forEach((host, i) => {
        onCpu[i].value = { host };
        forgetHistory(onCpu[i]);
      });
    }
    if (onGpu.length) await this.computeOnDevice(onGpu);
  }

  private async computeOnDevice(asked: readonly Node[]): Promise<void> {
    const device = this.current ?? (await this.open());
    const found = collectRegion(asked);
    const small = found.order.filter((n) => n.visible && !n.compiled && deviceBytes(n) <= smallBytes && n.op.name !== 'full' && !asked.includes(n));
    const targets = [...new Set([...asked, ...small])];
    const region = small.length ? collectRegion(targets) : found;
    const compiled = await this.compiled(device, region, targets);
    const outputs = await this.run(device, region.leaves, targets, compiled);
    targets.forEach((target, i) => {
      target.value = { device: this.own(outputs[i]) };
      forgetHistory(target);
    });
    if (small.length) await this.toHost(small);
  }

  /** Submits a schedule; the buffers of the targets, in their order. */
  private async run(device: Device, leaves: readonly Node[], targets: readonly Node[], { schedule, program }: Compiled): Promise<DeviceBuffer[]> {
    const lent: Lent = { temporary: [], outputs: [] };
    try {
      await device.guarded('running a schedule', () => device.submit(program, this.lend(device, leaves, targets, schedule, lent)));
      return lent.outputs;
    } catch (error) {
      for (const buffer of lent.outputs) device.pool.release(buffer);
      throw error;
    } finally {
      for (const buffer of lent.temporary) device.pool.release(buffer);
    }
  }

  /** A buffer for every slot of a schedule, noted in `lent` as it is taken from the pool. */
  private lend(device: Device, leaves: readonly Node[], targets: readonly Node[], schedule: Schedule, lent: Lent): DeviceBuffer[] {
    const inputs = leaves.map((leaf) => this.leafBuffer(device, leaf, lent.temporary));
    const memory = schedule.memory.map((bytes) => {
      const buffer = device.pool.allocate(bytes, 'intermediate');
      lent.temporary.push(buffer);
      return buffer;
    });
    return schedule.slots.map((slot) => {
      if (slot.kind === 'leaf') return inputs[slot.leaf];
      if (slot.kind === 'temporary') return memory[slot.memory].resized(slot.bytes);
      lent.outputs[slot.output] = device.pool.allocate(Math.max(4, slot.bytes), `result of shape ${formatShape(targets[slot.output].shape)}`);
      return lent.outputs[slot.output];
    });
  }

  /** The region's schedule, from the cache or planned and compiled now. */
  private compiled(device: Device, region: Region, targets: readonly Node[]): Promise<Compiled> {
    const { deterministic, enabled, workspaceLimit } = this.settings;
    const key = `${deterministic} ${enabled} ${workspaceLimit}\n${region.key}`;
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

  private async plan(device: Device, region: Region, targets: readonly Node[]): Promise<Compiled> {
    const chooser = this.chooserFor(device);
    const schedule = await planRegion(region, targets, {
      device,
      choose: (problem, node) => chooser.choose(problem, { algo: node.attrs.algo as string | undefined, layer: node.scope?.path || undefined }),
    });
    this.onProgress?.(`compiling ${schedule.launches.length} kernels`);
    return { schedule, program: await device.prepare(schedule.launches) };
  }

  private chooserFor(device: Device): Chooser {
    if (!this.chooser) {
      this.chooser = new Chooser(device, this.settings, context.cache);
      this.chooser.onProgress = (text) => this.onProgress?.(text);
    }
    return this.chooser;
  }

  /** A leaf's buffer. A host value that is used for the first time is uploaded for this schedule alone; later it stays. */
  private leafBuffer(device: Device, leaf: Node, temporary: DeviceBuffer[]): DeviceBuffer {
    const value = leaf.value!;
    if (value.device instanceof Storage) {
      if (value.device.generation === this.generation) return value.device.buffer;
      value.device = undefined;
    }
    if (!value.host) throw new DeviceLostError(`a tensor of shape ${formatShape(leaf.shape)} was on a device that was lost; load it from a checkpoint, or build it again`);
    const buffer = device.pool.allocate(Math.max(4, deviceBytes(leaf)), `tensor of shape ${formatShape(leaf.shape)}`);
    device.upload(buffer, toDeviceWords(leaf.dtype, value.host) as HostArray & ArrayBufferView<ArrayBuffer>);
    if (value.used || leaf.requiresGrad) value.device = this.own(buffer);
    else temporary.push(buffer);
    value.used = true;
    return buffer;
  }

  private async toHost(nodes: readonly Node[]): Promise<void> {
    const wanted = nodes.filter((n) => n.value && !n.value.host);
    if (wanted.length === 0) return;
    const device = this.current;
    const requests = wanted.map((n) => {
      const storage = n.value!.device as Storage;
      if (!device || storage.generation !== this.generation) throw new DeviceLostError(`a tensor of shape ${formatShape(n.shape)} was on a device that was lost; load it from a checkpoint, or build it again`);
      return { buffer: storage.buffer, bytes: deviceBytes(n) };
    });
    const words = await device!.read(requests);
    wanted.forEach((n, i) => {
      n.value!.host = fromDeviceWords(n.dtype, words[i]);
      if (requests[i].bytes > shortLivedBytes) return;
      const storage = n.value!.device as Storage;
      this.unreachable.unregister(storage);
      this.release(storage.buffer, storage.generation);
      n.value!.device = undefined;
    });
  }

  private own(buffer: DeviceBuffer): Storage {
    const storage = new Storage(buffer, this.generation);
    this.unreachable.register(storage, { buffer, generation: this.generation }, storage);
    return storage;
  }

  private release(buffer: DeviceBuffer, generation: number): void {
    if (generation === this.generation) this.current?.pool.release(buffer);
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
