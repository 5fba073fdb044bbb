/**
 * @file What FFT and FFT_TILING have in common before any kernel: which convolutions they take, how an image is cut
 * into tiles, and how much of the work goes through the workspace at once.
 *
 * FFT takes an image as one tile, so its spectra grow with the image; FFT_TILING cuts it into overlapping tiles of
 * 32×32, of which the last R − 1 rows and S − 1 columns of outputs are wrong (the transform is circular) and left to
 * the next tile.
 */
import { ceilDiv } from '../../gpu/kernel.ts';
import type { DeviceTraits } from './algorithm.ts';
import type { Spread } from '../choice/records.ts';
import { strideOrDilation } from './correlation.ts';
import type { ConvDescriptor } from './descriptor.ts';
import type { Extent, Length, Plane2d } from './fft-stages.ts';
import { lengths } from './fft-stages.ts';

export type FftName = 'FFT' | 'FFT_TILING';

const tile = 32;
const longest: Length = 256;

/** Sizes that decide the tiling: of the filter and of the plane that it slides over, in steps of outputs. */
export interface Sliding {
  readonly N: number;
  readonly R: number;
  readonly S: number;
  /** Outputs (or, for the filter's gradient, elements of dy). */
  readonly P: number;
  readonly Q: number;
}

export interface Tiling {
  readonly size: Plane2d;
  /**
   * Rows and columns of a tile that may be outputs. For FFT all of them, though the image ends before: then one
   * pipeline serves every image that needs this size.
   */
  readonly valid: Extent;
  readonly stepH: number;
  readonly stepW: number;
  readonly rows: number;
  readonly columns: number;
  /** Tiles of all images. */
  readonly total: number;
}

export function tilingOf(name: FftName, { N, R, S, P, Q }: Sliding): Tiling {
  if (name === 'FFT') {
    const size = { height: lengthFor(P + R - 1), width: lengthFor(Q + S - 1) };
    return {
      size,
      valid: { rows: size.height, columns: size.width },
      stepH: P,
      stepW: Q,
      rows: 1,
      columns: 1,
      total: N,
    };
  }
  const [stepH, stepW] = [tile - R + 1, tile - S + 1];
  const [rows, columns] = [ceilDiv(P, stepH), ceilDiv(Q, stepW)];
  return {
    size: { height: tile, width: tile },
    valid: { rows: stepH, columns: stepW },
    stepH,
    stepW,
    rows,
    columns,
    total: N * rows * columns,
  };
}

const lengthFor = (n: number): Length => lengths.find((length) => length >= n) ?? longest;

/** Why the algorithm cannot take this convolution at all, or `undefined`: cuDNN's conditions. */
export function fftRefuses(name: FftName, d: ConvDescriptor, sliding: Sliding): string | undefined {
  const step = strideOrDilation(d);
  if (step) return step;
  const { R, S } = d;
  const [padH, padW] = [Math.max(d.padTop, d.padBottom), Math.max(d.padLeft, d.padRight)];
  if (padH >= R || padW >= S)
    return `needs padding smaller than the filter, got padding ${padH}×${padW} and a filter of ${R}×${S}`;
  if (name === 'FFT_TILING')
    return R > tile || S > tile ? `needs a filter of at most ${tile}×${tile}, got ${R}×${S}` : undefined;
  const [h, w] = [sliding.P + R - 1, sliding.Q + S - 1];
  return h > longest || w > longest
    ? `transforms at most ${longest}×${longest} elements, the padded image has ${h}×${w}`
    : undefined;
}

/** A spectrum holds a part of every element of its plane. */
export const spreads: Record<FftName, Spread> = { FFT: 'image', FFT_TILING: 'tile' };

/** Float16's eleven bits would do; its range would not. */
export const noHalfArithmetic =
  "computes in float32 only, as cuDNN's does: a spectrum's first point is the sum of a whole tile, and its products over all channels pass float16's largest number, 65504";

/** How many output channels and tiles go through the workspace at once. */
export interface Portion {
  readonly channels: number;
  readonly tiles: number;
}

/** Bytes of the workspace's parts. */
export interface FftParts {
  readonly filters: number;
  readonly inputs: number;
  readonly products: number;
  readonly rows: number;
}

/** Parts are kept below this where that only means more launches. */
const comfortable = 256 * 2 ** 20;

/**
 * The largest portion whose parts fit: first within 256 MiB each, else within the device's storage buffers. Returns the
 * reason where not even one channel of one tile does.
 */
export function portionThatFits(
  whole: Portion,
  partsOf: (portion: Portion) => FftParts,
  device: DeviceTraits,
): Portion | string {
  const limit = device.limits.maxStorageBufferBindingSize;
  return (
    largestPortion(whole, partsOf, Math.min(limit, comfortable)) ??
    largestPortion(whole, partsOf, limit) ??
    `the workspace for one channel and tile would take ${Math.max(...Object.values(partsOf({ channels: 1, tiles: 1 })))} bytes, and this adapter's storage buffers hold ${limit}`
  );
}

function largestPortion(whole: Portion, partsOf: (portion: Portion) => FftParts, limit: number): Portion | undefined {
  let { channels, tiles } = whole;
  for (;;) {
    const parts = partsOf({ channels, tiles });
    if (Object.values(parts).every((bytes) => bytes <= limit)) return { channels, tiles };
    if (channels === 1 && tiles === 1) return undefined;
    const cutChannels =
      tiles === 1 || (channels > 1 && (parts.filters > limit || (parts.inputs <= limit && channels >= tiles)));
    if (cutChannels) channels = ceilDiv(channels, 2);
    else tiles = ceilDiv(tiles, 2);
  }
}

/** `[first, count]` of each portion of `total`. */
export const portions = (total: number, atOnce: number): [first: number, count: number][] =>
  Array.from({ length: ceilDiv(total, atOnce) }, (_, i) => [i * atOnce, Math.min(atOnce, total - i * atOnce)]);
