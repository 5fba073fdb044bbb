/**
 * @file A split sum: the splits stored side by side and added in a fixed order, or added by atomics into
 * zeros, in whatever order they come.
 */
import type { Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { FloatType } from './epilogue.ts';
import { elementPart } from './epilogue.ts';

const group = 64;

/** result[i] = Σ splits[split][i], `length` elements of float32 a split. With one split it converts. */
export function sumSplits(splits: Slot, result: Slot, count: number, length: number, dtype: FloatType): Launch {
  return {
    kernel: kernel('lib/sum_splits', elementPart(dtype), linear(group)),
    bindings: [reads(splits), writes(result), params(count, length)],
    workgroups: linearGrid(ceilDiv(length, group)),
  };
}

/** Fills `count` 32-bit words with zeros. */
export function zero(words: Slot, count: number): Launch {
  return {
    kernel: kernel('lib/zero', linear(group)),
    bindings: [writes(words), params(count)],
    workgroups: linearGrid(ceilDiv(count, group)),
  };
}

/**
 * Launches that make a sum by atomics: zeros, `add`, and where the result is float16 a conversion from the float32
 * sums, which WGSL's atomics need. `workspace` is used in that case only, see `atomicWorkspace`.
 */
export function sumByAtomics(
  result: Slot,
  workspace: Slot | undefined,
  length: number,
  dtype: FloatType,
  add: (sums: Slot) => readonly Launch[],
): Launch[] {
  const sums = dtype === 'float16' ? workspace! : result;
  const convert = dtype === 'float16' ? [sumSplits(sums, result, 1, length, dtype)] : [];
  return [zero(sums, length), ...add(sums), ...convert];
}

/** Bytes of the float32 sums that stand in for a float16 result. */
export const atomicWorkspace = (dtype: FloatType, length: number): number[] =>
  dtype === 'float16' ? [4 * length] : [];
