/**
 * @file A crossover map: two sizes of a convolution vary, and each cell is the race of one shape. Where the winner
 * changes from cell to cell, two algorithms cross.
 */
import { fail } from '../base/errors.ts';
import type { AlgorithmChoice } from '../dnn/choice/records.ts';

/** Where a size stands in a row of sizes; one that stands twice varies in both places. */
const places = { N: [0], C: [1], H: [2, 3], K: [4], R: [5, 6], STRIDE: [7] } as const;
const [filterPlace, stridePlace, paddingPlace] = [5, 7, 8];

export type SizeName = keyof typeof places;

export const sizeNames = Object.keys(places) as readonly SizeName[];

export const isSizeName = (name: string): name is SizeName => Object.hasOwn(places, name);

export const sizeAt = (sizes: readonly number[], name: SizeName): number => sizes[places[name][0]];

/** What an axis varies: a size, or the numbers' dtype. */
export type AxisName = SizeName | 'DTYPE';

export const axisNames: readonly AxisName[] = [...sizeNames, 'DTYPE'];

export const isAxisName = (name: string): name is AxisName => name === 'DTYPE' || isSizeName(name);

/** A size, or a dtype. */
export type AxisValue = number | string;

/** More cells are slow to measure and not read. */
export const mostCells = 400;

export interface Axis {
  readonly size: AxisName;
  readonly values: readonly AxisValue[];
}

/** An algorithm's best configuration in a cell. */
export interface Entry {
  readonly algo: string;
  readonly config: string;
  readonly ms: number;
}

export interface Cell {
  readonly x: AxisValue;
  readonly y: AxisValue;
  /** The fastest first; none where nothing can run. */
  readonly entries: readonly Entry[];
}

/** How every time of a map came about. */
export type MapSource = 'measured' | 'predicted';

export interface CrossoverMap {
  readonly base: string;
  readonly direction: string;
  /** Of all cells, unless an axis varies it. */
  readonly dtype: string;
  /** What ran the algorithms, `'wuDNN'`, `'cuDNN 91002'`. */
  readonly library: string;
  readonly adapter: string;
  readonly software: boolean;
  readonly source: MapSource;
  readonly x: Axis;
  readonly y: Axis;
  /** By rows. */
  readonly cells: readonly Cell[];
}

/** Where a cell stands: the sizes that vary, and the dtype where that does. */
export interface Varied {
  readonly sizes: Partial<Record<SizeName, number>>;
  readonly dtype?: string;
}

/** A cell's place by the names of its axes. */
export function variedBy(...places: readonly (readonly [name: AxisName, value: AxisValue])[]): Varied {
  const sizes = places.flatMap(([name, value]) => (typeof value === 'number' ? [[name, value] as const] : []));
  const dtype = places.find(([name]) => name === 'DTYPE')?.[1];
  return { sizes: Object.fromEntries(sizes), ...(dtype !== undefined && { dtype: String(dtype) }) };
}

/** The dtype of a cell. */
export const dtypeAt = (
  { x, y, dtype }: Pick<CrossoverMap, 'x' | 'y' | 'dtype'>,
  cell: Pick<Cell, 'x' | 'y'>,
): string => variedBy([x.size, cell.x], [y.size, cell.y]).dtype ?? dtype;

/** `'float32'`; `'float32 and float16'` where an axis varies it. */
export const dtypesOf = ({ x, y, dtype }: Pick<CrossoverMap, 'x' | 'y' | 'dtype'>): string =>
  ([x, y].find(({ size }) => size === 'DTYPE')?.values ?? [dtype]).join(' and ');

/** Throws where two axes make no map. */
export function checkAxes(x: Axis, y: Axis): void {
  if (x.size === y.size) fail(`map: both axes vary ${x.size}; let one vary another size`);
  if (x.values.length * y.values.length > mostCells)
    fail(`map: ${x.values.length}×${y.values.length} cells are more than ${mostCells}; give fewer values`);
}

/**
 * N, C, H, W, K, R, S, stride and padding with other sizes in their places. Where the padding kept an odd filter's
 * image as large as it was, it still does.
 */
export function sizesWith(base: readonly number[], varied: Partial<Record<SizeName, number>>): number[] {
  const sizes = [...base];
  const keepsSize = sizes[paddingPlace] === (sizes[filterPlace] - 1) / 2;
  for (const name of sizeNames) {
    const value = varied[name];
    if (value !== undefined) for (const place of places[name]) sizes[place] = value;
  }
  if (keepsSize && varied.R !== undefined) sizes[paddingPlace] = Math.floor(varied.R / 2);
  return Array.from(sizes, (value, place) => value ?? (place === stridePlace ? 1 : 0));
}

/** The best configuration of each algorithm of a race that has a time of the kind, the fastest first. */
export function entriesOf({ candidates }: Pick<AlgorithmChoice, 'candidates'>, source: MapSource): Entry[] {
  const best = new Map<string, Entry>();
  for (const { algo, config, timeMs, predictedMs } of candidates) {
    const ms = source === 'measured' ? timeMs : predictedMs;
    if (ms !== undefined && ms < (best.get(algo)?.ms ?? Infinity)) best.set(algo, { algo, config, ms });
  }
  return [...best.values()].toSorted((a, b) => a.ms - b.ms);
}

export const winnerOf = ({ entries }: Pick<Cell, 'entries'>): Entry | undefined => entries[0];

/** How much slower the second is than the winner; `undefined` where there is no second. */
export const marginOf = ({ entries: [first, second] }: Pick<Cell, 'entries'>): number | undefined =>
  second && second.ms / first.ms - 1;

/** `'A'` for the first. */
export const letterOf = (rank: number): string => String.fromCharCode(65 + rank);

/** Winners by how many cells they have, with a letter each. */
export function legendOf(cells: readonly Cell[]): { algo: string; letter: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const cell of cells) {
    const winner = winnerOf(cell);
    if (winner) counts.set(winner.algo, (counts.get(winner.algo) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([algo, count], i) => ({ algo, count, letter: letterOf(i) }));
}

export const rowsOf = ({ x, y, cells }: Pick<CrossoverMap, 'x' | 'y' | 'cells'>): Cell[][] =>
  y.values.map((_, j) => cells.slice(j * x.values.length, (j + 1) * x.values.length));

/** `'12%'`, `'140%'`; no more digits than a cell has room for. */
export const percentText = (margin: number | undefined): string =>
  margin === undefined ? '' : margin >= 9.995 ? '999%+' : `${Math.round(100 * margin)}%`;
