/**
 * Intent: an image is a tensor of the numbers in it. Samples are the same everywhere; a given image goes before them;
 * another size is PyTorch's antialiased bilinear one; and what is no image, or too large, is refused with the reason.
 */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { imageHeader } from '../../src/base/image-header.ts';
import { resample } from '../../src/base/resample.ts';
import type { RgbaImage } from '../../src/base/rgba-image.ts';
import { mostSide, sizeWithin } from '../../src/base/rgba-image.ts';
import { Session } from '../../src/session/session.ts';
import { vision } from '../../src/session/wudnn.ts';
import { giveImage } from '../../src/vision/given-image.ts';
import { png, pngOf } from '../support/png.ts';
import type { Resampled } from '../support/resampled.ts';
import { allowed, differenceOf } from '../support/resampled.ts';

const goldens = JSON.parse(readFileSync('test/golden/resampled.json', 'utf8')) as { cases: Resampled[] };

const { image, imageNames } = vision.io;

afterEach(() => giveImage(undefined));

/** Two pixels: one opaque, one half transparent. */
const small: RgbaImage = { width: 2, height: 1, rgba: Uint8Array.of(255, 51, 0, 255, 0, 255, 102, 128) };

describe('samples', () => {
  test.each(imageNames)('%s has three planes from 0 to 1, with both dark and bright in it', async (name) => {
    const x = image(name);
    expect([[...x.shape], x.dtype, `${x.device}`]).toEqual([[3, 128, 128], 'float32', 'cpu']);
    const values = await x.data();
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(0.5);
  });

  test('they are the same in every call, and differ from each other', async () => {
    const all = await Promise.all(imageNames.map((name) => image(name).data()));
    expect(await image().data()).toEqual(all[0]);
    expect(new Set(all.map((values) => values.join())).size).toBe(imageNames.length);
  });

  test('the zone plate is bright in its middle and turns from pixel to pixel near its edges', async () => {
    const plane = (await image('zone plate').data()).slice(0, 128 * 128);
    expect(plane[64 * 128 + 64]).toBeCloseTo(1, 2);
    const edge = plane.slice(64 * 128, 64 * 128 + 16);
    expect(Math.max(...edge.slice(1).map((value, i) => Math.abs(value - edge[i])))).toBeGreaterThan(0.9);
  });

  test('a name that there is not is an error that says which there are', () => {
    expect(() => image('cat' as 'shapes')).toThrow(/image: .*'shapes', 'digit', 'texture', 'zone plate'/);
  });
});

describe('a given image', () => {
  test('goes before the samples, red, green and blue apart, what is transparent on white', async () => {
    giveImage(small);
    const opacity = 128 / 255;
    const onWhite = (value: number): number => opacity * value + 1 - opacity;
    const wanted = [1, onWhite(0), 0.2, onWhite(1), 0, onWhite(0.4)];
    expect([...(await image().data())]).toEqual(wanted.map(Math.fround));
    expect(image('digit').shape[1]).toBe(128);
  });

  test('reaches the program, for that run alone', async () => {
    const session = new Session({ versions: {} });
    const program = "import { vision } from 'wudnn'\nexport const x = vision.io.image()\n";
    const events = { console: () => {}, progress: () => {} };
    expect(await session.run(program, events, { image: small })).toMatchObject({
      ok: true,
      outputs: [{ shape: [3, 1, 2], min: 0, max: 1 }],
    });
    expect(await session.run(program, events)).toMatchObject({ ok: true, outputs: [{ shape: [3, 128, 128] }] });
  });

  test.each<[string, object, RegExp]>([
    ['fewer bytes than pixels', { ...small, height: 2 }, /image: 2 × 2 pixels are 16 bytes, got 8/],
    ['no height', { ...small, height: 0 }, /image\.height: expected 1 to 1024 pixels, got 0/],
    ['half a pixel', { ...small, width: 1.5 }, /image\.width: expected 1 to 1024 pixels, got 1\.5/],
    ['too wide', { ...small, width: mostSide + 1 }, /image\.width: expected 1 to 1024 pixels, got 1025/],
    ['no bytes', { ...small, rgba: [1, 2, 3, 4] }, /image\.rgba: expected bytes/],
  ])('with %s is refused', (_, wrong, reason) => {
    expect(() => giveImage(wrong as RgbaImage)).toThrow(reason);
  });
});

