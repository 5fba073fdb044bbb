/**
 * @file The gradients of a convolution. By x: ALGO_0 scatters each output's part with atomic additions, ALGO_1 gathers
 * what each number of x took part in. By w both split the long sums: ALGO_0 adds the parts by atomic additions, ALGO_1
 * keeps them and adds them in a fixed order.
 */
import type { SmallConvolution, Term } from './convolution.ts';
import {
  addFilters,
  addInput,
  inputAt,
  outputHeight,
  outputWidth,
  sumOf,
  sumText,
  termsOf,
  wGrid,
  xGrid,
} from './convolution.ts';
import type { Place, Walkthrough } from './walkthrough.ts';
import { SceneBuilder } from './walkthrough.ts';

const dyGrid = (k: number): string => `dy${k}`;
const dxGrid = (c: number): string => `dx${c}`;
const dwGrid = (k: number, c: number): string => `dw${k}.${c}`;

/** A product of a gradient's sum, and where its two numbers stand. */
interface Product {
  readonly x: number;
  readonly w: number;
  readonly places: readonly Place[];
}

function addOutputGradient(builder: SceneBuilder, d: SmallConvolution): void {
  const [P, Q] = [outputHeight(d), outputWidth(d)];
  for (let k = 0; k < d.K; k++)
    builder.grid({
      id: dyGrid(k),
      title: `dy, the gradient of output ${k}`,
      rows: P,
      columns: Q,
      keeping: 'memory',
      given: Array.from({ length: P * Q }, (_, i) => dyAt(d, k, i)),
      row: 0,
    });
}

/** Small whole numbers, the same at each start. */
const dyAt = (d: SmallConvolution, k: number, pixel: number): number =>
  (((k * outputHeight(d) * outputWidth(d) + pixel) * 3) % 5) - 2;

const eachOutput = (d: SmallConvolution): { k: number; p: number; q: number; pixel: number }[] => {
  const [P, Q] = [outputHeight(d), outputWidth(d)];
  return Array.from({ length: d.K * P * Q }, (_, i) => ({
    k: Math.floor(i / (P * Q)),
    p: Math.floor((i % (P * Q)) / Q),
    q: i % Q,
    pixel: i % (P * Q),
  }));
};

function addInputGradient(builder: SceneBuilder, d: SmallConvolution, isCleared: boolean): void {
  for (let c = 0; c < d.C; c++)
    builder.grid({
      id: dxGrid(c),
      title: d.C > 1 ? `dx, the gradient of x, channel ${c}` : 'dx, the gradient of x',
      rows: d.H,
      columns: d.W,
      keeping: 'memory',
      given: isCleared ? Array<number>(d.H * d.W).fill(0) : undefined,
      row: 1,
    });
}

/** The terms of an output that lie in the image. */
const inside = (terms: readonly Term[]): (Term & { at: number })[] =>
  terms.flatMap((term) => (term.at === undefined ? [] : [{ ...term, at: term.at }]));

const costsOf = (terms: number) => ({ multiplications: terms, additions: Math.max(0, terms - 1) });

export const scatterBackwardData: Walkthrough = {
  name: 'ALGO_0',
  direction: 'backward data',
  about: 'Scatters: every output adds its part to all numbers of its window, by atomic additions in whatever order.',
  scene: (d) => {
    const builder = new SceneBuilder();
    addOutputGradient(builder, d);
    addFilters(builder, d);
    addInputGradient(builder, d, true);
    const dx = Array.from({ length: d.C }, () => Array<number>(d.H * d.W).fill(0));
    for (const { k, p, q, pixel } of eachOutput(d)) {
      const terms = inside(termsOf(d, k, p, q));
      const dy = dyAt(d, k, pixel);
      for (const { c, at, w } of terms) dx[c][at] += dy * w;
      builder.step({
        text: `dy[${k}, ${p}, ${q}] times filter ${k} is added to its window. On the device windows meet, so additions are atomic; their order differs from run to run, and so do the last bits.`,
        formula:
          terms.length > 0
            ? `dx[${terms[0].c}, ${Math.floor(terms[0].at / d.W)}, ${terms[0].at % d.W}] += ${dy} · ${terms[0].w}`
            : undefined,
        reads: [
          [dyGrid(k), pixel],
          ...terms.flatMap(({ c, r, s, at }): Place[] => [
            [wGrid(k, c), r * d.S + s],
            [dxGrid(c), at],
          ]),
        ],
        writes: terms.map(({ c, at }) => [dxGrid(c), at, dx[c][at]] as const),
        multiplications: terms.length,
        additions: terms.length,
      });
    }
    return builder.scene;
  },
};

