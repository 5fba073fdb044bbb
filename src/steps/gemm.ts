/**
 * @file GEMM, IMPLICIT_GEMM and IMPLICIT_PRECOMP_GEMM: a convolution as one matrix product, of the filters by rows and
 * the windows by columns. They differ in where the matrix of windows is: in memory, nowhere, or nowhere with a table of
 * addresses.
 */
import type { SmallConvolution, Term } from './convolution.ts';
import {
  addInput,
  addOutput,
  inputAt,
  outputHeight,
  outputWidth,
  sumOf,
  sumText,
  termsOf,
  xGrid,
  yGrid,
} from './convolution.ts';
import type { Place, Walkthrough } from './walkthrough.ts';
import { SceneBuilder } from './walkthrough.ts';

/** Rows of the matrix of windows. */
const depthOf = ({ C, R, S }: SmallConvolution): number => C * R * S;

/** Each filter as a row. It has the same memory as w. */
function addFilterRows(builder: SceneBuilder, d: SmallConvolution, row: number): void {
  builder.grid({
    id: 'filters',
    title: 'w, a filter a row',
    rows: d.K,
    columns: depthOf(d),
    keeping: 'memory',
    given: d.w,
    row,
  });
}

/** What an invocation has of the matrix that nobody writes. */
function addColumn(builder: SceneBuilder, d: SmallConvolution, row: number): void {
  builder.grid({ id: 'column', title: 'a column of windows', rows: 1, columns: depthOf(d), keeping: 'registers', row });
}

const filterRow = (d: SmallConvolution, k: number): Place[] =>
  Array.from({ length: depthOf(d) }, (_, i): Place => ['filters', k * depthOf(d) + i]);

const pixels = (d: SmallConvolution): { p: number; q: number; pixel: number }[] => {
  const Q = outputWidth(d);
  return Array.from({ length: outputHeight(d) * Q }, (_, pixel) => ({ p: Math.floor(pixel / Q), q: pixel % Q, pixel }));
};

const inputPlaces = (terms: readonly Term[]): Place[] =>
  terms.flatMap(({ c, at }): Place[] => (at === undefined ? [] : [[xGrid(c), at]]));

const sumCosts = (terms: number): { multiplications: number; additions: number } => ({
  multiplications: terms,
  additions: terms - 1,
});

export const gemm: Walkthrough = {
  name: 'GEMM',
  direction: 'forward',
  about: 'Writes every window out as a column of a matrix (im2col), and then has one matrix product to compute.',
  scene: (d) => {
    const builder = new SceneBuilder();
    const all = pixels(d);
    const depth = depthOf(d);
    addInput(builder, d);
    builder.grid({
      id: 'columns',
      title: 'im2col, a window a column',
      rows: depth,
      columns: all.length,
      keeping: 'memory',
      row: 1,
    });
    addFilterRows(builder, d, 2);
    addOutput(builder, d, 2);
    for (const { p, q, pixel } of all) {
      const terms = termsOf(d, 0, p, q);
      builder.step({
        text: `im2col copies the window of output [${p}, ${q}] to column ${pixel} of the matrix.`,
        reads: inputPlaces(terms),
        writes: terms.map(({ x }, i) => ['columns', i * all.length + pixel, x] as const),
      });
    }
    for (let k = 0; k < d.K; k++)
      for (const { p, q, pixel } of all) {
        const terms = termsOf(d, k, p, q);
        builder.step({
          text: `The matrix product: row ${k} of the filters times column ${pixel}.`,
          formula: `y[${k}, ${p}, ${q}] = ${sumText(terms)}`,
          reads: [...filterRow(d, k), ...terms.map((_, i): Place => ['columns', i * all.length + pixel])],
          writes: [[yGrid(k), pixel, sumOf(terms)]],
          ...sumCosts(depth),
        });
      }
    return builder.scene;
  },
};

