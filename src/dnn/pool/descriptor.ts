/**
 * @file The pooling descriptor: x is N×C×H×W, y is N×C×P×Q, and each output looks at an R×S window of one plane.
 *
 * The output's size comes from the caller, because PyTorch's `ceil_mode` decides it; a window may then reach beyond
 * the padded input.
 */
import type { Binding } from '../../gpu/kernel.ts';
import { float, params } from '../../gpu/kernel.ts';
import type { FloatType } from '../epilogue.ts';

/** cuDNN's modes. They differ in what an average is divided by where a window stands on padding. */
export type PoolMode = 'max' | 'average count include padding' | 'average count exclude padding';

export interface PoolDescriptor {
  readonly mode: PoolMode;
  readonly N: number;
  readonly C: number;
  readonly H: number;
  readonly W: number;
  readonly P: number;
  readonly Q: number;
  readonly R: number;
  readonly S: number;
  readonly strideH: number;
  readonly strideW: number;
  readonly padH: number;
  readonly padW: number;
  readonly dilationH: number;
  readonly dilationW: number;
  /** Averages are divided by this instead of the window's size (PyTorch's `divisor_override`). */
  readonly divisor?: number;
  readonly dtype: FloatType;
}

/** The uniform `struct Pool` of shaders/lib/pool.wgsl. */
export function poolParams(d: PoolDescriptor): Binding {
  return params(
    d.N * d.C, d.H, d.W, d.P, d.Q, d.R, d.S,
    d.strideH, d.strideW, d.padH, d.padW, d.dilationH, d.dilationW,
    d.divisor ?? 0, float(-Infinity),
  );
}
