/**
 * @file How the rows stand below each other in a picture of a width: headings beside them where there is room, else
 * above them.
 */
import { headingOf } from './remote.ts';
import type { Kind, Row } from './rows.ts';

export const titles: Record<Kind, string> = {
  program: 'Program',
  engine: 'Engine',
  module: 'Modules',
  operation: 'Operations',
  kernel: 'Kernels',
  remote: 'Remote',
};

export const barHeight = 20;

const between = { rows: 2, lanes: 10 };
const axisHeight = 22;
const wide = { from: 560, gutter: 92 };
const headingHeight = 18;

export interface Placed {
  readonly y: number;
  /** Of the first row of its kind: where its heading stands. */
  readonly heading?: { readonly text: string; readonly y: number };
}

export interface PictureLayout {
  /** Where time begins. */
  readonly left: number;
  /** Of the time. */
  readonly width: number;
  readonly height: number;
  /** One a row. */
  readonly rows: readonly Placed[];
}

export function layOut(rows: readonly Row[], width: number): PictureLayout {
  const beside = width >= wide.from;
  const left = beside ? wide.gutter : 0;
  const placed: Placed[] = [];
  let y = axisHeight;
  for (const [i, { kind, trace }] of rows.entries()) {
    const isFirst = kind !== rows[i - 1]?.kind || trace !== rows[i - 1]?.trace;
    const isBeside = beside && !trace; // a remote's name needs the whole width
    if (isFirst && i > 0) y += between.lanes;
    else if (i > 0) y += between.rows;
    if (isFirst && !isBeside) y += headingHeight;
    placed.push({
      y,
      ...(isFirst && {
        heading: {
          text: trace ? headingOf(trace) : titles[kind],
          y: isBeside ? y + barHeight / 2 : y - headingHeight / 2,
        },
      }),
    });
    y += barHeight;
  }
  return { left, width: Math.max(1, width - left), height: y + 4, rows: placed };
}

/** The row at a height; a row's surroundings belong to the nearest. */
export function rowAt({ rows }: PictureLayout, y: number): number {
  const distance = ({ y: top }: Placed): number => Math.max(top - y, y - (top + barHeight), 0);
  return rows.reduce((best, placed, i) => (distance(placed) < distance(rows[best]) ? i : best), 0);
}