export const implicitGemm: Walkthrough = {
  name: 'IMPLICIT_GEMM',
  direction: 'forward',
  about: 'The same product without the matrix: each invocation works out which number of x would stand there.',
  scene: (d) => {
    const builder = new SceneBuilder();
    addInput(builder, d);
    addFilterRows(builder, d, 1);
    addColumn(builder, d, 1);
    addOutput(builder, d, 2);
    for (const { p, q, pixel } of pixels(d)) {
      const terms = termsOf(d, 0, p, q);
      builder.step({
        text: `Column ${pixel} of the matrix that nobody writes: row i stands for channel c = ⌊i / ${d.R * d.S}⌋, r = ⌊i / ${d.S}⌋ mod ${d.R}, s = i mod ${d.S} of the window, ${divisionsText(d)}.`,
        formula: addressText(d, terms, p, q),
        reads: inputPlaces(terms),
        writes: terms.map(({ x }, i) => ['column', i, x] as const),
      });
      addProduct(builder, d, p, q, pixel);
    }
    return builder.scene;
  },
};

export const implicitPrecompGemm: Walkthrough = {
  name: 'IMPLICIT_PRECOMP_GEMM',
  direction: 'forward',
  about: 'The same again, with every address looked up in a table that is computed once, for all channels and images.',
  scene: (d) => {
    const builder = new SceneBuilder();
    const all = pixels(d);
    addInput(builder, d);
    builder.grid({
      id: 'table',
      title: `table, a tap a row and an output a column: where in a plane of x; ${outside} for padding`,
      rows: d.R * d.S,
      columns: all.length,
      keeping: 'memory',
      isIndex: true,
      row: 1,
    });
    addFilterRows(builder, d, 2);
    addColumn(builder, d, 2);
    addOutput(builder, d, 3);
    for (let tap = 0; tap < d.R * d.S; tap++) {
      const [r, s] = [Math.floor(tap / d.S), tap % d.S];
      builder.step({
        text: `Before all: where tap [${r}, ${s}] of the filter reads at each output. The divisions happen here alone.`,
        formula: `row·${d.W} + column, with row = p·${d.stride} − ${d.padding} + ${r} and column = q·${d.stride} − ${d.padding} + ${s}`,
        writes: all.map(
          ({ p, q, pixel }) => ['table', tap * all.length + pixel, inputAt(d, p, q, r, s) ?? outside] as const,
        ),
      });
    }
    for (const { p, q, pixel } of all) {
      const terms = termsOf(d, 0, p, q);
      builder.step({
        text: `Column ${pixel} of the table says where the window of output [${p}, ${q}] is${d.C > 1 ? ', in every channel' : ''}.`,
        reads: [
          ...Array.from({ length: d.R * d.S }, (_, tap): Place => ['table', tap * all.length + pixel]),
          ...inputPlaces(terms),
        ],
        writes: terms.map(({ x }, i) => ['column', i, x] as const),
      });
      addProduct(builder, d, p, q, pixel);
    }
    return builder.scene;
  },
};

/** A tap that falls on padding; the kernel writes the largest number there. */
const outside = -1;

/** The products of a column that is in registers with every filter. */
function addProduct(builder: SceneBuilder, d: SmallConvolution, p: number, q: number, pixel: number): void {
  for (let k = 0; k < d.K; k++) {
    const terms = termsOf(d, k, p, q);
    builder.step({
      text: `The column times row ${k} of the filters.`,
      formula: `y[${k}, ${p}, ${q}] = ${sumText(terms)}`,
      reads: [...filterRow(d, k), ...terms.map((_, i): Place => ['column', i])],
      writes: [[yGrid(k), pixel, sumOf(terms)]],
      ...sumCosts(terms.length),
    });
  }
}

const divisionsText = (d: SmallConvolution): string =>
  d.R * d.S === 1 ? 'with nothing to divide' : 'so every number costs divisions';

/** Where the last row of a column comes from. */
function addressText(d: SmallConvolution, terms: readonly Term[], p: number, q: number): string {
  const i = terms.length - 1;
  const { c, r, s, at } = terms[i];
  const place = `x[${c}, ${p}·${d.stride} − ${d.padding} + ${r}, ${q}·${d.stride} − ${d.padding} + ${s}]`;
  return `i = ${i}: c = ${c}, r = ${r}, s = ${s} → ${place} = ${at === undefined ? 'padding, 0' : terms[i].x}`;
}
