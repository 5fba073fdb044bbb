/**
 * @file The image that the visitor gives to programs, `vision.io.image()`: dropped, pasted, chosen, or taken by the
 * camera. It is kept while the page is open, handed to the engine with each run, and in no link and no storage.
 */
import { signal } from '@preact/signals';
import { messageOf } from '../base/errors.ts';
import type { RgbaImage } from '../base/rgba-image.ts';

export interface InputImage extends RgbaImage {
  readonly name: string;
  /** Its size in the file, where it was scaled down. */
  readonly scaledFrom?: { readonly width: number; readonly height: number };
}

export const inputImage = signal<InputImage | undefined>(undefined);

/** Why the last image was refused. */
export const inputImageError = signal<string | undefined>(undefined);

/** Drawings are images too, for a browser; they are refused with the reason. */
export const isImageFile = ({ type }: File): boolean => type.startsWith('image/');

/** Takes an image from a file. Never rejects: what is wrong with it is shown, and the one before stays. */
export function takeImage(file: File): Promise<void> {
  return take(async () => (await import('./decode-image.ts')).decodeFile(file));
}

/** Takes what a video shows now. */
export function takeFrame(video: HTMLVideoElement): Promise<void> {
  return take(async () => (await import('./decode-image.ts')).frameOf(video));
}

export function dropImage(): void {
  inputImage.value = undefined;
  inputImageError.value = undefined;
}

async function take(decode: () => Promise<InputImage>): Promise<void> {
  try {
    inputImage.value = await decode();
    inputImageError.value = undefined;
  } catch (error) {
    inputImageError.value = messageOf(error);
  }
}
