/**
 * @file The device: an adapter's GPU opened with all that it offers, its memory pool, pipelines and clock.
 *
 * This is the engine's driver. Above it nobody names a WebGPU object: work arrives as launches on numbered buffers.
 */
import type { CompilationMessage } from '../base/compilation-message.ts';
import { DeviceLostError, GpuError, OutOfMemoryError } from '../base/errors.ts';
import type { KernelSpec, Launch } from './kernel.ts';
import type { KernelTimes } from './kernel-times.ts';
import { kernelTimes } from './kernel-times.ts';
import { PipelineCache, compilationMessages, compileModule } from './pipelines.ts';
import type { DeviceBuffer } from './pool.ts';
import { MemoryPool } from './pool.ts';
import { Program } from './program.ts';
import type { Clock } from './timer.ts';
import { PassTimes } from './pass-times.ts';
import { Timer } from './timer.ts';

export interface AdapterSummary {
  readonly description: string;
  readonly vendor: string;
  readonly architecture: string;
  /** A software adapter (SwiftShader, lavapipe): its times say nothing about a GPU. */
  readonly software: boolean;
  readonly features: readonly string[];
  /** Lanes of a subgroup, where all subgroups have the same size. */
  readonly subgroupSize?: number;
  readonly limits: Readonly<Record<string, number>>;
}

/** Features that kernels use where they exist. */
const wantedFeatures = ['shader-f16', 'subgroups', 'timestamp-query'] as const;

/** Limits that are raised to what the adapter has. */
const wantedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
] as const;

export type DeviceLimits = Readonly<Record<(typeof wantedLimits)[number], number>>;

/** A copy of `bytes` bytes; it and both offsets are multiples of 4. */
export interface Copy {
  readonly from: DeviceBuffer;
  readonly offset: number;
  readonly to: DeviceBuffer;
  readonly at: number;
  readonly bytes: number;
}

/** What the driver finds wrong with work that was submitted. */
export interface Verdict {
  readonly error: Promise<Error | undefined>;
  /** There may have been no room for them. */
  readonly ofNewBuffers: boolean;
}

export class Device {
  readonly adapter: AdapterSummary;
  /** Features of the device, and of the language that it takes its shaders in. */
  readonly features: ReadonlySet<string>;
  readonly limits: DeviceLimits;
  /** Lanes of a subgroup, where there are subgroups and all have the same size. */
  readonly subgroupSize: number | undefined;
  readonly pool: MemoryPool;
  /** Resolves when the device goes away, with the reason. */
  readonly lost: Promise<string>;
  /** Held for as long as the device: Dawn for Node tears its worker threads down with it. */
  readonly instance: GPU;
  private readonly device: GPUDevice;
  private readonly pipelines: PipelineCache;
  private readonly timer: Timer;
  /** Those of the submissions that are timed now. */
  private passTimes: PassTimes | undefined;
  private reason: string | undefined;
  /** What the driver found wrong with work that nobody waited for; told with the next call. */
  private fault: string | undefined;
  /** Buffers made under the scopes of `watchAtOnce`, as long as those are open. */
  private madeThisTurn: DeviceBuffer[] | undefined;

  private constructor(instance: GPU, device: GPUDevice, adapter: AdapterSummary) {
    this.instance = instance;
    this.device = device;
    this.adapter = adapter;
    this.features = new Set([...device.features, ...instance.wgslLanguageFeatures]);
    this.limits = Object.fromEntries(wantedLimits.map((name) => [name, device.limits[name]])) as DeviceLimits;
    this.subgroupSize = this.features.has('subgroups') ? adapter.subgroupSize : undefined;
    this.pool = new MemoryPool(device);
    this.pipelines = new PipelineCache(device);
    this.timer = new Timer(device);
    this.lost = device.lost.then((info) => {
      this.reason = info.message || info.reason || 'unknown reason';
      return this.reason;
    });
  }

