/**
 * @file Spectra of small square planes: the transform, the product that is a correlation, and what both cost where a
 * kernel computes them.
 */
import type { Place } from './walkthrough.ts';

/** A square plane of complex numbers, by rows. */
export interface Spectrum {
  readonly re: readonly number[];
  readonly im: readonly number[];
}

/** The spectrum of a plane of real numbers. */
export const spectrumOf = (plane: readonly number[]): Spectrum =>
  transformed({ re: plane, im: plane.map(() => 0) }, -1);

/** The real numbers of a spectrum. */
export const planeOf = (spectrum: Spectrum): number[] =>
  transformed(spectrum, 1).re.map((value) => value / spectrum.re.length);

/** A correlation's spectrum is the image's times the conjugate of the filter's, summed over the channels. */
export function correlated(images: readonly Spectrum[], filters: readonly Spectrum[]): Spectrum {
  const sum = (part: (x: Spectrum, f: Spectrum, i: number) => number): number[] =>
    range(images[0].re.length).map((i) => images.reduce((total, x, c) => total + part(x, filters[c], i), 0));
  return {
    re: sum((x, f, i) => x.re[i] * f.re[i] + x.im[i] * f.im[i]),
    im: sum((x, f, i) => x.im[i] * f.re[i] - x.re[i] * f.im[i]),
  };
}

/** The transform of all rows, then of all columns; `sign` is 1 on the way back, which is not divided here. */
const transformed = (plane: Spectrum, sign: 1 | -1): Spectrum => columns(columns(plane, sign), sign);

/** The transform of each row, laid out as a column. */
function columns({ re, im }: Spectrum, sign: 1 | -1): Spectrum {
  const size = Math.sqrt(re.length);
  const out = { re: Array<number>(re.length).fill(0), im: Array<number>(re.length).fill(0) };
  for (const row of range(size))
    for (const wave of range(size))
      for (const i of range(size)) {
        const angle = (sign * 2 * Math.PI * ((wave * i) % size)) / size;
        const [a, b] = [re[row * size + i], im[row * size + i]];
        out.re[wave * size + row] += a * Math.cos(angle) - b * Math.sin(angle);
        out.im[wave * size + row] += a * Math.sin(angle) + b * Math.cos(angle);
      }
  return out;
}

export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Four digits, for a formula. */
export const rounded = (value: number): number => Number(value.toPrecision(4));

/** `'X0'` → the grids of its two pictures. */
export const picturesOf = (grid: string): readonly [magnitude: string, phase: string] => [
  `${grid}.magnitude`,
  `${grid}.phase`,
];

/** All numbers of grids of `size`×`size`. */
export const wholeGrids = (grids: readonly string[], size: number): Place[] =>
  grids.flatMap((grid) => range(size * size).map((i): Place => [grid, i]));

/** Below this a magnitude is rounding, and its phase says nothing. */
const noise = 1e-9;

/** What writes a spectrum to its two grids; phases in units of π. */
export function polar(grid: string, { re, im }: Spectrum): (readonly [string, number, number])[] {
  const [inMagnitude, inPhase] = picturesOf(grid);
  const magnitude = re.map((value, i) => Math.hypot(value, im[i]));
  return [
    ...magnitude.map((value, i) => [inMagnitude, i, value < noise ? 0 : value] as const),
    ...magnitude.map((value, i) => [inPhase, i, value < noise ? 0 : Math.atan2(im[i], re[i]) / Math.PI] as const),
  ];
}

/** Complex numbers that a kernel keeps: the spectrum of real numbers is symmetric, so half of it. */
const kept = (size: number): number => size * (size / 2 + 1);
const bytesOfComplex = 8;

/** Bytes of a transform between so many real numbers and a spectrum. */
export const transformBytes = (numbers: number, size: number): number => 4 * numbers + bytesOfComplex * kept(size);

/** Butterflies of the rows and columns of a plane: ten operations each, four of which multiply. */
export function transformCosts(size: number): { multiplications: number; additions: number } {
  const butterflies = size * size * Math.log2(size);
  return { multiplications: 4 * butterflies, additions: 6 * butterflies };
}

/** The product of the spectra of so many channels. */
export const productCosts = (size: number, channels: number) => ({
  multiplications: 4 * kept(size) * channels,
  additions: (2 * channels + 2 * (channels - 1)) * kept(size),
  bytes: (2 * channels + 1) * kept(size) * bytesOfComplex,
});
