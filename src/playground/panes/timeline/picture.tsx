/**
 * @file The timeline as a picture, as wide as its pane.
 */
import type { Signal } from '@preact/signals';
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { highlight } from '../../highlights.ts';
import { say } from '../../language.ts';
import { sized, useMeasured } from '../measured.ts';
import { Bars, Ticks } from './bars.tsx';
import { choose, litItems } from './choose.ts';
import type { Looking } from './keys.ts';
import { itemAt, pressed } from './keys.ts';
import type { PictureLayout } from './layout.ts';
import { barHeight, layOut } from './layout.ts';
import type { Pointed } from './pointing.ts';
import { pointing } from './pointing.ts';
import type { Item, Span, Timeline } from './rows.ts';
import { hull } from './rows.ts';
import { barsOf } from './view.ts';

interface Props {
  readonly timeline: Timeline;
  readonly looking: Signal<Looking>;
  /** What the figures below are of. */
  readonly shown: Signal<readonly Item[]>;
  /** The id of the text that tells the keys. */
  readonly help: string;
}

export function Picture({ timeline, looking, shown, help }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useMeasured(frame);
  const focused = useSignal(false);
  const pointed = useSignal<Pointed | undefined>(undefined);
  const layout = useComputed(() => layOut(timeline.rows, width.value));
  const drawn = useComputed(() =>
    timeline.rows.map(({ items }) => barsOf(items, looking.value.view, layout.value.width)),
  );
  const lights = useComputed(() => litItems(timeline, highlight.value));
  const pointer = useMemo(() => pointing({ frame, timeline, looking, layout, drawn, pointed, shown }), []);

  useEffect(() => pointer.listenToWheel(frame.current!), []);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') choose(itemAt(timeline, looking.peek().place));
    else {
      const next = pressed(event.key, event.shiftKey, looking.peek(), timeline);
      if (!next) return;
      looking.value = next;
      pointed.value = undefined;
      shown.value = [itemAt(timeline, next.place)];
    }
    event.preventDefault();
  };
  const { view, place } = looking.value;
  const { left, height, rows } = layout.value;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application takes keys
    <div
      ref={frame}
      class="timeline-picture"
      role="application"
      aria-label={say({ en: 'Timeline of the run', zh: '这次运行的时间线' })}
      aria-describedby={help}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onFocus={() => {
        focused.value = frame.current!.matches(':focus-visible');
        if (focused.value) shown.value = [itemAt(timeline, looking.peek().place)];
      }}
      onBlur={() => (focused.value = false)}
      {...pointer.handlers}
    >
      {width.value > 0 && (
        <svg {...sized(width.value, height)} aria-hidden="true">
          <defs>
            <pattern
              id="timeline-hatch"
              width={5}
              height={5}
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width={2} height={5} />
            </pattern>
          </defs>
          <Ticks timeline={timeline} view={view} layout={layout.value} />
          {timeline.rows.map((row, i) => (
            <Bars key={i} row={row} bars={drawn.value[i]} at={rows[i]} left={left} lit={lights.value} />
          ))}
          {pointed.value && (
            <Outline of={hull(pointed.value.items)} row={pointed.value.row} view={view} layout={layout.value} />
          )}
          {focused.value && (
            <Outline of={itemAt(timeline, place)} row={place.row} view={view} layout={layout.value} isFocus />
          )}
        </svg>
      )}
    </div>
  );
}

interface OutlineProps {
  readonly of: Span;
  readonly row: number;
  readonly view: Span;
  readonly layout: PictureLayout;
  readonly isFocus?: boolean;
}

/** Around a bar, and seen where the bar is narrower than a pixel. */
function Outline({ of: { start, end }, row, view, layout: { left, width, rows }, isFocus = false }: OutlineProps) {
  if (end < view.start || start > view.end) return null;
  const x = (time: number): number =>
    left + Math.min(Math.max(((time - view.start) / (view.end - view.start)) * width, 0), width);
  return (
    <rect
      class={isFocus ? 'outline focused' : 'outline'}
      x={x(start) - 1}
      y={rows[row].y - 1}
      width={Math.max(x(end) - x(start), 1) + 2}
      height={barHeight + 2}
      rx={3}
    />
  );
}
