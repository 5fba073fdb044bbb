/**
 * @file When the GPU worked on what is submitted meanwhile: each compute pass notes when it begins and ends.
 */

/** From when to when, in milliseconds; only differences mean anything. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A query set has at most 4096 queries; a pass takes two. */
const passesOfSet = 2048;

export class PassTimes {
  private readonly device: GPUDevice;
  private readonly sets: GPUQuerySet[] = [];
  private passes = 0;

  constructor(device: GPUDevice) {
    this.device = device;
  }

  /** What the next pass begins with. */
  next(): GPUComputePassDescriptor {
    const at = 2 * (this.passes++ % passesOfSet);
    if (at === 0) this.sets.push(this.device.createQuerySet({ type: 'timestamp', count: 2 * passesOfSet }));
    const querySet = this.sets.at(-1)!;
    return { timestampWrites: { querySet, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 } };
  }

  /** Every pass, in order, once all are done. */
  async end(): Promise<Span[]> {
    const { device, sets, passes } = this;
    if (passes === 0) return [];
    const bytes = 16 * passes;
    const resolved = device.createBuffer({
      size: bytes,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
    const staging = device.createBuffer({ size: bytes, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
    try {
      const encoder = device.createCommandEncoder({ label: 'times of passes' });
      sets.forEach((set, i) => {
        const first = i * passesOfSet;
        encoder.resolveQuerySet(set, 0, 2 * Math.min(passesOfSet, passes - first), resolved, 16 * first);
      });
      encoder.copyBufferToBuffer(resolved, 0, staging, 0, bytes);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      const readings = new BigUint64Array(staging.getMappedRange());
      const first = readings[0];
      const ms = (reading: bigint): number => Number(reading - first) / 1e6;
      return Array.from({ length: passes }, (_, i) => {
        const start = ms(readings[2 * i]);
        return { start, end: Math.max(start, ms(readings[2 * i + 1])) };
      });
    } finally {
      resolved.destroy();
      staging.destroy();
    }
  }

  destroy(): void {
    for (const set of this.sets) set.destroy();
  }
}
