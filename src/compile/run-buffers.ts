/**
 * @file Buffers for one run of a schedule, where possible those of its last runs, for which the bind groups are there.
 */
import { formatShape } from '../base/shape.ts';
import type { Device } from '../gpu/device.ts';
import type { DeviceBuffer } from '../gpu/pool.ts';
import type { TensorType } from '../graph/types.ts';
import { intermediates } from './memory-record.ts';
import type { Region } from './region.ts';
import type { CompiledSchedule } from './schedules.ts';
import type { Values } from './storage.ts';

/** A schedule, the region whose leaves it reads, and what it computes: targets, or what it prepares. */
export interface Work {
  readonly compiled: CompiledSchedule;
  readonly region: Region;
  readonly targets: readonly TensorType[];
}

/** Buffers taken from the pool for one run of a schedule. */
export interface RunBuffers {
  readonly temporary: DeviceBuffer[];
  readonly outputs: DeviceBuffer[];
}

/** A parameter's value goes round between three buffers: the present one, the one before, and the one that is free. */
const recentKept = 4;

/** A buffer for every slot of a schedule, noted in `lent` as it is taken from the pool. */
export function acquireBuffers(
  device: Device,
  values: Values,
  { compiled: { schedule, recent }, region: { leaves }, targets }: Work,
  kept: readonly DeviceBuffer[],
  lent: RunBuffers,
): DeviceBuffer[] {
  const memory = schedule.memory.map((bytes, i) => {
    const buffer = device.pool.allocate(bytes, 'intermediate', recent.memory[i]);
    device.pool.tellOwner(buffer, intermediates);
    noteRecent(recent.memory, i, buffer);
    lent.temporary.push(buffer);
    return buffer;
  });
  return schedule.slots.map((slot, i) => {
    if (slot.kind === 'temporary') return memory[slot.memory].resized(slot.bytes);
    if (slot.kind === 'kept') return kept[slot.kept];
    if (slot.kind === 'assertions') return values.assertions.bufferOn(device);
    const buffer =
      slot.kind === 'leaf'
        ? values.onDevice(leaves[slot.leaf], device, lent.temporary, recent.slots[i])
        : device.pool.allocate(Math.max(4, slot.bytes), nameOf(targets[slot.output]), recent.slots[i]);
    if (slot.kind === 'output') lent.outputs[slot.output] = buffer;
    noteRecent(recent.slots, i, buffer);
    return buffer;
  });
}

const nameOf = (target: TensorType | undefined): string =>
  target ? `result of shape ${formatShape(target.shape)}` : 'prepared weights';

function noteRecent(lists: DeviceBuffer[][], i: number, buffer: DeviceBuffer): void {
  const known = (lists[i] ??= []);
  if (known.includes(buffer)) return;
  known.unshift(buffer);
  if (known.length > recentKept) known.pop();
}
