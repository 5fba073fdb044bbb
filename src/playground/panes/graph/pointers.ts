/**
 * @file Pointers and wheel on the drawing: one pointer moves it, two enlarge it, as does the wheel.
 */
import { placeWithin } from '../measured.ts';
import type { Point } from './layout.ts';

interface Moves {
  move(by: Point): void;
  zoom(factor: number, around: Point): void;
  /** Else the wheel scrolls the page, and enlarges with Control held, as a pinch on a touchpad says it. */
  wheelZooms(): boolean;
}

const perPixel = 0.0015;

export function followPointers(element: SVGSVGElement, { move, zoom, wheelZooms }: Moves): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const down = new Map<number, Point>();
  const local = (event: MouseEvent): Point => placeWithin(element, event);
  element.addEventListener(
    'wheel',
    (event) => {
      if (!wheelZooms() && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * 16;
      zoom(Math.exp(-pixels * perPixel * (event.ctrlKey ? 4 : 1)), local(event));
    },
    { signal, passive: false },
  );
  element.addEventListener('pointerdown', (event) => event.button === 0 && down.set(event.pointerId, local(event)), {
    signal,
  });
  addEventListener(
    'pointermove',
    (event) => {
      const before = down.get(event.pointerId);
      if (!before) return;
      const now = local(event);
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
      if (other) {
        const distance = (point: Point): number => Math.hypot(point.x - other.x, point.y - other.y);
        if (distance(before) > 0) zoom(distance(now) / distance(before), other);
      } else move({ x: now.x - before.x, y: now.y - before.y });
      down.set(event.pointerId, now);
    },
    { signal },
  );
  for (const end of ['pointerup', 'pointercancel'] as const)
    addEventListener(end, ({ pointerId }) => void down.delete(pointerId), { signal });
  return () => ended.abort();
}
