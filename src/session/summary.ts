/**
 * @file What the page shows of a tensor instead of all its numbers.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import { decode } from '../base/dtype.ts';
import type { OutputSummary } from './protocol.ts';

const headLength = 64;

/**
 * `min` and `max` are of all numbers, infinities included, and NaN where there is none; `mean` and `std` of the finite
 * ones, whose number `nonFinite` tells. `std` divides by n − 1, as PyTorch's does.
 */
export function summarize(
  name: string,
  tensor: { readonly shape: readonly number[]; readonly dtype: DType; readonly device: 'webgpu' | 'cpu' },
  data: HostArray,
): OutputSummary {
  const values = decode(tensor.dtype, data);
  const numbers = values.filter((x) => !Number.isNaN(x));
  const finite = numbers.filter((x) => Number.isFinite(x));
  const mean = finite.reduce((sum, x) => sum + x, 0) / finite.length;
  const squares = finite.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return {
    name,
    shape: [...tensor.shape],
    dtype: tensor.dtype,
    device: tensor.device,
    min: numbers.length > 0 ? numbers.reduce((a, b) => Math.min(a, b)) : NaN,
    max: numbers.length > 0 ? numbers.reduce((a, b) => Math.max(a, b)) : NaN,
    mean,
    std: Math.sqrt(squares / (finite.length - 1)),
    nonFinite: values.length - finite.length,
    head: [...values.subarray(0, headLength)],
    checksum: fnv1a(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  };
}

/** The 32-bit FNV-1a hash of bytes, in hex (http://www.isthe.com/chongo/tech/comp/fnv/). */
export function fnv1a(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
