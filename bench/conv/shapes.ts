/**
 * @file The shapes that convolutions are tuned on: the article's, VGG-E's, ResNet-50's, some that are neither, and
 * MobileNetV2's depthwise ones.
 */
import type { ConvShape } from './candidate.ts';

const shape = (
  name: string,
  N: number,
  C: number,
  H: number,
  W: number,
  K: number,
  R: number,
  S: number,
  stride: number,
  pad: number,
  groups = 1,
): ConvShape => ({ name, x: [N, C, H, W], w: [K, C / groups, R, S], stride, pad });

export const shapes: readonly ConvShape[] = [
  shape('article', 4, 3, 32, 32, 16, 3, 3, 1, 1),
  shape('VGG-E 1.2', 1, 64, 224, 224, 64, 3, 3, 1, 1),
  shape('VGG-E 3.2', 1, 256, 56, 56, 256, 3, 3, 1, 1),
  shape('VGG-E 5', 1, 512, 14, 14, 512, 3, 3, 1, 1),
  shape('ResNet-50 conv1', 1, 3, 224, 224, 64, 7, 7, 2, 3),
  shape('ResNet-50 res2 3×3', 1, 64, 56, 56, 64, 3, 3, 1, 1),
  shape('ResNet-50 res2 1×1', 1, 256, 56, 56, 64, 1, 1, 1, 0),
  shape('ResNet-50 res3 stride 2', 1, 128, 56, 56, 128, 3, 3, 2, 1),
  shape('ResNet-50 res4 1×1', 1, 256, 14, 14, 1024, 1, 1, 1, 0),
  shape('5×5', 1, 192, 28, 28, 32, 5, 5, 1, 2),
  shape('9×9', 1, 64, 64, 64, 128, 9, 9, 1, 0),
  shape('batch of 8', 8, 64, 28, 28, 64, 3, 3, 1, 1),
  shape('depthwise 112×112', 1, 32, 112, 112, 32, 3, 3, 1, 1, 32),
  shape('depthwise 7×7', 1, 960, 7, 7, 960, 3, 3, 1, 1, 960),
  shape('depthwise stride 2', 1, 96, 112, 112, 96, 3, 3, 2, 1, 96),
];
