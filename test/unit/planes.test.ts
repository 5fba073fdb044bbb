/**
 * Intent: a tensor's picture shows each element once, at the place whose number it tells, in colours that say its size.
 * The layouts were drawn by hand.
 */
import { describe, expect, test } from 'vitest';
import {
  colourOf,
  cornerOf,
  histogramOf,
  indicesOf,
  moved,
  noNumber,
  offsetOf,
  placeAt,
  rangeOf,
  scaleOf,
  sizeOfPicture,
  tilingOf,
} from '../../src/base/planes.ts';

test('the last two dimensions are planes, the third from last tiles, and the rest is chosen', () => {
  expect(tilingOf([4, 16, 8, 8])).toMatchObject({ height: 8, width: 8, tiles: 16, chosen: [4] });
  expect(tilingOf([3, 5])).toMatchObject({ height: 3, width: 5, tiles: 1, columns: 1, chosen: [] });
  expect(tilingOf([7])).toMatchObject({ height: 1, width: 7, tiles: 1, chosen: [] });
  expect([tilingOf([]), tilingOf([1, 1]), tilingOf([0, 3])]).toEqual([undefined, undefined, undefined]);
});

describe.each([[[2, 3, 4, 5]], [[6, 4]], [[9]], [[2, 2, 1, 7, 1]], [[10, 1, 3]]])('%j', (shape) => {
  const tiling = tilingOf(shape)!;
  const [width, height] = sizeOfPicture(tiling);
  const pixels = Array.from({ length: width * height }, (_, i) => [i % width, Math.floor(i / width)] as const);

  test('every element of the shown planes has one pixel', () => {
    const seen = pixels.flatMap(([x, y]) => placeAt(tiling, x, y) ?? []);
    const numbers = seen.map(({ tile, y, x }) => (tile * tiling.height + y) * tiling.width + x);
    const all = tiling.tiles * tiling.height * tiling.width;
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: all }, (_, i) => i));
    for (const [x, y] of pixels) {
      const place = placeAt(tiling, x, y);
      if (!place) continue;
      const [left, top] = cornerOf(tiling, place.tile);
      expect([left + place.x, top + place.y]).toEqual([x, y]);
    }
    expect([placeAt(tiling, width, 0), placeAt(tiling, 0, height), placeAt(tiling, -1, 0)]).toEqual(
      Array(3).fill(undefined),
    );
  });

  test('indices and offset name the element of the row-major tensor', () => {
    const at = tiling.chosen.map((size) => size - 1);
    const place = { tile: tiling.tiles - 1, y: tiling.height - 1, x: tiling.width - 1 };
    const indices = indicesOf(shape, at, place);
    expect(indices).toEqual(shape.map((size) => size - 1));
    const inside = (place.tile * tiling.height + place.y) * tiling.width + place.x;
    expect(offsetOf(tiling, at) + inside).toBe(shape.reduce((a, b) => a * b) - 1);
  });
});

test('arrow keys walk over gaps and stop at the edge', () => {
  const tiling = tilingOf([2, 2, 2])!; // two tiles side by side, or one below the other
  const last = { tile: 0, y: 1, x: 1 };
  const [dx, dy] = tiling.columns === 2 ? [1, 0] : [0, 1];
  expect(moved(tiling, last, dx, dy).tile).toBe(1);
  expect(moved(tiling, { tile: 0, y: 0, x: 0 }, -1, 0)).toEqual({ tile: 0, y: 0, x: 0 });
});

test('colours run from least to most, symmetric about 0 where both signs occur, and NaN has its own', () => {
  const signed = scaleOf(rangeOf([-1, 0.5, NaN, Infinity]));
  expect(signed).toEqual({ least: -1, most: 1, signed: true });
  expect(colourOf(0, signed)).toEqual([247, 247, 247]);
  expect(colourOf(-1, signed)).toEqual([5, 48, 97]);
  const positive = scaleOf(rangeOf([2, 6]));
  expect([colourOf(2, positive), colourOf(6, positive)]).toEqual([
    [68, 1, 84],
    [253, 231, 37],
  ]);
  expect([colourOf(NaN, positive), colourOf(-Infinity, signed)]).toEqual([noNumber, noNumber]);
  expect(colourOf(3, scaleOf(rangeOf([3, 3])))).toEqual([33, 145, 140]);
  expect(rangeOf([NaN, Infinity])).toEqual([0, 1]);
});

test('the histogram counts every finite number once', () => {
  const values = [0, 0.1, 0.9, 1, NaN, -Infinity];
  expect(histogramOf(values, rangeOf(values), 2)).toEqual([2, 2]);
  expect(histogramOf([5, 5], rangeOf([5, 5]), 3)).toEqual([2, 0, 0]);
});
