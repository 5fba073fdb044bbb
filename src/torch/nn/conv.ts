/**
 * @file nn.Conv1d, nn.Conv2d, nn.ConvTranspose1d, nn.ConvTranspose2d.
 */
import { fail } from '../../base/errors.ts';
import * as F from '../functional.ts';
import { algo, linePadding, transposedAlgo } from '../functional/conv-options.ts';
import { planePadding } from '../functional/conv-options.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { atLeastOne } from './checks.ts';
import { Module } from './module.ts';
import { defaultBias, defaultWeight } from './defaults.ts';
import { layer, placement, settings } from './layer.ts';
import { Parameter } from './parameter.ts';

type Sizes = number | readonly number[];

/** Settings of each dimension, in the order in which PyTorch prints them. */
const sized = ['kernelSize', 'stride', 'padding', 'dilation', 'outputPadding'];

/** What all four share: how they are printed. */
class Convolution<In extends unknown[] = [Tensor]> extends Module<In, Tensor> {
  declare readonly inChannels: number;
  declare readonly outChannels: number;
  declare readonly kernelSize: readonly number[];
  declare readonly stride: Sizes;
  declare readonly padding: Sizes | string;
  declare readonly dilation: Sizes;
  declare readonly groups: number;
  declare readonly paddingMode: 'zeros' | 'reflect' | 'replicate' | 'circular';
  declare bias: Parameter | null;

  /** Channels and sizes, the stride, and what differs from PyTorch's defaults; sizes for each dimension. */
  override extraRepr(): string {
    return settings(this, {
      unnamed: 2,
      order: ['inChannels', 'outChannels', ...sized, 'groups', 'bias', 'paddingMode'],
      changed: (name) => name !== 'stride',
      shown: (name, value) =>
        typeof value === 'number' && sized.includes(name) ? this.kernelSize.map(() => value) : value,
    });
  }
}

/** Channels and sizes that go together. */
function checked(
  what: string,
  rank: 1 | 2,
  inChannels: number,
  outChannels: number,
  kernelSize: Sizes,
  groups: number,
): number[] {
  atLeastOne(what, { inChannels, outChannels, groups });
  const sizes = typeof kernelSize === 'number' ? new Array<number>(rank).fill(kernelSize) : [...kernelSize];
  for (const size of sizes) atLeastOne(what, { kernelSize: size });
  if (inChannels % groups !== 0 || outChannels % groups !== 0)
    fail(`${what}: ${inChannels} input and ${outChannels} output channels do not both divide into ${groups} groups`);
  return sizes;
}

/** Weights with PyTorch's first values. */
const learnt = (shape: readonly number[], outChannels: number, bias: boolean) => ({
  weight: new Parameter(defaultWeight(shape)),
  bias: bias ? new Parameter(defaultBias(outChannels, shape)) : null,
});

/** The input with its padding where that is not of zeros, and the padding that is left for the convolution. */
function padded<P extends Sizes | string>(
  x: Tensor,
  { kernelSize, dilation, padding, paddingMode }: Convolution & { readonly padding: P },
): { input: Tensor; padding: P | 0 } {
  if (paddingMode === 'zeros' || padding === 'valid') return { input: x, padding };
  const both = kernelSize.map((size, d): [before: number, after: number] => {
    if (padding === 'same') {
      const total = (typeof dilation === 'number' ? dilation : dilation[d]) * (size - 1);
      return [Math.floor(total / 2), total - Math.floor(total / 2)];
    }
    const sides = padding as Sizes;
    if (typeof sides === 'number') return [sides, sides];
    return sides.length === 4 ? [sides[2 * d], sides[2 * d + 1]] : [sides[d], sides[d]];
  });
  return { input: F.pad(x, both.toReversed().flat(), paddingMode), padding: 0 };
}

const channels = [p.int('inChannels'), p.int('outChannels')] as const;
/** Whether a learnt bias is added. */
const bias = p.flag('bias', true);
const groups = p.int('groups', 1);
/** What stands in the padding: zeros, or the input's own elements, as F.pad takes them. */
const paddingMode = p.choice(['zeros', 'reflect', 'replicate', 'circular'])('paddingMode', 'zeros');
const rest = [paddingMode, ...placement] as const;

/** The fields that all four have; a transposed one's weight begins with the channels that it reads. */
const fieldsOf =
  (isTransposed: boolean) =>
  (
    what: string,
    rank: 1 | 2,
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    groups: number,
    bias: boolean,
  ) => {
    const sizes = checked(what, rank, inChannels, outChannels, kernelSize, groups);
    const channels = isTransposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups];
    return {
      inChannels,
      outChannels,
      kernelSize: sizes,
      groups,
      ...learnt([...channels, ...sizes], outChannels, bias),
    };
  };
const [forward, transposed] = [fieldsOf(false), fieldsOf(true)];

/**
 * A convolution over [N, C, H, W]: `new nn.Conv2d(3, 16, 3, 1, 1)`, `new nn.Conv2d(3, 16, 3, { padding: 1 })` or
 * `new nn.Conv2d(3, 16, { kernelSize: 3, padding: 1 })`.
 */
export class Conv2d extends layer(
  Convolution,
  'nn.Conv2d',
  [
    ...channels,
    p.pair('kernelSize'),
    p.pair('stride', 1),
    planePadding('padding', 0),
    p.pair('dilation', 1),
    groups,
    bias,
    ...rest,
    '*',
    algo,
  ],
  (
    inChannels,
    outChannels,
    kernelSize,
    stride,
    padding,
    dilation,
    groups,
    bias,
    paddingMode,
    _device,
    _dtype,
    algo,
  ) => ({
    ...forward('Conv2d', 2, inChannels, outChannels, kernelSize, groups, bias),
    stride,
    padding,
    dilation,
    paddingMode,
    algo,
  }),
) {
  override forward(x: Tensor): Tensor {
    const { input, padding } = padded(x, this);
    return F.conv2d(input, this.weight, this.bias, this.stride, padding, this.dilation, this.groups, {
      algo: this.algo,
    });
  }
}

