/**
 * Intent: a tensor with three channels is an image in true colour, whichever end they are at; each pixel has the
 * numbers that its indices name, and what is no shade is no image.
 */
import { describe, expect, test } from 'vitest';
import { noNumber, rangeOf, scaleOf, tilingOf } from '../../src/base/planes.ts';
import { trueColourOf } from '../../src/base/true-colour.ts';
import { colourView, numbersView } from '../../src/playground/panes/output/views.ts';

/** Two images of 2×3 pixels. Of each number: 1000 times its image, 100 times its channel, 10 its row, 1 its column. */
const numbers = (channels: 'first' | 'last'): Float64Array => {
  const values: number[] = [];
  const sizes = channels === 'first' ? [2, 3, 2, 3] : [2, 2, 3, 3];
  for (let n = 0; n < 2; n++)
    for (let a = 0; a < sizes[1]; a++)
      for (let b = 0; b < sizes[2]; b++)
        for (let c = 0; c < sizes[3]; c++) {
          const [channel, y, x] = channels === 'first' ? [a, b, c] : [c, a, b];
          values.push((1000 * n + 100 * channel + 10 * y + x) / 1212);
        }
  return Float64Array.from(values);
};

describe.each([
  ['first', [2, 3, 2, 3], 'x[1, :, 1, 2]'],
  ['last', [2, 2, 3, 3], 'x[1, 1, 2]'],
] as const)('channels %s', (channels, shape, indices) => {
  const values = numbers(channels);
  const image = trueColourOf(shape, 'float32', values)!;
  const looked = { name: 'x', shape, values, at: [1] };

  test('a pixel has its three numbers, and their shades', () => {
    expect(image).toMatchObject({ channels, brightest: 1, tiling: { height: 2, width: 3, tiles: 1, chosen: [2] } });
    const view = colourView(looked, image);
    const place = { tile: 0, y: 1, x: 2 };
    expect(view.colourAt(place)).toEqual([1012, 1112, 1212].map((v) => Math.round((255 * v) / 1212)));
    const [name, told] = view.textAt(place).split(' = ');
    expect(name).toBe(indices);
    told.split(', ').forEach((text, c) => expect(Number(text)).toBeCloseTo((1012 + 100 * c) / 1212, 3));
    expect(view.hint).toBe('2 × 3 in true colour. Point at a pixel.');
  });

  test('each number is still told by itself', () => {
    const view = numbersView(looked, tilingOf(shape)!, scaleOf(rangeOf(values)));
    expect(view.textAt({ tile: 0, y: 0, x: 0 })).toMatch(/^x\[1, 0, 0, 0\] = 0\.825/);
  });
});

test('bytes are shades of 255, floats of 1, and what lies beyond or counts something is no image', () => {
  const shape = [3, 1, 1];
  expect(trueColourOf(shape, 'uint8', [0, 128, 255])).toMatchObject({ brightest: 255 });
  expect(trueColourOf(shape, 'float16', [0, 0.5, 1])).toMatchObject({ brightest: 1 });
  expect(trueColourOf(shape, 'float32', [0, 0.5, 1.0000002])).toMatchObject({ brightest: 1 });
  for (const values of [
    [0, 0.5, 1.1],
    [-0.2, 0.5, 1],
  ])
    expect(trueColourOf(shape, 'float32', values)).toBeUndefined();
  expect(trueColourOf(shape, 'int64', [0, 1, 2])).toBeUndefined();
  expect(trueColourOf([2, 2, 2], 'float32', [0, 0, 0, 0, 1, 1, 1, 1])).toBeUndefined();
  expect(trueColourOf([3], 'float32', [0, 0, 1])).toBeUndefined();
});

test('a pixel with a channel that is no number looks like none', () => {
  const values = Float64Array.of(0, NaN, 1);
  const image = trueColourOf([3, 1, 1], 'float32', values)!;
  const view = colourView({ name: 'x', shape: [3, 1, 1], values, at: [] }, image);
  expect(view.colourAt({ tile: 0, y: 0, x: 0 })).toEqual(noNumber);
  expect(view.textAt({ tile: 0, y: 0, x: 0 })).toBe('x[:, 0, 0] = 0, NaN, 1');
});