  /** Opens the best adapter of `gpu`; throws a `GpuError` where there is none. */
  static async open(gpu: GPU): Promise<Device> {
    const adapter = (await gpu.requestAdapter({ powerPreference: 'high-performance' })) ?? (await gpu.requestAdapter());
    if (!adapter)
      throw new GpuError(
        'webgpu: the browser has WebGPU but offers no adapter; check that the GPU is not blocked (chrome://gpu)',
      );
    const device = await adapter.requestDevice({
      requiredFeatures: wantedFeatures.filter((name) => adapter.features.has(name)) as GPUFeatureName[],
      requiredLimits: Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]])),
    });
    const opened = new Device(gpu, device, summarize(adapter));
    await opened.timer.calibrate();
    return opened;
  }

  /** Why the device went away; `undefined` as long as it is there. */
  get lostReason(): string | undefined {
    return this.reason;
  }

  get clock(): Clock {
    return this.timer.clock;
  }

  /** Compiles launches, side by side. */
  prepare(launches: readonly Launch[]): Promise<Program> {
    this.check();
    return Program.prepare(this.device, this.pipelines, launches);
  }

  /** The same before it returns. What the driver refuses is told with later work. */
  prepareAtOnce(launches: readonly Launch[]): Program {
    this.check();
    return Program.prepareAtOnce(this.device, this.pipelines, launches);
  }

  /** Throws where the driver refuses the kernel's WGSL. */
  async checkKernel(kernel: KernelSpec): Promise<void> {
    await compileModule(this.device, kernel);
  }

  /** What the compiler says of WGSL, with places; nothing is run. */
  messagesOf(wgsl: string): Promise<CompilationMessage[]> {
    this.check();
    return compilationMessages(this.device, wgsl);
  }

  /**
   * Submits a program once, and copies from what it computes. Work of later calls runs after it. `times` notes when
   * each kernel runs.
   */
  submit(program: Program, buffers: readonly DeviceBuffer[], copies: readonly Copy[] = [], times?: KernelTimes): void {
    this.check();
    const encoder = this.device.createCommandEncoder();
    if (times) times.encode(encoder, program, buffers);
    else {
      const pass = encoder.beginComputePass(this.passTimes?.next());
      program.encode(pass, buffers);
      pass.end();
    }
    encodeCopies(encoder, copies);
    this.device.queue.submit([encoder.finish()]);
  }

  /** For `submit`: takes the times of single kernels. */
  kernelTimes(): KernelTimes {
    this.check();
    return kernelTimes(this.device);
  }

  /** Milliseconds that the GPU spends on what `work` submits, and waits for; `undefined` without timestamp queries. */
  async timeSubmissions(work: () => Promise<void>): Promise<number | undefined> {
    if (this.clock.kind !== 'timestamp-query') {
      await work();
      return undefined;
    }
    const times = (this.passTimes = new PassTimes(this.device));
    try {
      await work();
      this.passTimes = undefined;
      const spans = await times.end();
      return spans.length === 0 ? undefined : spans.reduce((sum, { start, end }) => sum + end - start, 0);
    } finally {
      this.passTimes = undefined;
      times.destroy();
    }
  }

  /** Submits each program `repeats` times in a timed span of its own; nanoseconds of one execution, by program. */
  async time(
    spans: readonly { program: Program; buffers: readonly DeviceBuffer[]; repeats: number }[],
  ): Promise<number[]> {
    this.check();
    const times = await this.timer.time(spans.map((s) => (pass) => s.program.encode(pass, s.buffers, s.repeats)));
    return times.map((ns, i) => ns / spans[i].repeats);
  }

  upload(buffer: DeviceBuffer, data: ArrayBufferView<ArrayBuffer>): void {
    this.check();
    const tail = data.byteLength % 4;
    const whole = data.byteLength - tail;
    if (whole) this.device.queue.writeBuffer(buffer.gpu, 0, data.buffer, data.byteOffset, whole);
    if (tail) {
      const rest = new Uint8Array(4);
      rest.set(new Uint8Array(data.buffer, data.byteOffset + whole, tail));
      this.device.queue.writeBuffer(buffer.gpu, whole, rest);
    }
  }

  /** Reads buffers back in one go; the bytes of each, as asked for. */
  async read(requests: readonly { buffer: DeviceBuffer; offset?: number; bytes: number }[]): Promise<ArrayBuffer[]> {
    this.check();
    let total = 0;
    const places = requests.map(({ bytes }) => {
      const offset = total;
      total += Math.ceil(bytes / 4) * 4;
      return offset;
    });
    if (total === 0) return requests.map(() => new ArrayBuffer(0));
    const staging = this.device.createBuffer({ size: total, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
    const encoder = this.device.createCommandEncoder();
    requests.forEach(({ buffer, offset = 0, bytes }, i) => {
      if (bytes) encoder.copyBufferToBuffer(buffer.gpu, offset, staging, places[i], Math.ceil(bytes / 4) * 4);
    });
    this.device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(GPUMapMode.READ);
    } catch (error) {
      this.check();
      throw error;
    }
    const mapped = staging.getMappedRange();
    const results = requests.map(({ bytes }, i) => mapped.slice(places[i], places[i] + bytes));
    staging.destroy();
    return results;
  }

  /** Copies from buffers to others. */
  copy(copies: readonly Copy[]): void {
    this.check();
    const encoder = this.device.createCommandEncoder();
    encodeCopies(encoder, copies);
    this.device.queue.submit([encoder.finish()]);
  }

  /** Fills a buffer with zeros. */
  clear(buffer: DeviceBuffer): void {
    this.check();
    const encoder = this.device.createCommandEncoder();
    encoder.clearBuffer(buffer.gpu);
    this.device.queue.submit([encoder.finish()]);
  }

  /** Resolves when all submitted work is done. */
  async idle(): Promise<void> {
    this.check();
    await this.device.queue.onSubmittedWorkDone();
    this.check();
  }

  /**
   * Runs `work` under error scopes. A validation error is our own mistake and is thrown as it is; out of memory is told
   * with the sizes, and the buffers that failed leave the pool, so that the engine goes on working.
   */
  async guarded<T>(what: string, work: () => T): Promise<T> {
    const { result, verdict } = this.watch(what, work);
    const error = await verdict.error;
    if (error) throw error;
    return result;
  }

  /** The same without waiting for the driver's verdict. */
  watch<T>(what: string, work: () => T): { result: T; verdict: Verdict } {
    this.check();
    this.device.pushErrorScope('out-of-memory');
    this.device.pushErrorScope('validation');
    try {
      const result = work();
      const created = this.pool.takeCreated();
      return { result, verdict: { ofNewBuffers: created.length > 0, error: this.popScopes(what, created) } };
    } catch (error) {
      void this.popScopes(what, this.pool.takeCreated());
      throw error;
    }
  }

  /**
   * The same for a program that does not wait: what the driver finds wrong in this turn of the program is told with
   * later work. Until the turn ends nothing of what is noted goes away, so there is one note for all of it.
   */
  watchAtOnce<T>(work: () => T): T {
    this.check();
    if (!this.madeThisTurn) {
      this.madeThisTurn = [];
      this.device.pushErrorScope('out-of-memory');
      this.device.pushErrorScope('validation');
      void Promise.resolve().then(() => this.endTurn());
    }
    try {
      return work();
    } finally {
      this.madeThisTurn.push(...this.pool.takeCreated());
    }
  }

  private endTurn(): void {
    const created = this.madeThisTurn!;
    this.madeThisTurn = undefined;
    this.tellLater({ error: this.popScopes('running a schedule', created), ofNewBuffers: created.length > 0 });
  }

  /** Has a complaint told with later work. */
  tellLater({ error }: Verdict): void {
    void error.then((complaint) => (this.fault ??= complaint?.message));
  }

  private async popScopes(what: string, created: readonly DeviceBuffer[]): Promise<Error | undefined> {
    const [validation, memory] = await Promise.all([this.device.popErrorScope(), this.device.popErrorScope()]);
    if (memory) {
      const { allocated, reserved } = this.pool.stats;
      this.pool.discard(created);
      return new OutOfMemoryError(
        `${what}: out of memory on the device; ${allocated} bytes are in use and ${reserved} reserved; use a smaller batch, or torch.webgpu.emptyCache()`,
      );
    }
    return validation ? new GpuError(`${what}: ${validation.message}`) : undefined;
  }

  destroy(): void {
    this.timer.destroy();
    this.device.destroy();
  }

  private check(): void {
    if (this.reason !== undefined) throw new DeviceLostError(`the device was lost: ${this.reason}`);
    if (this.fault === undefined) return;
    const { fault } = this;
    this.fault = undefined;
    throw new GpuError(fault);
  }
}

function encodeCopies(encoder: GPUCommandEncoder, copies: readonly Copy[]): void {
  for (const { from, offset, to, at, bytes } of copies) encoder.copyBufferToBuffer(from.gpu, offset, to.gpu, at, bytes);
}

function summarize(adapter: GPUAdapter): AdapterSummary {
  const { info } = adapter;
  const description = info.description || info.device || info.architecture || info.vendor || 'unnamed adapter';
  return {
    description,
    vendor: info.vendor,
    architecture: info.architecture,
    software: info.isFallbackAdapter || /swiftshader|llvmpipe|software/i.test(`${description} ${info.architecture}`),
    features: [...adapter.features].toSorted(),
    subgroupSize: info.subgroupMinSize === info.subgroupMaxSize ? info.subgroupMinSize : undefined,
    limits: Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]])),
  };
}
