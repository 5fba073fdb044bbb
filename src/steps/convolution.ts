/**
 * @file The convolution that is walked through: one small image, a few filters, so that every number can be seen.
 */
import { formatNumber } from '../base/format.ts';
import type { Place, SceneBuilder } from './walkthrough.ts';

/** Sizes by cuDNN's letters. */
export interface Sizes {
  /** Channels of the image. */
  readonly C: number;
  readonly H: number;
  readonly W: number;
  /** Filters, and so channels of the output. */
  readonly K: number;
  readonly R: number;
  readonly S: number;
  readonly padding: number;
  readonly stride: number;
}

export interface SmallConvolution extends Sizes {
  /** [C, H, W] and [K, C, R, S]. */
  readonly x: readonly number[];
  readonly w: readonly number[];
}

/** What a visitor may set each size to. */
export const choices: Readonly<Record<keyof Sizes, readonly number[]>> = {
  C: [1, 2, 3],
  H: [3, 4, 5, 6, 7, 8],
  W: [3, 4, 5, 6, 7, 8],
  K: [1, 2],
  R: [1, 2, 3, 5],
  S: [1, 2, 3, 5],
  padding: [0, 1, 2],
  stride: [1, 2],
};

/** Why there is no such convolution. */
export function impossible({ H, W, R, S, padding }: Sizes): string | undefined {
  const [height, width] = [H + 2 * padding, W + 2 * padding];
  return R > height || S > width
    ? `a filter of ${R}×${S} is larger than the padded image, ${height}×${width}; choose a larger image or a smaller filter`
    : undefined;
}

export const outputHeight = ({ H, R, padding, stride }: Sizes): number =>
  Math.floor((H + 2 * padding - R) / stride) + 1;
export const outputWidth = ({ W, S, padding, stride }: Sizes): number => Math.floor((W + 2 * padding - S) / stride) + 1;

/** Products of the definition: one for each output and each number of a filter. */
export const productsOf = (d: Sizes): number => d.K * outputHeight(d) * outputWidth(d) * d.C * d.R * d.S;

/** A filter that finds edges, and others that are told apart by eye. */
const edges = [-1, 0, 1, -2, 0, 2, -1, 0, 1];

/** Small whole numbers, the same at each start. */
export function startOf(sizes: Sizes): SmallConvolution {
  const { C, H, W, K, R, S } = sizes;
  return {
    ...sizes,
    x: Array.from({ length: C * H * W }, (_, i) => (i * 7 + Math.floor(i / W) * 3) % 10),
    w: Array.from({ length: K * C * R * S }, (_, i) => (R === 3 && S === 3 && i < 9 ? edges[i] : ((i * 5) % 7) - 3)),
  };
}

/** The place of x that a filter's number meets at an output; `undefined` in the padding. */
export function inputAt(d: Sizes, p: number, q: number, r: number, s: number): number | undefined {
  const [h, v] = [p * d.stride - d.padding + r, q * d.stride - d.padding + s];
  return h < 0 || h >= d.H || v < 0 || v >= d.W ? undefined : h * d.W + v;
}

/** A filter's number with what it meets. */
export interface Term {
  readonly c: number;
  readonly r: number;
  readonly s: number;
  /** In the channel's plane; `undefined` in the padding. */
  readonly at: number | undefined;
  readonly x: number;
  readonly w: number;
}

/** The sum of one output, term by term, in the order of im2col's rows. */
export function termsOf(d: SmallConvolution, k: number, p: number, q: number): Term[] {
  const terms: Term[] = [];
  for (let c = 0; c < d.C; c++)
    for (let r = 0; r < d.R; r++)
      for (let s = 0; s < d.S; s++) {
        const at = inputAt(d, p, q, r, s);
        const x = at === undefined ? 0 : d.x[c * d.H * d.W + at];
        terms.push({ c, r, s, at, x, w: d.w[((k * d.C + c) * d.R + r) * d.S + s] });
      }
  return terms;
}

export const sumOf = (terms: readonly Pick<Term, 'x' | 'w'>[]): number =>
  terms.reduce((sum, { x, w }) => sum + x * w, 0);

/** Written out where it is short: `1·2 + 0·3 + … = 5`. */
export function sumText(terms: readonly Pick<Term, 'x' | 'w'>[]): string {
  const shown = terms.slice(0, 9).map(({ x, w }) => `${signed(x)}·${signed(w)}`);
  const rest = terms.length > shown.length ? ` + … (${terms.length} products)` : '';
  return `${shown.join(' + ')}${rest} = ${formatNumber(sumOf(terms))}`;
}

const signed = (value: number): string => (value < 0 ? `(${formatNumber(value)})` : formatNumber(value));

const several = (count: number, title: string, i: number): string => (count > 1 ? `${title}, channel ${i}` : title);

/** The planes of x. */
export const xGrid = (c: number): string => `x${c}`;
export const yGrid = (k: number): string => `y${k}`;
export const wGrid = (k: number, c: number): string => `w${k}.${c}`;

export function addInput(builder: SceneBuilder, d: SmallConvolution, row = 0): void {
  for (let c = 0; c < d.C; c++)
    builder.grid({
      id: xGrid(c),
      title: several(d.C, 'x, the input', c),
      rows: d.H,
      columns: d.W,
      keeping: 'memory',
      given: d.x.slice(c * d.H * d.W, (c + 1) * d.H * d.W),
      row,
    });
}

export function addFilters(builder: SceneBuilder, d: SmallConvolution, row = 0): void {
  const each = d.R * d.S;
  for (let k = 0; k < d.K; k++)
    for (let c = 0; c < d.C; c++)
      builder.grid({
        id: wGrid(k, c),
        title: `w, filter ${k}${d.C > 1 ? `, channel ${c}` : ''}`,
        rows: d.R,
        columns: d.S,
        keeping: 'memory',
        given: d.w.slice((k * d.C + c) * each, (k * d.C + c + 1) * each),
        row,
      });
}

export function addOutput(builder: SceneBuilder, d: SmallConvolution, row: number): void {
  for (let k = 0; k < d.K; k++)
    builder.grid({
      id: yGrid(k),
      title: several(d.K, 'y, the output', k),
      rows: outputHeight(d),
      columns: outputWidth(d),
      keeping: 'memory',
      row,
    });
}

/** What a sum reads of x and of the filter; the padding is read from nowhere. */
export const placesOf = (d: Sizes, k: number, terms: readonly Term[]): Place[] =>
  terms.flatMap(({ c, r, s, at }): Place[] =>
    at === undefined ? [] : [[xGrid(c), at] as const, [wGrid(k, c), r * d.S + s] as const],
  );
