/**
 * @file WINOGRAD, F(2×2, 3×3): four outputs of a 3×3 filter from 16 multiplications instead of 36, by four transforms
 * that only add and halve. Source: A. Lavin and S. Gray, arXiv 1509.09308.
 */
import type { SmallConvolution } from './convolution.ts';
import { addFilters, addInput, addOutput, outputHeight, outputWidth, wGrid, xGrid, yGrid } from './convolution.ts';
import type { Matrix } from './matrices.ts';
import { matrix, plus, product, times, transposed } from './matrices.ts';
import type { Place, Walkthrough } from './walkthrough.ts';
import { SceneBuilder } from './walkthrough.ts';

/** y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A. */
const at = matrix(2, 4, [1, 1, 1, 0, 0, 1, -1, -1]);
const g = matrix(4, 3, [1, 0, 0, 0.5, 0.5, 0.5, 0.5, -0.5, 0.5, 0, 0, 1]);
const bt = matrix(4, 4, [1, 0, -1, 0, 0, 1, 1, 0, 0, -1, 1, 0, 0, 1, 0, -1]);

/** Outputs of a tile on a side, and inputs. */
const [outputs, inputs] = [2, 4];

/** Additions of the two sides of a transform: of G, of Bᵀ, of Aᵀ. */
const additionsOf = { filter: 28, input: 32, output: 24 } as const;

const all = (grid: string, { values }: Matrix): Place[] => values.map((_, i): Place => [grid, i]);
const writing = (grid: string, { values }: Matrix) => values.map((value, i) => [grid, i, value] as const);

export const winograd: Walkthrough = {
  name: 'WINOGRAD',
  direction: 'forward',
  about: 'Transforms tiles of the image and the filter so that four outputs take 16 multiplications instead of 36.',
  refuses: ({ R, S, stride }) =>
    R !== 3 || S !== 3
      ? `needs a filter of 3×3, got ${R}×${S}: its matrices are made for one size of filter`
      : stride !== 1
        ? `needs stride 1, got ${stride}: neighbouring outputs must share their inputs`
        : undefined,
  scene: (d) => {
    const builder = new SceneBuilder();
    addInput(builder, d);
    addFilters(builder, d);
    addConstants(builder);
    addTransforms(builder, d);
    addOutput(builder, d, 3);
    const filters = transformFilters(builder, d);
    for (const [row, column] of tilesOf(d)) {
      const tiles = transformTile(builder, d, row, column);
      for (let k = 0; k < d.K; k++) transformBack(builder, d, k, row, column, multiply(builder, k, filters[k], tiles));
    }
    return builder.scene;
  },
};

const uGrid = (k: number, c: number): string => `u${k}.${c}`;
const vGrid = (c: number): string => `v${c}`;

function addConstants(builder: SceneBuilder): void {
  const constants = [
    ['G', 'G', g],
    ['Bt', 'Bᵀ', bt],
    ['At', 'Aᵀ', at],
  ] as const;
  for (const [id, title, { rows, columns, values }] of constants)
    builder.grid({ id, title, rows, columns, given: values, keeping: 'registers', row: 1 });
}

function addTransforms(builder: SceneBuilder, d: SmallConvolution): void {
  const square = { rows: inputs, columns: inputs, keeping: 'registers', row: 2 } as const;
  const channel = (c: number): string => (d.C > 1 ? `, channel ${c}` : '');
  for (let k = 0; k < d.K; k++)
    for (let c = 0; c < d.C; c++)
      builder.grid({ ...square, id: uGrid(k, c), title: `U = G g Gᵀ, filter ${k}${channel(c)}`, row: 1 });
  builder.grid({ ...square, id: 'd', title: 'd, a tile of x' });
  for (let c = 0; c < d.C; c++) builder.grid({ ...square, id: vGrid(c), title: `V = Bᵀ d B${channel(c)}` });
  builder.grid({ ...square, id: 'm', title: 'M = U ⊙ V' });
}

