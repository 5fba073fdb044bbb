/**
 * @file Two ways to look at a tensor: each number with a colour of its own, or three channels as one image in true
 * colour.
 */
import { formatNumber } from '../../../base/format.ts';
import type { Colour, Place, Scale, Tiling } from '../../../base/planes.ts';
import { colourOf, indicesOf, offsetOf } from '../../../base/planes.ts';
import type { TrueColour } from '../../../base/true-colour.ts';
import { channelsAt, imageOffset, pixelIndices, shadesOf } from '../../../base/true-colour.ts';
import { say } from '../../language.ts';

/** A picture, without what it is drawn on. */
export interface View {
  readonly tiling: Tiling;
  readonly colourAt: (place: Place) => Colour;
  /** The numbers of a place: `'x[0, 4, 7] = 0.5'`. */
  readonly textAt: (place: Place) => string;
  /** What is seen, where nothing is pointed at. */
  readonly hint: string;
}

interface Looked {
  readonly name: string;
  readonly shape: readonly number[];
  /** All numbers of the tensor, in row-major order. */
  readonly values: Float64Array;
  /** The index of each dimension that is chosen. */
  readonly at: readonly number[];
}

export function numbersView({ name, shape, values, at }: Looked, tiling: Tiling, scale: Scale): View {
  const { tiles, height, width } = tiling;
  const offset = offsetOf(tiling, at);
  const valueAt = ({ tile, y, x }: Place): number => values[offset + (tile * height + y) * width + x];
  return {
    tiling,
    colourAt: (place) => colourOf(valueAt(place), scale),
    textAt: (place) => `${name}[${indicesOf(shape, at, place).join(', ')}] = ${formatNumber(valueAt(place))}`,
    hint:
      tiles > 1
        ? say({
            en: `${tiles} channels of ${height} × ${width}. Point at one.`,
            zh: `${tiles} 个 ${height} × ${width} 的通道。请指向其中一个数。`,
          })
        : say({ en: `${height} × ${width}. Point at one.`, zh: `${height} × ${width}。请指向其中一个数。` }),
  };
}

export function colourView({ name, values, at }: Looked, image: TrueColour): View {
  const { height, width } = image.tiling;
  const offset = imageOffset(image, at);
  const channels = (place: Place) => channelsAt(image, values, offset, place);
  return {
    tiling: image.tiling,
    colourAt: (place) => shadesOf(image, channels(place)),
    textAt: (place) => `${name}[${pixelIndices(image, at, place)}] = ${channels(place).map(formatNumber).join(', ')}`,
    hint: say({
      en: `${height} × ${width} in true colour. Point at a pixel.`,
      zh: `${height} × ${width}，真彩色。请指向一个像素。`,
    }),
  };
}
