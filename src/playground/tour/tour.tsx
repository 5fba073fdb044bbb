/**
 * @file The tour: a card that points at one thing after the other. It holds nobody up: the page goes on working beneath
 * it, Escape ends it, and arrow keys lead on.
 */
import '../styles/tour.css';
import { effect, signal, useSignal } from '@preact/signals';
import { render } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { showPane } from '../bench/arrangement.ts';
import { room } from '../bench/width.ts';
import { say } from '../language.ts';
import { activity } from '../state.ts';
import type { Box, TourStep } from './steps.ts';
import { placeCard, tourSteps, tourWords } from './steps.ts';

const at = signal<number | undefined>(undefined);
let host: HTMLElement | undefined;
let focusedBefore: Element | null = null;

/** Begins at the first step; a tour that is under way goes back to it. */
export function showTour(): void {
  if (!host) {
    focusedBefore = document.activeElement;
    host = document.body.appendChild(document.createElement('div'));
    render(<Tour />, host);
  }
  at.value = 0;
}

function end(): void {
  at.value = undefined;
  if (!host) return;
  render(null, host);
  host.remove();
  host = undefined;
  if (focusedBefore instanceof HTMLElement && focusedBefore.isConnected) focusedBefore.focus();
}

const go = (by: number): void => {
  const next = (at.value ?? 0) + by;
  if (next === tourSteps.length) end();
  else if (next >= 0) at.value = next;
};

function Tour() {
  const overlay = useRef<HTMLDivElement>(null);
  useEffect(() => {
    overlay.current!.showPopover();
    const ended = new AbortController();
    addEventListener(
      'keydown',
      ({ key, target }) => {
        if (key === 'Escape') end();
        else if (!overlay.current?.contains(target as Node)) return;
        else if (key === 'ArrowLeft') go(-1);
        else if (key === 'ArrowRight' && at.peek() !== tourSteps.length - 1) go(1);
      },
      { signal: ended.signal },
    );
    const stop = effect(() => {
      if (activity.value === 'running' && at.peek() !== undefined && tourSteps[at.peek()!].endsByRun) go(1);
    });
    return () => {
      ended.abort();
      stop();
    };
  }, []);
  return (
    <div class="tour" popover="manual" ref={overlay}>
      {at.value !== undefined && <Shown step={tourSteps[at.value]} number={at.value + 1} />}
    </div>
  );
}

function Shown({ step, number }: { step: TourStep; number: number }) {
  const card = useRef<HTMLDivElement>(null);
  const lead = useRef<HTMLButtonElement>(null);
  const ring = useSignal<Box | undefined>(undefined);
  const place = useSignal<Pick<Box, 'left' | 'top'>>({ left: 0, top: 0 });
  const isNarrow = room.value === 'narrow';

  useLayoutEffect(() => {
    if (step.pane) showPane(step.pane);
    document.querySelector(step.target)?.scrollIntoView({ block: isNarrow ? 'start' : 'nearest' });
    lead.current!.focus({ preventScroll: true });
    const measure = (): void => {
      const { innerWidth: width, innerHeight: height } = window;
      const found = document.querySelector(step.target)?.getBoundingClientRect();
      ring.value = found && clipped(found, { width, height });
      const size = card.current!.getBoundingClientRect();
      place.value = placeCard(ring.value ?? { left: 0, top: 0, width, height }, size, { width, height });
    };
    const ended = new AbortController();
    const resized = new ResizeObserver(measure);
    resized.observe(document.body);
    resized.observe(card.current!);
    for (const event of ['resize', 'scroll'])
      addEventListener(event, measure, { capture: true, passive: true, signal: ended.signal });
    const drawn = requestAnimationFrame(measure); // a pane that was brought forward is drawn by then
    return () => {
      ended.abort();
      resized.disconnect();
      cancelAnimationFrame(drawn);
    };
  }, [step, isNarrow]);

  const isLast = number === tourSteps.length;
  return (
    <>
      {ring.value && <div class="ring" style={px(ring.value)} />}
      <div
        class={isNarrow ? 'card docked' : 'card'}
        role="dialog"
        aria-label={say(tourWords.name)}
        ref={card}
        style={isNarrow ? undefined : px(place.value)}
      >
        <div aria-live="polite">
          <h2>{say(step.title)}</h2>
          <p>{say(step.text)}</p>
        </div>
        <div class="ways">
          <span class="count">
            {number} / {tourSteps.length}
          </span>
          {!isLast && (
            <button type="button" class="quiet" onClick={end}>
              {say(tourWords.skip)}
            </button>
          )}
          {number > 1 && (
            <button type="button" onClick={() => go(-1)}>
              {say(tourWords.back)}
            </button>
          )}
          <button type="button" class="primary" ref={lead} onClick={() => go(1)}>
            {say(isLast ? tourWords.done : tourWords.next)}
          </button>
        </div>
      </div>
    </>
  );
}

/** The part that is in the window, with a little room around it. */
function clipped({ left, top, right, bottom }: DOMRect, { width, height }: Pick<Box, 'width' | 'height'>): Box {
  const [x, y] = [Math.max(2, left - 4), Math.max(2, top - 4)];
  return {
    left: x,
    top: y,
    width: Math.max(0, Math.min(width - 2, right + 4) - x),
    height: Math.max(0, Math.min(height - 2, bottom + 4) - y),
  };
}

const px = (box: Partial<Box>): Record<string, string> =>
  Object.fromEntries(Object.entries(box).map(([name, value]) => [name, `${value}px`]));
