/**
 * @file The memory pool: device buffers by size class, kept for reuse, counted as PyTorch's caching allocator counts
 * them.
 *
 * `allocated` is what is in use, `reserved` what the device holds for us in all. A freed buffer goes to its size class
 * and is handed out again: to the place that used it before, where that asks for it, so that a repeated schedule meets
 * the same buffers and its bind groups stay valid.
 */
import { GpuError, OutOfMemoryError } from '../base/errors.ts';

/** The owner of buffers of which nobody has told what they are for. */
export const unknownOwner = '';

interface Owner {
  readonly name: string;
  /** Bytes in use. */
  bytes: number;
}

/** A device buffer; `size` is what was asked for, `reserved` the size class, both in bytes. */
export class DeviceBuffer {
  readonly id: number;
  readonly gpu: GPUBuffer;
  readonly reserved: number;
  size: number;
  /** The device had no room for it. */
  lost = false;
  /** Where it lies among the free buffers of its class; −1 while it is in use. */
  place = -1;
  /** Who uses it, as far as it was told. */
  owner: Owner | undefined;

  constructor(id: number, gpu: GPUBuffer, reserved: number, size: number) {
    this.id = id;
    this.gpu = gpu;
    this.reserved = reserved;
    this.size = size;
  }

  /** The same memory under another size, for intermediates that share it one after the other. */
  resized(size: number): DeviceBuffer {
    return new DeviceBuffer(this.id, this.gpu, this.reserved, size);
  }
}

export interface MemoryStats {
  /** Bytes in use. */
  readonly allocated: number;
  /** The most that `allocated` has been. */
  readonly maxAllocated: number;
  /** Bytes held on the device, in use or kept for reuse. */
  readonly reserved: number;
  /** Buffers in use. */
  readonly buffers: number;
}

export class MemoryPool {
  /** Bytes that may be reserved in all; more is out of memory even where the device has it. */
  maxReserved = Infinity;
  private readonly device: GPUDevice;
  private readonly limit: number;
  private readonly free = new Map<number, DeviceBuffer[]>();
  private nextId = 1;
  private allocated = 0;
  private maxAllocated = 0;
  private reserved = 0;
  private buffers = 0;
  private owners = new Map<string, Owner>();
  /** Made since the last `takeCreated`, so that running out of memory is noticed once for all of them. */
  private created: DeviceBuffer[] = [];

  constructor(device: GPUDevice) {
    this.device = device;
    this.limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  }

  /**
   * A buffer of at least `size` bytes, if possible one of `known`; throws where one binding cannot be that large, or
   * beyond `maxReserved`.
   */
  allocate(size: number, what = 'tensor', known: readonly DeviceBuffer[] = []): DeviceBuffer {
    if (size > this.limit) {
      throw new GpuError(
        `${what}: ${size} bytes exceed this adapter's limit of ${this.limit} bytes for one storage buffer; use a smaller batch or shape`,
      );
    }
    const reserved = Math.min(sizeClass(size), this.limit - (this.limit % 4));
    const buffer = this.takeFree(reserved, known) ?? this.create(reserved, size, what);
    buffer.size = size;
    this.buffers++;
    this.allocated += reserved;
    this.maxAllocated = Math.max(this.maxAllocated, this.allocated);
    return buffer;
  }

  /** Tells who uses a buffer. */
  tellOwner(buffer: DeviceBuffer, name: string): void {
    const owner = this.owners.get(name) ?? { name, bytes: 0 };
    if (buffer.owner === owner) return;
    this.owners.set(name, owner);
    if (buffer.owner) buffer.owner.bytes -= buffer.reserved;
    owner.bytes += buffer.reserved;
    buffer.owner = owner;
  }

  /** From here on, buffers have the owners that are told from here on. */
  forgetOwners(): void {
    this.owners = new Map();
  }

  /** Bytes in use, by owner; they add up to `allocated`. */
  held(): ReadonlyMap<string, number> {
    const known = [...this.owners.values()];
    const rest = known.reduce((sum, { bytes }) => sum - bytes, this.allocated);
    return new Map([[unknownOwner, rest], ...known.map(({ name, bytes }): [string, number] => [name, bytes])]);
  }

  release(buffer: DeviceBuffer): void {
    this.buffers--;
    this.allocated -= buffer.reserved;
    if (buffer.owner) buffer.owner.bytes -= buffer.reserved;
    buffer.owner = undefined;
    if (buffer.lost) return;
    const list = this.free.get(buffer.reserved) ?? [];
    this.free.set(buffer.reserved, list);
    buffer.place = list.push(buffer) - 1;
  }

  private takeFree(reserved: number, known: readonly DeviceBuffer[]): DeviceBuffer | undefined {
    const list = this.free.get(reserved);
    if (!list?.length) return undefined;
    const buffer = known.find((b) => b.reserved === reserved && list[b.place] === b) ?? list.at(-1)!;
    // The last one takes its place, so that nothing moves along.
    const last = list.pop()!;
    if (last !== buffer) {
      last.place = buffer.place;
      list[buffer.place] = last;
    }
    buffer.place = -1;
    return buffer;
  }

  /** Gives the kept buffers back to the device. */
  emptyCache(): void {
    for (const list of this.free.values()) {
      for (const buffer of list) {
        this.reserved -= buffer.reserved;
        buffer.gpu.destroy();
      }
    }
    this.free.clear();
  }

  /** The buffers made since the last call, which the device may yet turn out to have no room for. */
  takeCreated(): DeviceBuffer[] {
    const created = this.created;
    this.created = [];
    return created;
  }

  /** Forgets buffers that the device had no room for. */
  discard(buffers: readonly DeviceBuffer[]): void {
    for (const buffer of buffers) {
      buffer.lost = true;
      this.reserved -= buffer.reserved;
      if (buffer.place >= 0) this.takeFree(buffer.reserved, [buffer]);
      buffer.gpu.destroy();
    }
  }

  get stats(): MemoryStats {
    return {
      allocated: this.allocated,
      maxAllocated: this.maxAllocated,
      reserved: this.reserved,
      buffers: this.buffers,
    };
  }

  resetPeak(): void {
    this.maxAllocated = this.allocated;
  }

  private create(reserved: number, size: number, what: string): DeviceBuffer {
    if (this.reserved + reserved > this.maxReserved) this.emptyCache();
    if (this.reserved + reserved > this.maxReserved) {
      throw new OutOfMemoryError(
        `${what}: out of memory; ${size} bytes are wanted, ${this.allocated} are in use, and the limit is ${this.maxReserved}; use a smaller batch, or raise it by torch.webgpu.setMemoryLimit`,
      );
    }
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = new DeviceBuffer(
      this.nextId++,
      this.device.createBuffer({ size: reserved, usage }),
      reserved,
      reserved,
    );
    this.reserved += reserved;
    this.created.push(buffer);
    return buffer;
  }
}

/** Powers of two and three quarters between them; at least 256 bytes, so waste is at most a third. */
export function sizeClass(bytes: number): number {
  let size = 256;
  while (size < bytes) size *= 2;
  return size > 256 && size * 0.75 >= bytes ? size * 0.75 : size;
}