export const gatherBackwardData: Walkthrough = {
  name: 'ALGO_1',
  direction: 'backward data',
  about: 'Gathers: each number of dx sums over the outputs that it took part in, always in the same order.',
  scene: (d) => {
    const builder = new SceneBuilder();
    addOutputGradient(builder, d);
    addFilters(builder, d);
    addInputGradient(builder, d, false);
    const sums = Array.from({ length: d.C * d.H * d.W }, (): Product[] => []);
    for (const { k, p, q, pixel } of eachOutput(d))
      for (const { c, r, s, at, w } of inside(termsOf(d, k, p, q)))
        sums[c * d.H * d.W + at].push({
          x: dyAt(d, k, pixel),
          w,
          places: [
            [dyGrid(k), pixel],
            [wGrid(k, c), r * d.S + s],
          ],
        });
    for (const [i, products] of sums.entries()) {
      const [c, at] = [Math.floor(i / (d.H * d.W)), i % (d.H * d.W)];
      const name = `dx[${c}, ${Math.floor(at / d.W)}, ${at % d.W}]`;
      builder.step({
        text:
          products.length > 0
            ? `${name} took part in ${products.length === 1 ? 'one output' : `${products.length} outputs`}: their dy times the filter's number that met it there.`
            : `${name} took part in no output: the filter steps over it.`,
        formula: products.length > 0 ? `${name} = ${sumText(products)}` : undefined,
        reads: products.flatMap(({ places }) => places),
        writes: [[dxGrid(c), at, sumOf(products)]],
        ...costsOf(products.length),
      });
    }
    return builder.scene;
  },
};

/** Parts of each sum that are summed beside each other. */
const splits = 2;

const filterNumbers = ({ K, C, R, S }: SmallConvolution): number => K * C * R * S;

/** Where a number of the filter's gradient stands: `'dw[0, 0, 1, 2]'`. */
function filterPlace(d: SmallConvolution, i: number): { k: number; c: number; r: number; s: number; name: string } {
  const [k, c] = [Math.floor(i / (d.C * d.R * d.S)), Math.floor(i / (d.R * d.S)) % d.C];
  const [r, s] = [Math.floor(i / d.S) % d.R, i % d.S];
  return { k, c, r, s, name: `dw[${k}, ${c}, ${r}, ${s}]` };
}

/** The rows of dy that a part sums over. */
function rowsOf(d: SmallConvolution, split: number): [from: number, to: number] {
  const P = outputHeight(d);
  const rows = Math.ceil(P / splits);
  return [Math.min(P, split * rows), Math.min(P, (split + 1) * rows)];
}

/** The products of a part of a sum. */
function productsOfPart(d: SmallConvolution, split: number, i: number): Product[] {
  const { k, c, r, s } = filterPlace(d, i);
  const [from, to] = rowsOf(d, split);
  return eachOutput(d).flatMap(({ k: filter, p, q, pixel }): Product[] => {
    const at = inputAt(d, p, q, r, s);
    if (filter !== k || p < from || p >= to || at === undefined) return [];
    const places: Place[] = [
      [dyGrid(k), pixel],
      [xGrid(c), at],
    ];
    return [{ x: dyAt(d, k, pixel), w: d.x[c * d.H * d.W + at], places }];
  });
}

function addFilterGradient(builder: SceneBuilder, d: SmallConvolution, row: number, isCleared: boolean): void {
  for (let k = 0; k < d.K; k++)
    for (let c = 0; c < d.C; c++)
      builder.grid({
        id: dwGrid(k, c),
        title: `dw, the gradient of filter ${k}${d.C > 1 ? `, channel ${c}` : ''}`,
        rows: d.R,
        columns: d.S,
        keeping: 'memory',
        given: isCleared ? Array<number>(d.R * d.S).fill(0) : undefined,
        row,
      });
}

