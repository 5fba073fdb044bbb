/**
 * @file A tiled kernel: the matrix product of IMPLICIT_GEMM as a workgroup computes it. Its invocations load a piece of
 * both matrices to workgroup memory together, and each then reads there what it needs for an output of its own.
 */
import type { SmallConvolution, Term } from './convolution.ts';
import {
  addFilters,
  addInput,
  addOutput,
  outputHeight,
  outputWidth,
  termsOf,
  wGrid,
  xGrid,
  yGrid,
} from './convolution.ts';
import type { Place, Walkthrough } from './walkthrough.ts';
import { SceneBuilder } from './walkthrough.ts';

/** Outputs of a workgroup across, and terms of their sums that it loads at a time. */
const [across, depth] = [4, 4];

export const tiled: Walkthrough = {
  name: 'Tiled kernel',
  direction: 'forward',
  about: 'A workgroup loads each number once and shares it, so memory is read less often.',
  scene: (d) => {
    const builder = new SceneBuilder();
    const [P, Q] = [outputHeight(d), outputWidth(d)];
    addInput(builder, d);
    addFilters(builder, d);
    const shared = { keeping: 'workgroup', row: 1 } as const;
    builder.grid({ ...shared, id: 'a', title: 'workgroup memory: filters', rows: d.K, columns: depth });
    builder.grid({ ...shared, id: 'b', title: 'workgroup memory: windows', rows: depth, columns: across });
    builder.grid({
      id: 'sums',
      title: 'registers: the sum of each invocation',
      rows: d.K,
      columns: across,
      keeping: 'registers',
      row: 1,
    });
    addOutput(builder, d, 2);
    for (let first = 0; first < P * Q; first += across)
      addWorkgroup(builder, d, first, Math.min(P * Q - first, across));
    return builder.scene;
  },
};

/** All steps of a workgroup, which computes the outputs from `first` on. */
function addWorkgroup(builder: SceneBuilder, d: SmallConvolution, first: number, pixels: number): void {
  const Q = outputWidth(d);
  const length = d.C * d.R * d.S;
  const columns = Array.from({ length: pixels }, (_, j) => termsOf(d, 0, Math.floor((first + j) / Q), (first + j) % Q));
  const sums = Array<number>(d.K * across).fill(0);
  for (let from = 0; from < length; from += depth) {
    const count = Math.min(depth, length - from);
    addLoad(builder, d, columns, from, count, first);
    for (let k = 0; k < d.K; k++)
      for (let j = 0; j < pixels; j++)
        for (let i = from; i < from + count; i++) sums[k * across + j] += d.w[k * length + i] * columns[j][i].x;
    builder.step({
      text: `Barrier: nobody reads before all have loaded. Then each of ${d.K * pixels} invocations adds ${count} products to its sum, and reads nothing but workgroup memory.`,
      reads: [
        ...indices(d.K, count, depth).map((i): Place => ['a', i]),
        ...indices(count, pixels, across).map((i): Place => ['b', i]),
      ],
      writes: indices(d.K, pixels, across).map((i) => ['sums', i, sums[i]] as const),
      multiplications: d.K * pixels * count,
      additions: d.K * pixels * (from === 0 ? count - 1 : count),
    });
  }
  builder.step({
    text: `Each invocation writes its sum: ${pixels === 1 ? 'the last output' : `${pixels} neighbouring outputs`} of every filter.`,
    reads: indices(d.K, pixels, across).map((i): Place => ['sums', i]),
    writes: indices(d.K, pixels, across).map(
      (i) => [yGrid(Math.floor(i / across)), first + (i % across), sums[i]] as const,
    ),
  });
}

/** The workgroup loads so many terms of its sums, each number once. */
function addLoad(
  builder: SceneBuilder,
  d: SmallConvolution,
  columns: readonly (readonly Term[])[],
  from: number,
  count: number,
  first: number,
): void {
  const length = d.C * d.R * d.S;
  const each = d.R * d.S;
  const filters = indices(d.K, count, depth).map((i) => [Math.floor(i / depth), from + (i % depth)] as const);
  const windows = indices(count, columns.length, across).map(
    (i) => [i, columns[i % across][from + Math.floor(i / across)]] as const,
  );
  const loads = filters.length + windows.length;
  builder.step({
    text: `Workgroup ${first / across} loads terms ${from} to ${from + count - 1} of its sums: ${loads} numbers, of which each filter's serves ${columns.length} outputs and each window's serves ${d.K}.`,
    reads: [
      ...filters.map(([k, i]): Place => [wGrid(k, Math.floor(i / each)), i % each]),
      ...windows.flatMap(([, { c, at }]): Place[] => (at === undefined ? [] : [[xGrid(c), at]])),
    ],
    writes: [
      ...filters.map(([k, i]) => ['a', k * depth + (i - from), d.w[k * length + i]] as const),
      ...windows.map(([i, { x }]) => ['b', i, x] as const),
    ],
  });
}

/** The places of a part of a grid. */
const indices = (rows: number, columns: number, stride: number): number[] =>
  Array.from({ length: rows * columns }, (_, i) => Math.floor(i / columns) * stride + (i % columns));
