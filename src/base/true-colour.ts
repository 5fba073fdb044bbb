/**
 * @file A tensor as an image in true colour: 3×H×W, as PyTorch has images, or H×W×3, as matplotlib has them. Floats
 * are shades from 0 to 1, bytes from 0 to 255.
 */
import type { DType } from './dtype.ts';
import type { Colour, Place, Tiling } from './planes.ts';
import { noNumber, rangeOf } from './planes.ts';

export interface TrueColour {
  /** One plane of pixels. */
  readonly tiling: Tiling;
  readonly channels: 'first' | 'last';
  /** What stands for a channel at its brightest. */
  readonly brightest: 1 | 255;
}

/** What a computation in float32 may leave beyond the shades, as a share of them all. */
const slack = 1e-3;

/** Other whole numbers count or name something. */
const brightestOf: Partial<Record<DType, 1 | 255>> = { float32: 1, float16: 1, uint8: 255 };

/** How a tensor is an image; nothing where it has no three channels, or where its numbers are no shades. */
export function trueColourOf(
  shape: readonly number[],
  dtype: DType,
  values: ArrayLike<number>,
): TrueColour | undefined {
  if (shape.length < 3 || shape.includes(0)) return undefined;
  const [first, second, third] = shape.slice(-3);
  const channels = first === 3 ? 'first' : third === 3 ? 'last' : undefined;
  if (!channels) return undefined;
  const brightest = brightestOf[dtype];
  if (brightest === undefined) return undefined;
  const [least, most] = rangeOf(values);
  if (least < -slack * brightest || most > (1 + slack) * brightest) return undefined;
  const [height, width] = channels === 'first' ? [second, third] : [first, second];
  return { tiling: { height, width, tiles: 1, columns: 1, chosen: shape.slice(0, -3) }, channels, brightest };
}

/** A pixel's red, green and blue, of the image that begins at `offset`. */
export function channelsAt(
  { tiling: { height, width }, channels }: TrueColour,
  values: ArrayLike<number>,
  offset: number,
  { y, x }: Pick<Place, 'y' | 'x'>,
): readonly [number, number, number] {
  const [at, step] = channels === 'first' ? [y * width + x, height * width] : [3 * (y * width + x), 1];
  return [0, 1, 2].map((c) => values[offset + at + c * step]) as [number, number, number];
}

/** Where the chosen image begins among all numbers. */
export const imageOffset = ({ tiling: { height, width, chosen } }: TrueColour, at: readonly number[]): number =>
  chosen.reduce((offset, size, i) => offset * size + at[i], 0) * 3 * height * width;

/** A pixel where a channel is no finite number looks like none. */
export const shadesOf = ({ brightest }: TrueColour, channels: readonly [number, number, number]): Colour =>
  channels.every((value) => Number.isFinite(value))
    ? (channels.map((value) => Math.round(255 * Math.min(1, Math.max(0, value / brightest)))) as unknown as Colour)
    : noNumber;

/** A pixel as PyTorch indexes it: `':, 4, 7'`, `'4, 7'`. */
export const pixelIndices = (
  { channels }: TrueColour,
  chosen: readonly number[],
  { y, x }: Pick<Place, 'y' | 'x'>,
): string => [...chosen, ...(channels === 'first' ? [':'] : []), y, x].join(', ');
