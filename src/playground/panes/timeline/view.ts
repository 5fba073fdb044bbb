/**
 * @file The part of the time that is looked at, and where things lie in it: plain numbers, no drawing.
 */
import type { Item, Span } from './rows.ts';

/** Nothing is told apart below a nanosecond. */
const shortest = 1e-6;

/** Zoomed in by a factor, or out by one below 1, around a time; it stays within the whole. */
export function zoom(view: Span, factor: number, at: number, whole: Span): Span {
  const length = Math.min(Math.max((view.end - view.start) / factor, shortest), whole.end - whole.start);
  const left = (at - view.start) / (view.end - view.start);
  return within({ start: at - left * length, end: at + (1 - left) * length }, whole);
}

/** Moved by so many of its own lengths. */
export function pan(view: Span, lengths: number, whole: Span): Span {
  const by = lengths * (view.end - view.start);
  return within({ start: view.start + by, end: view.end + by }, whole);
}

/** Moved just as far as it takes to see an item, its beginning first. */
export function reveal(view: Span, item: Span, whole: Span): Span {
  const length = view.end - view.start;
  const ahead = Math.min(item.end, item.start + length) - view.end;
  const by = item.start < view.start ? item.start - view.start : Math.max(0, ahead);
  return by === 0 ? view : within({ start: view.start + by, end: view.end + by }, whole);
}

/** As close to an item as shows it whole, with some time around it. */
export function fit(item: Span, whole: Span): Span {
  const around = Math.max((item.end - item.start) * 0.05, shortest);
  return within({ start: item.start - around, end: item.end + around }, whole);
}

function within({ start, end }: Span, whole: Span): Span {
  if (end - start >= whole.end - whole.start) return { start: whole.start, end: whole.end };
  const by = Math.max(0, whole.start - start) - Math.max(0, end - whole.end);
  return { start: start + by, end: end + by };
}

/** What is drawn as one: an item, or neighbours that are too narrow to be told apart. */
export interface Bar {
  readonly x: number;
  readonly width: number;
  /** Its items: those of the row from `first` on. */
  readonly first: number;
  readonly count: number;
}

/** Below this width, in pixels, neighbours become one. */
const narrow = 2;
/** They are neighbours where less than this lies between them. */
const gap = 1;

/** What is seen of a row in a picture of so many pixels. */
export function barsOf(items: readonly Item[], view: Span, width: number): Bar[] {
  const scale = width / (view.end - view.start);
  const bars: { x: number; width: number; first: number; count: number }[] = [];
  for (let i = firstEndingAfter(items, view.start); i < items.length && items[i].start <= view.end; i++) {
    const x = Math.max(0, (items[i].start - view.start) * scale);
    const right = Math.min(width, (items[i].end - view.start) * scale);
    const last = bars.at(-1);
    if (last && right - x < narrow && (last.count > 1 || last.width < narrow) && x - (last.x + last.width) < gap) {
      last.width = Math.max(last.width, right - last.x);
      last.count++;
    } else bars.push({ x, width: Math.max(0, right - x), first: i, count: 1 });
  }
  return bars;
}

/** The bar at a place, or the nearest one within a few pixels. */
export function barAt(bars: readonly Bar[], x: number, reach = 4): Bar | undefined {
  const distance = (bar: Bar): number => Math.max(bar.x - x, x - (bar.x + bar.width), 0);
  let best: Bar | undefined;
  for (const bar of bars) if (distance(bar) <= reach && (!best || distance(bar) <= distance(best))) best = bar;
  return best;
}

/** The index of the first item that ends at this time or later. */
function firstEndingAfter(items: readonly Item[], time: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle].end < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The item nearest to a time. */
export function nearest(items: readonly Item[], time: number): number {
  const after = Math.min(firstEndingAfter(items, time), items.length - 1);
  if (after === 0 || items[after].start <= time) return after;
  return time - items[after - 1].end < items[after].start - time ? after - 1 : after;
}

export interface Tick {
  readonly x: number;
  readonly label: string;
}

/** Round times since the run began, some hundred pixels apart. */
export function ticksOf(view: Span, width: number, origin: number): Tick[] {
  const rough = ((view.end - view.start) / width) * 110;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough)!;
  const first = Math.ceil((view.start - origin) / step);
  const last = Math.floor((view.end - origin) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const time = (first + i) * step;
    return { x: ((time + origin - view.start) / (view.end - view.start)) * width, label: tickText(time, step) };
  });
}

/** As many digits as tell one step from the next. */
function tickText(ms: number, step: number): string {
  if (ms === 0) return '0';
  const [unit, size] = step >= 1000 ? ['s', 1000] : step >= 0.1 ? ['ms', 1] : ['µs', 1e-3];
  const digits = Math.max(0, -Math.floor(Math.log10(step / size) + 1e-9));
  return `${(ms / size).toFixed(digits)} ${unit}`;
}

/** As much of a name as fits into a bar. */
export function labelFor(name: string, width: number): string {
  const most = Math.floor((width - 8) / 6.4);
  if (most < 3) return '';
  return name.length <= most ? name : `${name.slice(0, most - 1)}…`;
}
