/**
 * @file Pooling as modules, over planes and lines; and resizing, nn.Upsample, nn.PixelShuffle.
 */
import { outputSize } from '../functional/options.ts';
import * as F from '../functional.ts';
import type { Single } from '../signature.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { pythonFloat, pythonTuple } from '../../base/python.ts';
import { Layer, layer, settings } from './layer.ts';

/** PyTorch prints the windows of averages alone. */
class AveragePooling extends Layer {
  override extraRepr(): string {
    return settings(this, { without: ['ceilMode', 'countIncludePad'] });
  }
}

const returnIndices = p.refused('returnIndices', false, 'the indices of the largest elements are not returned');
const divisorOverride = p.refused('divisorOverride', null, 'multiply the means by the number that you need');
const [ceilMode, countIncludePad] = [p.flag('ceilMode', false), p.flag('countIncludePad', true)];
const planes = [p.pair('kernelSize'), p.pair('stride', null), p.pair('padding', 0)] as const;
const lines = [p.single('kernelSize'), p.single('stride', null), p.single('padding', 0)] as const;

/** The largest element of each window: `new nn.MaxPool2d(2, 2)` or `new nn.MaxPool2d(3, { stride: 2, padding: 1 })`. */
export class MaxPool2d extends layer(
  Layer,
  'nn.MaxPool2d',
  [...planes, p.pair('dilation', 1), returnIndices, ceilMode],
  (kernelSize, stride, padding, dilation, _returnIndices, ceilMode) => ({
    kernelSize,
    stride: stride ?? kernelSize,
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
  AveragePooling,
  'nn.AvgPool2d',
  [...planes, ceilMode, countIncludePad, divisorOverride],
  (kernelSize, stride, padding, ceilMode, countIncludePad) => ({
    kernelSize,
    stride: stride ?? kernelSize,
    padding,
    ceilMode,
    countIncludePad,
  }),
) {
  override forward(x: Tensor): Tensor {
    return F.avgPool2d(x, this.kernelSize, this.stride, this.padding, this.ceilMode, this.countIncludePad);
  }
}

/** The largest element of each window along lines [N, C, L]. */
export class MaxPool1d extends layer(
  Layer,
  'nn.MaxPool1d',
  [...lines, p.single('dilation', 1), returnIndices, ceilMode],
  (kernelSize, stride, padding, dilation, _returnIndices, ceilMode) => ({
    kernelSize,
    stride: stride ?? kernelSize,
    padding,
    dilation,
    ceilMode,
  }),
) {
  override forward(x: Tensor): Tensor {
    return F.maxPool1d(x, this.kernelSize, this.stride, this.padding, this.dilation, this.ceilMode);
  }
}

/** PyTorch keeps a size along lines as a tuple of one, and prints it so. */
const alone = (size: Single): readonly [number] => (typeof size === 'number' ? [size] : size);

/** The mean of each window along lines [N, C, L]. */
export class AvgPool1d extends layer(
  AveragePooling,
  'nn.AvgPool1d',
  [...lines, ceilMode, countIncludePad],
  (kernelSize, stride, padding, ceilMode, countIncludePad) => ({
    kernelSize: alone(kernelSize),
    stride: alone(stride ?? kernelSize),
    padding: alone(padding),
    ceilMode,
    countIncludePad,
  }),
) {
  override forward(x: Tensor): Tensor {
    return F.avgPool1d(x, this.kernelSize, this.stride, this.padding, this.ceilMode, this.countIncludePad);
  }
}

/** The means of as many windows as the output has elements: `new nn.AdaptiveAvgPool2d(1)`; `null` keeps a size. */
export class AdaptiveAvgPool2d extends layer(Layer, 'nn.AdaptiveAvgPool2d', [outputSize], (outputSize) => ({
  outputSize,
})) {
  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool2d(x, this.outputSize);
  }
}

/** The largest of as many windows as the output has elements: `new nn.AdaptiveMaxPool2d(1)`; `null` keeps a size. */
export class AdaptiveMaxPool2d extends layer(
  Layer,
  'nn.AdaptiveMaxPool2d',
  [outputSize, returnIndices],
  (outputSize) => ({ outputSize }),
) {
  override forward(x: Tensor): Tensor {
    return F.adaptiveMaxPool2d(x, this.outputSize);
  }
}

/** The means of as many windows along lines as the output has elements: `new nn.AdaptiveAvgPool1d(1)`. */
export class AdaptiveAvgPool1d extends layer(Layer, 'nn.AdaptiveAvgPool1d', [p.single('outputSize')], (outputSize) => ({
  outputSize,
})) {
  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool1d(x, this.outputSize);
  }
}

/** The largest of as many windows along lines as the output has elements. */
export class AdaptiveMaxPool1d extends layer(
  Layer,
  'nn.AdaptiveMaxPool1d',
  [p.single('outputSize'), returnIndices],
  (outputSize) => ({ outputSize }),
) {
  override forward(x: Tensor): Tensor {
    return F.adaptiveMaxPool1d(x, this.outputSize);
  }
}

const factor = p.kind<number | readonly number[]>(
  'a number or an array of them',
  'one number, or one for each dimension',
  (v) => typeof v === 'number' || (Array.isArray(v) && v.every((f) => typeof f === 'number')),
  { repr: (v: number | number[]) => (typeof v === 'number' ? pythonFloat(v) : pythonTuple(v.map(pythonFloat))) },
);
const mode = p.choice(['nearest', 'linear', 'bilinear', 'trilinear', 'nearest-exact'])('mode', 'nearest');
const recomputed = p.refused('recomputeScaleFactor', null, 'give the size of the output instead');

/** Another size by repeating or blending elements: `new nn.Upsample({ scaleFactor: 2, mode: 'bilinear' })`. */
export class Upsample extends layer(
  Layer,
  'nn.Upsample',
  [p.dims('size', null), factor('scaleFactor', null), mode, p.flag('alignCorners', null), recomputed],
  // A factor of 0 is none, as in PyTorch.
  (size, scaleFactor, mode, alignCorners) => ({ size, scaleFactor: scaleFactor || null, mode, alignCorners }),
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
    return settings(this, { without: [this.scaleFactor === null ? 'scaleFactor' : 'size', 'alignCorners'] });
  }
}

/** Channels [C·r², H, W] as finer planes [C, H·r, W·r]. */
export class PixelShuffle extends layer(Layer, 'nn.PixelShuffle', [p.int('upscaleFactor')], (upscaleFactor) => ({
  upscaleFactor,
})) {
  override forward(x: Tensor): Tensor {
    return F.pixelShuffle(x, this.upscaleFactor);
  }
}
