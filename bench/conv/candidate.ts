/**
 * @file A convolution of the bench, and a library that computes it.
 */
import type { PreparedCall } from '../prepared-call.ts';

/**
 * A convolution over x [N, C, H, W] with w [K, C/groups, R, S], one stride and one padding for both directions,
 * float32.
 */
export interface ConvShape {
  readonly name: string;
  readonly x: readonly [number, number, number, number];
  readonly w: readonly [number, number, number, number];
  readonly stride: number;
  readonly pad: number;
}

export interface Candidate {
  readonly name: string;
  /** Gives the library its data on the device; whatever it compiles on the way is not timed. */
  readonly prepare: (
    shape: ConvShape,
    x: Float32Array<ArrayBuffer>,
    w: Float32Array<ArrayBuffer>,
  ) => Promise<PreparedCall>;
}

/** Output height and width. */
export const outputPlane = ({ x, w, stride, pad }: ConvShape): [number, number] => [
  Math.floor((x[2] + 2 * pad - w[2]) / stride) + 1,
  Math.floor((x[3] + 2 * pad - w[3]) / stride) + 1,
];

export const groupsOf = ({ x, w }: ConvShape): number => x[1] / w[1];

/** Multiplications and additions of the direct method. */
export function flopsOf(shape: ConvShape): number {
  const [P, Q] = outputPlane(shape);
  return 2 * shape.x[0] * shape.w[0] * P * Q * shape.w[1] * shape.w[2] * shape.w[3];
}
