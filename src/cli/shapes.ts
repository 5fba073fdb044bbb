/**
 * @file Convolution shapes as text: `N,C,H,W,K,R,S,stride,padding,dilation,groups`, where the last four may be left out.
 */
import { fail } from '../base/errors.ts';
import type { ConvDescriptor } from '../dnn/conv2d/descriptor.ts';
import { convolutionDescriptor } from '../dnn/api.ts';
import type { FloatType } from '../dnn/epilogue.ts';
import type { Direction } from '../dnn/records.ts';

export const shapeHelp = `A SHAPE is N,C,H,W,K,R,S[,STRIDE[,PADDING[,DILATION[,GROUPS]]]]: images, channels, height, width, filters, and their height
and width. For example 4,3,32,32,16,3,3,1,1.`;

const directions: Readonly<Record<string, Direction>> = { forward: 'forward', data: 'backward data', filter: 'backward filter' };

export interface ShapeOptions {
  /** `forward`, `data` or `filter`. */
  readonly direction?: string;
  readonly dtype?: string;
}

/** Throws where the text is no shape, or the shape makes no sense. */
export function parseShape(text: string, { direction = 'forward', dtype = 'float32' }: ShapeOptions = {}): ConvDescriptor {
  const numbers = text.split(/[\s,]+/).filter(Boolean).map(Number);
  if (numbers.length < 7 || numbers.length > 11 || !numbers.every((n) => Number.isInteger(n) && n >= 0)) {
    fail(`shape: '${text}' is not 7 to 11 whole numbers; write N,C,H,W,K,R,S,STRIDE,PADDING,DILATION,GROUPS`);
  }
  if (!Object.hasOwn(directions, direction)) fail(`shape: there is no direction '${direction}'; there are ${Object.keys(directions).join(', ')}`);
  if (dtype !== 'float32' && dtype !== 'float16') fail(`shape: there is no dtype '${dtype}' for convolutions; there are float32, float16`);
  const [N, C, H, W, K, R, S, stride = 1, padding = 0, dilation = 1, groups = 1] = numbers;
  if (groups < 1 || C % groups !== 0) fail(`shape: ${C} input channels do not divide into ${groups} groups`);
  return convolutionDescriptor({ x: [N, C, H, W], w: [K, C / groups, R, S], stride, padding, dilation, groups, direction: directions[direction], dtype: dtype as FloatType });
}

/** The shapes of a suite: one a line; `#` begins a comment. */
export function parseSuite(text: string, options: ShapeOptions = {}): ConvDescriptor[] {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim()).filter(Boolean);
  if (lines.length === 0) fail('suite: the file names no shape; write one a line');
  return lines.map((line) => parseShape(line, options));
}
