/**
 * @file What a schedule keeps of its preparation, for as long as the values stay that it was computed from.
 */
import type { Device } from '../gpu/device.ts';
import type { DeviceBuffer } from '../gpu/pool.ts';
import type { Value } from '../graph/types.ts';

export class PreparedBuffers {
  private readonly from: readonly WeakRef<Value>[];
  private readonly device: Device;
  private held: readonly DeviceBuffer[] | undefined;

  constructor(values: readonly Value[], buffers: readonly DeviceBuffer[], device: Device) {
    this.from = values.map((value) => new WeakRef(value));
    this.device = device;
    this.held = buffers;
    for (const value of values) unreachable.register(value, this, this);
  }

  /** The results, unless they were given back or a value is another one by now. */
  buffersFor(values: readonly Value[]): readonly DeviceBuffer[] | undefined {
    return values.every((value, i) => this.from[i].deref() === value) ? this.held : undefined;
  }

  release(): void {
    unreachable.unregister(this);
    for (const buffer of this.held ?? []) this.device.pool.release(buffer);
    this.held = undefined;
  }
}

/** Weights that nobody has any more need no preparation. */
const unreachable = new FinalizationRegistry<PreparedBuffers>((prepared) => prepared.release());
