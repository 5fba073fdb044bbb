/**
 * @file The clock: timestamp queries where the device has them, wall time around the queue where not.
 *
 * A clock has a quantum, the smallest step that it can show. Browsers coarsen timestamps (Chrome documents 100 µs, and
 * 65,536 ns is seen), so the quantum is measured at start and travels with every figure.
 */

export interface Clock {
  readonly kind: 'timestamp-query' | 'wall';
  /** The smallest step seen, in nanoseconds. */
  readonly quantumNs: number;
}

/** One timed span of GPU work, in nanoseconds. */
export type Encode = (pass: GPUComputePassEncoder) => void;

export class Timer {
  private readonly device: GPUDevice;
  private readonly queries: GPUQuerySet | undefined;
  private readonly resolved: GPUBuffer | undefined;
  private readonly staging: GPUBuffer | undefined;
  clock: Clock;

  constructor(device: GPUDevice) {
    this.device = device;
    const hasTimestamps = device.features.has('timestamp-query');
    this.clock = { kind: hasTimestamps ? 'timestamp-query' : 'wall', quantumNs: 1 };
    if (!hasTimestamps) return;
    this.queries = device.createQuerySet({ type: 'timestamp', count: 2 * maxSpans });
    this.resolved = device.createBuffer({ size: 16 * maxSpans, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC });
    this.staging = device.createBuffer({ size: 16 * maxSpans, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  }

  /** Times each span in a pass of its own, all in one submission where the clock allows; nanoseconds by span. */
  async time(spans: readonly Encode[]): Promise<number[]> {
    const times: number[] = [];
    for (let i = 0; i < spans.length; i += maxSpans) {
      const chunk = spans.slice(i, i + maxSpans);
      times.push(...(this.queries ? await this.timeByTimestamps(chunk, this.queries) : await this.timeByWall(chunk)));
    }
    return times;
  }

  /** Finds the clock's quantum: the smallest difference between any two distinct readings of short spans. */
  async calibrate(): Promise<void> {
    if (this.queries) {
      const readings = [...new Set(await this.readTimestamps(Array.from({ length: 32 }, () => () => {}), this.queries))].toSorted((a, b) => a - b);
      const steps = readings.slice(1).map((t, i) => t - readings[i]);
      this.clock = { kind: 'timestamp-query', quantumNs: steps.length ? Math.min(...steps) : 100_000 };
      return;
    }
    let smallest = Infinity;
    for (let i = 0, last = performance.now(); i < 64 && performance.now() - last < 50; ) {
      const now = performance.now();
      if (now > last) {
        smallest = Math.min(smallest, now - last);
        last = now;
        i++;
      }
    }
    this.clock = { kind: 'wall', quantumNs: Math.max(1, Math.round(smallest * 1e6)) };
  }

  destroy(): void {
    this.queries?.destroy();
    this.resolved?.destroy();
    this.staging?.destroy();
  }

  private async timeByTimestamps(spans: readonly Encode[], queries: GPUQuerySet): Promise<number[]> {
    const readings = await this.readTimestamps(spans, queries);
    return spans.map((_, i) => Math.max(0, readings[2 * i + 1] - readings[2 * i]));
  }

  private async readTimestamps(spans: readonly Encode[], queries: GPUQuerySet): Promise<number[]> {
    const encoder = this.device.createCommandEncoder({ label: 'timed spans' });
    spans.forEach((encode, i) => {
      const pass = encoder.beginComputePass({
        timestampWrites: { querySet: queries, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 },
      });
      encode(pass);
      pass.end();
    });
    const bytes = 16 * spans.length;
    encoder.resolveQuerySet(queries, 0, 2 * spans.length, this.resolved!, 0);
    encoder.copyBufferToBuffer(this.resolved!, 0, this.staging!, 0, bytes);
    this.device.queue.submit([encoder.finish()]);
    await this.staging!.mapAsync(GPUMapMode.READ, 0, bytes);
    const readings = Array.from(new BigUint64Array(this.staging!.getMappedRange(0, bytes).slice(0)));
    this.staging!.unmap();
    const first = readings.reduce((a, b) => (b < a ? b : a), readings[0] ?? 0n);
    return readings.map((t) => Number(t - first));
  }

  private async timeByWall(spans: readonly Encode[]): Promise<number[]> {
    const times: number[] = [];
    for (const encode of spans) {
      await this.device.queue.onSubmittedWorkDone();
      const started = performance.now();
      const encoder = this.device.createCommandEncoder({ label: 'timed span' });
      const pass = encoder.beginComputePass();
      encode(pass);
      pass.end();
      this.device.queue.submit([encoder.finish()]);
      await this.device.queue.onSubmittedWorkDone();
      times.push((performance.now() - started) * 1e6);
    }
    return times;
  }
}

/** Spans in one submission. */
const maxSpans = 64;
