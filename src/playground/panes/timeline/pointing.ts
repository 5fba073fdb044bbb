/**
 * @file The timeline by pointer and wheel: bars are pointed at, pressed and opened; time is dragged and scaled.
 */
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { placeWithin } from '../measured.ts';
import { choose } from './choose.ts';
import type { Looking } from './keys.ts';
import type { PictureLayout } from './layout.ts';
import { rowAt } from './layout.ts';
import type { Item, Timeline } from './rows.ts';
import { hull } from './rows.ts';
import type { Bar } from './view.ts';
import { barAt, fit, pan, zoom } from './view.ts';

/** A bar, by what it is drawn for. */
export interface Pointed {
  readonly row: number;
  readonly first: number;
  readonly items: readonly Item[];
}

export interface Pointing {
  readonly frame: RefObject<HTMLElement | null>;
  readonly timeline: Timeline;
  readonly looking: Signal<Looking>;
  readonly layout: ReadonlySignal<PictureLayout>;
  readonly drawn: ReadonlySignal<readonly (readonly Bar[])[]>;
  readonly pointed: Signal<Pointed | undefined>;
  readonly shown: Signal<readonly Item[]>;
}

/** So much closer for each pixel of the wheel, as a power of e. */
const wheelStep = 0.002;
/** A pointer that moves less has pressed, not dragged. */
const still = 4;

export function pointing({ frame, timeline, looking, layout, drawn, pointed, shown }: Pointing) {
  let drag: { x: number; moved: boolean } | undefined;

  const look = (view: Looking['view']): void => void (looking.value = { ...looking.peek(), view });
  const placeOf = (event: MouseEvent): { x: number; y: number } => {
    const { x, y } = placeWithin(frame.current!, event);
    return { x: x - layout.peek().left, y };
  };
  function under(event: MouseEvent): Pointed | undefined {
    const { x, y } = placeOf(event);
    const row = rowAt(layout.peek(), y);
    const bar = barAt(drawn.peek()[row], x);
    return bar && { row, first: bar.first, items: timeline.rows[row].items.slice(bar.first, bar.first + bar.count) };
  }
  function pressBar({ row, first, items }: Pointed): void {
    looking.value = { ...looking.peek(), place: { row, index: first } };
    shown.value = items;
    if (items.length > 1) look(fit(hull(items), timeline));
    else choose(items[0]);
  }

  return {
    /** Preact would listen passively, and the page would scroll. */
    listenToWheel(element: HTMLElement): () => void {
      const onWheel = (event: WheelEvent): void => {
        const { view } = looking.peek();
        const { width } = layout.peek();
        const at = view.start + (placeOf(event).x / width) * (view.end - view.start);
        const next =
          Math.abs(event.deltaX) > Math.abs(event.deltaY)
            ? pan(view, event.deltaX / width, timeline)
            : zoom(view, Math.exp(-event.deltaY * wheelStep), at, timeline);
        if (next.start === view.start && next.end === view.end) return;
        event.preventDefault();
        look(next);
      };
      element.addEventListener('wheel', onWheel, { passive: false });
      return () => element.removeEventListener('wheel', onWheel);
    },
    handlers: {
      onPointerDown(event: PointerEvent): void {
        if (event.button !== 0) return;
        drag = { x: placeOf(event).x, moved: false };
        frame.current!.setPointerCapture(event.pointerId);
      },
      onPointerMove(event: PointerEvent): void {
        if (!drag) {
          pointed.value = under(event);
          if (pointed.value) shown.value = pointed.value.items;
          return;
        }
        const { x } = placeOf(event);
        const by = x - drag.x;
        if (!drag.moved && Math.abs(by) < still) return;
        drag = { x, moved: true };
        look(pan(looking.peek().view, -by / layout.peek().width, timeline));
      },
      onPointerUp(event: PointerEvent): void {
        const pressed = drag && !drag.moved ? under(event) : undefined;
        drag = undefined;
        if (pressed) pressBar(pressed);
      },
      onPointerCancel: (): void => void (drag = undefined),
      onPointerLeave: (): void => void (pointed.value = undefined),
      onDblClick(event: MouseEvent): void {
        const bar = under(event);
        if (bar) look(fit(hull(bar.items), timeline));
      },
    },
  };
}
