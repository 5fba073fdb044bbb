/**
 * @file How long the GPU worked on what is submitted meanwhile: each compute pass notes when it begins and ends.
 */

/** Passes that are noted; work of more is not told. */
const most = 1024;

export class PassTimes {
  private readonly device: GPUDevice;
  private readonly queries: GPUQuerySet;
  private passes = 0;

  constructor(device: GPUDevice) {
    this.device = device;
    this.queries = device.createQuerySet({ type: 'timestamp', count: 2 * most });
  }

  /** What the next pass begins with. */
  next(): GPUComputePassDescriptor {
    const at = 2 * this.passes++;
    return at < 2 * most
      ? { timestampWrites: { querySet: this.queries, beginningOfPassWriteIndex: at, endOfPassWriteIndex: at + 1 } }
      : {};
  }

  /** Milliseconds of all passes together, once they are done; `undefined` where there were none, or too many. */
  async end(): Promise<number | undefined> {
    const { device, queries, passes } = this;
    if (passes === 0 || passes > most) return undefined;
    const bytes = 16 * passes;
    const resolved = device.createBuffer({
      size: bytes,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
    const staging = device.createBuffer({ size: bytes, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
    try {
      const encoder = device.createCommandEncoder({ label: 'times of passes' });
      encoder.resolveQuerySet(queries, 0, 2 * passes, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, staging, 0, bytes);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      const readings = new BigUint64Array(staging.getMappedRange());
      let total = 0;
      for (let i = 0; i < passes; i++) total += Math.max(0, Number(readings[2 * i + 1] - readings[2 * i]));
      return total / 1e6;
    } finally {
      resolved.destroy();
      staging.destroy();
    }
  }

  destroy(): void {
    this.queries.destroy();
  }
}
