/**
 * Intent: `wudnn map` shows in each cell the least of the times that its CSV has, predicted or measured; a measured
 * cell is kept, so that the map goes on where it was; and wrong axes are refused with the remedy.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { main, shapeWith } from '../../src/cli/map.ts';
import { csvOf, svgOf, textOf } from '../../src/crossover/figures.ts';
import type { CrossoverMap } from '../../src/crossover/map.ts';
import { marginOf, winnerOf } from '../../src/crossover/map.ts';

const folder = mkdtempSync(join(tmpdir(), 'wudnn-map-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function mapOf(...args: string[]): Promise<{ map: CrossoverMap; csv: string[][]; svg: string }> {
  const [json, csv, svg] = ['map.json', 'map.csv', 'map.svg'].map((name) => join(folder, name));
  expect(await main([...args, '--json', json, '--csv', csv, '--svg', svg])).toBe(0);
  const rows = readFileSync(csv, 'utf8').trim().split('\n').slice(1);
  return {
    map: JSON.parse(readFileSync(json, 'utf8')) as CrossoverMap,
    csv: rows.map((row) => row.match(/"[^"]*"|[^,]+|(?<=,)(?=,)/g)!),
    svg: readFileSync(svg, 'utf8'),
  };
}

/** By cell, the algorithm of the row with the least time. */
function leastOf(csv: readonly string[][]): string[] {
  const least = new Map<string, string[]>();
  for (const row of csv) {
    const cell = `${row[0]} ${row[1]}`;
    if (!(Number(least.get(cell)?.[4]) <= Number(row[4]))) least.set(cell, row);
  }
  return [...least.values()].map((row) => row[2]);
}

test('each cell has the least of its predicted times', async () => {
  const { map, csv, svg } = await mapOf('1,8,12,12,8,3,3,1,1', '--x', 'C=4,16', '--y', 'R=1,3,5', '--cache', 'none');
  expect(map).toMatchObject({ format: 'wudnn-map/1', source: 'predicted', x: { size: 'C', values: [4, 16] } });
  expect(map.cells.map(({ x, y }) => [x, y])).toEqual([1, 3, 5].flatMap((y) => [4, 16].map((x) => [x, y])));
  expect(map.cells.map((cell) => winnerOf(cell)!.algo)).toEqual(leastOf(csv));
  expect(csv.every((row) => row[5] === 'predicted')).toBe(true);
  expect(csv.filter(([, r, algo]) => r === '1' && algo === 'WINOGRAD')).toEqual([]);
  expect(svg.match(/<title>/g)).toHaveLength(6);
});

test('the dtype may be an axis, and the CSV has that of each cell', async () => {
  const { map, csv } = await mapOf(
    '1,4,8,8,4,3,3,1,1',
    '--x',
    'DTYPE=float32,float16',
    '--y',
    'K=4',
    '--cache',
    'none',
  );
  expect(map.cells.map(({ x, y }) => [x, y])).toEqual([
    ['float32', 4],
    ['float16', 4],
  ]);
  expect(csv.every((row) => row[7] === row[0])).toBe(true);
  expect(csv.some((row) => row[0] === 'float32')).toBe(true);
  expect(textOf(map)).toContain('float32 and float16, DTYPE across');
});

test('a measured map is kept, and drawn again from what is kept', async () => {
  const args = ['1,2,6,6,4,3,3,1,1', '--x', 'K=4', '--y', 'N=1,2', '--measure', '--budget', '3000'];
  const first = await mapOf(...args, '--cache', join(folder, 'plans.json'));
  expect(first.map.source).toBe('measured');
  expect(first.map.cells.map((cell) => winnerOf(cell)!.algo)).toEqual(leastOf(first.csv));
  const second = await mapOf(...args, '--cache', join(folder, 'plans.json'));
  expect(second.map.cells).toEqual(first.map.cells);
});

test('an odd filter keeps the image as large as it was, where it did', () => {
  expect(shapeWith('1,3,8,8,4,3,3,1,1', { R: 7 })).toBe('1,3,8,8,4,7,7,1,3');
  expect(shapeWith('1,3,8,8,4,3,3', { R: 5, H: 16 })).toBe('1,3,16,16,4,5,5');
  expect(shapeWith('1,3,8,8,4,3,3', { STRIDE: 2 })).toBe('1,3,8,8,4,3,3,2');
});

test('what cannot be mapped is refused with the remedy', async () => {
  const shape = '1,8,12,12,8,3,3,1,1';
  const refused = (text: string, ...args: string[]) => expect(main(args)).rejects.toThrow(text);
  await refused('map: give --y, a size and its values: --y C=8,16,32', shape, '--x', 'C=4');
  await refused('map: both axes vary C', shape, '--x', 'C=4', '--y', 'C=8');
  await refused("map: --x varies 'Q'; there are N, C, H, K, R, STRIDE, DTYPE", shape, '--x', 'Q=4', '--y', 'C=8');
  await refused("map: --x is 'K=4;5'; write a size and its values", shape, '--x', 'K=4;5', '--y', 'C=8');
  await refused('every value is at least 1', shape, '--x', 'K=0', '--y', 'C=8');
  await refused("map: SHAPE is 'matmul:8,8,8'; write a convolution as", 'matmul:8,8,8', '--x', 'K=4', '--y', 'C=8');
  await refused('41×21 cells are more than 400', shape, '--x', `K=${'1,'.repeat(40)}1`, '--y', `C=${'1,'.repeat(20)}1`);
  await refused("--budget is 'x', not a number", shape, '--x', 'K=4', '--y', 'C=8', '--budget', 'x');
});

test('text, CSV and picture say what nothing won, how far ahead the winner is, and how the times came about', () => {
  const map: CrossoverMap = {
    base: '1,8,12,12,8,3,3',
    direction: 'forward',
    dtype: 'float32',
    library: 'wuDNN',
    adapter: 'an adapter, with a comma',
    software: true,
    source: 'measured',
    x: { size: 'C', values: [1, 2] },
    y: { size: 'K', values: [3] },
    cells: [
      {
        x: 1,
        y: 3,
        entries: [
          { algo: 'A<B', config: '', ms: 2 },
          { algo: 'GEMM', config: '8×8, wide', ms: 3 },
        ],
      },
      { x: 2, y: 3, entries: [] },
    ],
  };
  expect(map.cells.map(marginOf)).toEqual([0.5, undefined]);
  expect(textOf(map)).toMatch(
    /software: times say nothing about a GPU[^]*K \\ C +1 +2\n +3 +A 50% +–\n[^]*A A<B, 1 of 2 cells/,
  );
  expect(csvOf(map)).toContain('1,3,GEMM,"8×8, wide",3,measured,forward,float32,"an adapter, with a comma",wuDNN');
  expect(svgOf(map)).toContain('A&lt;B 2 ms, GEMM 3 ms');

  const beside = {
    ...map,
    library: 'cuDNN 91002',
    cells: [{ x: 1, y: 3, entries: [{ algo: 'FFT', config: '', ms: 1 }] }],
  };
  expect(csvOf(map, beside)).toContain('1,3,FFT,,1,measured,forward,float32,"an adapter, with a comma",cuDNN 91002');
  expect(svgOf(map, beside).match(/<g transform="translate\(\d+ 0\)">/g)).toHaveLength(2);
});
