/**
 * @file An image as pixels: what page and command line hand to a program.
 */
import { fail } from './errors.ts';
import type { Form } from './form.ts';
import { bytes, object } from './form.ts';

/** Rows from the top, pixels from the left, 4 bytes a pixel: red, green, blue, opacity. */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** Pixels that an image has at most in each direction; a larger one is scaled down before a program has it. */
export const mostSide = 1024;

/** Pixels that a file may have: 256 MB while it is decoded. */
export const mostFilePixels = 64_000_000;

const side: Form<number> = (value, at) =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= mostSide
    ? (value as number)
    : fail(`${at}: expected 1 to ${mostSide} pixels, got ${String(value).slice(0, 80)}`);

export const rgbaImage: Form<RgbaImage> = (value, at) => {
  const image = object<RgbaImage>({ width: side, height: side, rgba: bytes(4 * mostSide * mostSide) })(value, at);
  const { width, height, rgba } = image;
  if (rgba.length !== 4 * width * height)
    fail(`${at}: ${width} × ${height} pixels are ${4 * width * height} bytes, got ${rgba.length}`);
  return image;
};

/** The size at which an image is handed over: its own, or scaled down with its proportions. */
export function sizeWithin(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, mostSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
