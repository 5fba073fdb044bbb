/**
 * @file FFT_TILING: FFT by overlapping tiles of the image, so that spectra stay small however large the image is. The
 * outputs of a tile whose windows would reach beyond it are left to the next one.
 */
import type { SmallConvolution } from './convolution.ts';
import { addFilters, addInput, addOutput, outputHeight, outputWidth, wGrid, xGrid, yGrid } from './convolution.ts';
import { addSpectrum, filterPlane, productText, refusedByFft } from './fft.ts';
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
import type { Place, Scene, Walkthrough } from './walkthrough.ts';
import { SceneBuilder } from './walkthrough.ts';

/** A tile on a side, in the kernels. */
const kernelsTile = 32;

/** Here it is the smallest that leaves a tile several outputs, so that an image has several tiles. */
const smallTile = ({ R, S }: SmallConvolution): number => (Math.max(R, S) <= 3 ? 4 : 8);

export const fftTiling: Walkthrough = {
  name: 'FFT_TILING',
  direction: 'forward',
  about: `FFT by overlapping tiles, so the workspace stays small. The kernels' tiles are ${kernelsTile}×${kernelsTile}; here they are small enough to see every number.`,
  refuses: refusedByFft,
  scene: (d) => tiledScene(d, smallTile(d)),
};

/** The steps with tiles of `size`×`size`, a power of two that is larger than the filter. */
export function tiledScene(d: SmallConvolution, size: number): Scene {
  const builder = new SceneBuilder();
  const channel = (c: number): string => (d.C > 1 ? `, channel ${c}` : '');
  const own = { rows: size, columns: size, keeping: 'registers' } as const;
  addInput(builder, d);
  addFilters(builder, d);
  for (const k of range(d.K))
    for (const c of range(d.C)) addSpectrum(builder, `F${k}.${c}`, `spectrum of filter ${k}${channel(c)}`, 1, size);
  builder.grid({ ...own, id: 'tile', title: 'a tile of x', row: 2 });
  for (const c of range(d.C)) addSpectrum(builder, `X${c}`, `its spectrum${channel(c)}`, 2, size);
  addSpectrum(builder, 'M', 'product', 3, size);
  builder.grid({ ...own, id: 'back', title: 'transformed back', row: 3 });
  addOutput(builder, d, 4);
  const filters = range(d.K).map((k) => range(d.C).map((c) => transformFilter(builder, d, k, c, size)));
  for (const tile of tilesOf(d, size)) {
    const images = range(d.C).map((c) => transformTile(builder, d, c, tile, size));
    for (const k of range(d.K)) finish(builder, d, k, tile, images, filters[k]);
  }
  return builder.scene;
}

/** A tile by the place of its first output. */
interface Tile {
  readonly row: number;
  readonly column: number;
}

/** Outputs of a tile that its windows reach: all but the last R − 1 rows and S − 1 columns. */
const validOf = ({ R, S }: SmallConvolution, size: number) => ({ rows: size - R + 1, columns: size - S + 1 });

function tilesOf(d: SmallConvolution, size: number): Tile[] {
  const { rows, columns } = validOf(d, size);
  const across = Math.ceil(outputWidth(d) / columns);
  return range(across * Math.ceil(outputHeight(d) / rows)).map((i) => ({
    row: Math.floor(i / across) * rows,
    column: (i % across) * columns,
  }));
}

function transformFilter(builder: SceneBuilder, d: SmallConvolution, k: number, c: number, size: number): Spectrum {
  const spectrum = spectrumOf(filterPlane(d, k, c, size));
  builder.step({
    text: `Filter ${k}${d.C > 1 ? `, channel ${c},` : ''} filled up with zeros to the size of a tile: its spectrum serves all tiles.`,
    formula: `F[0, 0] = the sum of the filter = ${rounded(spectrum.re[0])}`,
    reads: range(d.R * d.S).map((i): Place => [wGrid(k, c), i]),
    writes: polar(`F${k}.${c}`, spectrum),
    bytes: transformBytes(d.R * d.S, size),
    ...transformCosts(size),
  });
  return spectrum;
}

