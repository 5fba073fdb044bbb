/**
 * @file PNG files as tests write them.
 */
import { crc32, deflateSync } from 'node:zlib';

/** Channels by the format's own number of the colour type. */
const colourTypes = { 1: 0, 3: 2, 4: 6 } as const;

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Header extends Size {
  /** The format's number of the colour type. */
  readonly colour: number;
  /** Bits a channel: 8 unless given. */
  readonly depth?: number;
  readonly interlaced?: boolean;
}

/** The file of an image of 8 bits a channel, unfiltered; its pixels stand row by row, `channels` numbers each. */
export function png(size: Size, channels: keyof typeof colourTypes, pixels: Uint8Array): Uint8Array {
  const row = size.width * channels;
  const rows = Array.from({ length: size.height }, (_, y) => [0, ...pixels.subarray(y * row, (y + 1) * row)]);
  return pngOf({ ...size, colour: colourTypes[channels] }, deflateSync(Uint8Array.from(rows.flat())));
}

/** A file with this header and any data, true or not; other chunks stand between the two. */
export function pngOf(
  { width, height, colour, depth = 8, interlaced = false }: Header,
  data: Uint8Array,
  chunks: Readonly<Record<string, Uint8Array>> = {},
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, Number(interlaced)], 8);
  return new Uint8Array(
    Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      chunk('IHDR', header),
      ...Object.entries(chunks).map(([name, content]) => chunk(name, content)),
      chunk('IDAT', data),
      chunk('IEND', new Uint8Array()),
    ]),
  );
}

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
