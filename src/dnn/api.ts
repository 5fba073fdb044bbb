/**
 * @file cuDNN's descriptor of a convolution and its tensors, in one.
 */
import { fail } from '../base/errors.ts';
import { checkOptions, shown } from '../base/options.ts';
import type { ConvDescriptor } from './conv2d/descriptor.ts';
import { convDescriptor } from './conv2d/descriptor.ts';
import type { Epilogue, FloatType } from './kernels/epilogue.ts';
import type { Direction } from './choice/records.ts';

type Pair = number | readonly [number, number];

export interface ConvolutionOptions {
  /** N×C×H×W. */
  readonly x: readonly [number, number, number, number];
  /** K×(C/groups)×R×S. */
  readonly w: readonly [number, number, number, number];
  readonly stride?: Pair;
  /** Both sides alike, or `[top, bottom, left, right]`. */
  readonly padding?: Pair | readonly [number, number, number, number];
  readonly dilation?: Pair;
  readonly groups?: number;
  readonly direction?: Direction;
  readonly dtype?: FloatType;
  readonly epilogue?: Epilogue;
}

/** `cudnnSetConvolution2dDescriptor` and its tensors in one; throws with the values where they make no sense. */
export function convolutionDescriptor(options: ConvolutionOptions): ConvDescriptor {
  checkOptions('dnn.convolutionDescriptor', options, [
    'x',
    'w',
    'stride',
    'padding',
    'dilation',
    'groups',
    'direction',
    'dtype',
    'epilogue',
  ]);
  const { x, w, stride = 1, padding = 0, dilation = 1, groups = 1, ...rest } = options;
  for (const [name, shape, give] of [
    ['x', x, 'N×C×H×W'],
    ['w', w, 'K×(C/groups)×R×S'],
  ] as const)
    checkCount(name, shape, [4], `[${give.replaceAll('×', ', ')}]`);
  for (const [name, value] of [
    ['stride', stride],
    ['dilation', dilation],
  ] as const)
    if (typeof value !== 'number') checkCount(name, value, [2], 'one number, or [vertical, horizontal]');
  if (typeof padding !== 'number')
    checkCount('padding', padding, [2, 4], 'one number, [vertical, horizontal] or [top, bottom, left, right]');
  const sides =
    typeof padding === 'number'
      ? [padding, padding, padding, padding]
      : padding.length === 4
        ? padding
        : [padding[0], padding[0], padding[1], padding[1]];
  return convDescriptor(
    {
      x,
      w,
      stride: pair(stride),
      padding: sides as [number, number, number, number],
      dilation: pair(dilation),
      groups,
    },
    rest,
  );
}

function checkCount(name: string, numbers: unknown, counts: readonly number[], give: string): void {
  if (!Array.isArray(numbers) || !counts.includes(numbers.length))
    fail(`dnn.convolutionDescriptor: ${name} is ${shown(numbers)}; give ${give}`);
}

const pair = (value: Pair): readonly [number, number] => (typeof value === 'number' ? [value, value] : value);
