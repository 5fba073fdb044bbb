/**
 * @file How this visitor's bench is divided, and what is in front: signals, kept across visits.
 */
import { computed, effect, signal } from '@preact/signals';
import { isHidden, linked } from '../opening-link.ts';
import type { PaneId } from '../panes/index.ts';
import { paneIds } from '../panes/index.ts';
import { visitor } from '../storage.ts';
import type { Layout, Side, Slot } from './layout.ts';
import * as tree from './layout.ts';
import { readLayout, writeLayout } from './layout-text.ts';
import { room } from './width.ts';

/** The panes that this page offers; a link may leave some out. */
export const offered = paneIds.filter((pane) => !isHidden(pane));

const isOffered = (pane: PaneId): boolean => offered.includes(pane);

const standard = tree.standardLayout(isOffered);

/** The link's layout goes before the visitor's own, and does not replace it until the visitor changes it. */
export const layout = signal<Layout>(tree.keepOnly(linked.panes ?? recalled() ?? standard, isOffered));

/** The panes that are open, in the order of one row of tabs, which they are where there is no room for the layout. */
export const openPanes = computed<readonly PaneId[]>(() => {
  const open = tree.slotsIn(layout.value);
  return offered.filter((pane) => open.includes(pane));
});

/** The pane that was brought to the front last. */
const lastShown = signal<PaneId | undefined>(undefined);

/** What one row of tabs shows. */
export const front = computed<PaneId | undefined>(() =>
  lastShown.value && openPanes.value.includes(lastShown.value) ? lastShown.value : openPanes.value[0],
);

/** The panes that the visitor sees. */
export const panesInSight = computed<readonly Slot[]>(() =>
  room.value === 'wide' ? tree.shownIn(layout.value) : front.value ? [front.value] : [],
);

/** The layout for a link; nothing where it is the usual one. */
export const layoutToShare = computed<Layout | undefined>(() => (isStandard.value ? undefined : layout.value));

export const isStandard = computed(() => writeLayout(layout.value) === writeLayout(standard));

/** Opens a pane where it is closed, and brings it to the front. */
export function showPane(pane: PaneId): void {
  if (!isOffered(pane)) return;
  change(tree.restore(layout.value, pane));
  lastShown.value = pane;
}

export const closePane = (pane: PaneId): void => change(tree.close(layout.value, pane));

export const dockPane = (pane: PaneId, at: Slot, side: Side, before?: Slot): void =>
  change(tree.dock(layout.value, pane, at, side, before));

/** Takes a pane by keys to a side of its group; where it is alone, to the group before or after. */
export function movePane(pane: PaneId, side: Exclude<Side, 'among'>): void {
  if (tree.groupWith(layout.value, pane)!.slots.length > 1) return dockPane(pane, pane, side);
  const others = tree.slotsIn(layout.value).filter((slot) => slot !== 'editor');
  const at = others.indexOf(pane);
  const neighbour = others[side === 'left' || side === 'above' ? at - 1 : at + 1];
  if (neighbour) dockPane(pane, neighbour, 'among');
}

export const resizeSplit = (path: readonly number[], shares: readonly number[]): void =>
  change(tree.resize(layout.value, path, shares));

export function restoreStandard(): void {
  change(standard);
  lastShown.value = undefined;
}

let changed = false;

function change(to: Layout): void {
  changed = true;
  layout.value = to;
}

/** Keeps what the visitor makes of the bench. */
export function keepLayout(): void {
  effect(() => {
    const text = writeLayout(layout.value);
    if (changed) visitor.remember('panes', isStandard.value ? undefined : text);
  });
}

/** What an earlier page kept may name panes that there are no more. */
function recalled(): Layout | undefined {
  const text = visitor.recall('panes');
  try {
    return text === undefined ? undefined : readLayout(text);
  } catch {
    return undefined;
  }
}
