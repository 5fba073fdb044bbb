/**
 * @file A convolution's descriptor from its options; whoever calls it has checked their kinds.
 */
import type { Shape } from '../base/shape.ts';
import type { ConvDescriptor } from './conv2d/descriptor.ts';
import { convDescriptor } from './conv2d/descriptor.ts';
import type { Epilogue, FloatType } from './kernels/epilogue.ts';
import type { Direction } from './choice/records.ts';

type Pair = number | readonly [number, number];

type FourSizes = readonly [number, number, number, number];

export interface ConvolutionOptions {
  /** N×C×H×W. */
  readonly x: Shape;
  /** K×(C/groups)×R×S. */
  readonly w: Shape;
  readonly stride?: Pair;
  /** Both sides alike, or `[top, bottom, left, right]`. */
  readonly padding?: Pair | FourSizes;
  readonly dilation?: Pair;
  readonly groups?: number;
  readonly direction?: Direction;
  readonly dtype?: FloatType;
  readonly epilogue?: Epilogue;
}

/** A checked descriptor; throws with the values where they make no sense. */
export function convolutionDescriptor(options: ConvolutionOptions): ConvDescriptor {
  const { x, w, stride = 1, padding = 0, dilation = 1, groups = 1, ...rest } = options;
  const geometry = {
    x: x as FourSizes,
    w: w as FourSizes,
    stride: pair(stride),
    padding: sides(padding),
    dilation: pair(dilation),
    groups,
  };
  return convDescriptor(geometry, rest);
}

const pair = (value: Pair): readonly [number, number] => (typeof value === 'number' ? [value, value] : value);

function sides(padding: Pair | FourSizes): FourSizes {
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  if (padding.length === 4) return padding;
  const [vertical, horizontal] = padding;
  return [vertical, vertical, horizontal, horizontal];
}
