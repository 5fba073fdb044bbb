/**
 * @file Planes laid out otherwise: nn.PixelUnshuffle, nn.Unfold, nn.Fold, nn.ChannelShuffle.
 */
import * as F from '../functional.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { Layer, layer } from './layer.ts';

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

/** Channels dealt out anew: of `groups` groups, first the first of each, then the second. */
export class ChannelShuffle extends layer(Layer, 'nn.ChannelShuffle', [p.int('groups')], (groups) => ({ groups })) {
  override forward(x: Tensor): Tensor {
    return F.channelShuffle(x, this.groups);
  }
}
