/**
 * @file A convolution as a row of sizes, as people write one: `4,3,32,32,16,3,3,1,1`.
 */
import { fail } from '../../base/errors.ts';
import { convolutionDescriptor } from '../api.ts';
import type { Direction } from '../choice/records.ts';
import type { Epilogue, FloatType } from '../kernels/epilogue.ts';
import type { Problem } from '../problem.ts';
import { convProblem } from './problem.ts';

/** The sizes in order; the last four may be left out. */
export const convSizeNames = ['N', 'C', 'H', 'W', 'K', 'R', 'S', 'STRIDE', 'PADDING', 'DILATION', 'GROUPS'] as const;
export const leastConvSizes = 7;

export interface SizedOptions {
  readonly direction?: Direction;
  readonly dtype?: FloatType;
  readonly epilogue?: Epilogue;
}

/** Throws with the values where the sizes make no sense together. */
export function convProblemOf(sizes: readonly number[], options: SizedOptions = {}): Problem {
  const [N, C, H, W, K, R, S, stride = 1, padding = 0, dilation = 1, groups = 1] = sizes;
  if (groups < 1 || C % groups !== 0) fail(`shape: ${C} input channels do not divide into ${groups} groups`);
  const w = [K, C / groups, R, S];
  return convProblem(convolutionDescriptor({ x: [N, C, H, W], w, stride, padding, dilation, groups, ...options }));
}
