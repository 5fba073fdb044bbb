/**
 * @file How the bench is divided: a tree of rows and columns whose leaves are groups of panes, and one leaf that is the
 * editor. Values without a DOM; every function returns a new tree.
 */
import type { PaneId } from '../panes/index.ts';
import { paneIds, panes } from '../panes/index.ts';
import type { Home } from '../panes/pane.ts';

export type Slot = PaneId | 'editor';

export type Layout = Split | Group;

/** Parts side by side or one below the other; a part of a row is never a row. */
export interface Split {
  readonly direction: 'row' | 'column';
  readonly parts: readonly Layout[];
  /** How much of the whole each part takes, in percent; they sum to 100. */
  readonly shares: readonly number[];
}

/** Tabs at one place. The editor's group holds nothing else. */
export interface Group {
  readonly slots: readonly Slot[];
  readonly shown: Slot;
}

/** Where a pane goes, relative to the group that it is dropped on. */
export type Side = 'left' | 'right' | 'above' | 'below' | 'among';

export const isSplit = (layout: Layout): layout is Split => 'parts' in layout;

/** What the bench looks like until a visitor changes it. */
export function standardLayout(has: (pane: PaneId) => boolean = () => true): Layout {
  const at = (home: string): PaneId[] =>
    paneIds.filter((pane) => panes[pane].home === home && !('closed' in panes[pane]) && has(pane));
  const [beside, below] = [at('beside'), at('below')];
  const left = below.length ? split('column', [editor, groupOf(below)], [64, 36]) : editor;
  return beside.length ? split('row', [left, groupOf(beside)], [42, 58]) : left;
}

const editor: Group = { slots: ['editor'], shown: 'editor' };

const groupOf = (slots: readonly Slot[], shown = slots[0]): Group => ({ slots, shown });

/** The slots of a layout, from the first to the last. */
export function slotsIn(layout: Layout): Slot[] {
  return isSplit(layout) ? layout.parts.flatMap(slotsIn) : [...layout.slots];
}

/** What is in front, one of each group. */
export function shownIn(layout: Layout): Slot[] {
  return isSplit(layout) ? layout.parts.flatMap(shownIn) : [layout.shown];
}

export function groupWith(layout: Layout, slot: Slot): Group | undefined {
  if (!isSplit(layout)) return layout.slots.includes(slot) ? layout : undefined;
  return layout.parts.map((part) => groupWith(part, slot)).find(Boolean);
}

/** Brings a pane to the front of its group. */
export function show(layout: Layout, pane: PaneId): Layout {
  return replaceGroup(layout, pane, ({ slots }) => groupOf(slots, pane));
}

/** The layout without a pane; what its place leaves goes to its neighbours. */
export function close(layout: Layout, pane: PaneId): Layout {
  return without(layout, pane) ?? editor;
}

/** Puts a pane where others of its home are, or where its home is. */
export function restore(layout: Layout, pane: PaneId): Layout {
  if (groupWith(layout, pane)) return show(layout, pane);
  const place = placeOf(pane);
  if (place === 'before') return join('row', [groupOf([pane]), layout], [28, 72]);
  const kin = slotsIn(layout).find((slot) => slot !== 'editor' && placeOf(slot) === place);
  if (kin) return insert(layout, pane, kin, 'among');
  if (place === 'below') return insert(layout, pane, 'editor', 'below');
  return join('row', [layout, groupOf([pane])], [42, 58]);
}

const placeOf = (pane: PaneId): Home => panes[pane].home;

/** Takes a pane to a side of the group that holds `at`, or among its tabs, there before the tab `before`. */
export function dock(layout: Layout, pane: PaneId, at: Slot, side: Side, before?: Slot): Layout {
  const target = groupWith(layout, at)!;
  if (side === 'among' && target.slots[0] === 'editor') return layout;
  const anchor = target.slots.find((slot) => slot !== pane);
  if (anchor === undefined) return layout;
  return insert(without(layout, pane) ?? editor, pane, anchor, side, before);
}

/** Shares of a split, which is named by the places of its parts from the root. */
export function resize(layout: Layout, path: readonly number[], shares: readonly number[]): Layout {
  if (!isSplit(layout)) return layout;
  const [first, ...rest] = path;
  if (first === undefined) return { ...layout, shares: toHundred(shares) };
  return { ...layout, parts: layout.parts.map((part, i) => (i === first ? resize(part, rest, shares) : part)) };
}

/** The layout without the panes that are not wanted. */
export function keepOnly(layout: Layout, wanted: (pane: PaneId) => boolean): Layout {
  const unwanted = slotsIn(layout).filter((slot) => slot !== 'editor' && !wanted(slot));
  return unwanted.reduce((rest, slot) => close(rest, slot as PaneId), layout);
}

/** A split of which no part is a split of its direction. */
export function join(direction: Split['direction'], parts: readonly Layout[], shares: readonly number[]): Layout {
  const whole = toHundred(shares);
  const flat = parts.map((part, i) =>
    isSplit(part) && part.direction === direction
      ? { parts: part.parts, shares: part.shares.map((share) => (share * whole[i]) / 100) }
      : { parts: [part], shares: [whole[i]] },
  );
  const joined = flat.flatMap((one) => one.parts);
  return joined.length === 1
    ? joined[0]
    : split(
        direction,
        joined,
        flat.flatMap((one) => one.shares),
      );
}

const split = (direction: Split['direction'], parts: readonly Layout[], shares: readonly number[]): Split => ({
  direction,
  parts,
  shares: toHundred(shares),
});

function insert(layout: Layout, pane: PaneId, at: Slot, side: Side, before?: Slot): Layout {
  return replaceGroup(layout, at, (group) => {
    if (side === 'among') {
      const place = before === undefined ? -1 : group.slots.indexOf(before);
      return groupOf(group.slots.toSpliced(place === -1 ? group.slots.length : place, 0, pane), pane);
    }
    const direction = side === 'left' || side === 'right' ? 'row' : 'column';
    const fresh = groupOf([pane]);
    return join(direction, side === 'left' || side === 'above' ? [fresh, group] : [group, fresh], [50, 50]);
  });
}

function replaceGroup(layout: Layout, slot: Slot, by: (group: Group) => Layout): Layout {
  if (!isSplit(layout)) return layout.slots.includes(slot) ? by(layout) : layout;
  return join(
    layout.direction,
    layout.parts.map((part) => replaceGroup(part, slot, by)),
    layout.shares,
  );
}

function without(layout: Layout, pane: PaneId): Layout | undefined {
  if (!isSplit(layout)) {
    if (!layout.slots.includes(pane)) return layout;
    const at = layout.slots.indexOf(pane);
    const slots = layout.slots.toSpliced(at, 1);
    if (slots.length === 0) return undefined;
    return groupOf(slots, layout.shown === pane ? slots[Math.min(at, slots.length - 1)] : layout.shown);
  }
  const left = layout.parts.map((part) => without(part, pane));
  const kept = left.flatMap((part, i) => (part ? [{ part, share: layout.shares[i] }] : []));
  if (kept.length === 0) return undefined;
  return join(
    layout.direction,
    kept.map(({ part }) => part),
    kept.map(({ share }) => share),
  );
}

function toHundred(shares: readonly number[]): number[] {
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => (100 * share) / sum);
}
