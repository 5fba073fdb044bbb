/**
 * @file The inputs of quantised operations: levels, scales, zero points, and numbers that round and saturate.
 */
import type { Input, Numbers } from '../case.ts';
import { below, f32, fixed, i32, signed } from '../case.ts';

/** Multiples of ¼ from −6 to 6: half of them are ties under a scale of ½. */
export const quarters: Numbers = (u) => Math.floor(49 * u) / 4 - 6;
/** All 8 bits, and 7 of them, signed. */
export const bytes: Numbers = (u) => Math.floor(256 * u) - 128;
export const sevenBits: Numbers = (u) => Math.floor(127 * u) - 63;
export const byte = below(256);

export const real = (shape: readonly number[], numbers: Numbers = signed): Input => fixed(f32(shape, numbers));
export const scales = (channels: number): Input => real([channels], (u) => 0.01 + 0.05 * u);
export const zeros = (channels: number): Input => i32([channels], (u) => Math.floor(21 * u) - 10);

export const beyond = [NaN, -300, 300, 1e9, -1e9, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 127.5, -128.5, 126.5];

/** PyTorch's quantised tensor of given levels. */
export function made(levels: string, scale: number, zeroPoint: number): string {
  return `torch._make_per_tensor_quantized_tensor(${levels}.contiguous(), ${scale}, ${zeroPoint})`;
}
