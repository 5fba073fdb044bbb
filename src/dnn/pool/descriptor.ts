/**
 * @file The pooling descriptor: x is N×C×H×W, y is N×C×P×Q, and each output looks at an R×S window of one plane.
 *
 * The output's size comes from the caller, because PyTorch's `ceil_mode` decides it; a window may then reach beyond
 * the padded input. Backwards y is the gradient that comes in, x the one that goes on.
 */
import type { Binding } from '../../gpu/kernel.ts';
import { float, params } from '../../gpu/kernel.ts';
import type { FloatType } from '../kernels/epilogue.ts';

/** cuDNN's modes. They differ in what an average is divided by where a window stands on padding. */
export type PoolMode = 'max' | 'average count include padding' | 'average count exclude padding';

export interface PoolDescriptor {
  readonly direction: 'forward' | 'backward data';
  readonly mode: PoolMode;
  /** What the forward pass keeps of a maximum: itself, or its place h·W + w in its plane, as int32. */
  readonly keeps: 'value' | 'place';
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
  readonly dtype: FloatType;
}

/** Elements of x, and of y. */
export const inputSize = (d: PoolDescriptor): number => d.N * d.C * d.H * d.W;
export const outputSize = (d: PoolDescriptor): number => d.N * d.C * d.P * d.Q;

/** Comparisons or additions, one for each element under each window: N·C·P·Q·R·S. */
export const poolOperations = (d: PoolDescriptor): number => outputSize(d) * d.R * d.S;

/** Elements that a window reaches over, gaps of its dilation included. */
export const windowExtent = (d: PoolDescriptor): { rows: number; columns: number } => ({
  rows: (d.R - 1) * d.dilationH + 1,
  columns: (d.S - 1) * d.dilationW + 1,
});

/** One line for people: `1×64×112×112, max of 3×3, stride 2, padding 1, float32`. */
export function describePool(d: PoolDescriptor): string {
  const [kind, ...how] = d.mode.split(' ');
  const parts = [
    `${d.N}×${d.C}×${d.H}×${d.W}`,
    `${d.keeps === 'place' ? 'place of the ' : ''}${kind} of ${d.R}×${d.S}`,
  ];
  if (d.strideH !== d.R || d.strideW !== d.S) parts.push(`stride ${pair(d.strideH, d.strideW)}`);
  if (d.padH || d.padW) parts.push(`padding ${pair(d.padH, d.padW)}`, ...(how.length ? [how.join(' ')] : []));
  if (d.dilationH !== 1 || d.dilationW !== 1) parts.push(`dilation ${pair(d.dilationH, d.dilationW)}`);
  return [...parts, d.dtype].join(', ');
}

const pair = (a: number, b: number): string => (a === b ? `${a}` : `${a}×${b}`);

/** The uniform `struct Pool` of shaders/lib/pool.wgsl. */
export function poolParams(d: PoolDescriptor): Binding {
  return params(
    d.N * d.C,
    d.H,
    d.W,
    d.P,
    d.Q,
    d.R,
    d.S,
    d.strideH,
    d.strideW,
    d.padH,
    d.padW,
    d.dilationH,
    d.dilationW,
    float(-Infinity),
  );
}