/** A convolution over [N, C, L]: `new nn.Conv1d(8, 16, 3)`. */
export class Conv1d extends layer(
  Convolution,
  'nn.Conv1d',
  [
    ...channels,
    p.single('kernelSize'),
    p.single('stride', 1),
    linePadding('padding', 0),
    p.single('dilation', 1),
    groups,
    bias,
    ...rest,
    '*',
    algo,
  ],
  (
    inChannels,
    outChannels,
    kernelSize,
    stride,
    padding,
    dilation,
    groups,
    bias,
    paddingMode,
    _device,
    _dtype,
    algo,
  ) => ({
    ...forward('Conv1d', 1, inChannels, outChannels, kernelSize, groups, bias),
    stride,
    padding,
    dilation,
    paddingMode,
    algo,
  }),
) {
  override forward(x: Tensor): Tensor {
    const { input, padding } = padded(x, this);
    return F.conv1d(input, this.weight, this.bias, this.stride, padding, this.dilation, this.groups, {
      algo: this.algo,
    });
  }
}

type TransposedInput = [
  input: Tensor,
  outputSize?: readonly number[] | { readonly outputSize?: readonly number[] | null } | null,
];
const outputSize = p.kind<readonly number[]>(
  'an array of sizes',
  'the sizes of the output behind its channels',
  (v) => Array.isArray(v) && v.every(Number.isSafeInteger),
);
const enlarging = [p.tensor('input'), outputSize('outputSize', null)] as const;

class TransposedConvolution extends Convolution<TransposedInput> {
  declare readonly outputPadding: Sizes;

  /** The padding of the output that makes it the wanted size; a stride leaves so many sizes open. */
  protected paddingFor(x: Tensor, wanted: readonly number[] | null): number[] {
    const each = (value: Sizes | string): readonly number[] =>
      typeof value === 'number' ? this.kernelSize.map(() => value) : (value as readonly number[]);
    if (!wanted) return [...each(this.outputPadding)];
    const rank = this.kernelSize.length;
    const sizes = wanted.slice(-rank);
    if (wanted.length !== rank && wanted.length !== x.ndim)
      fail(
        `${this.constructor.name}: outputSize has ${wanted.length} numbers; give ${rank}, or ${x.ndim} with those of batch and channels`,
      );
    const [stride, padding, dilation] = [this.stride, this.padding, this.dilation].map(each);
    return sizes.map((size, d) => {
      const least =
        (x.shape[x.ndim - rank + d] - 1) * stride[d] - 2 * padding[d] + dilation[d] * (this.kernelSize[d] - 1) + 1;
      if (size < least || size >= least + stride[d])
        fail(
          `${this.constructor.name}: outputSize ${size} cannot be reached; from this input it is ${least} to ${least + stride[d] - 1}`,
        );
      return size - least;
    });
  }
}

/** The gradient of Conv2d as a layer of its own, which enlarges planes: `new nn.ConvTranspose2d(16, 8, 2, 2)`. */
export class ConvTranspose2d extends layer(
  TransposedConvolution,
  'nn.ConvTranspose2d',
  [
    ...channels,
    p.pair('kernelSize'),
    p.pair('stride', 1),
    p.pair('padding', 0),
    p.pair('outputPadding', 0),
    groups,
    bias,
    p.pair('dilation', 1),
    ...rest,
    '*',
    transposedAlgo,
  ],
  (
    inChannels,
    outChannels,
    kernelSize,
    stride,
    padding,
    outputPadding,
    groups,
    bias,
    dilation,
    _paddingMode,
    _device,
    _dtype,
    algo,
  ) => ({
    ...transposed('ConvTranspose2d', 2, inChannels, outChannels, kernelSize, groups, bias),
    stride,
    padding,
    outputPadding,
    dilation,
    algo,
  }),
  enlarging,
) {
  override forward(...inputs: TransposedInput): Tensor;
  override forward(x: Tensor, outputSize: readonly number[] | null): Tensor {
    return F.convTranspose2d(
      x,
      this.weight,
      this.bias,
      this.stride,
      this.padding,
      this.paddingFor(x, outputSize) as [number, number],
      this.groups,
      this.dilation,
      { algo: this.algo },
    );
  }
}

/** The same over lines [N, C, L]. */
export class ConvTranspose1d extends layer(
  TransposedConvolution,
  'nn.ConvTranspose1d',
  [
    ...channels,
    p.single('kernelSize'),
    p.single('stride', 1),
    p.single('padding', 0),
    p.single('outputPadding', 0),
    groups,
    bias,
    p.single('dilation', 1),
    ...rest,
    '*',
    transposedAlgo,
  ],
  (
    inChannels,
    outChannels,
    kernelSize,
    stride,
    padding,
    outputPadding,
    groups,
    bias,
    dilation,
    _paddingMode,
    _device,
    _dtype,
    algo,
  ) => ({
    ...transposed('ConvTranspose1d', 1, inChannels, outChannels, kernelSize, groups, bias),
    stride,
    padding,
    outputPadding,
    dilation,
    algo,
  }),
  enlarging,
) {
  override forward(...inputs: TransposedInput): Tensor;
  override forward(x: Tensor, outputSize: readonly number[] | null): Tensor {
    return F.convTranspose1d(
      x,
      this.weight,
      this.bias,
      this.stride,
      this.padding,
      this.paddingFor(x, outputSize) as [number],
      this.groups,
      this.dilation,
      { algo: this.algo },
    );
  }
}
