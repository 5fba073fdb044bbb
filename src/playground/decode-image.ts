/**
 * @file An image file's pixels. The browser decodes it as a bitmap, in which no script can run, once its first bytes
 * say that it is one and of what size.
 */
import type { Words } from '../base/words.ts';
import { fail } from '../base/errors.ts';
import { formatBytes } from '../base/format.ts';
import { imageHeader } from '../base/image-header.ts';
import { mostFilePixels, sizeWithin } from '../base/rgba-image.ts';
import type { InputImage } from './input-image.ts';
import { say } from './language.ts';

const mostBytes = 20 * 2 ** 20;

const formats: Words = {
  en: 'choose a PNG, JPEG, WebP, GIF, AVIF or BMP',
  zh: '请选择 PNG、JPEG、WebP、GIF、AVIF 或 BMP',
};

/** Throws with the reason where it is no image, or too large. */
export async function decodeFile(file: File): Promise<InputImage> {
  const name = file.name.slice(0, 100);
  const refuse = ({ en, zh }: Words): never => fail(say({ en: `image: '${name}' ${en}`, zh: `图像：“${name}”${zh}` }));
  if (file.size > mostBytes)
    refuse({
      en: `has ${formatBytes(file.size)}; an image may have ${formatBytes(mostBytes)}`,
      zh: `有 ${formatBytes(file.size)}；图像最大 ${formatBytes(mostBytes)}`,
    });
  if (file.size === 0) refuse({ en: `is empty; ${formats.en}`, zh: `是空的；${formats.zh}` });
  const header = imageHeader(new Uint8Array(await file.arrayBuffer()));
  if (!header)
    return refuse({ en: `is not an image that can be read; ${formats.en}`, zh: `不是可读的图像；${formats.zh}` });
  const { width, height } = header;
  if (width * height > mostFilePixels)
    refuse({
      en: `has ${width} × ${height} pixels; it may have ${mostFilePixels / 1e6} million, so make it smaller first`,
      zh: `有 ${width} × ${height} 像素；最多 ${mostFilePixels / 1e6} 百万像素，请先缩小`,
    });
  let bitmap: ImageBitmap;
  try {
    // As the file has the numbers, whatever it says about colours.
    bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none' });
  } catch {
    return refuse({
      en: `is damaged: the browser cannot decode this ${header.format}; save it again, or ${formats.en}`,
      zh: `已损坏：浏览器无法解码此 ${header.format}；请重新保存，或${formats.zh}`,
    });
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
