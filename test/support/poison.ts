/**
 * @file Poisoned buffers: filled with NaN before a kernel runs, with a guard zone behind what the kernel may write.
 *
 * A kernel that leaves an element out shows NaN in its result; one that writes out of bounds, before the start (where
 * a 32-bit index wraps around and is clamped) or behind the end, changes the guard.
 */
import type { Device } from '../../src/gpu/device.ts';
import type { DeviceBuffer } from '../../src/gpu/pool.ts';

const guardBytes = 1024;

/** NaN both as one float32 and as two float16. */
const poison = 0x7fff7fff;

export interface PoisonedBuffer {
  readonly buffer: DeviceBuffer;
  readonly bytes: number;
}

export function poisoned(device: Device, bytes: number): PoisonedBuffer {
  const buffer = device.pool.allocate(wholeWords(bytes) + guardBytes, 'poisoned');
  device.upload(buffer, new Uint32Array(buffer.size / 4).fill(poison));
  return { buffer, bytes };
}

/** Reads the bytes that the kernel may write, and throws where it changed any of the guard. */
export async function readGuarded(
  device: Device,
  what: string,
  { buffer, bytes }: PoisonedBuffer,
): Promise<ArrayBuffer> {
  const [all] = await device.read([{ buffer, bytes: buffer.size }]);
  const guard = new Uint32Array(all, wholeWords(bytes));
  const changed = guard.findIndex((word) => word !== poison);
  if (changed >= 0) throw new Error(`${what}: wrote ${4 * changed} bytes beyond the end of a buffer of ${bytes} bytes`);
  return all.slice(0, bytes);
}

const wholeWords = (bytes: number): number => Math.ceil(bytes / 4) * 4;
