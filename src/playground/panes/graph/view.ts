/**
 * @file How the drawing lies in its window: moved, enlarged, fitted; and which box is next to another. Plain numbers.
 */
import type { Area, Point } from './layout.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A point of the drawing stands at `scale` times itself, plus `x` and `y`. */
export interface View extends Point {
  readonly scale: number;
}

const scales = { least: 0.05, most: 3, readable: 0.6, usual: 0.85 };

const clampScale = (scale: number): number => Math.min(scales.most, Math.max(scales.least, scale));

/** All of the drawing, in the middle; never larger than life. */
export function fit(window: Size, drawing: Size): View {
  const scale = clampScale(Math.min(1, window.width / drawing.width, window.height / drawing.height));
  return { scale, x: (window.width - drawing.width * scale) / 2, y: (window.height - drawing.height * scale) / 2 };
}

export const fitsReadably = (window: Size, drawing: Size): boolean => fit(window, drawing).scale >= scales.readable;

/** All of it where that can be read, else an area in the middle. */
export function firstView(window: Size, drawing: Size, area: Area | undefined): View {
  const whole = fit(window, drawing);
  if (fitsReadably(window, drawing) || !area) return { ...whole, y: Math.min(whole.y, 24) };
  const scale = scales.usual;
  return {
    scale,
    x: window.width / 2 - (area.x + area.width / 2) * scale,
    y: window.height / 2 - (area.y + area.height / 2) * scale,
  };
}

/** Enlarges around a point of the window, which stays where it is. */
export function zoom(view: View, factor: number, around: Point): View {
  const scale = clampScale(view.scale * factor);
  const by = scale / view.scale;
  return { scale, x: around.x - (around.x - view.x) * by, y: around.y - (around.y - view.y) * by };
}

export const move = (view: View, by: Point): View => ({ ...view, x: view.x + by.x, y: view.y + by.y });

const margin = 12;

/** Moved as little as brings an area into the window. */
export function showing(view: View, window: Size, area: Area): View {
  const [left, top] = [area.x * view.scale + view.x, area.y * view.scale + view.y];
  const [width, height] = [area.width * view.scale, area.height * view.scale];
  return move(view, { x: shift(left, width, window.width), y: shift(top, height, window.height) });
}

function shift(start: number, length: number, room: number): number {
  if (start < margin) return margin - start;
  const over = start + length - (room - margin);
  return over > 0 ? -Math.min(over, start - margin) : 0;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

const steps: Readonly<Record<Direction, Point>> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
};

/** The nearest box in a direction; what lies aside of it counts as further away. */
export function neighbour(areas: ReadonlyMap<string, Area>, from: string, to: Direction): string | undefined {
  const own = areas.get(from);
  if (!own) return undefined;
  const step = steps[to];
  let best: { key: string; distance: number } | undefined;
  for (const [key, area] of areas) {
    const [x, y] = [area.x + area.width / 2 - own.x - own.width / 2, area.y + area.height / 2 - own.y - own.height / 2];
    const ahead = x * step.x + y * step.y;
    const aside = Math.abs(x * step.y) + Math.abs(y * step.x);
    const distance = ahead + 2 * aside;
    if (key !== from && ahead > 1 && aside <= 4 * ahead && (!best || distance < best.distance))
      best = { key, distance };
  }
  return best?.key;
}

/** A line through points, round where they meet. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const parts = [`M${at(first)}`];
  for (const [i, point] of rest.entries()) {
    const next = rest[i + 1];
    if (next === undefined) parts.push(`L${at(point)}`);
    else parts.push(`Q${at(point)} ${at({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}`);
  }
  return parts.join('');
}

const at = ({ x, y }: Point): string => `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;

/** Halfway along the points. */
export function middleOf(points: readonly Point[]): Point {
  const lengths = points.slice(1).map((point, i) => Math.hypot(point.x - points[i].x, point.y - points[i].y));
  let left = lengths.reduce((a, b) => a + b, 0) / 2;
  for (const [i, length] of lengths.entries()) {
    if (left <= length && length > 0) {
      const share = left / length;
      const [a, b] = [points[i], points[i + 1]];
      return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
    }
    left -= length;
  }
  return points[0];
}
