/**
 * @file FFT: a convolution is a product of spectra. Image and filter are transformed, multiplied number by number, and
 * transformed back; the part of the result that a filter hanging over the edge has spoilt is left out.
 */
import type { SmallConvolution } from './convolution.ts';
import { addFilters, addInput, addOutput, outputHeight, outputWidth, wGrid, xGrid, yGrid } from './convolution.ts';
import type { Place, Walkthrough } from './walkthrough.ts';
import { SceneBuilder } from './walkthrough.ts';

/** A plane of complex numbers, by rows. */
interface Spectrum {
  readonly re: readonly number[];
  readonly im: readonly number[];
}

export const fft: Walkthrough = {
  name: 'FFT',
  direction: 'forward',
  about: 'Transforms image and filter to spectra, multiplies them number by number, and transforms back.',
  refuses: ({ R, S, stride, padding }) =>
    stride !== 1
      ? `needs stride 1, got ${stride}: it computes every output, and would throw most away`
      : padding >= R || padding >= S
        ? `needs padding smaller than the filter, got padding ${padding} and a filter of ${R}×${S}`
        : undefined,
  scene: (d) => {
    const builder = new SceneBuilder();
    addInput(builder, d);
    addFilters(builder, d);
    addPlanes(builder, d);
    addOutput(builder, d, 3);
    const images = range(d.C).map((c) => transformImage(builder, d, c));
    for (const k of range(d.K)) {
      const filters = range(d.C).map((c) => transformFilter(builder, d, k, c));
      transformBack(builder, d, k, multiplied(builder, d, k, images, filters));
    }
    return builder.scene;
  },
};

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** The smallest of the kernels' transforms, which holds every image here with its padding. */
const size = 16;

/** Butterflies of the rows and columns of a plane: ten operations each, four of which multiply. */
function transformCosts(): { multiplications: number; additions: number } {
  const butterflies = size * size * Math.log2(size);
  return { multiplications: 4 * butterflies, additions: 6 * butterflies };
}

function addPlanes(builder: SceneBuilder, d: SmallConvolution): void {
  const plane = { rows: size, columns: size, keeping: 'memory' } as const;
  const channel = (c: number): string => (d.C > 1 ? `, channel ${c}` : '');
  for (const c of range(d.C)) {
    builder.grid({ ...plane, id: `X${c}.magnitude`, title: `spectrum of x${channel(c)}: magnitude`, row: 1 });
    builder.grid({ ...plane, id: `X${c}.phase`, title: 'phase / π', row: 1 });
  }
  for (const c of range(d.C)) {
    builder.grid({ ...plane, id: `F${c}.magnitude`, title: `spectrum of w${channel(c)}: magnitude`, row: 2 });
    builder.grid({ ...plane, id: `F${c}.phase`, title: 'phase / π', row: 2 });
  }
  builder.grid({ ...plane, id: 'M.magnitude', title: 'product: magnitude', row: 3 });
  builder.grid({ ...plane, id: 'M.phase', title: 'phase / π', row: 3 });
  builder.grid({ ...plane, id: 'back', title: 'transformed back', row: 3 });
}

/** The padding is part of the plane: x stands `padding` rows and columns from its corner. */
function transformImage(builder: SceneBuilder, d: SmallConvolution, c: number): Spectrum {
  const plane = Array<number>(size * size).fill(0);
  for (const i of range(d.H * d.W)) {
    const [h, v] = [Math.floor(i / d.W) + d.padding, (i % d.W) + d.padding];
    plane[h * size + v] = d.x[c * d.H * d.W + i];
  }
  const spectrum = transformed({ re: plane, im: plane.map(() => 0) }, -1);
  builder.step({
    text: `The image, filled up with zeros to ${size}×${size}, as a sum of waves: every number of the spectrum holds a part of every pixel.`,
    formula: `X[0, 0] = the sum of all pixels = ${rounded(spectrum.re[0])}`,
    reads: range(d.H * d.W).map((i): Place => [xGrid(c), i]),
    writes: polar(`X${c}`, spectrum),
    bytes: bytesOf(d.H * d.W),
    ...transformCosts(),
  });
  return spectrum;
}

