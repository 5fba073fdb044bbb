/**
 * @file Images at another size by PyTorch, beside ours: scripts/goldens/resampled_images.py makes them.
 */
import { resample } from '../../src/base/resample.ts';

type Sizes = readonly [height: number, width: number];

export interface Resampled {
  readonly from: Sizes;
  readonly to: Sizes;
  /** Float32 in base64, [3, height, width]. */
  readonly values: string;
}

/** The script's image, [3, height, width]. */
function imageOf([height, width]: Sizes): Float32Array {
  const values = new Float32Array(3 * height * width);
  for (let c = 0, i = 0; c < 3; c++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++, i++) values[i] = Math.fround((97 * c + 31 * y + 17 * x) % 256) / 255;
  return values;
}

/** The largest difference of an element from PyTorch's. */
export function differenceOf({ from, to, values }: Resampled): number {
  const bytes = Buffer.from(values, 'base64');
  const theirs = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const ours = resample(imageOf(from), 3, { height: from[0], width: from[1] }, { height: to[0], width: to[1] });
  if (ours.length !== theirs.length) throw new Error(`resampled: ${ours.length} numbers, PyTorch has ${theirs.length}`);
  return ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i])), 0);
}

/**
 * What may differ. PyTorch keeps weights and sums in float32. Along each of two lines there are so many taps, whose sum
 * rounds by 2⁻²⁴ each, and so do their weights. A triangle's centre lies at up to `from`, where float32 rounds by as
 * much times 2⁻²⁴, twice; each weight moves by that over the reach.
 */
export const allowed = ({ from, to }: Resampled): number => {
  const [rows, columns] = [0, 1].map((i) => {
    const reach = Math.max(1, from[i] / to[i]);
    const taps = 2 * Math.ceil(reach) + 1;
    return taps * (2 + (2 * from[i]) / reach);
  });
  return (rows + columns) * 2 ** -24;
};
