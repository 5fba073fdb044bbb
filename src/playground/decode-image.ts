/**
 * @file An image file's pixels. The browser decodes it as a bitmap, in which no script can run, once its first bytes
 * say that it is one and of what size.
 */
import { fail } from '../base/errors.ts';
import { formatBytes } from '../base/format.ts';
import { imageHeader } from '../base/image-header.ts';
import { mostFilePixels, sizeWithin } from '../base/rgba-image.ts';
import type { InputImage } from './input-image.ts';

const mostBytes = 20 * 2 ** 20;

const formats = 'choose a PNG, JPEG, WebP, GIF, AVIF or BMP';

/** Throws with the reason where it is no image, or too large. */
export async function decodeFile(file: File): Promise<InputImage> {
  const name = file.name.slice(0, 100);
  const refuse = (why: string): never => fail(`image: '${name}' ${why}`);
  if (file.size > mostBytes) refuse(`has ${formatBytes(file.size)}; an image may have ${formatBytes(mostBytes)}`);
  if (file.size === 0) refuse(`is empty; ${formats}`);
  const header = imageHeader(new Uint8Array(await file.arrayBuffer()));
  if (!header) return refuse(`is not an image that can be read; ${formats}`);
  const { width, height } = header;
  if (width * height > mostFilePixels)
    refuse(`has ${width} × ${height} pixels; it may have ${mostFilePixels / 1e6} million, so make it smaller first`);
  let bitmap: ImageBitmap;
  try {
    // As the file has the numbers, whatever it says about colours.
    bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none' });
  } catch {
    return refuse(`is damaged: the browser cannot decode this ${header.format}; save it again, or ${formats}`);
  }
  try {
    return pixelsOf(name, bitmap, bitmap);
  } finally {
    bitmap.close();
  }
}

/** What a video shows now. */
export const frameOf = (video: HTMLVideoElement): InputImage =>
  pixelsOf('camera', video, { width: video.videoWidth, height: video.videoHeight });

function pixelsOf(
  name: string,
  source: CanvasImageSource,
  { width, height }: { readonly width: number; readonly height: number },
): InputImage {
  const size = sizeWithin(width, height);
  const canvas = Object.assign(document.createElement('canvas'), size);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, 0, 0, size.width, size.height);
  const { data } = context.getImageData(0, 0, size.width, size.height);
  const isScaled = size.width !== width || size.height !== height;
  return { name, ...size, rgba: new Uint8Array(data.buffer), ...(isScaled && { scaledFrom: { width, height } }) };
}
