/**
 * @file The image that whoever runs the program gives it.
 */
import type { RgbaImage } from '../base/rgba-image.ts';
import { rgbaImage } from '../base/rgba-image.ts';

export const given: { image?: RgbaImage } = {};

/** Until the next call, programs have this image; none where there is none. Throws where it is not of the form. */
export function giveImage(image: RgbaImage | undefined): void {
  given.image = image && rgbaImage(image, 'image');
}