describe('another size', () => {
  test('half of a line is a mean of four, by the triangle around two pixels', () => {
    // Centres lie between the pixels, so the weights are 1/8, 3/8, 3/8, 1/8; at the ends 3/7, 3/7, 1/7 are left.
    const line = Float32Array.of(0, 7, 14, 56, 0, 0);
    const wanted = [(3 * 0 + 3 * 7 + 14) / 7, (7 + 3 * 14 + 3 * 56 + 0) / 8, (56 + 3 * 0 + 3 * 0) / 7];
    expect([...resample(line, 1, { height: 1, width: 6 }, { height: 1, width: 3 })]).toEqual(wanted.map(Math.fround));
  });

  test('twice a line is linear between the pixels, and flat beyond their centres', () => {
    const line = Float32Array.of(0, 4);
    expect([...resample(line, 1, { height: 2, width: 1 }, { height: 4, width: 1 })]).toEqual([0, 1, 3, 4]);
  });

  test.each(goldens.cases)('is as PyTorch makes it: $from to $to', (golden) => {
    expect(differenceOf(golden)).toBeLessThanOrEqual(allowed(golden));
  });

  test('a number is the shorter side, and two are height and width', () => {
    giveImage({ width: 3, height: 2, rgba: new Uint8Array(24) });
    expect([...image({ size: 5 }).shape]).toEqual([3, 5, 7]);
    expect([...image({ size: [4, 9] }).shape]).toEqual([3, 4, 9]);
  });

  test('a flat image stays flat, at any size', async () => {
    giveImage({ width: 7, height: 5, rgba: new Uint8Array(140).fill(255) });
    for (const size of [
      [2, 3],
      [11, 1],
      [64, 64],
    ] as const)
      for (const value of await image({ size }).data()) expect(value).toBeCloseTo(1, 6);
  });

  test('a size that no image can have is an error', () => {
    expect(() => image({ size: 0 })).toThrow(/image: size 0 makes it 0 × 0 pixels; it can have 1 to 4096 a side/);
    expect(() => image({ size: [8, 5000] })).toThrow(/8 × 5000 pixels/);
    expect(() => image({ size: [8, 8, 8] as unknown as number })).toThrow(/image: size .*the shorter side/);
  });

  test('what is too large for a program keeps its proportions', () => {
    expect(sizeWithin(4032, 3024)).toEqual({ width: 1024, height: 768 });
    expect(sizeWithin(40, 30)).toEqual({ width: 40, height: 30 });
    expect(sizeWithin(60_000, 2)).toEqual({ width: 1024, height: 1 });
  });
});

describe("a file's first bytes", () => {
  const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
  const le16 = (value: number): string => String.fromCharCode(value & 255, value >> 8);
  const be16 = (value: number): string => String.fromCharCode(value >> 8, value & 255);
  const jpeg = `\xff\xd8\xff\xe0${be16(16)}${'\0'.repeat(14)}\xff\xff\xc4${be16(3)}\0\xff\xc2${be16(17)}\x08${be16(480)}${be16(640)}\x03`;
  const webp = (kind: string, rest: string): string => `RIFF\0\0\0\0WEBP${kind}\0\0\0\0${rest}`;

  test.each([
    ['PNG', png({ width: 3, height: 1 }, 1, new Uint8Array(3)), 3, 1],
    ['PNG', pngOf({ width: 100_000, height: 90_000, colour: 2 }, new Uint8Array()), 100_000, 90_000],
    ['JPEG', bytes(jpeg), 640, 480],
    ['GIF', bytes(`GIF89a${le16(640)}${le16(480)}`), 640, 480],
    ['BMP', bytes(`BM${'\0'.repeat(16)}${le16(640)}\0\0\x20\xfe\xff\xff`), 640, 480],
    ['WebP', bytes(webp('VP8 ', `${'\0'.repeat(6)}${le16(640)}${le16(480)}`)), 640, 480],
    ['WebP', bytes(webp('VP8L', '\x2f\x7f\xc2\x77\x00')), 640, 480],
    ['WebP', bytes(webp('VP8X', `\0\0\0\0\x7f\x02\0\xdf\x01\0`)), 640, 480],
    [
      'AVIF',
      bytes(`\0\0\0\x20ftypavif${'\0'.repeat(8)}ispe\0\0\0\0\0\0${be16(640)}\0\0${be16(480)}${'\0'.repeat(8)}`),
      640,
      480,
    ],
  ])('of a %s tell its size', (format, file, width, height) => {
    expect(imageHeader(file)).toEqual({ format, width, height });
  });

  test('of anything else, and of a file that ends too early, tell nothing', () => {
    for (const text of ['', 'B', 'hello', '<svg xmlns="http://www.w3.org/2000/svg"/>', '%PDF-1.7'])
      expect(imageHeader(bytes(text))).toBeUndefined();
    const whole = png({ width: 3, height: 1 }, 1, new Uint8Array(3));
    for (let length = 0; length < 24; length++) expect(imageHeader(whole.subarray(0, length))).toBeUndefined();
    for (let length = 0; length < 30; length++) expect(imageHeader(bytes(jpeg.slice(0, length)))).toBeUndefined();
    expect(imageHeader(pngOf({ width: 0, height: 5, colour: 2 }, new Uint8Array()))).toBeUndefined();
  });
});
