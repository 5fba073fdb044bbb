/**
 * @file The timeline by keys: from item to item, and closer or farther.
 */
import type { Item, Span, Timeline } from './rows.ts';
import { fit, nearest, pan, reveal, zoom } from './view.ts';

/** An item's place in the rows. */
export interface Place {
  readonly row: number;
  readonly index: number;
}

export interface Looking {
  readonly view: Span;
  readonly place: Place;
}

export const itemAt = ({ rows }: Timeline, { row, index }: Place): Item => rows[row].items[index];

/** How much closer a press comes. */
export const closer = 2;

/** What a key makes of it; `undefined` for a key that means nothing here. */
export function pressed(key: string, shift: boolean, looking: Looking, timeline: Timeline): Looking | undefined {
  const { view, place } = looking;
  const look = (next: Span): Looking => ({ view: next, place });
  switch (key) {
    case '+':
    case '=':
      return look(zoom(view, closer, anchor(looking, timeline), timeline));
    case '-':
      return look(zoom(view, 1 / closer, anchor(looking, timeline), timeline));
    case '0':
      return look({ start: timeline.start, end: timeline.end });
    case 'f':
      return look(fit(itemAt(timeline, place), timeline));
    case 'ArrowLeft':
    case 'ArrowRight': {
      const by = key === 'ArrowLeft' ? -1 : 1;
      return shift ? look(pan(view, by / 4, timeline)) : go({ ...place, index: place.index + by }, looking, timeline);
    }
    case 'ArrowUp':
    case 'ArrowDown': {
      const row = place.row + (key === 'ArrowUp' ? -1 : 1);
      const items = timeline.rows[row]?.items;
      return items ? go({ row, index: nearest(items, anchor(looking, timeline)) }, looking, timeline) : looking;
    }
    case 'Home':
      return go({ ...place, index: 0 }, looking, timeline);
    case 'End':
      return go({ ...place, index: timeline.rows[place.row].items.length - 1 }, looking, timeline);
    default:
      return undefined;
  }
}

/** To a place in its row, which comes into view. */
function go({ row, index }: Place, { view }: Looking, timeline: Timeline): Looking {
  const last = timeline.rows[row].items.length - 1;
  const place = { row, index: Math.min(Math.max(index, 0), last) };
  return { place, view: reveal(view, itemAt(timeline, place), timeline) };
}

/** The middle of what is seen of the item; of the view, where nothing is. */
function anchor({ view, place }: Looking, timeline: Timeline): number {
  const item = itemAt(timeline, place);
  const [from, to] = [Math.max(item.start, view.start), Math.min(item.end, view.end)];
  return from <= to ? (from + to) / 2 : (view.start + view.end) / 2;
}
