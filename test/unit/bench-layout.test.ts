/**
 * Intent: the bench is one tree in which each open pane stands once and the editor always; whatever is done to it, and
 * whatever a stranger's link says of it.
 */
import { expect, test } from 'vitest';
import type { Layout, Side, Slot } from '../../src/playground/bench/layout.ts';
import {
  close,
  dock,
  isSplit,
  keepOnly,
  resize,
  restore,
  show,
  shownIn,
  slotsIn,
  standardLayout,
} from '../../src/playground/bench/layout.ts';
import { readLayout, writeLayout } from '../../src/playground/bench/layout-text.ts';
import type { PaneId } from '../../src/playground/panes/index.ts';
import type { Pane } from '../../src/playground/panes/pane.ts';
import { paneIds, panes } from '../../src/playground/panes/index.ts';
import { randomNumbers } from '../support/numbers.ts';

const bench = 'r(42c(64editor,36console.output),58race.comparison)';

/** What holds of every tree. */
function check(layout: Layout, within?: 'row' | 'column'): void {
  if (!isSplit(layout)) {
    expect(layout.slots).toContain(layout.shown);
    return;
  }
  expect(layout.direction).not.toBe(within);
  expect(layout.parts.length).toBeGreaterThan(1);
  expect(layout.parts.length).toBe(layout.shares.length);
  expect(layout.shares.reduce((a, b) => a + b, 0)).toBeCloseTo(100);
  for (const part of layout.parts) check(part, layout.direction);
}

test('the usual bench has the editor, and each pane where its home is, but for those that are opened first', () => {
  const layout = standardLayout();
  check(layout);
  expect(slotsIn(layout).toSorted()).toEqual(
    ['editor', ...paneIds.filter((pane) => pane !== 'class' && (panes[pane] as Pane).home !== 'before')].toSorted(),
  );
});

test('one pane of each group is in sight', () => {
  expect(shownIn(readLayout(bench))).toEqual(['editor', 'console', 'race']);
  expect(shownIn(readLayout('r(42editor,58race.comparison*)'))).toEqual(['editor', 'comparison']);
});

test.each<[string, (layout: Layout) => Layout, string]>([
  ['a tab comes to the front', (l) => show(l, 'output'), 'r(42c(64editor,36console.output*),58race.comparison)'],
  [
    'a closed pane leaves its place to its neighbour',
    (l) => close(l, 'console'),
    'r(42c(64editor,36output),58race.comparison)',
  ],
  ['a group without panes is gone', (l) => close(close(l, 'race'), 'comparison'), 'c(64editor,36console.output)'],
  [
    'a pane that was closed comes back beside its kin',
    (l) => restore(close(l, 'race'), 'race'),
    'r(42c(64editor,36console.output),58comparison.race*)',
  ],
  [
    'or where its home is',
    (l) => restore(close(close(l, 'console'), 'output'), 'output'),
    'r(42c(50editor,50output),58race.comparison)',
  ],
  [
    'a pane splits its group',
    (l) => dock(l, 'comparison', 'comparison', 'below'),
    'r(42c(64editor,36console.output),58c(50race,50comparison))',
  ],
  [
    'a row within a row is one row',
    (l) => dock(l, 'output', 'race', 'left'),
    'r(42c(64editor,36console),29output,29race.comparison)',
  ],
  [
    'a tab goes before another',
    (l) => dock(l, 'output', 'race', 'among', 'race'),
    'r(42c(64editor,36console),58output.race.comparison)',
  ],
  [
    'a pane alone stays where it is',
    (l) =>
      dock(
        keepOnly(l, (p) => p === 'race'),
        'race',
        'race',
        'left',
      ),
    'r(42editor,58race)',
  ],
  ['nothing shares the place of the editor', (l) => dock(l, 'race', 'editor', 'among'), bench],
  ['a line is moved', (l) => resize(l, [0], [30, 70]), 'r(42c(30editor,70console.output),58race.comparison)'],
])('%s', (_what, change, expected) => {
  const changed = change(readLayout(bench));
  check(changed);
  expect(writeLayout(changed)).toBe(expected);
});

test('no series of changes loses or doubles a pane', () => {
  const numbers = randomNumbers(3000, 1).values();
  /** Between 0 and 1. */
  const random = (): number => (numbers.next().value! + 1) / 2;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)];
  const sides: readonly Side[] = ['left', 'right', 'above', 'below', 'among'];
  let layout: Layout = standardLayout();
  let open = new Set<Slot>(slotsIn(layout));
  for (let i = 0; i < 500; i++) {
    const pane: PaneId = pick(paneIds);
    if (!open.has(pane)) {
      layout = restore(layout, pane);
      open.add(pane);
    } else if (random() < 0.2) {
      layout = close(layout, pane);
      open.delete(pane);
    } else layout = dock(layout, pane, pick([...open]), pick(sides));
    check(layout);
    expect(slotsIn(layout).toSorted()).toEqual([...open].toSorted());
    expect(slotsIn(readLayout(writeLayout(layout))).toSorted()).toEqual([...open].toSorted());
    open = new Set(slotsIn(layout));
  }
});

test.each([
  ['with a pane twice', 'r(50editor,50race.race)', /'race' stands twice/],
  ['without the editor', 'race.console', /'editor' is missing/],
  ['with tabs over the editor', 'editor.race', /shares its place/],
  ['with an unknown pane', 'r(50editor,50constructor)', /no pane 'constructor'/],
  ['without a share', 'r(editor,50race)', /'editor,50race\)' at letter 3 is not a percentage/],
  ['of a share of nothing', 'r(0editor,50race)', /is not a percentage/],
  ['that was cut', 'r(50editor,50race', /is not '\)'/],
  ['that goes on', 'editor)', /is not the end/],
  ['that is empty', '', /is not the name of a pane/],
  ['that is deep', `${'r(5'.repeat(50)}editor`, /more than \d+ splits/],
  [
    'of very many parts',
    `r(${Array.from({ length: paneIds.length + 2 }, () => '1race').join()})`,
    /more than \d+ parts/,
  ],
  ['that is long', 'r(50editor,'.repeat(100), /1100 letters, \d+ at most/],
])('a layout %s is refused with its reason', (_what, text, reason) => expect(() => readLayout(text)).toThrow(reason));
