/**
 * @file What an image file's first bytes tell: its format, and its size before anything is decoded. A few kilobytes can
 * say that they unpack to gigabytes, and a file's name says nothing.
 */
export type ImageFormat = 'PNG' | 'JPEG' | 'GIF' | 'BMP' | 'WebP' | 'AVIF';

export interface ImageHeader {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
}

type Sizes = readonly [width: number, height: number];

interface Reader {
  /** Whether these bytes begin a file of the format. */
  readonly is: (bytes: Uint8Array) => boolean;
  /** Throws a RangeError where the file ends before. */
  readonly size: (view: DataView) => Sizes | undefined;
}

const letters = (bytes: Uint8Array, at: number, text: string): boolean =>
  [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));

const readers: Readonly<Record<ImageFormat, Reader>> = {
  PNG: {
    is: (bytes) => letters(bytes, 0, '\x89PNG\r\n\x1a\n'),
    size: (view) => [view.getUint32(16), view.getUint32(20)],
  },
  JPEG: { is: (bytes) => letters(bytes, 0, '\xff\xd8\xff'), size: jpegSize },
  GIF: { is: (bytes) => letters(bytes, 0, 'GIF8'), size: (view) => [view.getUint16(6, true), view.getUint16(8, true)] },
  BMP: {
    is: (bytes) => letters(bytes, 0, 'BM'),
    // Rows that go from the top down have a negative height.
    size: (view) => [view.getInt32(18, true), Math.abs(view.getInt32(22, true))],
  },
  WebP: { is: (bytes) => letters(bytes, 0, 'RIFF') && letters(bytes, 8, 'WEBP'), size: webpSize },
  AVIF: { is: (bytes) => letters(bytes, 4, 'ftypavif') || letters(bytes, 4, 'ftypavis'), size: avifSize },
};

/** Of a file's bytes, from its start; `undefined` where they are no image of these formats, or end too early. */
export function imageHeader(bytes: Uint8Array): ImageHeader | undefined {
  const format = (Object.keys(readers) as ImageFormat[]).find((name) => readers[name].is(bytes));
  if (!format) return undefined;
  try {
    const [width, height] = readers[format].size(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)) ?? [];
    return width && height && width > 0 ? { format, width, height } : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** From segment to segment, until the one that begins a frame. */
function jpegSize(view: DataView): Sizes | undefined {
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    // A byte of 0xff more fills the space between two segments.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
}

/** Lossy, lossless, and extended files say it in three ways. */
function webpSize(view: DataView): Sizes | undefined {
  const kind = String.fromCharCode(...[12, 13, 14, 15].map((at) => view.getUint8(at)));
  if (kind === 'VP8 ') return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true);
    return [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)];
  }
  if (kind !== 'VP8X') return undefined;
  const uint24 = (at: number): number => view.getUint16(at, true) + 65536 * view.getUint8(at + 2);
  return [1 + uint24(24), 1 + uint24(27)];
}

/** The largest of the file's spatial extents: a grid's tiles have their own. */
function avifSize(view: DataView): Sizes | undefined {
  let found: Sizes | undefined;
  const end = Math.min(view.byteLength - 16, 65_536);
  for (let at = 0; at <= end; at++) {
    if (view.getUint32(at) !== 0x69737065) continue; // 'ispe'
    const size = [view.getUint32(at + 8), view.getUint32(at + 12)] as const;
    if (!found || size[0] * size[1] > found[0] * found[1]) found = size;
  }
  return found;
}
