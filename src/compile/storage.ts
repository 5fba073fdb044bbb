/**
 * @file Where values live: on the host, in device memory, or in both; and when their memory goes back.
 *
 * A value's device buffer goes back to the pool when the program can no longer reach the value, which the garbage
 * collector tells, or at once by `drop`. What was read back and is small leaves the device at once, so the values of a
 * training loop that only live for a step never wait for the collector.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import { dtypes, isPattern } from '../base/dtype.ts';
import { DeviceLostError } from '../base/errors.ts';
import { formatShape } from '../base/shape.ts';
import type { Copy, Device } from '../gpu/device.ts';
import type { DeviceBuffer } from '../gpu/pool.ts';
import { fullOp } from '../graph/ops/full.ts';
import { assignOp } from '../graph/ops/identity.ts';
import type { Node, Value } from '../graph/types.ts';
import { Assertions, checkValue, isWrong } from './assertions.ts';
import { deviceBytes } from './lower/move.ts';

/** Values up to this size that a program's tensor stands for are kept on the host when they are computed on the way. */
const smallBytes = 16 * 1024;

/** Whether the program may ask for the value soon, and it is small enough to be kept on the host for that. */
export const isSmall = (n: Node): boolean =>
  n.visible && n.op !== fullOp && n.op !== assignOp && deviceBytes(n) <= smallBytes;

/** Values up to this size leave the device once they were read: uploading them again costs less than tracking them. */
const shortLivedBytes = 64 * 1024;

/** Where a value lies on a device: in a buffer of its own, or on a shelf. */
interface Storage {
  readonly buffer: DeviceBuffer;
  readonly device: Device;
  readonly shelf?: Shelf;
  /** In bytes, from the shelf's beginning. */
  readonly offset?: number;
  released: boolean;
}

/**
 * Many small values that a program which never awaits may read one day. A buffer for each would be more than drivers
 * have, and a notice of each one's end more than the program's turn, in which none arrives, has room for: the shelf's
 * memory is free when nothing reaches it.
 */
interface Shelf {
  readonly buffer: DeviceBuffer;
  readonly device: Device;
  /** Bytes. */
  used: number;
  /** So many values lie on it. */
  values: number;
}

const shelfBytes = 256 * 1024;

export class Values {
  /** Values on their way to the host. */
  private readonly moving = new Map<Value, Promise<void>>();
  private readonly unreachable = new FinalizationRegistry<{ buffer: DeviceBuffer; device: Device }>(
    ({ buffer, device }) => device.pool.release(buffer),
  );
  /** What kernels found wrong with values. */
  readonly assertions = new Assertions();
  private shelf: Shelf | undefined;

  /** Makes a buffer the node's value; it is freed when nothing can reach the value any more. */
  keep(node: Node, buffer: DeviceBuffer, device: Device): void {
    node.value = { device: this.own(buffer, device) };
  }

  /**
   * A node's buffer. A host value that is used for the first time is uploaded for now, as `borrowed` (to one of
   * `known`, if possible); later it stays.
   */
  onDevice(node: Node, device: Device, borrowed: DeviceBuffer[], known?: readonly DeviceBuffer[]): DeviceBuffer {
    const value = node.value!;
    const storage = this.storageOf(value);
    if (storage?.device === device && storage.offset === undefined) return storage.buffer;
    if (storage?.device === device) {
      const bytes = deviceBytes(node);
      const buffer = device.pool.allocate(Math.max(4, bytes), `tensor of shape ${formatShape(node.shape)}`, known);
      device.copy([{ from: storage.buffer, offset: storage.offset!, to: buffer, at: 0, bytes: wholeWords(bytes) }]);
      this.release(value);
      value.device = this.own(buffer, device);
      return buffer;
    }
    if (!value.host) throw lost(node, storage);
    const buffer = device.pool.allocate(
      Math.max(4, deviceBytes(node)),
      `tensor of shape ${formatShape(node.shape)}`,
      known,
    );
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
    nodes.forEach(checkValue);
    const wanted = nodes.filter((n) => n.value && !n.value.host);
    const fresh = wanted.filter((n) => !this.moving.has(n.value!));
    if (fresh.length) {
      const move = this.move(fresh, device);
      const values = fresh.map((n) => n.value!);
      for (const value of values) this.moving.set(value, move);
      const forget = (): void => values.forEach((value) => this.moving.delete(value));
      move.then(forget, forget);
    }
    await Promise.all(new Set(wanted.map((n) => this.moving.get(n.value!) ?? Promise.resolve())));
    nodes.forEach(checkValue);
  }

  /** Resolves when no value is on its way to the host. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.moving.values());
  }

  private async move(nodes: readonly Node[], device: Device | undefined): Promise<void> {
    const requests = nodes.map((node) => {
      const storage = this.storageOf(node.value!);
      if (!storage || storage.device !== device) throw lost(node, storage);
      return { buffer: storage.buffer, offset: storage.offset, bytes: deviceBytes(node) };
    });
    const look = this.assertions.look(nodes);
    const words = await device!.read(look ? [...requests, look] : requests);
    look?.tell(words.at(-1)!);
    nodes.forEach((node, i) => {
      const { value, dtype } = node;
      // It may have been disposed of on the way.
      if (!value || isWrong(node)) return;
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

  /** Takes a value away that can be computed again. */
  clear(node: Node): void {
    if (node.value) this.release(node.value);
    node.value = undefined;
  }

  /** Gives values places on a shelf; what must be copied there from the buffers that they were computed in. */
  shelve(made: readonly { readonly node: Node; readonly buffer: DeviceBuffer }[], device: Device): Copy[] {
    return made.map(({ node, buffer: from }) => {
      const bytes = wholeWords(deviceBytes(node));
      const shelf = this.shelfFor(bytes, device);
      const { buffer, used: at } = shelf;
      shelf.used += bytes;
      shelf.values++;
      node.value = { device: { buffer, device, shelf, offset: at, released: false } satisfies Storage };
      return { from, offset: 0, to: buffer, at, bytes };
    });
  }

  private shelfFor(bytes: number, device: Device): Shelf {
    const full = this.shelf;
    if (full?.device === device && full.used + bytes <= shelfBytes) return full;
    const shelf = { buffer: device.pool.allocate(shelfBytes, 'small values'), device, used: 0, values: 0 };
    this.unreachable.register(shelf, { buffer: shelf.buffer, device }, shelf);
    this.shelf = shelf;
    if (full?.values === 0) this.giveBack(full);
    return shelf;
  }

  private own(buffer: DeviceBuffer, device: Device): Storage {
    const storage = { buffer, device, released: false };
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
    const { shelf } = storage;
    if (!shelf) this.giveBack(storage);
    else if (--shelf.values > 0) return;
    else if (shelf === this.shelf) shelf.used = 0;
    else this.giveBack(shelf);
  }

  private giveBack(holder: Storage | Shelf): void {
    this.unreachable.unregister(holder);
    holder.device.pool.release(holder.buffer);
  }
}

const wholeWords = (bytes: number): number => Math.max(4, Math.ceil(bytes / 4) * 4);

function lost(node: Node, storage: Storage | undefined): DeviceLostError {
  const reason = storage?.device.lostReason;
  return new DeviceLostError(
    `a tensor of shape ${formatShape(node.shape)} was on a device that was lost${reason === undefined ? '' : ` (${reason})`}; load it from a checkpoint, or build it again`,
  );
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
  return dtype === 'float32'
    ? new Float32Array(words)
    : isPattern(dtype)
      ? new Uint16Array(words)
      : new Int32Array(words);
}
