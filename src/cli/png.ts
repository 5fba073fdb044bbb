/**
 * @file PNG files (https://www.w3.org/TR/png-3/), decoded as the page's browser does: every colour type and bit depth,
 * not interlaced. Nothing is unpacked beyond what the header announces.
 */
import { inflateSync } from 'node:zlib';
import { fail, messageOf } from '../base/errors.ts';

interface Header {
  readonly width: number;
  readonly height: number;
  /** Bits a channel. */
  readonly depth: number;
  readonly colour: number;
}

/** Channels by the format's number of a colour type. */
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const indexed = 3;

/** RGBA bytes, row by row. Throws with what is wrong, to go on with behind the file's name. */
export function decodePng(bytes: Uint8Array): Uint8Array {
  const chunks = chunksOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const header = headerOf(chunks.find(({ name }) => name === 'IHDR')?.data);
  const one = (name: string): Buffer | undefined => chunks.find((chunk) => chunk.name === name)?.data;
  const packed = Buffer.concat(chunks.filter(({ name }) => name === 'IDAT').map(({ data }) => data));
  const samples = samplesOf(header, unfiltered(header, packed));
  return coloured(header, samples, one('PLTE'), one('tRNS'));
}

function chunksOf(file: Buffer): { name: string; data: Buffer }[] {
  const chunks = [];
  for (let at = 8; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at);
    chunks.push({ name: file.toString('latin1', at + 4, at + 8), data: file.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

function headerOf(data: Buffer | undefined): Header {
  if (data?.length !== 13) return fail('has no PNG header');
  const [depth, colour, , , interlaced] = data.subarray(8);
  const isKnown = channelsOf[colour] !== undefined && [1, 2, 4, 8, 16].includes(depth);
  if (!isKnown) fail(`has colour type ${colour} with ${depth} bits, which PNG does not know`);
  if (interlaced) fail('is interlaced, which is read on the page alone; save it without');
  return { width: data.readUInt32BE(0), height: data.readUInt32BE(4), depth, colour };
}

/** The rows' bytes. Each row begins with how it differs from its left and upper neighbours. */
function unfiltered({ width, height, depth, colour }: Header, packed: Buffer): Uint8Array {
  const bits = depth * channelsOf[colour];
  const row = Math.ceil((width * bits) / 8);
  const step = Math.max(1, bits >> 3);
  const filtered = inflated(packed, height * (row + 1));
  const out = new Uint8Array(height * row);
  for (let y = 0; y < height; y++) {
    const filter = filtered[y * (row + 1)];
    if (filter > 4) fail(`is damaged: row ${y} has filter ${filter}`);
    for (let i = 0, at = y * row; i < row; i++, at++) {
      const left = i >= step ? out[at - step] : 0;
      const up = y > 0 ? out[at - row] : 0;
      const corner = i >= step && y > 0 ? out[at - row - step] : 0;
      out[at] = filtered[y * (row + 1) + 1 + i] + predicted(filter, left, up, corner);
    }
  }
  return out;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 4) {
    const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
    return a <= b && a <= c ? left : b <= c ? up : corner;
  }
  return [0, left, up, (left + up) >> 1][filter];
}

function inflated(packed: Buffer, length: number): Buffer {
  let found: Buffer;
  try {
    found = inflateSync(packed, { maxOutputLength: length });
  } catch (error) {
    return fail(`is damaged: ${messageOf(error)}`);
  }
  return found.length === length ? found : fail(`is damaged: it ends after ${found.length} bytes of ${length}`);
}

/** One number for each channel of each pixel, of as many bits as the file has. */
function samplesOf({ width, height, depth, colour }: Header, rows: Uint8Array): ArrayLike<number> {
  if (depth === 8) return rows;
  const count = width * channelsOf[colour];
  const row = rows.length / height;
  const samples = new Uint16Array(height * count);
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < count; i++) {
      const at = y * row + ((i * depth) >> 3);
      const value =
        depth === 16
          ? rows[at] * 256 + rows[at + 1]
          : (rows[at] >> (8 - depth - ((i * depth) & 7))) & ((1 << depth) - 1);
      samples[y * count + i] = value;
    }
  }
  return samples;
}

/** Pixels of samples; `transparency` is a palette's opacities, or the one colour that is not there. */
function coloured(
  { width, height, depth, colour }: Header,
  samples: ArrayLike<number>,
  palette: Buffer | undefined,
  transparency: Buffer | undefined,
): Uint8Array {
  const channels = channelsOf[colour];
  const [isGrey, hasOpacity] = [channels < 3, channels % 2 === 0];
  const scale = 255 / (2 ** depth - 1);
  const isAbsent = keyOf(colour, transparency);
  const out = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const sample = (c: number): number => samples[i * channels + c];
    if (colour === indexed) {
      const index = sample(0);
      if (!palette || 3 * index + 2 >= palette.length) fail(`is damaged: its palette has no colour ${index}`);
      out.set([...palette.subarray(3 * index, 3 * index + 3), transparency?.[index] ?? 255], 4 * i);
      continue;
    }
    for (let c = 0; c < 3; c++) out[4 * i + c] = Math.round(scale * sample(isGrey ? 0 : c));
    out[4 * i + 3] = hasOpacity ? Math.round(scale * sample(channels - 1)) : isAbsent(sample) ? 0 : 255;
  }
  return out;
}

/** Whether a pixel has the one colour that is not there, in a file that names one. */
function keyOf(colour: number, transparency: Buffer | undefined): (sample: (c: number) => number) => boolean {
  const count = channelsOf[colour];
  if (!transparency || colour === indexed || transparency.length < 2 * count) return () => false;
  const key = Array.from({ length: count }, (_, c) => transparency.readUInt16BE(2 * c));
  return (sample) => key.every((value, c) => value === sample(c));
}
