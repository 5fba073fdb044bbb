/**
 * @file Storage: a node's value on the device, and how host arrays and device words are turned into each other.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import { dtypes } from '../base/dtype.ts';
import type { DeviceBuffer } from '../gpu/pool.ts';

/** Owns a device buffer for as long as somebody can reach it. */
export class Storage {
  readonly buffer: DeviceBuffer;
  /** Which device it lies on: they are numbered as they come and are lost. */
  readonly generation: number;

  constructor(buffer: DeviceBuffer, generation: number) {
    this.buffer = buffer;
    this.generation = generation;
  }
}

/** The words to upload: 8-bit elements are widened to 32. */
export function toDeviceWords(dtype: DType, host: HostArray): HostArray {
  return dtypes[dtype].hostBytes === 1 ? Int32Array.from(host) : host;
}

/** The host array of words read back. */
export function fromDeviceWords(dtype: DType, words: ArrayBuffer): HostArray {
  if (dtypes[dtype].hostBytes === 1) {
    const wide = new Int32Array(words);
    const out = new dtypes[dtype].array(wide.length);
    out.set(wide);
    return out;
  }
  return dtype === 'float32' ? new Float32Array(words) : dtype === 'float16' ? new Uint16Array(words) : new Int32Array(words);
}
