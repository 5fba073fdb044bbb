/**
 * @file The crossover map of the page: which sizes vary, what is known of each cell, and the drawing, cell by cell,
 * while the engine has nothing else to do. What was found stays while the page does, so a map goes on where it was.
 */
import type { Words } from '../base/words.ts';
import { computed, effect, signal } from '@preact/signals';
import { messageOf } from '../base/errors.ts';
import type { AlgorithmChoice, Direction } from '../dnn/choice/records.ts';
import type { Axis, AxisName, Cell, CrossoverMap, MapSource, SizeName } from '../crossover/map.ts';
import { entriesOf, sizesWith, variedBy } from '../crossover/map.ts';
import type { CellRequest } from '../session/protocol.ts';
import { engine } from './actions.ts';
import { StoppedError } from './engine/client.ts';
import { busy, engineInfo, standing } from './state.ts';

/** What a size may be, on an axis and on a slider. */
export const offered: Readonly<Record<SizeName, readonly number[]>> = {
  N: [1, 2, 4, 8, 16, 32],
  C: [1, 3, 8, 16, 32, 64, 128, 256],
  H: [7, 14, 28, 56, 112, 224],
  K: [1, 8, 16, 32, 64, 128, 256],
  R: [1, 3, 5, 7, 9, 11],
  STRIDE: [1, 2],
};

/** float16 needs an adapter that has it. */
export const dtypes = computed<readonly CellRequest['dtype'][]>(() =>
  engineInfo.value?.adapter?.features.includes('shader-f16') ? ['float32', 'float16'] : ['float32'],
);

/** What people call them. */
export const axisTitles: Readonly<Record<AxisName, Words>> = {
  N: { en: 'N, images', zh: 'N，图像数' },
  C: { en: 'C, input channels', zh: 'C，输入通道' },
  H: { en: 'H = W, image', zh: 'H = W，图像' },
  K: { en: 'K, filters', zh: 'K，卷积核数' },
  R: { en: 'R = S, filter', zh: 'R = S，卷积核' },
  STRIDE: { en: 'stride', zh: '步幅' },
  DTYPE: { en: 'dtype', zh: '数据类型' },
};

export interface MapSettings {
  readonly x: AxisName;
  readonly y: AxisName;
  /** The sizes that do not vary. */
  readonly base: Readonly<Record<SizeName, number>>;
  readonly direction: Direction;
  readonly dtype: CellRequest['dtype'];
  readonly source: MapSource;
}

export const settings = signal<MapSettings>({
  x: 'C',
  y: 'R',
  base: { N: 1, C: 32, H: 28, K: 32, R: 3, STRIDE: 1 },
  direction: 'forward',
  dtype: 'float32',
  source: 'predicted',
});

/** For each cell that is measured, in milliseconds of wall time. */
const budgetMs = 1000;

/** A race, or why there is none. */
export type Found = { readonly race: AlgorithmChoice } | { readonly why: string };

/** By the request, as JSON. */
const known = signal<ReadonlyMap<string, Found>>(new Map());
/** The oldest go where there are more. */
const mostKnown = 1500;

/** Whether cells are being filled, or wait for the engine. */
export const drawing = signal(false);

/** Why drawing ended before its time. */
export const trouble = signal<string | undefined>(undefined);

/** The cell whose race is shown, by its place in the map. */
export const looked = signal<number | undefined>(undefined);

export interface MapCell extends Cell {
  readonly request: CellRequest;
  readonly found?: Found;
}

const axisOf = (size: AxisName): Axis => ({ size, values: size === 'DTYPE' ? dtypes.value : offered[size] });

/** A filter of this size keeps the image as large as it is. */
const sameSize = (R: number): number => Math.floor(R / 2);

/** By rows. */
export const cells = computed<readonly MapCell[]>(() => {
  const { x, y, base, direction, dtype, source } = settings.value;
  const { N, C, H, K, R, STRIDE } = base;
  const sizes = [N, C, H, H, K, R, R, STRIDE, sameSize(R)];
  return axisOf(y).values.flatMap((row) =>
    axisOf(x).values.map((column) => {
      const varied = variedBy([x, column], [y, row]);
      const request = {
        sizes: sizesWith(sizes, varied.sizes),
        direction,
        dtype: (varied.dtype as CellRequest['dtype'] | undefined) ?? dtype,
        ...(source === 'measured' && { budgetMs }),
      };
      const found = known.value.get(JSON.stringify(request));
      return {
        x: column,
        y: row,
        request,
        found,
        entries: found && 'race' in found ? entriesOf(found.race, source) : [],
      };
    }),
  );
});

export const filled = computed(() => cells.value.filter(({ found }) => found).length);

/** What is known of the map, for files. */
export const map = computed<CrossoverMap>(() => {
  const { x, y, base, direction, dtype, source } = settings.value;
  const { N, C, H, K, R, STRIDE } = base;
  const adapter = engineInfo.value?.adapter;
  return {
    base: [N, C, H, H, K, R, R, STRIDE, sameSize(R)].join(),
    direction,
    dtype,
    library: 'wuDNN',
    adapter: adapter?.description ?? '',
    software: adapter?.software ?? false,
    source,
    x: axisOf(x),
    y: axisOf(y),
    cells: cells.value,
  };
});

/** Another map; whichever size an axis takes over goes from the other to it. */
export function change(by: Partial<MapSettings>): void {
  const before = settings.value;
  const next = { ...before, ...by };
  settings.value = next.x === next.y ? { ...next, ...(by.x === undefined ? { x: before.y } : { y: before.x }) } : next;
  trouble.value = undefined;
  looked.value = undefined;
}

let turn = 0;

/** Fills the open cells of whatever map is chosen, until all are filled or `pause` is called. */
export async function draw(): Promise<void> {
  if (drawing.value) return;
  const mine = ++turn;
  drawing.value = true;
  trouble.value = undefined;
  try {
    for (;;) {
      await untilIdle();
      const open = cells.value.find(({ found }) => !found);
      if (turn !== mine || !open) return;
      await fill(open.request);
    }
  } catch (error) {
    if (!(error instanceof StoppedError)) trouble.value = messageOf(error);
  } finally {
    if (turn === mine) drawing.value = false;
  }
}

export function pause(): void {
  turn++;
  drawing.value = false;
}

async function fill(request: CellRequest): Promise<void> {
  const found = await engine.mapCell(request).then(
    (race): Found => ({ race }),
    (error: unknown): Found => {
      if (error instanceof StoppedError || engineInfo.value?.device !== 'webgpu') throw error;
      return { why: messageOf(error) };
    },
  );
  if (!busy.value) standing.value = undefined;
  known.value = new Map([...known.value, [JSON.stringify(request), found] as const].slice(-mostKnown));
}

/** A run of the visitor's comes first. */
const untilIdle = (): Promise<void> =>
  new Promise((resolve) => {
    const end = effect(() => {
      if (!busy.value) queueMicrotask(() => (end(), resolve()));
    });
  });
