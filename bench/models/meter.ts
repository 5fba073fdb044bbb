/**
 * @file What a library asks of WebGPU, whichever it is: kernels dispatched, and bytes of buffers made and not
 * destroyed.
 */

export interface Reading {
  readonly kernels: number;
  /** The most since the meter was reset. */
  readonly peakBytes: number;
}

export class Meter {
  private kernels = 0;
  private bytes = 0;
  private peakBytes = 0;

  /** Counts from now on; the interfaces of WebGPU must be global. */
  constructor() {
    const count = (add: () => void) =>
      function counted<A extends unknown[], R>(original: (this: unknown, ...args: A) => R) {
        return function (this: unknown, ...args: A): R {
          add();
          return original.apply(this, args);
        };
      };
    const dispatched = count(() => this.kernels++);
    const pass = GPUComputePassEncoder.prototype;
    pass.dispatchWorkgroups = dispatched(pass.dispatchWorkgroups as never) as never;
    pass.dispatchWorkgroupsIndirect = dispatched(pass.dispatchWorkgroupsIndirect as never) as never;
    this.countBuffers();
  }

  /** Begins both counts anew; buffers that are there still count. */
  reset(): void {
    this.kernels = 0;
    this.peakBytes = this.bytes;
  }

  read(): Reading {
    return { kernels: this.kernels, peakBytes: this.peakBytes };
  }

  private countBuffers(): void {
    const device = GPUDevice.prototype;
    const buffer = GPUBuffer.prototype;
    const sizes = new WeakMap<GPUBuffer, number>();
    const gone = new FinalizationRegistry<number>((size) => (this.bytes -= size));
    const { createBuffer } = device;
    const { destroy } = buffer;
    device.createBuffer = function (this: GPUDevice, descriptor) {
      const made = createBuffer.call(this, descriptor);
      sizes.set(made, descriptor.size);
      gone.register(made, descriptor.size, made);
      add(descriptor.size);
      return made;
    };
    buffer.destroy = function (this: GPUBuffer) {
      add(-(sizes.get(this) ?? 0));
      sizes.delete(this);
      gone.unregister(this);
      return destroy.call(this);
    };
    const add = (size: number): void => {
      this.bytes += size;
      this.peakBytes = Math.max(this.peakBytes, this.bytes);
    };
  }
}

/**
 * Dawn for Node takes no views of memory that threads share: what a library uploads from such memory is copied first.
 */
export function copySharedViews(): void {
  const queue = GPUQueue.prototype;
  const { writeBuffer } = queue;
  queue.writeBuffer = function (this: GPUQueue, buffer, offset, data, ...range) {
    const isShared = (bytes: unknown): boolean => bytes instanceof SharedArrayBuffer;
    if (ArrayBuffer.isView(data) && isShared(data.buffer)) {
      const [first = 0, size] = range;
      const unit = 'BYTES_PER_ELEMENT' in data ? (data.BYTES_PER_ELEMENT as number) : 1;
      const from = data.byteOffset + first * unit;
      const bytes = size === undefined ? data.byteLength - first * unit : size * unit;
      return writeBuffer.call(this, buffer, offset, new Uint8Array(data.buffer, from, bytes).slice());
    }
    if (isShared(data)) {
      const [first = 0, size] = range;
      const bytes = new Uint8Array(data as unknown as ArrayBuffer, first, size);
      return writeBuffer.call(this, buffer, offset, bytes.slice());
    }
    return writeBuffer.call(this, buffer, offset, data as never, ...range);
  };
}
