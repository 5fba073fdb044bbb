/**
 * @file The convolution descriptor: shapes, padding, stride, dilation, groups, dtype and what happens to each output
 * element. Everything that an algorithm may depend on, and nothing else, so it is also the key of a choice.
 *
 * Letters are the formula's: x is N×C×H×W, w is K×(C/groups)×R×S, y is N×K×P×Q, and
 * y[n,k,p,q] = Σ_{c,r,s} x[n, c, p·u − pad_top + r·d, q·v − pad_left + s·e] · w[k,c,r,s].
 */
import { fail } from '../../base/errors.ts';
import type { ConvGeometry } from '../../graph/geometry.ts';
import { convOutputSize } from '../../graph/geometry.ts';
import type { Epilogue, FloatType } from '../kernels/epilogue.ts';
import { epilogueWords, noEpilogue } from '../kernels/epilogue.ts';
import type { Direction } from '../choice/records.ts';

export type { Activation, Epilogue } from '../kernels/epilogue.ts';
export { noEpilogue } from '../kernels/epilogue.ts';

/** The formula's letters, and where the windows lie. */
export interface ConvSizes {
  readonly N: number;
  readonly C: number;
  readonly H: number;
  readonly W: number;
  readonly K: number;
  readonly R: number;
  readonly S: number;
  /** Output height and width, before a pool in the epilogue halves both. */
  readonly P: number;
  readonly Q: number;
  readonly strideH: number;
  readonly strideW: number;
  readonly padTop: number;
  readonly padBottom: number;
  readonly padLeft: number;
  readonly padRight: number;
  readonly dilationH: number;
  readonly dilationW: number;
  readonly groups: number;
}

export interface ConvDescriptor extends ConvSizes {
  readonly direction: Direction;
  readonly dtype: FloatType;
  readonly epilogue: Epilogue;
}

/** A checked descriptor; throws, before any GPU work, where the numbers make no sense. */
export function convDescriptor(
  geometry: ConvGeometry,
  options: { direction?: Direction; dtype?: FloatType; epilogue?: Epilogue } = {},
): ConvDescriptor {
  const { direction = 'forward', dtype = 'float32', epilogue = noEpilogue } = options;
  const sizes = convSizes(geometry);
  const { P, Q } = sizes;
  if (epilogue.pool && direction !== 'forward')
    fail(`conv2d: ${direction} has no epilogue, and so no ${epilogue.pool} pool; leave it out`);
  if (epilogue.pool && (P < 2 || Q < 2))
    fail(`conv2d: an output of ${P}×${Q} holds no window of a ${epilogue.pool} pool; leave it out`);
  return { direction, ...sizes, dtype, epilogue };
}

/** Checked sizes; the output's follow from the others. */
export function convSizes(geometry: ConvGeometry): ConvSizes {
  const { stride = [1, 1], padding = [0, 0, 0, 0], dilation = [1, 1], groups = 1 } = geometry;
  for (const [role, shape] of [
    ['x', geometry.x],
    ['w', geometry.w],
  ] as const) {
    if (!shape.every((size) => Number.isInteger(size) && size >= 1))
      fail(`conv2d: ${role} is ${shape.join('×')}; every size is a whole number of at least 1`);
  }
  const [P, Q] = convOutputSize('conv2d', geometry);
  const [N, C, H, W] = geometry.x;
  const [K, , R, S] = geometry.w;
  return {
    N,
    C,
    H,
    W,
    K,
    R,
    S,
    P,
    Q,
    strideH: stride[0],
    strideW: stride[1],
    padTop: padding[0],
    padBottom: padding[1],
    padLeft: padding[2],
    padRight: padding[3],
    dilationH: dilation[0],
    dilationW: dilation[1],
    groups,
  };
}

/** Input channels and output channels of one group. */
export const groupChannels = (d: ConvDescriptor): { Cg: number; Kg: number } => ({
  Cg: d.C / d.groups,
  Kg: d.K / d.groups,
});

/** One input channel a group, and one filter or several. */
export const isDepthwise = (d: ConvSizes): boolean => d.C === d.groups;

/** Of what a direction computes, before a pool in the epilogue halves it. */
export const resultShape = (d: ConvDescriptor): [number, number, number, number] =>
  ({
    forward: [d.N, d.K, d.P, d.Q],
    'backward data': [d.N, d.C, d.H, d.W],
    'backward filter': [d.K, d.C / d.groups, d.R, d.S],
  })[d.direction] as [number, number, number, number];

/** What is stored of y: all of it, or what the pool leaves. */
export const storedShape = ({ N, K, P, Q, epilogue }: ConvDescriptor): [number, number, number, number] =>
  epilogue.pool ? [N, K, Math.floor(P / 2), Math.floor(Q / 2)] : [N, K, P, Q];

/** Pixels of y that are computed, by kernels that leave out those under no window of the pool. */
export function computedPixels(d: ConvDescriptor): number {
  const [N, , rows, columns] = storedShape(d);
  return N * rows * columns * (d.epilogue.pool ? 4 : 1);
}

/** Multiplications and additions of the direct method: 2·N·K·P·Q·(C/groups)·R·S. */
export const convFlops = (d: ConvDescriptor): number => 2 * d.N * d.K * d.P * d.Q * (d.C / d.groups) * d.R * d.S;

/** One line for people: `4×3×32×32 * 16×3×3×3, padding 1, float32`. */
export function describeConv(d: ConvDescriptor): string {
  const parts = [`${d.N}×${d.C}×${d.H}×${d.W} * ${d.K}×${d.C / d.groups}×${d.R}×${d.S}`];
  if (d.strideH !== 1 || d.strideW !== 1) parts.push(`stride ${pair(d.strideH, d.strideW)}`);
  if (d.padTop || d.padBottom || d.padLeft || d.padRight) {
    const symmetric = d.padTop === d.padBottom && d.padLeft === d.padRight;
    parts.push(
      `padding ${symmetric ? pair(d.padTop, d.padLeft) : [d.padTop, d.padBottom, d.padLeft, d.padRight].join(',')}`,
    );
  }
  if (d.dilationH !== 1 || d.dilationW !== 1) parts.push(`dilation ${pair(d.dilationH, d.dilationW)}`);
  if (d.groups !== 1) parts.push(`groups ${d.groups}`);
  parts.push(d.dtype);
  const tail = epilogueWords(d.epilogue);
  if (tail.length) parts.push(`+ ${tail.join(' + ')}`);
  return parts.join(', ');
}

const pair = (a: number, b: number): string => (a === b ? `${a}` : `${a}×${b}`);

/** Equal keys, equal work. */
export const convKey = (d: ConvDescriptor): string => JSON.stringify(d);
