/**
 * @file Planes laid out otherwise: nn.PixelUnshuffle, nn.Unfold, nn.Fold, nn.ZeroPad2d.
 */
import * as F from '../functional.ts';
import type { Pair } from '../signature.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { repr } from '../../base/python.ts';
import { Module } from './module.ts';
import { layer } from './layer.ts';

/** Fine planes [C, H·r, W·r] as channels [C·r², H, W]. */
export class PixelUnshuffle extends layer(
  Module<[Tensor], Tensor>,
  'nn.PixelUnshuffle',
  [p.int('downscaleFactor')],
  (downscaleFactor) => ({ downscaleFactor }),
) {
  override forward(x: Tensor): Tensor {
    return F.pixelUnshuffle(x, this.downscaleFactor);
  }

  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }
}

/** What Unfold and Fold share: windows. */
class Windows extends Module<[Tensor], Tensor> {
  declare readonly kernelSize: Pair;
  declare readonly dilation: Pair;
  declare readonly padding: Pair;
  declare readonly stride: Pair;

  override extraRepr(): string {
    return `kernel_size=${repr(this.kernelSize)}, dilation=${repr(this.dilation)}, padding=${repr(this.padding)}, stride=${repr(this.stride)}`;
  }
}

const windows = [p.pair('kernelSize'), p.pair('dilation', 1), p.pair('padding', 0), p.pair('stride', 1)] as const;

/** The windows of [N, C, H, W] as columns [N, C·R·S, windows]. */
export class Unfold extends layer(Windows, 'nn.Unfold', windows, (kernelSize, dilation, padding, stride) => ({
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
  Windows,
  'nn.Fold',
  [p.pair('outputSize'), ...windows],
  (outputSize, kernelSize, dilation, padding, stride) => ({ outputSize, kernelSize, dilation, padding, stride }),
) {
  override forward(x: Tensor): Tensor {
    const { outputSize, kernelSize, dilation, padding, stride } = this;
    return F.fold(x, outputSize, kernelSize, { dilation, padding, stride });
  }

  override extraRepr(): string {
    return `output_size=${repr(this.outputSize)}, ${super.extraRepr()}`;
  }
}

const sides = p.kind<number | readonly [number, number, number, number]>(
  'a whole number or four of them',
  'one number, or [left, right, top, bottom]',
  (v) => Number.isSafeInteger(v) || (Array.isArray(v) && v.length === 4 && v.every(Number.isSafeInteger)),
);

/** Zeros around planes: as many on every side, or [left, right, top, bottom]. */
export class ZeroPad2d extends layer(Module<[Tensor], Tensor>, 'nn.ZeroPad2d', [sides('padding')], (padding) => ({
  padding: typeof padding === 'number' ? ([padding, padding, padding, padding] as const) : padding,
})) {
  override forward(x: Tensor): Tensor {
    return F.pad(x, this.padding);
  }

  override extraRepr(): string {
    return repr(this.padding);
  }
}
