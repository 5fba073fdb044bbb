/**
 * @file Planes laid out otherwise: nn.PixelUnshuffle, nn.Unfold, nn.Fold, nn.ZeroPad2d.
 */
import * as F from '../functional.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { Layer, layer, settings } from './layer.ts';

/** Fine planes [C, H·r, W·r] as channels [C·r², H, W]. */
export class PixelUnshuffle extends layer(
  Layer,
  'nn.PixelUnshuffle',
  [p.int('downscaleFactor')],
  (downscaleFactor) => ({ downscaleFactor }),
) {
  override forward(x: Tensor): Tensor {
    return F.pixelUnshuffle(x, this.downscaleFactor);
  }
}

const windows = [p.pair('kernelSize'), p.pair('dilation', 1), p.pair('padding', 0), p.pair('stride', 1)] as const;

/** The windows of [N, C, H, W] as columns [N, C·R·S, windows]. */
export class Unfold extends layer(Layer, 'nn.Unfold', windows, (kernelSize, dilation, padding, stride) => ({
  kernelSize,
  dilation,
  padding,
  stride,
})) {
  override forward(x: Tensor): Tensor {
    const { kernelSize, dilation, padding, stride } = this;
    return F.unfold(x, kernelSize, { dilation, padding, stride });
  }
}

/** Columns [N, C·R·S, windows] added up in planes [N, C, H, W]. */
export class Fold extends layer(
  Layer,
  'nn.Fold',
  [p.pair('outputSize'), ...windows],
  (outputSize, kernelSize, dilation, padding, stride) => ({ outputSize, kernelSize, dilation, padding, stride }),
) {
  override forward(x: Tensor): Tensor {
    const { outputSize, kernelSize, dilation, padding, stride } = this;
    return F.fold(x, outputSize, kernelSize, { dilation, padding, stride });
  }
}

const sides = p.kind<number | readonly [number, number, number, number]>(
  'a whole number or four of them',
  'one number, or [left, right, top, bottom]',
  (v) => Number.isSafeInteger(v) || (Array.isArray(v) && v.length === 4 && v.every(Number.isSafeInteger)),
);

/** Zeros around planes: as many on every side, or [left, right, top, bottom]. */
export class ZeroPad2d extends layer(Layer, 'nn.ZeroPad2d', [sides('padding')], (padding) => ({
  padding: typeof padding === 'number' ? ([padding, padding, padding, padding] as const) : padding,
})) {
  override forward(x: Tensor): Tensor {
    return F.pad(x, this.padding);
  }

  override extraRepr(): string {
    return settings(this, { unnamed: 1 });
  }
}
