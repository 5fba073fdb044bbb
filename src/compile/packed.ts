/**
 * @file Elements of 16 bits of which two share a 32-bit word: bfloat16, which WGSL lacks, and float16 on an adapter
 * without shader-f16.
 *
 * Generated pointwise kernels read and write such words, an invocation both elements of its own. Every other kernel
 * gets its operands in float32, and a pointwise kernel rounds what comes out (passes/widen.ts), as PyTorch's kernels
 * compute in float32 and round once.
 */
import type { DType } from '../base/dtype.ts';

/** Which dtypes share words on a device. */
export type Packs = (dtype: DType) => boolean;

export const packsOn = (features: ReadonlySet<string>): Packs => {
  const half = features.has('shader-f16');
  return (dtype) => dtype === 'bfloat16' || (dtype === 'float16' && !half);
};

/** Of kernels that are never given such a dtype. */
export const packsNone: Packs = () => false;

/** The file with the functions that the formulas below call. */
export const packedFile = 'lib/packed.wgsl';

/** The number of 16 bits, and the 16 bits of a number, as WGSL. */
export const unpacked = (dtype: DType, bits: string): string => `${dtype}_from(${bits})`;
export const packedBits = (dtype: DType, number: string): string => `${dtype}_bits(${number})`;

/** Element `index` of an array of words, as WGSL. */
export const packedElement = (dtype: DType, array: string, index: string): string =>
  unpacked(dtype, `half_word(${array}[(${index}) >> 1u], ${index})`);

/** The words of so many elements, and the invocations that write them. */
export const wordsOf = (elements: number): number => Math.ceil(elements / 2);