function transformTile(
  builder: SceneBuilder,
  d: SmallConvolution,
  c: number,
  { row, column }: Tile,
  size: number,
): Spectrum {
  const places = range(size * size).map((i) => {
    const [h, v] = [row - d.padding + Math.floor(i / size), column - d.padding + (i % size)];
    return h < 0 || h >= d.H || v < 0 || v >= d.W ? undefined : h * d.W + v;
  });
  const plane = places.map((place) => (place === undefined ? 0 : d.x[c * d.H * d.W + place]));
  const inside = places.filter((place) => place !== undefined);
  builder.step({
    text: `A tile of ${size}×${size} inputs${d.C > 1 ? ` of channel ${c}` : ''}, zeros beyond the edge. ${overlapText(d)}`,
    reads: inside.map((place): Place => [xGrid(c), place]),
    writes: plane.map((value, i) => ['tile', i, value] as const),
  });
  const spectrum = spectrumOf(plane);
  builder.step({
    text: 'The tile as a sum of waves.',
    formula: `X[0, 0] = the sum of the tile = ${rounded(spectrum.re[0])}`,
    reads: wholeGrids(['tile'], size),
    writes: polar(`X${c}`, spectrum),
    bytes: transformBytes(0, size),
    ...transformCosts(size),
  });
  return spectrum;
}

const overlapText = ({ R, S }: SmallConvolution): string =>
  R === 1 && S === 1
    ? 'A filter of 1×1 looks at no neighbours, so tiles do not overlap.'
    : R === S
      ? `Its last ${R === 2 ? 'row and column are' : `${R - 1} rows and columns are`} read again by the next tiles.`
      : `Its last ${R - 1} rows and ${S - 1} columns are read again by the next tiles.`;

/** The product with a filter, the way back, and what of the tile is kept. */
function finish(
  builder: SceneBuilder,
  d: SmallConvolution,
  k: number,
  { row, column }: Tile,
  images: readonly Spectrum[],
  filters: readonly Spectrum[],
): void {
  const size = Math.sqrt(images[0].re.length);
  const m = correlated(images, filters);
  builder.step({
    text: `Filter ${k} over the whole tile: one complex multiplication a number${d.C > 1 ? ' and channel' : ''}.`,
    formula: productText(images, filters, m),
    reads: wholeGrids(
      range(d.C).flatMap((c) => [`X${c}.magnitude`, `F${k}.${c}.magnitude`]),
      size,
    ),
    writes: polar('M', m),
    ...productCosts(size, d.C),
  });
  const plane = planeOf(m);
  const valid = validOf(d, size);
  const [P, Q] = [outputHeight(d), outputWidth(d)];
  builder.step({
    text: 'The way back: waves become pixels.',
    reads: wholeGrids(picturesOf('M'), size),
    writes: plane.map((value, i) => ['back', i, value] as const),
    bytes: transformBytes(0, size),
    ...transformCosts(size),
  });
  const kept = range(size * size).filter((i) => {
    const [r, s] = [Math.floor(i / size), i % size];
    return r < valid.rows && s < valid.columns && row + r < P && column + s < Q;
  });
  builder.step({
    text: `The valid part, ${valid.rows}×${valid.columns}, is kept${kept.length < valid.rows * valid.columns ? ', as far as there are outputs' : ''}. ${spoiltText(d)}`,
    reads: kept.map((i): Place => ['back', i]),
    writes: kept.map((i) => [yGrid(k), (row + Math.floor(i / size)) * Q + column + (i % size), plane[i]] as const),
  });
}

const spoiltText = ({ R, S }: SmallConvolution): string =>
  R === 1 && S === 1
    ? 'That is the whole tile.'
    : 'In the rest the filter hung over the edge of the tile and came in again on the other side.';
