/**
 * @file Pooling as modules, over planes and lines; and resizing, nn.Upsample, nn.PixelShuffle.
 */
import { outputSize } from '../functional/options.ts';
import * as F from '../functional.ts';
import type { Pair, Single } from '../signature.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { pythonFloat, repr } from '../../base/python.ts';
import { Module } from './module.ts';
import { layer } from './layer.ts';

/** What pooling over windows shares: how PyTorch prints it. */
class Pooling extends Module<[Tensor], Tensor> {
  declare readonly kernelSize: Pair | Single;
  declare readonly stride: Pair | Single | null;
  declare readonly padding: Pair | Single;
  declare readonly ceilMode: boolean;

  protected window(): string {
    return `kernel_size=${repr(this.kernelSize)}, stride=${repr(this.stride ?? this.kernelSize)}, padding=${repr(this.padding)}`;
  }
}

class MaxPooling extends Pooling {
  declare readonly dilation: Pair | Single;

  override extraRepr(): string {
    return `${this.window()}, dilation=${repr(this.dilation)}, ceil_mode=${repr(this.ceilMode)}`;
  }
}

const returnIndices = p.refused('returnIndices', false, 'the places of the largest elements are not given');
const divisorOverride = p.refused('divisorOverride', null, 'multiply the means by the number that you need');
const [ceilMode, countIncludePad] = [p.flag('ceilMode', false), p.flag('countIncludePad', true)];
const planes = [p.pair('kernelSize'), p.pair('stride', null), p.pair('padding', 0)] as const;
const lines = [p.single('kernelSize'), p.single('stride', null), p.single('padding', 0)] as const;

/** The largest element of each window: `new nn.MaxPool2d(2, 2)` or `new nn.MaxPool2d(3, { stride: 2, padding: 1 })`. */
export class MaxPool2d extends layer(
  MaxPooling,
  'nn.MaxPool2d',
  [...planes, p.pair('dilation', 1), returnIndices, ceilMode],
  (kernelSize, stride, padding, dilation, _returnIndices, ceilMode) => ({
    kernelSize,
    stride,
    padding,
    dilation,
    ceilMode,
  }),
) {
  override forward(x: Tensor): Tensor {
    return F.maxPool2d(x, this.kernelSize, this.stride, this.padding, this.dilation, this.ceilMode);
  }
}

/** The mean of each window. */
export class AvgPool2d extends layer(
  Pooling,
  'nn.AvgPool2d',
  [...planes, ceilMode, countIncludePad, divisorOverride],
  (kernelSize, stride, padding, ceilMode, countIncludePad) => ({
    kernelSize,
    stride,
    padding,
    ceilMode,
    countIncludePad,
  }),
) {
  override forward(x: Tensor): Tensor {
    return F.avgPool2d(x, this.kernelSize, this.stride, this.padding, this.ceilMode, this.countIncludePad);
  }

  override extraRepr(): string {
    return this.window();
  }
}

/** The largest element of each window along lines [N, C, L]. */
export class MaxPool1d extends layer(
  MaxPooling,
  'nn.MaxPool1d',
  [...lines, p.single('dilation', 1), returnIndices, ceilMode],
  (kernelSize, stride, padding, dilation, _returnIndices, ceilMode) => ({
    kernelSize,
    stride,
    padding,
    dilation,
    ceilMode,
  }),
) {
  override forward(x: Tensor): Tensor {
    return F.maxPool1d(x, this.kernelSize, this.stride, this.padding, this.dilation, this.ceilMode);
  }
}

/** The mean of each window along lines [N, C, L]. */
export class AvgPool1d extends layer(
  Pooling,
  'nn.AvgPool1d',
  [...lines, ceilMode, countIncludePad],
  (kernelSize, stride, padding, ceilMode, countIncludePad) => ({
    kernelSize,
    stride,
    padding,
    ceilMode,
    countIncludePad,
  }),
) {
  override forward(x: Tensor): Tensor {
    return F.avgPool1d(x, this.kernelSize, this.stride, this.padding, this.ceilMode, this.countIncludePad);
  }

  /** PyTorch keeps these three as tuples of one, and prints them so. */
  override extraRepr(): string {
    return this.window().replaceAll(/=(-?\d+)/g, '=($1,)');
  }
}

/** Pooling to a given output, whatever the input's size. */
class Adaptive extends Module<[Tensor], Tensor> {
  declare readonly outputSize: F.AdaptiveSize;

  override extraRepr(): string {
    return `output_size=${repr(this.outputSize)}`;
  }
}

/** The means of as many windows as the output has elements: `new nn.AdaptiveAvgPool2d(1)`; `null` keeps a size. */
export class AdaptiveAvgPool2d extends layer(Adaptive, 'nn.AdaptiveAvgPool2d', [outputSize], (outputSize) => ({
  outputSize,
})) {
  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool2d(x, this.outputSize);
  }
}

/** The largest of as many windows as the output has elements: `new nn.AdaptiveMaxPool2d(1)`; `null` keeps a size. */
export class AdaptiveMaxPool2d extends layer(
  Adaptive,
  'nn.AdaptiveMaxPool2d',
  [outputSize, returnIndices],
  (outputSize) => ({ outputSize }),
) {
  override forward(x: Tensor): Tensor {
    return F.adaptiveMaxPool2d(x, this.outputSize);
  }
}

const factor = p.kind<number | readonly number[]>(
  'a number or an array of them',
  'one number, or one for each dimension',
  (v) => typeof v === 'number' || (Array.isArray(v) && v.every((f) => typeof f === 'number')),
);
const mode = p.choice(['nearest', 'linear', 'bilinear', 'trilinear', 'nearest-exact'])('mode', 'nearest');
const recomputed = p.refused('recomputeScaleFactor', null, 'give the size of the output instead');

/** Another size by repeating or blending elements: `new nn.Upsample({ scaleFactor: 2, mode: 'bilinear' })`. */
export class Upsample extends layer(
  Module<[Tensor], Tensor>,
  'nn.Upsample',
  [p.dims('size', null), factor('scaleFactor', null), mode, p.flag('alignCorners', null), recomputed],
  (size, scaleFactor, mode, alignCorners) => ({ size, scaleFactor, mode, alignCorners }),
) {
  override forward(x: Tensor): Tensor {
    const { size, scaleFactor, mode, alignCorners } = this;
    return F.interpolate(x, {
      size: size ?? undefined,
      scaleFactor: scaleFactor ?? undefined,
      mode,
      alignCorners: alignCorners ?? undefined,
    });
  }

  override extraRepr(): string {
    const { size, scaleFactor, mode } = this;
    const scale =
      typeof scaleFactor === 'number'
        ? pythonFloat(scaleFactor)
        : `(${scaleFactor?.map(pythonFloat).join(', ')}${scaleFactor?.length === 1 ? ',' : ''})`;
    return `${scaleFactor === null ? `size=${repr(size)}` : `scale_factor=${scale}`}, mode=${repr(mode)}`;
  }
}

/** Channels [C·r², H, W] as finer planes [C, H·r, W·r]. */
export class PixelShuffle extends layer(
  Module<[Tensor], Tensor>,
  'nn.PixelShuffle',
  [p.int('upscaleFactor')],
  (upscaleFactor) => ({ upscaleFactor }),
) {
  override forward(x: Tensor): Tensor {
    return F.pixelShuffle(x, this.upscaleFactor);
  }

  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }
}
