/**
 * @file The algorithms step by step: on every size that a visitor may choose each ends in the convolution's output,
 * reads only what is there, and counts what the algorithm is known to cost.
 */
import { describe, expect, test } from 'vitest';
import type { Sizes, SmallConvolution } from '../../src/steps/convolution.ts';
import { choices, impossible, outputHeight, outputWidth, productsOf, startOf } from '../../src/steps/convolution.ts';
import { convTable } from '../../src/dnn/conv2d/table.ts';
import type { Direction } from '../../src/dnn/choice/records.ts';
import { walks } from '../../src/playground/stepping.ts';
import { titleOf, walkthroughs } from '../../src/steps/index.ts';
import type { Scene, Walkthrough } from '../../src/steps/walkthrough.ts';
import { costsAfter, valuesAfter } from '../../src/steps/walkthrough.ts';
import { conv2d, conv2dBackwardData, conv2dBackwardFilter } from '../../src/graph/ops/conv2d.ts';
import { hasTurn } from '../support/combinations.ts';

const usual: Sizes = { C: 1, H: 5, W: 5, K: 1, R: 3, S: 3, padding: 0, stride: 1 };

/** The numbers of grids one after the other, in the order in which they were added. */
const numbersOf = (scene: Scene, prefix: string): (number | undefined)[] => {
  const values = valuesAfter(scene, scene.steps.length);
  return scene.grids.flatMap(({ id }) => (new RegExp(`^${prefix}[0-9.]+$`).test(id) ? values.get(id)! : []));
};

/** The result's grids, and what the reference says of them. */
function resultOf({ direction }: Walkthrough, scene: Scene, d: SmallConvolution) {
  const shapes = { x: [1, d.C, d.H, d.W], w: [d.K, d.C, d.R, d.S], y: [1, d.K, outputHeight(d), outputWidth(d)] };
  const attrs = {
    stride: [d.stride, d.stride],
    padding: [d.padding, d.padding, d.padding, d.padding],
    dilation: [1, 1],
    groups: 1,
  } as const;
  const typed = (shape: number[]) => ({ shape, dtype: 'float32' }) as const;
  const of = (shape: number[], data: readonly (number | undefined)[]) => ({
    ...typed(shape),
    data: Float64Array.from(data as number[]),
  });
  const [x, w, dy] = [of(shapes.x, d.x), of(shapes.w, d.w), of(shapes.y, numbersOf(scene, 'dy'))];
  const { prefix, expected } = {
    forward: () => ({ prefix: 'y', expected: conv2d.reference!([x, w], attrs, typed(shapes.y)) }),
    'backward data': () => ({
      prefix: 'dx',
      expected: conv2dBackwardData.reference!([dy, w], { ...attrs, shape: shapes.x }, typed(shapes.x)),
    }),
    'backward filter': () => ({
      prefix: 'dw',
      expected: conv2dBackwardFilter.reference!([x, dy], { ...attrs, shape: shapes.w }, typed(shapes.w)),
    }),
  }[direction]();
  return { found: numbersOf(scene, prefix), expected };
}

const products = (sizes: Readonly<Record<keyof Sizes, readonly number[]>>): Sizes[] =>
  (Object.keys(sizes) as (keyof Sizes)[]).reduce<Partial<Sizes>[]>(
    (all, name) => all.flatMap((one) => sizes[name].map((size) => ({ ...one, [name]: size }))),
    [{}],
  ) as Sizes[];

const possible = products({ ...choices, H: [3, 5, 8], W: [3, 6, 8] }).filter((d) => impossible(d) === undefined);

describe.each(walkthroughs.map((one) => [titleOf(one), one] as const))('%s', (_, walkthrough) => {
  const { name, refuses, scene } = walkthrough;
  // A spectrum takes a while here.
  const sizes = possible
    .filter((d) => refuses?.(startOf(d)) === undefined)
    .filter((_, i) => hasTurn(i, name.startsWith('FFT') ? 97 : 11));

  test('ends in the output', () => {
    expect(sizes.length).toBeGreaterThan(8);
    for (const size of sizes) {
      const d = startOf(size);
      const { found, expected } = resultOf(walkthrough, scene(d), d);
      expect(found).toHaveLength(expected.length);
      for (const [i, value] of found.entries()) expect(value, JSON.stringify(size)).toBeCloseTo(expected[i], 9);
    }
  });

  test('reads only what was given or written, and lies on its grids', () => {
    for (const size of sizes) {
      const { grids, steps } = scene(startOf(size));
      const known = new Map(
        grids.map(({ id, rows, columns, given }) => [id, Array(rows * columns).fill(given !== undefined)]),
      );
      expect(known.size).toBe(grids.length);
      for (const { given, rows, columns } of grids) if (given) expect(given).toHaveLength(rows * columns);
      const unknown: string[] = [];
      for (const { reads, writes, text } of steps) {
        for (const [grid, index] of reads)
          if (!known.get(grid)?.[index]) unknown.push(`${text} reads ${grid}[${index}]`);
        for (const [grid, index] of writes) {
          if (!(index < known.get(grid)!.length)) unknown.push(`${text} writes ${grid}[${index}]`);
          known.get(grid)![index] = true;
        }
      }
      expect(unknown, JSON.stringify(size)).toEqual([]);
    }
  });
});

