/**
 * @file A data set that is drawn, not downloaded: grey images of simple shapes, the same for the same seed.
 *
 * Each image shows one shape of random size, place and brightness on noise. Shapes differ in outline alone, so a
 * convolutional network has something to learn that a look at single pixels does not tell.
 */
import { fail } from '../base/errors.ts';
import { Generator, randint, uniform } from '../base/random.ts';
import { fromHost } from '../torch/creation.ts';
import { TensorDataset } from '../torch/data/dataset.ts';
import { fn, p } from '../torch/signature.ts';

/** Whether a point lies in the shape, as seen from its centre in units of its radius, by class. */
const outlines: readonly (readonly [name: string, inside: (x: number, y: number) => boolean])[] = [
  ['disc', (x, y) => x * x + y * y <= 1],
  ['ring', (x, y) => x * x + y * y <= 1 && x * x + y * y >= 0.36],
  ['square', (x, y) => Math.abs(x) <= 0.8 && Math.abs(y) <= 0.8],
  ['frame', (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 0.9 && Math.max(Math.abs(x), Math.abs(y)) >= 0.55],
  ['plus', (x, y) => (Math.abs(x) <= 0.3 && Math.abs(y) <= 1) || (Math.abs(y) <= 0.3 && Math.abs(x) <= 1)],
  ['cross', (x, y) => (Math.abs(x - y) <= 0.4 || Math.abs(x + y) <= 0.4) && Math.max(Math.abs(x), Math.abs(y)) <= 0.9],
  ['triangle', (x, y) => y <= 0.7 && y >= 2 * Math.abs(x) - 1],
  ['diamond', (x, y) => Math.abs(x) + Math.abs(y) <= 1],
  ['bar', (x, y) => Math.abs(x) <= 1 && Math.abs(y) <= 0.25],
  ['post', (x, y) => Math.abs(x) <= 0.25 && Math.abs(y) <= 1],
];

/** The classes' names, by label. */
export const shapeNames: readonly string[] = outlines.map(([name]) => name);

/**
 * `count` images [1, size, size] with brightness about 0 and labels from 0: item i is `[image, label]`. `size` is
 * height and width in pixels,
 * `classes` how many of the classes are drawn, from the first on.
 */
export const shapes = fn(
  'ours.shapes',
  [p.int('count'), '*', p.int('seed', 0), p.int('size', 28), p.int('classes', outlines.length)],
  (count, seed, size, classes): TensorDataset => {
    if (!Number.isInteger(count) || count < 1) fail(`shapes: count is ${count}, not a whole number of at least 1`);
    if (!Number.isInteger(size) || size < 8)
      fail(`shapes: size is ${size}; an image needs at least 8 pixels a side to show its shape`);
    if (!(classes >= 2 && classes <= outlines.length))
      fail(`shapes: classes is ${classes}; there are 2 to ${outlines.length}`);
    const generator = new Generator(seed);
    const labels = randint(generator, count, 0, classes);
    const images = uniform(generator, count * size * size, -0.2, 0.2);
    for (let n = 0; n < count; n++) {
      const [radius, dx, dy, brightness] = uniform(generator, 4);
      draw(images.subarray(n * size * size, (n + 1) * size * size), size, outlines[labels[n]][1], {
        radius: size * (0.22 + 0.16 * radius),
        x: size * (0.4 + 0.2 * dx),
        y: size * (0.4 + 0.2 * dy),
        brightness: 0.6 + 0.6 * brightness,
      });
    }
    return new TensorDataset(fromHost(images, [count, 1, size, size], 'float32'), fromHost(labels, [count], 'int64'));
  },
);

interface Placement {
  readonly radius: number;
  readonly x: number;
  readonly y: number;
  readonly brightness: number;
}

function draw(
  pixels: Float32Array,
  size: number,
  inside: (x: number, y: number) => boolean,
  { radius, x, y, brightness }: Placement,
): void {
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (inside((column + 0.5 - x) / radius, (row + 0.5 - y) / radius)) pixels[row * size + column] += brightness;
    }
  }
}
