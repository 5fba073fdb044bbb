/**
 * @file An image file as a program has it, as the page takes one.
 */
import { readFile } from 'node:fs/promises';
import { fail, messageOf } from '../base/errors.ts';
import { imageHeader } from '../base/image-header.ts';
import { resample } from '../base/resample.ts';
import type { RgbaImage } from '../base/rgba-image.ts';
import { mostFilePixels, sizeWithin } from '../base/rgba-image.ts';
import { decodePng } from './png.ts';

/** Reads a PNG; a larger one than programs have is scaled down, as the page does. */
export async function readImage(file: string): Promise<RgbaImage> {
  const bytes = await readFile(file).catch((error: unknown) => fail(`cannot read ${file}: ${messageOf(error)}`));
  const header = imageHeader(bytes);
  if (!header) return fail(`${file} is not an image; give a PNG`);
  const { format, width, height } = header;
  if (format !== 'PNG') fail(`${file} is a ${format}, which is read on the page alone; save it as PNG`);
  if (width * height > mostFilePixels)
    fail(`${file} has ${width} × ${height} pixels; it may have ${mostFilePixels / 1e6} million`);
  try {
    return fitted({ width, height, rgba: decodePng(bytes) });
  } catch (error) {
    return fail(`${file} ${messageOf(error)}`);
  }
}

/** At most as large as a program has it; where that makes it smaller, what is transparent in it lies on white. */
function fitted(image: RgbaImage): RgbaImage {
  const { width, height, rgba } = image;
  const to = sizeWithin(width, height);
  if (to.width === width && to.height === height) return image;
  const out = new Uint8Array(4 * to.width * to.height).fill(255);
  const plane = new Float32Array(width * height);
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < plane.length; i++) {
      const opacity = rgba[4 * i + 3] / 255;
      plane[i] = opacity * rgba[4 * i + c] + 255 * (1 - opacity);
    }
    for (const [i, value] of resample(plane, 1, image, to).entries()) out[4 * i + c] = Math.round(value);
  }
  return { ...to, rgba: out };
}