/** `'rows 0 to 1 of dy'` */
function rowsText([from, to]: [from: number, to: number]): string {
  if (to - from <= 0) return 'which has no rows of dy left';
  return to - from === 1 ? `row ${from} of dy` : `rows ${from} to ${to - 1} of dy`;
}

export const atomicBackwardFilter: Walkthrough = {
  name: 'ALGO_0',
  direction: 'backward filter',
  about: 'Parts of each long sum are summed side by side and added to dw by atomic additions, in whatever order.',
  scene: (d) => {
    const builder = new SceneBuilder();
    addInput(builder, d);
    addOutputGradient(builder, d);
    builder.grid({
      id: 'part',
      title: 'registers: a part of each sum',
      rows: 1,
      columns: filterNumbers(d),
      keeping: 'registers',
      row: 1,
    });
    addFilterGradient(builder, d, 2, true);
    const dw = Array<number>(filterNumbers(d)).fill(0);
    for (let split = 0; split < splits; split++)
      for (let i = 0; i < dw.length; i++) {
        const { k, c, r, s, name } = filterPlace(d, i);
        const products = productsOfPart(d, split, i);
        const part = sumOf(products);
        builder.step({
          text: `Part ${split}, ${rowsText(rowsOf(d, split))}: every output there times the number of x that this number of the filter met, summed in registers.`,
          formula: products.length > 0 ? `part = ${sumText(products)}` : undefined,
          reads: products.flatMap(({ places }) => places),
          writes: [['part', i, part]],
          ...costsOf(products.length),
        });
        dw[i] += part;
        builder.step({
          text: 'The part is added to dw by an atomic addition. Whichever part ends first is added first, so the last bits differ from run to run.',
          formula: `${name} += ${part}`,
          reads: [
            ['part', i],
            [dwGrid(k, c), r * d.S + s],
          ],
          writes: [[dwGrid(k, c), r * d.S + s, dw[i]]],
          additions: 1,
        });
      }
    return builder.scene;
  },
};

export const splitBackwardFilter: Walkthrough = {
  name: 'ALGO_1',
  direction: 'backward filter',
  about:
    'A filter has few numbers, and each is a sum over all outputs: parts of it are summed side by side, then added.',
  scene: (d) => {
    const builder = new SceneBuilder();
    addInput(builder, d);
    addOutputGradient(builder, d);
    const count = filterNumbers(d);
    builder.grid({
      id: 'parts',
      title: `workspace: ${splits} parts of each sum`,
      rows: splits,
      columns: count,
      keeping: 'memory',
      row: 1,
    });
    addFilterGradient(builder, d, 2, false);
    const parts = Array.from({ length: splits }, (_, split) => addPart(builder, d, split));
    for (let i = 0; i < count; i++) {
      const { k, c, r, s, name } = filterPlace(d, i);
      const sum = parts.reduce((total, part) => total + part[i], 0);
      builder.step({
        text: 'The parts are added, always in the same order, so the bits repeat. ALGO_0 adds them by atomics instead, without workspace.',
        formula: `${name} = ${parts.map((part) => part[i]).join(' + ')} = ${sum}`,
        reads: parts.map((_, split): Place => ['parts', split * count + i]),
        writes: [[dwGrid(k, c), r * d.S + s, sum]],
        additions: splits - 1,
      });
    }
    return builder.scene;
  },
};

/** A part of every sum: that over some rows of dy. */
function addPart(builder: SceneBuilder, d: SmallConvolution, split: number): number[] {
  const count = filterNumbers(d);
  return Array.from({ length: count }, (_, i) => {
    const products = productsOfPart(d, split, i);
    builder.step({
      text: `Part ${split}, ${rowsText(rowsOf(d, split))}: every output there times the number of x that this number of the filter met.`,
      formula: products.length > 0 ? `part = ${sumText(products)}` : undefined,
      reads: products.flatMap(({ places }) => places),
      writes: [['parts', split * count + i, sumOf(products)]],
      ...costsOf(products.length),
    });
    return sumOf(products);
  });
}
