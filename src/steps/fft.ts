/**
 * @file FFT: a convolution is a product of spectra. Image and filter are transformed, multiplied number by number, and
 * transformed back; the part of the result that a filter hanging over the edge has spoilt is left out.
 */
import type { SmallConvolution } from './convolution.ts';
import { addFilters, addInput, addOutput, outputHeight, outputWidth, wGrid, xGrid, yGrid } from './convolution.ts';
import type { Spectrum } from './spectra.ts';
import {
  correlated,
  picturesOf,
  planeOf,
  polar,
  productCosts,
  range,
  rounded,
  spectrumOf,
  transformBytes,
  transformCosts,
  wholeGrids,
} from './spectra.ts';
import type { Place, Walkthrough } from './walkthrough.ts';
import { SceneBuilder } from './walkthrough.ts';

/** What FFT and FFT_TILING cannot do. */
export const refusedByFft = ({ R, S, stride, padding }: SmallConvolution): string | undefined =>
  stride !== 1
    ? `needs stride 1, got ${stride}: it computes every output, and would throw most away`
    : padding >= R || padding >= S
      ? `needs padding smaller than the filter, got padding ${padding} and a filter of ${R}×${S}`
      : undefined;

export const fft: Walkthrough = {
  name: 'FFT',
  direction: 'forward',
  about: 'Transforms image and filter to spectra, multiplies them number by number, and transforms back.',
  refuses: refusedByFft,
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

/** The smallest of the kernels' transforms, which holds every image here with its padding. */
const size = 16;

/** The two pictures of a spectrum. */
export function addSpectrum(builder: SceneBuilder, id: string, title: string, row: number, length: number): void {
  const plane = { rows: length, columns: length, keeping: 'memory', row } as const;
  const [magnitude, phase] = picturesOf(id);
  builder.grid({ ...plane, id: magnitude, title: `${title}: magnitude` });
  builder.grid({ ...plane, id: phase, title: 'phase / π' });
}

function addPlanes(builder: SceneBuilder, d: SmallConvolution): void {
  const channel = (c: number): string => (d.C > 1 ? `, channel ${c}` : '');
  for (const c of range(d.C)) addSpectrum(builder, `X${c}`, `spectrum of x${channel(c)}`, 1, size);
  for (const c of range(d.C)) addSpectrum(builder, `F${c}`, `spectrum of w${channel(c)}`, 2, size);
  addSpectrum(builder, 'M', 'product', 3, size);
  builder.grid({ rows: size, columns: size, keeping: 'memory', id: 'back', title: 'transformed back', row: 3 });
}

/** The padding is part of the plane: x stands `padding` rows and columns from its corner. */
function transformImage(builder: SceneBuilder, d: SmallConvolution, c: number): Spectrum {
  const plane = Array<number>(size * size).fill(0);
  for (const i of range(d.H * d.W)) {
    const [h, v] = [Math.floor(i / d.W) + d.padding, (i % d.W) + d.padding];
    plane[h * size + v] = d.x[c * d.H * d.W + i];
  }
  const spectrum = spectrumOf(plane);
  builder.step({
    text: `The image, filled up with zeros to ${size}×${size}, as a sum of waves: every number of the spectrum holds a part of every pixel.`,
    formula: `X[0, 0] = the sum of all pixels = ${rounded(spectrum.re[0])}`,
    reads: range(d.H * d.W).map((i): Place => [xGrid(c), i]),
    writes: polar(`X${c}`, spectrum),
    bytes: transformBytes(d.H * d.W, size),
    ...transformCosts(size),
  });
  return spectrum;
}

/** A filter's numbers in the corner of a plane of zeros. */
export function filterPlane(d: SmallConvolution, k: number, c: number, length: number): number[] {
  const plane = Array<number>(length * length).fill(0);
  const each = d.R * d.S;
  for (const i of range(each)) plane[Math.floor(i / d.S) * length + (i % d.S)] = d.w[(k * d.C + c) * each + i];
  return plane;
}

function transformFilter(builder: SceneBuilder, d: SmallConvolution, k: number, c: number): Spectrum {
  const spectrum = spectrumOf(filterPlane(d, k, c, size));
  builder.step({
    text: `Filter ${k}, filled up to the size of the image. However large a filter is, its spectrum costs the same.`,
    formula: `F[0, 0] = the sum of the filter = ${rounded(spectrum.re[0])}`,
    reads: range(d.R * d.S).map((i): Place => [wGrid(k, c), i]),
    writes: polar(`F${c}`, spectrum),
    bytes: transformBytes(d.R * d.S, size),
    ...transformCosts(size),
  });
  return spectrum;
}

function multiplied(
  builder: SceneBuilder,
  d: SmallConvolution,
  k: number,
  images: readonly Spectrum[],
  filters: readonly Spectrum[],
): Spectrum {
  const m = correlated(images, filters);
  builder.step({
    text: `The whole convolution of filter ${k}: one complex multiplication a number${d.C > 1 ? ' and channel' : ''}. Magnitudes multiply, phases subtract.`,
    formula: productText(images, filters, m),
    reads: wholeGrids(
      range(d.C).flatMap((c) => [`X${c}.magnitude`, `F${c}.magnitude`]),
      size,
    ),
    writes: polar('M', m),
    ...productCosts(size, d.C),
  });
  return m;
}

/** `'M[0, 0] = 90 · 2 = 180'` */
export const productText = (images: readonly Spectrum[], filters: readonly Spectrum[], m: Spectrum): string =>
  `M[0, 0] = ${images.map((x, c) => `${rounded(x.re[0])} · ${rounded(filters[c].re[0])}`).join(' + ')} = ${rounded(m.re[0])}`;

function transformBack(builder: SceneBuilder, d: SmallConvolution, k: number, m: Spectrum): void {
  const plane = planeOf(m);
  const [P, Q] = [outputHeight(d), outputWidth(d)];
  builder.step({
    text: 'The way back: waves become pixels.',
    reads: wholeGrids(picturesOf('M'), size),
    writes: plane.map((value, i) => ['back', i, value] as const),
    bytes: transformBytes(P * Q, size),
    ...transformCosts(size),
  });
  const outputs = range(P * Q).map((i) => Math.floor(i / Q) * size + (i % Q));
  builder.step({
    text: `The ${P}×${Q} outputs. Further right and below, the filter hung over the edge and came in again on the other side: that is thrown away.`,
    reads: outputs.map((i): Place => ['back', i]),
    writes: outputs.map((at, i) => [yGrid(k), i, plane[at]] as const),
    bytes: 0,
  });
}