test('the race leads from every algorithm to a walk that is there, but for gradients by transforms', () => {
  const titles = walkthroughs.map(titleOf);
  expect(
    Object.values(walks)
      .flatMap((walk) => Object.values(walk))
      .filter((title) => !titles.includes(title)),
  ).toEqual([]);
  for (const [direction, walk] of Object.entries(walks)) {
    const without = Object.keys(convTable[direction as Direction]).filter((name) => !Object.hasOwn(walk, name));
    expect(without.filter((name) => direction === 'forward' || !/^(FFT|WINOGRAD)/.test(name))).toEqual([]);
  }
});

const named = (name: string) => walkthroughs.find((one) => one.name === name)!;
const costsOf = (name: string, d: Sizes) => {
  const scene = named(name).scene(startOf(d));
  return costsAfter(scene, scene.steps.length);
};

test('the definition and the products multiply once for each term', () => {
  const d = { ...usual, C: 2, K: 2 };
  for (const name of ['DIRECT', 'GEMM', 'IMPLICIT_GEMM', 'IMPLICIT_PRECOMP_GEMM', 'Tiled kernel'])
    expect([name, costsOf(name, d).multiplications]).toEqual([name, productsOf(d)]);
});

test('Winograd has 16 multiplications for a tile of four outputs, where the definition has 36', () => {
  const d = { ...usual, H: 6, W: 6 };
  expect([costsOf('WINOGRAD', d).multiplications, costsOf('DIRECT', d).multiplications]).toEqual([4 * 16, 4 * 36]);
  expect(named('WINOGRAD').refuses!(startOf({ ...usual, stride: 2 }))).toMatch(/^needs stride 1, got 2/);
  expect(named('WINOGRAD').refuses!(startOf({ ...usual, R: 5, S: 5 }))).toMatch(/^needs a filter of 3×3, got 5×5/);
});

test('im2col writes each window out, so memory is read and written more often than by IMPLICIT_GEMM', () => {
  const [windows, outputs] = [9 * 9, 9];
  const product = 2 * windows + outputs;
  expect(costsOf('GEMM', usual).bytes).toBe(4 * (2 * windows + product));
  expect(costsOf('IMPLICIT_GEMM', usual).bytes).toBe(4 * (windows + windows + outputs));
});

test('tiles overlap by the filter less one, and a spectrum of a tile is smaller than that of the image', () => {
  const d = { ...usual, H: 6, W: 6 };
  const { steps } = named('FFT_TILING').scene(startOf(d));
  const tiles = steps
    .filter(({ writes }) => writes[0][0] === 'tile')
    .map(({ reads }) => reads.map(([, index]) => index));
  const times = Array.from({ length: 36 }, (_, i) => tiles.filter((places) => places.includes(i)).length);
  expect(times.slice(0, 6)).toEqual([1, 1, 2, 2, 1, 1]);
  expect(times.slice(12, 18)).toEqual([2, 2, 4, 4, 2, 2]);
  const largest = (name: string) =>
    Math.max(
      ...named(name)
        .scene(startOf(d))
        .grids.map(({ rows }) => rows),
    );
  expect([largest('FFT_TILING'), largest('FFT')]).toEqual([6, 16]);
  expect(named('FFT_TILING').refuses!(startOf({ ...usual, stride: 2 }))).toMatch(/^needs stride 1, got 2/);
});

test('what scatters adds as often as what gathers multiplies', () => {
  const d = { ...usual, C: 2, K: 2, padding: 1, stride: 2 };
  const [scatter, gather] = walkthroughs
    .filter(({ direction }) => direction === 'backward data')
    .map(({ scene }) => {
      const { steps, grids } = scene(startOf(d));
      return costsAfter({ steps, grids }, steps.length);
    });
  expect(scatter.multiplications).toBe(gather.multiplications);
  expect(scatter.additions).toBe(gather.multiplications);
  expect(scatter.bytes).toBeGreaterThan(gather.bytes);
});

test('a workgroup reads each filter once for four outputs', () => {
  const d = { ...usual, H: 4, W: 4 };
  expect(costsOf('Tiled kernel', d).bytes).toBe(4 * (9 + 4 * 9 + 4));
  expect(costsOf('DIRECT', d).bytes).toBe(4 * (4 * 9 + 4 * 9 + 4));
});
