/**
 * @file What every library in the race must do: take a convolution, submit it as often as asked, wait for its device.
 */

/** A convolution over x [N, C, H, W] with w [K, C, R, S], one stride and one padding for both directions, float32. */
export interface ConvShape {
  readonly name: string;
  readonly x: readonly [number, number, number, number];
  readonly w: readonly [number, number, number, number];
  readonly stride: number;
  readonly pad: number;
}

export interface Prepared {
  /** Submits one convolution. */
  readonly run: () => void | Promise<void>;
  /** Flushes what was submitted and resolves when the device has done it. */
  readonly sync: () => Promise<void>;
  /** The last result, N×K×P×Q. */
  readonly output: () => Promise<Float32Array>;
  readonly dispose: () => void;
}

export interface Contender {
  readonly name: string;
  /** Gives the library its data on the device; whatever it compiles on the way is not timed. */
  readonly prepare: (shape: ConvShape, x: Float32Array, w: Float32Array) => Promise<Prepared>;
}

/** Output height and width. */
export const outputPlane = ({ x, w, stride, pad }: ConvShape): [number, number] => [
  Math.floor((x[2] + 2 * pad - w[2]) / stride) + 1,
  Math.floor((x[3] + 2 * pad - w[3]) / stride) + 1,
];

/** Multiplications and additions of the direct method. */
export function flopsOf(shape: ConvShape): number {
  const [P, Q] = outputPlane(shape);
  return 2 * shape.x[0] * shape.w[0] * P * Q * shape.w[1] * shape.w[2] * shape.w[3];
}
