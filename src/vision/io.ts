/**
 * @file Images as tensors: one that was given to the program from outside, or a sample.
 */
import { fail } from '../base/errors.ts';
import type { Size } from '../base/resample.ts';
import { resample } from '../base/resample.ts';
import type { RgbaImage } from '../base/rgba-image.ts';
import { allocate, fromHost } from '../torch/creation.ts';
import type { Dims } from '../torch/signature.ts';
import { fn, overloads, p } from '../torch/signature.ts';
import type { Tensor } from '../torch/tensor.ts';
import { given } from './given-image.ts';
import type { SampleName } from './samples.ts';
import { sample, sampleNames } from './samples.ts';

/** The names of the samples. */
export const imageNames: readonly SampleName[] = sampleNames;

/** Pixels that a tensor has at most in each direction. */
const mostPixels = 4096;

/** torchvision's: the shorter side, with the longer one in proportion, or [height, width]. */
const sizes = p.kind<Dims>(
  'a number of pixels or a pair of them',
  'the shorter side, or [height, width]',
  (v) => Number.isSafeInteger(v) || (Array.isArray(v) && v.length === 2 && v.every(Number.isSafeInteger)),
);

/**
 * An image as a float32 tensor [3, H, W] on the cpu: red, green and blue from 0 to 1, as torchvision's
 * `decode_image(file, ImageReadMode.RGB) / 255` gives them. Without a name it is the image that you dropped on the
 * page, pasted, chose or photographed, or gave by `--image`; where there is none, the sample `'shapes'`. A name is that
 * of a sample, 128 × 128: `'shapes'`, `'digit'`, `'texture'`, `'zone plate'`. Your image is at most 1024 pixels a side
 * (a larger one is scaled down), and what is transparent in it lies on white.
 *
 * `size` resizes as torchvision's `resize` does, bilinear and antialiased: a number is the shorter side, with the
 * proportions kept; `[height, width]` is both.
 */
export const image = overloads(
  fn('ours.image', [p.choice(sampleNames)('name'), '*', sizes('size', null)], (name, size): Tensor =>
    tensorOf(sample(name), size),
  ),
  fn('ours.image', ['*', sizes('size', null)], (size): Tensor => tensorOf(given.image ?? sample(sampleNames[0]), size)),
);

function tensorOf(pixels: RgbaImage, size: Dims | null): Tensor {
  const to = size === null ? pixels : sizeOf(pixels, size);
  const shape = [3, to.height, to.width];
  return allocate('image', shape, 'float32', () =>
    fromHost(resample(planesOf(pixels), 3, pixels, to), shape, 'float32'),
  );
}

function sizeOf({ height, width }: Size, size: Dims): Size {
  const short = Math.min(height, width);
  const [h, w] =
    typeof size === 'number' ? [height, width].map((side) => Math.trunc((size * side) / short)) : [size[0], size[1]];
  if (h < 1 || w < 1 || h > mostPixels || w > mostPixels)
    fail(`image: size ${String(size)} makes it ${h} × ${w} pixels; it can have 1 to ${mostPixels} a side`);
  return { height: h, width: w };
}

/** Red, green and blue apart, on white where they are transparent. */
function planesOf({ width, height, rgba }: RgbaImage): Float32Array {
  const count = width * height;
  const planes = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    const opacity = rgba[4 * i + 3] / 255;
    for (let c = 0; c < 3; c++) planes[c * count + i] = (opacity * rgba[4 * i + c]) / 255 + (1 - opacity);
  }
  return planes;
}
