/**
 * @file Residual networks of basic blocks (He and others, CVPR 2016), small enough for small images.
 *
 * The names of layers are torchvision's, and so are the keys of their state.
 */
import * as nn from '../torch/nn/index.ts';
import { relu } from '../torch/functional.ts';
import { p } from '../torch/signature.ts';
import { constructed } from '../torch/signature/constructors.ts';
import type { Tensor } from '../torch/tensor.ts';

const conv3x3 = (from: number, to: number, stride = 1): nn.Conv2d =>
  new nn.Conv2d(from, to, { kernelSize: 3, stride, padding: 1, bias: false });

abstract class Block extends nn.Module<[Tensor], Tensor> {
  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  conv2: nn.Conv2d;
  bn2: nn.BatchNorm2d;
  downsample: nn.Sequential | null;

  constructor(inChannels: number, channels: number, stride: number) {
    super();
    this.conv1 = conv3x3(inChannels, channels, stride);
    this.bn1 = new nn.BatchNorm2d(channels);
    this.conv2 = conv3x3(channels, channels);
    this.bn2 = new nn.BatchNorm2d(channels);
    const isSame = stride === 1 && inChannels === channels;
    this.downsample = isSame
      ? null
      : new nn.Sequential(
          new nn.Conv2d(inChannels, channels, { kernelSize: 1, stride, bias: false }),
          new nn.BatchNorm2d(channels),
        );
  }

  override forward(x: Tensor): Tensor {
    const y = this.bn2(this.conv2(relu(this.bn1(this.conv1(x)))));
    return relu(y.add(this.downsample ? (this.downsample(x) as Tensor) : x));
  }
}

/** Two convolutions with a shortcut around them; if the shape changes, the shortcut has a 1×1 convolution. */
export class BasicBlock extends constructed(
  Block,
  'ours.BasicBlock',
  [p.int('inChannels'), p.int('channels'), p.int('stride', 1)],
  (inChannels, channels, stride) => [inChannels, channels, stride],
) {}

interface Settings {
  readonly inChannels: number;
  readonly classes: number;
  /** Channels of the stages; each but the first halves the image. */
  readonly widths: readonly number[];
  /** Blocks a stage. */
  readonly depth: number;
}

abstract class Residual extends nn.Module<[Tensor], Tensor> {
  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  layers: nn.Sequential;
  avgpool = new nn.AdaptiveAvgPool2d(1);
  fc: nn.Linear;

  constructor({ inChannels, classes, widths, depth }: Settings) {
    super();
    this.conv1 = conv3x3(inChannels, widths[0]);
    this.bn1 = new nn.BatchNorm2d(widths[0]);
    const stages = widths.map((width, i) => {
      const first = i === 0 ? new BasicBlock(width, width) : new BasicBlock(widths[i - 1], width, 2);
      return new nn.Sequential(first, ...Array.from({ length: depth - 1 }, () => new BasicBlock(width, width)));
    });
    this.layers = new nn.Sequential(...stages);
    this.fc = new nn.Linear(widths.at(-1)!, classes);
  }

  override forward(x: Tensor): Tensor {
    const features = this.layers(relu(this.bn1(this.conv1(x)))) as Tensor;
    return this.fc(this.avgpool(features).flatten(1));
  }
}

const widths = p.kind<readonly number[]>(
  'an array of widths',
  'the channels of each stage',
  (v) => Array.isArray(v) && v.length > 0 && v.every(Number.isSafeInteger),
);

/** Scores [N, classes] of images [N, inChannels, H, W]; by default with three stages of one block. */
export class ResNet extends constructed(
  Residual,
  'ours.ResNet',
  ['*', p.int('inChannels', 1), p.int('classes', 10), widths('widths', [8, 16, 32]), p.int('depth', 1)],
  (inChannels, classes, widths, depth) => [{ inChannels, classes, widths, depth }],
) {}
