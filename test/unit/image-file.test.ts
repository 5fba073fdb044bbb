/**
 * Intent: `--image` gives a program the numbers of a PNG, of whatever colour type, depth and filter; a large one is
 * scaled down; and what cannot be read is refused with the reason.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { readImage } from '../../src/cli/image.ts';
import type { Header } from '../support/png.ts';
import { png, pngOf } from '../support/png.ts';

const folder = mkdtempSync(join(tmpdir(), 'wudnn-image-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: Uint8Array | string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
/** The pixels of a file with these rows, each behind its filter's number. */
const read = async (
  header: Header,
  rows: readonly number[],
  chunks?: Record<string, Uint8Array>,
): Promise<number[]> => [
  ...(await readImage(file('x.png', pngOf(header, deflateSync(Uint8Array.from(rows)), chunks)))).rgba,
];

test.each<[string, Header, number[], number[]]>([
  ['grey', { width: 2, height: 1, colour: 0 }, [0, 7, 255], [7, 7, 7, 255, 255, 255, 255, 255]],
  ['grey of one bit', { width: 3, height: 1, colour: 0, depth: 1 }, [0, 0b101_00000], [255, 0, 255]],
  ['grey of four bits', { width: 3, height: 1, colour: 0, depth: 4 }, [0, 0x0f, 0x30], [0, 255, 51]],
  ['grey of 16 bits', { width: 2, height: 1, colour: 0, depth: 16 }, [0, 255, 255, 1, 1], [255, 1]],
  ['grey with opacity', { width: 1, height: 1, colour: 4 }, [0, 9, 128], [9, 9, 9, 128]],
  ['colour', { width: 1, height: 2, colour: 2 }, [0, 1, 2, 3, 0, 4, 5, 6], [1, 2, 3, 255, 4, 5, 6, 255]],
  ['colour with opacity', { width: 1, height: 1, colour: 6 }, [0, 1, 2, 3, 4], [1, 2, 3, 4]],
])('%s', async (_, header, rows, wanted) => {
  const pixels = await read(header, rows);
  expect(wanted.length === pixels.length ? pixels : pixels.filter((__, i) => i % 4 === 0)).toEqual(wanted);
});

test('colours of a palette, with their opacities', async () => {
  const chunks = { PLTE: Uint8Array.of(1, 2, 3, 4, 5, 6), tRNS: Uint8Array.of(9) };
  const header = { width: 2, height: 1, colour: 3, depth: 2 };
  expect(await read(header, [0, 0b0001_0000], chunks)).toEqual([1, 2, 3, 9, 4, 5, 6, 255]);
  await expect(read(header, [0, 0b1100_0000], chunks)).rejects.toThrow(/its palette has no colour 3/);
});

test('the one colour that a file calls transparent', async () => {
  const chunks = { tRNS: Uint8Array.of(0, 4, 0, 5, 0, 6) };
  expect(await read({ width: 2, height: 1, colour: 2 }, [0, 4, 5, 7, 4, 5, 6], chunks)).toEqual([
    4, 5, 7, 255, 4, 5, 6, 0,
  ]);
});

test('each filter is undone: left, up, their mean, and the nearest of three', async () => {
  const rows = [
    [0, 10, 20, 30],
    [1, 11, 10, 10],
    [2, 1, 1, 1],
    [3, 7, 5, 6],
    [4, 1, 1, 1],
  ];
  const pixels = await read({ width: 3, height: 5, colour: 0 }, rows.flat());
  const wanted = [10, 20, 30, 11, 21, 31, 12, 22, 32, 13, 22, 33, 14, 23, 34];
  expect(pixels.filter((_, i) => i % 4 === 0)).toEqual(wanted);
});

test('a large one is scaled down, on white', async () => {
  const pixels = new Uint8Array(4 * 2048 * 2);
  for (let i = 0; i < 2048 * 2; i++) pixels.set([100, 200, 0, i % 2048 < 1024 ? 255 : 0], 4 * i);
  const { width, height, rgba } = await readImage(file('wide.png', png({ width: 2048, height: 2 }, 4, pixels)));
  expect([width, height]).toEqual([1024, 1]);
  expect([...rgba.subarray(0, 4), ...rgba.subarray(-4)]).toEqual([100, 200, 0, 255, 255, 255, 255, 255]);
});

const one: Header = { width: 1, height: 1, colour: 0 };
const row = deflateSync(Uint8Array.of(0, 5));
test.each<[string, Uint8Array | string, RegExp]>([
  ['a text', 'hello', /is not an image; give a PNG/],
  ['nothing', '', /is not an image; give a PNG/],
  ['another format', Buffer.from('GIF89a\x01\0\x01\0', 'latin1'), /is a GIF, which is read on the page alone/],
  ['an interlaced file', pngOf({ ...one, interlaced: true }, row), /is interlaced/],
  ['a depth that there is not', pngOf({ ...one, depth: 3 }, row), /colour type 0 with 3 bits/],
  ['a colour type that there is not', pngOf({ ...one, colour: 5 }, row), /colour type 5/],
  ['a filter that there is not', pngOf(one, deflateSync(Uint8Array.of(5, 5))), /is damaged: row 0 has filter 5/],
  ['too few rows', pngOf({ ...one, height: 2 }, row), /is damaged: it ends after 2 bytes of 4/],
  ['more than it announces', pngOf(one, deflateSync(new Uint8Array(10_000_000))), /is damaged: /],
  ['no rows', pngOf(one, new Uint8Array()), /is damaged: /],
  [
    'a size beyond all',
    pngOf({ ...one, width: 60_000, height: 60_000 }, row),
    /60000 × 60000 pixels; it may have 64 mil/,
  ],
])('%s is refused', async (_, content, reason) => {
  await expect(readImage(file('bad.png', content))).rejects.toThrow(reason);
});

test('so is a file that is not there', async () => {
  await expect(readImage(join(folder, 'none.png'))).rejects.toThrow(/cannot read .*none\.png/);
});