function transformFilter(builder: SceneBuilder, d: SmallConvolution, k: number, c: number): Spectrum {
  const plane = Array<number>(size * size).fill(0);
  const each = d.R * d.S;
  for (const i of range(each)) plane[Math.floor(i / d.S) * size + (i % d.S)] = d.w[(k * d.C + c) * each + i];
  const spectrum = transformed({ re: plane, im: plane.map(() => 0) }, -1);
  builder.step({
    text: `Filter ${k}, filled up to the size of the image. However large a filter is, its spectrum costs the same.`,
    formula: `F[0, 0] = the sum of the filter = ${rounded(spectrum.re[0])}`,
    reads: range(each).map((i): Place => [wGrid(k, c), i]),
    writes: polar(`F${c}`, spectrum),
    bytes: bytesOf(each),
    ...transformCosts(),
  });
  return spectrum;
}

/** A correlation's spectrum is the image's times the conjugate of the filter's. */
function multiplied(
  builder: SceneBuilder,
  d: SmallConvolution,
  k: number,
  images: readonly Spectrum[],
  filters: readonly Spectrum[],
): Spectrum {
  const sum = (part: (x: Spectrum, f: Spectrum, i: number) => number): number[] =>
    range(size * size).map((i) => images.reduce((total, x, c) => total + part(x, filters[c], i), 0));
  const m = {
    re: sum((x, f, i) => x.re[i] * f.re[i] + x.im[i] * f.im[i]),
    im: sum((x, f, i) => x.im[i] * f.re[i] - x.re[i] * f.im[i]),
  };
  const grids = range(d.C).flatMap((c) => [`X${c}.magnitude`, `F${c}.magnitude`]);
  builder.step({
    text: `The whole convolution of filter ${k}: one complex multiplication a number${d.C > 1 ? ' and channel' : ''}. Magnitudes multiply, phases subtract.`,
    formula: `M[0, 0] = ${images.map((x, c) => `${rounded(x.re[0])} · ${rounded(filters[c].re[0])}`).join(' + ')} = ${rounded(m.re[0])}`,
    reads: grids.flatMap((grid) => range(size * size).map((i): Place => [grid, i])),
    writes: polar('M', m),
    multiplications: 4 * half * d.C,
    additions: (2 * d.C + 2 * (d.C - 1)) * half,
    bytes: (2 * d.C + 1) * half * bytesOfComplex,
  });
  return m;
}

function transformBack(builder: SceneBuilder, d: SmallConvolution, k: number, m: Spectrum): void {
  const { re } = transformed(m, 1);
  const plane = re.map((value) => value / size ** 2);
  const [P, Q] = [outputHeight(d), outputWidth(d)];
  builder.step({
    text: 'The way back: waves become pixels.',
    reads: ['M.magnitude', 'M.phase'].flatMap((grid) => range(size * size).map((i): Place => [grid, i])),
    writes: plane.map((value, i) => ['back', i, value] as const),
    bytes: bytesOf(P * Q),
    ...transformCosts(),
  });
  const outputs = range(P * Q).map((i) => Math.floor(i / Q) * size + (i % Q));
  builder.step({
    text: `The ${P}×${Q} outputs. Further right and below, the filter hung over the edge and came in again on the other side: that is thrown away.`,
    reads: outputs.map((i): Place => ['back', i]),
    writes: outputs.map((at, i) => [yGrid(k), i, plane[at]] as const),
    bytes: 0,
  });
}

/** A spectrum of real numbers is symmetric, so the kernels keep half of it. */
const half = size * (size / 2 + 1);
const bytesOfComplex = 8;
const bytesOf = (numbers: number): number => 4 * numbers + bytesOfComplex * half;

const rounded = (value: number): number => Number(value.toPrecision(4));

/** Below this a magnitude is rounding, and its phase says nothing. */
const noise = 1e-9;

function polar(grid: string, { re, im }: Spectrum): (readonly [string, number, number])[] {
  const magnitude = re.map((value, i) => Math.hypot(value, im[i]));
  return [
    ...magnitude.map((value, i) => [`${grid}.magnitude`, i, value < noise ? 0 : value] as const),
    ...magnitude.map(
      (value, i) => [`${grid}.phase`, i, value < noise ? 0 : Math.atan2(im[i], re[i]) / Math.PI] as const,
    ),
  ];
}

/** The transform of all rows, then of all columns; `sign` is 1 on the way back, which is not divided here. */
export function transformed(plane: Spectrum, sign: 1 | -1): Spectrum {
  return columns(columns(plane, sign), sign);
}

/** The transform of each row, laid out as a column. */
function columns({ re, im }: Spectrum, sign: 1 | -1): Spectrum {
  const out = { re: Array<number>(size * size).fill(0), im: Array<number>(size * size).fill(0) };
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
