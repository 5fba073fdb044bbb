/**
 * @file Where values live: on the host, in device memory, or in both; and when their memory goes back.
 *
 * A value's device buffer goes back to the pool when the program can no longer reach the value, which the garbage
 * collector tells, or at once by `drop`. What was read back and is small leaves the device at once, so the values of a
 * training loop that only live for a step never wait for the collector.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import { dtypes } from '../base/dtype.ts';
import { DeviceLostError } from '../base/errors.ts';
import { formatShape } from '../base/shape.ts';
import type { Device } from '../gpu/device.ts';
import type { DeviceBuffer } from '../gpu/pool.ts';
import type { Node, Value } from '../graph/types.ts';
import { deviceBytes } from './lower/move.ts';

/** Values up to this size leave the device once they were read: uploading them again costs less than tracking them. */
const shortLivedBytes = 64 * 1024;

/** A device buffer that belongs to a value. */
class Storage {
  readonly buffer: DeviceBuffer;
  readonly device: Device;
  released = false;

  constructor(buffer: DeviceBuffer, device: Device) {
    this.buffer = buffer;
    this.device = device;
  }
}

export class Values {
  /** Values on their way to the host. */
  private readonly moving = new Map<Value, Promise<void>>();
  private readonly unreachable = new FinalizationRegistry<{ buffer: DeviceBuffer; device: Device }>(({ buffer, device }) => device.pool.release(buffer));

  /** Makes a buffer the node's value; it is freed when nothing can reach the value any more. */
  keep(node: Node, buffer: DeviceBuffer, device: Device): void {
    node.value = { device: this.own(buffer, device) };
  }

  /** A node's buffer. A host value that is used for the first time is uploaded for now, as `borrowed` (to one of `known`, if possible); later it stays. */
  onDevice(node: Node, device: Device, borrowed: DeviceBuffer[], known?: readonly DeviceBuffer[]): DeviceBuffer {
    const value = node.value!;
    const storage = this.storageOf(value);
    if (storage?.device === device) return storage.buffer;
    if (!value.host) throw lost(node, storage);
    const buffer = device.pool.allocate(Math.max(4, deviceBytes(node)), `tensor of shape ${formatShape(node.shape)}`, known);
    const stays = value.used || node.requiresGrad;
    if (!stays) borrowed.push(buffer);
    device.upload(buffer, toDeviceWords(node.dtype, value.host) as HostArray & ArrayBufferView<ArrayBuffer>);
    if (stays) value.device = this.own(buffer, device);
    return buffer;
  }

  /**
   * Reads values back that are not on the host yet, in one go. Nobody needs to wait for it: what is submitted meanwhile
   * still finds them on the device.
   */
  async toHost(nodes: readonly Node[], device: Device | undefined): Promise<void> {
    const wanted = nodes.filter((n) => n.value && !n.value.host);
    const fresh = wanted.filter((n) => !this.moving.has(n.value!));
    if (fresh.length) {
      const move = this.move(fresh, device);
      const values = fresh.map((n) => n.value!);
      for (const value of values) this.moving.set(value, move);
      const forget = (): void => values.forEach((value) => this.moving.delete(value));
      move.then(forget, forget);
    }
    await Promise.all(new Set(wanted.map((n) => this.moving.get(n.value!))));
  }

  /** Resolves when no value is on its way to the host. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.moving.values());
  }

  private async move(nodes: readonly Node[], device: Device | undefined): Promise<void> {
    const requests = nodes.map((node) => {
      const storage = this.storageOf(node.value!);
      if (!storage || storage.device !== device) throw lost(node, storage);
      return { buffer: storage.buffer, bytes: deviceBytes(node) };
    });
    const words = await device!.read(requests);
    nodes.forEach(({ value, dtype }, i) => {
      // It may have been disposed of on the way.
      if (!value) return;
      value.host = fromDeviceWords(dtype, words[i]);
      if (requests[i].bytes <= shortLivedBytes) this.release(value);
    });
  }

  /** Frees a value at once, on the host and on the device. Whoever needs it afterwards is told `reason`. */
  drop(node: Node, reason: string): void {
    if (node.value) this.release(node.value);
    node.value = undefined;
    node.lost = reason;
  }

  private own(buffer: DeviceBuffer, device: Device): Storage {
    const storage = new Storage(buffer, device);
    this.unreachable.register(storage, { buffer, device }, storage);
    return storage;
  }

  /** The value's memory, as long as it can be used. */
  private storageOf(value: Value): Storage | undefined {
    const storage = value.device as Storage | undefined;
    return storage?.released || storage?.buffer.lost ? undefined : storage;
  }

  private release(value: Value): void {
    const storage = value.device as Storage | undefined;
    value.device = undefined;
    if (!storage || storage.released) return;
    storage.released = true;
    this.unreachable.unregister(storage);
    storage.device.pool.release(storage.buffer);
  }
}

function lost(node: Node, storage: Storage | undefined): DeviceLostError {
  const reason = storage?.device.lostReason;
  return new DeviceLostError(`a tensor of shape ${formatShape(node.shape)} was on a device that was lost${reason === undefined ? '' : ` (${reason})`}; load it from a checkpoint, or build it again`);
}

/** The words to upload: 8-bit elements are widened to 32. */
function toDeviceWords(dtype: DType, host: HostArray): HostArray {
  return dtypes[dtype].hostBytes === 1 ? Int32Array.from(host) : host;
}

/** The host array of words read back. */
function fromDeviceWords(dtype: DType, words: ArrayBuffer): HostArray {
  if (dtypes[dtype].hostBytes === 1) {
    const wide = new Int32Array(words);
    const out = new dtypes[dtype].array(wide.length);
    out.set(wide);
    return out;
  }
  return dtype === 'float32' ? new Float32Array(words) : dtype === 'float16' ? new Uint16Array(words) : new Int32Array(words);
}
