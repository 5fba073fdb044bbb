/**
 * @file A tab on its way to another place: what is dragged, and where it would go. A press becomes a drag after some
 * pixels, so that a click stays a click.
 */
import { signal } from '@preact/signals';
import type { PaneId } from '../panes/index.ts';
import { dockPane } from './arrangement.ts';
import type { Side, Slot } from './layout.ts';

interface Target {
  /** A slot of the group that it would be dropped on. */
  readonly at: Slot;
  readonly side: Side;
  readonly before?: Slot;
  /** The part of the page that it would take. */
  readonly area: Pick<DOMRect, 'left' | 'top' | 'width' | 'height'>;
}

export const dragged = signal<PaneId | undefined>(undefined);
export const target = signal<Target | undefined>(undefined);

const threshold = 6;
/** The outer part of a group, of its width or height, that stands for a side of it. */
const edge = 0.3;

/** Follows the pointer from a tab on until it is let go; Escape gives up. */
export function startDrag(pane: PaneId, down: PointerEvent): void {
  if (down.button !== 0) return;
  const ended = new AbortController();
  const { signal: over } = ended;
  const end = (): void => {
    ended.abort();
    dragged.value = undefined;
    target.value = undefined;
  };
  const move = ({ clientX, clientY }: PointerEvent): void => {
    if (dragged.value === undefined) {
      if (Math.hypot(clientX - down.clientX, clientY - down.clientY) < threshold) return;
      dragged.value = pane;
    }
    target.value = targetAt(clientX, clientY);
  };
  addEventListener('pointermove', move, { signal: over });
  addEventListener('pointercancel', end, { signal: over });
  addEventListener('keydown', ({ key }) => key === 'Escape' && end(), { signal: over });
  addEventListener(
    'pointerup',
    () => {
      const drop = dragged.value !== undefined && target.value;
      end();
      if (drop) dockPane(pane, drop.at, drop.side, drop.before);
    },
    { signal: over },
  );
}

function targetAt(x: number, y: number): Target | undefined {
  const under = document.elementFromPoint(x, y);
  const group = under?.closest<HTMLElement>('[data-group]');
  if (!group) return undefined;
  const at = group.dataset['group'] as Slot;
  const tab = under?.closest<HTMLElement>('[data-tab]');
  if (tab) {
    const { left, top, width, height } = tab.getBoundingClientRect();
    const before = x < left + width / 2 ? tab : (tab.nextElementSibling as HTMLElement | null);
    const edgeAt = before === tab ? left : left + width;
    return {
      at,
      side: 'among',
      before: before?.dataset['tab'] as Slot,
      area: { left: edgeAt - 1, top, width: 2, height },
    };
  }
  const area = group.getBoundingClientRect();
  const side = sideOf((x - area.left) / area.width, (y - area.top) / area.height, at !== 'editor');
  return side && { at, side, area: partOf(area, side) };
}

/** The nearest side where that is near; else the middle, where that takes tabs. */
export function sideOf(across: number, down: number, takesTabs: boolean): Side | undefined {
  const distances: [Side, number][] = [
    ['left', across],
    ['right', 1 - across],
    ['above', down],
    ['below', 1 - down],
  ];
  const [side, distance] = distances.reduce((a, b) => (b[1] < a[1] ? b : a));
  if (distance < edge) return side;
  return takesTabs ? 'among' : undefined;
}

function partOf({ left, top, width, height }: DOMRect, side: Side): Target['area'] {
  if (side === 'left' || side === 'right')
    return { left: side === 'left' ? left : left + width / 2, top, width: width / 2, height };
  if (side === 'above' || side === 'below')
    return { left, top: side === 'above' ? top : top + height / 2, width, height: height / 2 };
  return { left, top, width, height };
}