function transformFilters(builder: SceneBuilder, d: SmallConvolution): Matrix[][] {
  return Array.from({ length: d.K }, (_, k) =>
    Array.from({ length: d.C }, (__, c) => {
      const filter = matrix(3, 3, d.w.slice((k * d.C + c) * 9, (k * d.C + c + 1) * 9));
      const u = product(product(g, filter), transposed(g));
      builder.step({
        text: `The filter's transform, once for all tiles: filter ${k}${d.C > 1 ? `, channel ${c},` : ''} becomes 4×4 numbers.`,
        formula: `U[1, 1] = ¼ · the sum of all nine = ${u.values[5]}`,
        reads: [...all(wGrid(k, c), filter), ...all('G', g)],
        writes: writing(uGrid(k, c), u),
        additions: additionsOf.filter,
      });
      return u;
    }),
  );
}

/** The top left outputs of the tiles. */
function tilesOf(d: SmallConvolution): [row: number, column: number][] {
  const [across, down] = [Math.ceil(outputWidth(d) / outputs), Math.ceil(outputHeight(d) / outputs)];
  return Array.from({ length: across * down }, (_, i) => [Math.floor(i / across) * outputs, (i % across) * outputs]);
}

function transformTile(builder: SceneBuilder, d: SmallConvolution, row: number, column: number): Matrix[] {
  return Array.from({ length: d.C }, (_, c) => {
    const places = Array.from({ length: inputs ** 2 }, (__, i) => {
      const [h, v] = [row - d.padding + Math.floor(i / inputs), column - d.padding + (i % inputs)];
      return h < 0 || h >= d.H || v < 0 || v >= d.W ? undefined : h * d.W + v;
    });
    const tile = matrix(
      inputs,
      inputs,
      places.map((place) => (place === undefined ? 0 : d.x[c * d.H * d.W + place])),
    );
    const v = product(product(bt, tile), transposed(bt));
    builder.step({
      text: `A tile of 4×4 inputs${d.C > 1 ? ` of channel ${c}` : ''}, two rows and columns of which the next tile reads again.`,
      reads: places.flatMap((place): Place[] => (place === undefined ? [] : [[xGrid(c), place]])),
      writes: writing('d', tile),
    });
    builder.step({
      text: "The input's transform. It only adds and subtracts.",
      formula: `V[0, 0] = d[0, 0] − d[2, 0] − d[0, 2] + d[2, 2] = ${v.values[0]}`,
      reads: [...all('d', tile), ...all('Bt', bt)],
      writes: writing(vGrid(c), v),
      additions: additionsOf.input,
    });
    return v;
  });
}

function multiply(builder: SceneBuilder, k: number, filter: readonly Matrix[], tiles: readonly Matrix[]): Matrix {
  const products = filter.map((u, c) => times(u, tiles[c]));
  const m = products.reduce(plus);
  builder.step({
    text: `16 multiplications${tiles.length > 1 ? ' a channel, summed over the channels' : ''}, one for each place, in place of 36.`,
    formula: `M[0, 0] = ${products.map((_, c) => `${filter[c].values[0]} · ${tiles[c].values[0]}`).join(' + ')} = ${m.values[0]}`,
    reads: [...filter.flatMap((u, c) => all(uGrid(k, c), u)), ...tiles.flatMap((v, c) => all(vGrid(c), v))],
    writes: writing('m', m),
    multiplications: inputs ** 2 * tiles.length,
    additions: inputs ** 2 * (tiles.length - 1),
  });
  return m;
}

function transformBack(
  builder: SceneBuilder,
  d: SmallConvolution,
  k: number,
  row: number,
  column: number,
  m: Matrix,
): void {
  const y = product(product(at, m), transposed(at));
  const [P, Q] = [outputHeight(d), outputWidth(d)];
  const writes = y.values.flatMap((value, i) => {
    const [p, q] = [row + Math.floor(i / outputs), column + (i % outputs)];
    return p < P && q < Q ? [[yGrid(k), p * Q + q, value] as const] : [];
  });
  const dropped = y.values.length - writes.length;
  builder.step({
    text: `The way back, Y = Aᵀ M A: four outputs at once${dropped > 0 ? `, ${dropped} of which lie beyond the edge and are dropped` : ''}.`,
    formula: `y[${k}, ${row}, ${column}] = the sum of the nine numbers M[0…2, 0…2] = ${y.values[0]}`,
    reads: [...all('m', m), ...all('At', at)],
    writes,
    additions: additionsOf.output,
  });
}
