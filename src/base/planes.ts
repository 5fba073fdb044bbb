/**
 * @file A tensor as pictures: its last two dimensions are planes, the one before them is laid out as tiles, and those
 * before that are chosen.
 */

/** How a shape is laid out. */
export interface Tiling {
  readonly height: number;
  readonly width: number;
  /** Planes side by side, and on how many columns. */
  readonly tiles: number;
  readonly columns: number;
  /** Sizes of the dimensions of which one index is shown. */
  readonly chosen: readonly number[];
}

/** Where an element lies. */
export interface Place {
  readonly tile: number;
  readonly y: number;
  readonly x: number;
}

/** Pixels between two tiles. */
export const gap = 1;

/** Proportion of a picture that fits beside its numbers. */
const aspect = 1.6;

/** The layout of a shape; nothing for a single number, or where there is none. */
export function tilingOf(shape: readonly number[]): Tiling | undefined {
  if (shape.reduce((product, size) => product * size, 1) < 2) return undefined;
  const [tiles, height, width] = [1, 1, 1, ...shape].slice(-3);
  const most = Math.ceil(Math.sqrt((tiles * (height + gap) * aspect) / (width + gap)));
  const columns = Math.max(1, Math.min(tiles, most));
  return { height, width, tiles, columns, chosen: shape.slice(0, -3) };
}

/** Width and height in elements, gaps counted. */
export function sizeOfPicture({ height, width, tiles, columns }: Tiling): readonly [width: number, height: number] {
  const rows = Math.ceil(tiles / columns);
  return [columns * (width + gap) - gap, rows * (height + gap) - gap];
}

/** Where a tile's first element is drawn. */
export function cornerOf({ height, width, columns }: Tiling, tile: number): readonly [x: number, y: number] {
  return [(tile % columns) * (width + gap), Math.floor(tile / columns) * (height + gap)];
}

/** The element that is drawn at a pixel; nothing in a gap. */
export function placeAt(tiling: Tiling, px: number, py: number): Place | undefined {
  const { height, width, tiles, columns } = tiling;
  const [column, row] = [Math.floor(px / (width + gap)), Math.floor(py / (height + gap))];
  const place = { tile: row * columns + column, y: py - row * (height + gap), x: px - column * (width + gap) };
  const inside = place.y >= 0 && place.y < height && place.x >= 0 && place.x < width;
  return inside && column < columns && place.tile >= 0 && place.tile < tiles ? place : undefined;
}

/** An element's indices, one a dimension of the shape. */
export function indicesOf(shape: readonly number[], chosen: readonly number[], { tile, y, x }: Place): number[] {
  return [...chosen, ...[tile, y, x].slice(3 - Math.min(3, shape.length))];
}

/** Where the shown planes begin among all numbers. */
export function offsetOf({ height, width, tiles, chosen }: Tiling, at: readonly number[]): number {
  return chosen.reduce((offset, size, i) => offset * size + at[i], 0) * tiles * height * width;
}

/** The place one step away, in the picture; the same at its edge. */
export function moved(tiling: Tiling, { tile, y, x }: Place, dx: number, dy: number): Place {
  const [left, top] = cornerOf(tiling, tile);
  const next = placeAt(tiling, left + x + dx, top + y + dy) ?? placeAt(tiling, left + x + 2 * dx, top + y + 2 * dy);
  return next ?? { tile, y, x };
}

/** What the colours stand for: from −most to most where there are both signs, else from the least number. */
export interface Scale {
  readonly least: number;
  readonly most: number;
  readonly signed: boolean;
}

/** The least and the largest finite number; 0 and 1 where there is none. */
export function rangeOf(values: ArrayLike<number>): readonly [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    least = Math.min(least, values[i]);
    most = Math.max(most, values[i]);
  }
  return least > most ? [0, 1] : [least, most];
}

export function scaleOf([least, most]: readonly [number, number]): Scale {
  const signed = least < 0 && most > 0;
  const largest = Math.max(-least, most);
  return signed ? { least: -largest, most: largest, signed } : { least, most, signed };
}

export type Colour = readonly [red: number, green: number, blue: number];

/** Told apart by those who see no red or no green: blue by white to orange, and dark blue by green to yellow. */
const diverging: readonly Colour[] = [
  [5, 48, 97],
  [67, 147, 195],
  [247, 247, 247],
  [224, 130, 20],
  [127, 59, 8],
];
const sequential: readonly Colour[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];
/** NaN and infinities: no shade of a number. */
export const noNumber: Colour = [255, 0, 200];

export function colourOf(value: number, { least, most, signed }: Scale): Colour {
  if (!Number.isFinite(value)) return noNumber;
  const stops = signed ? diverging : sequential;
  const share = most > least ? (value - least) / (most - least) : 0.5;
  const at = Math.max(0, Math.min(1, share)) * (stops.length - 1);
  const from = Math.min(stops.length - 2, Math.floor(at));
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round(stops[from][channel] + (at - from) * (stops[from + 1][channel] - stops[from][channel]));
  return [mix(0), mix(1), mix(2)];
}

/** How many finite numbers lie in each of equal intervals of their range. */
export function histogramOf(
  values: ArrayLike<number>,
  [least, most]: readonly [number, number],
  bins: number,
): readonly number[] {
  const counts = Array.from({ length: bins }, () => 0);
  const width = most - least || 1;
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i])) counts[Math.min(bins - 1, Math.floor(((values[i] - least) / width) * bins))]++;
  return counts;
}
