/**
 * @file The clock: timestamp queries where the device has them, wall time around the queue where not.
 *
 * A clock has a quantum, the smallest step that it can show. Browsers coarsen timestamps (Chrome documents 100 µs, and
 * 65,536 ns is seen), so the quantum is measured at start and travels with every figure.
 */
import type { AwaitedQueue } from './wall-clock.ts';
import { WallClock } from './wall-clock.ts';

export interface Clock {
  readonly kind: 'timestamp-query' | 'wall';
  /**
   * The smallest step seen, in nanoseconds; of wall time the range of what an empty submission takes, where that is
   * more.
   */
  readonly quantumNs: number;
}

/** One timed span of GPU work, in nanoseconds. */
export type Encode = (pass: GPUComputePassEncoder) => void;

export class Timer {
  private readonly device: GPUDevice;
  private readonly queries: GPUQuerySet | undefined;
  private readonly resolved: GPUBuffer | undefined;
  private readonly staging: GPUBuffer | undefined;
  private readonly wall: WallClock<Encode>;
  clock: Clock;

  constructor(device: GPUDevice) {
    this.device = device;
    this.wall = new WallClock(queueOf(device));
    const hasTimestamps = device.features.has('timestamp-query');
    this.clock = { kind: hasTimestamps ? 'timestamp-query' : 'wall', quantumNs: 1 };
    if (!hasTimestamps) return;
    this.queries = device.createQuerySet({ type: 'timestamp', count: 2 * maxSpans });
    this.resolved = device.createBuffer({
      size: 16 * maxSpans,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
    this.staging = device.createBuffer({
      size: 16 * maxSpans,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
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

  /**
   * Finds the clock's quantum: of timestamps the smallest difference between any two distinct readings of short spans.
   */
  async calibrate(): Promise<void> {
    if (this.queries) {
      const readings = [
        ...new Set(
          await this.readTimestamps(
            Array.from({ length: 32 }, () => () => {}),
            this.queries,
          ),
        ),
      ].toSorted((a, b) => a - b);
      const steps = readings.slice(1).map((t, i) => t - readings[i]);
      this.clock = { kind: 'timestamp-query', quantumNs: steps.length ? Math.min(...steps) : 100_000 };
      return;
    }
    await this.wall.calibrate();
    this.clock = { kind: 'wall', quantumNs: this.wall.quantumNs };
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
    for (const encode of spans) times.push(await this.wall.time(encode));
    return times;
  }
}

function queueOf(device: GPUDevice): AwaitedQueue<Encode> {
  return {
    submit(encode) {
      const encoder = device.createCommandEncoder({ label: 'timed span' });
      if (encode) {
        const pass = encoder.beginComputePass();
        encode(pass);
        pass.end();
      }
      device.queue.submit([encoder.finish()]);
    },
    done: () => device.queue.onSubmittedWorkDone(),
    now: () => performance.now(),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}

/** Spans in one submission. */
const maxSpans = 64;
