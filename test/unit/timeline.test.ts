/**
 * Intent: the timeline's picture follows from the run's events alone: every millisecond is where it belongs, what is
 * too narrow is drawn as one and still counted, and by keys every bar can be reached.
 */
import { describe, expect, test } from 'vitest';
import type { ProfiledEvent } from '../../src/compile/profile-data.ts';
import { clockText, factsOf, summaryOf } from '../../src/playground/panes/timeline/facts.ts';
import type { Looking } from '../../src/playground/panes/timeline/keys.ts';
import { itemAt, pressed } from '../../src/playground/panes/timeline/keys.ts';
import { layOut, rowAt } from '../../src/playground/panes/timeline/layout.ts';
import type { Item } from '../../src/playground/panes/timeline/rows.ts';
import { phaseTimes, timelineOf } from '../../src/playground/panes/timeline/rows.ts';
import {
  barAt,
  barsOf,
  fit,
  labelFor,
  nearest,
  pan,
  reveal,
  ticksOf,
  zoom,
} from '../../src/playground/panes/timeline/view.ts';
import type { Inspection } from '../../src/session/protocol.ts';

const layer = (name: string, call: string) => ({ name, call });
const event = (name: string, start: number, end: number, more: Partial<ProfiledEvent> = {}): ProfiledEvent => ({
  device: 'webgpu',
  name,
  operation: 'conv2d',
  call: '1',
  layers: [layer('Net', 'a'), layer('Net.conv (Conv2d)', 'b')],
  inputShapes: [],
  bytes: 2_000_000,
  flops: 6_000_000,
  start,
  end,
  ...more,
});
const device = { adapter: 'a GPU', software: false, clock: 'timestamp-query', quantumNs: 100_000 } as const;

/** 100 ms: planning with a choice in it, compiling, three kernels of 4 ms, reading back. */
const inspection: Inspection = {
  schedules: [],
  memory: { plans: [], samples: [], leftOut: 0 },
  phases: [
    { name: 'choosing algorithms', start: 1010, end: 1040 },
    { name: 'planning', start: 1000, end: 1050 },
    { name: 'compiling', start: 1050, end: 1070 },
    { name: 'reading back', start: 1090, end: 1095 },
  ],
  profile: {
    events: [
      event('tiles', 1080, 1081, { flops: 0 }),
      event('product', 1081, 1083),
      event('pointwise relu', 1084, 1085, { operation: 'relu', call: '2', layers: [layer('Net', 'a')] }),
    ],
    leftOut: 0,
    wallMs: 100,
    device,
    ceilings: { flops: 10, bytes: 5, workgroup: 20 },
  },
  start: 1000,
  end: 1100,
};
const timeline = timelineOf(inspection);
const whole = { start: 0, end: 100 };
const items = (...spans: readonly (readonly [number, number])[]): Item[] =>
  spans.map(([start, end]) => ({ kind: 'kernel', name: `${start}`, start, end, events: [] }));

describe('the rows', () => {
  test('are the program, the engine with what lies within below it, modules by depth, operations, kernels', () => {
    expect(
      timeline.rows.map(({ kind, items: of }) => [kind, of.map(({ name, start, end }) => [name, start, end])]),
    ).toEqual([
      ['program', [['run', 1000, 1100]]],
      [
        'engine',
        [
          ['planning', 1000, 1050],
          ['compiling', 1050, 1070],
          ['reading back', 1090, 1095],
        ],
      ],
      ['engine', [['choosing algorithms', 1010, 1040]]],
      ['module', [['Net', 1080, 1085]]],
      ['module', [['Net.conv (Conv2d)', 1080, 1083]]],
      [
        'operation',
        [
          ['conv2d', 1080, 1083],
          ['relu', 1084, 1085],
        ],
      ],
      [
        'kernel',
        [
          ['tiles', 1080, 1081],
          ['product', 1081, 1083],
          ['pointwise relu', 1084, 1085],
        ],
      ],
    ]);
  });

  test('without a profile are the program and the engine', () => {
    const { profile, ...rest } = inspection;
    expect(profile).toBeDefined();
    expect(timelineOf(rest).rows.map(({ kind }) => kind)).toEqual(['program', 'engine', 'engine']);
  });

  test('reach to a kernel that ends after the run, by the clock of the device', () => {
    const late = { ...inspection, profile: { ...inspection.profile!, events: [event('late', 1099, 1102)] } };
    expect(timelineOf(late)).toMatchObject({ start: 1000, end: 1102 });
  });
});

describe('the view', () => {
  test('zooms around a time, which stays where it is, and never beyond the whole', () => {
    expect(zoom(whole, 2, 20, whole)).toEqual({ start: 10, end: 60 });
    expect(zoom({ start: 10, end: 60 }, 0.5, 20, whole)).toEqual(whole);
    expect(zoom({ start: 0, end: 50 }, 0.8, 50, whole)).toEqual({ start: 0, end: 62.5 });
    expect(zoom(whole, 1e12, 50, whole).end).toBeGreaterThan(50);
  });

  test('moves within the whole, and to an item just as far as it must', () => {
    expect(pan({ start: 0, end: 50 }, 0.5, whole)).toEqual({ start: 25, end: 75 });
    expect(pan({ start: 60, end: 100 }, 1, whole)).toEqual({ start: 60, end: 100 });
    expect(reveal({ start: 20, end: 40 }, { start: 50, end: 60 }, whole)).toEqual({ start: 40, end: 60 });
    expect(reveal({ start: 20, end: 40 }, { start: 5, end: 90 }, whole)).toEqual({ start: 5, end: 25 });
    const view = { start: 20, end: 40 };
    expect(reveal(view, { start: 25, end: 30 }, whole)).toBe(view);
    expect(fit({ start: 40, end: 60 }, whole)).toEqual({ start: 39, end: 61 });
  });

  test('has its ticks at round times since the run began, with as many digits as differ', () => {
    expect(ticksOf({ start: 1000, end: 1100 }, 440, 1000).map(({ label }) => label)).toEqual(['0', '50 ms', '100 ms']);
    const fine = ticksOf({ start: 1080, end: 1080.0035 }, 440, 1000);
    expect(fine.map(({ label }) => label)).toEqual(['80000 µs', '80001 µs', '80002 µs', '80003 µs']);
    expect(fine[1].x).toBeCloseTo(440 / 3.5, 3);
  });
});

describe('bars', () => {
  test('are where their times are, and end where the picture does', () => {
    expect(barsOf(items([-10, 10], [20, 30], [90, 200], [300, 400]), whole, 200)).toEqual([
      { x: 0, width: 20, first: 0, count: 1 },
      { x: 40, width: 20, first: 1, count: 1 },
      { x: 180, width: 20, first: 2, count: 1 },
    ]);
  });

  test('narrower than a pixel become one with their neighbours, and none is lost', () => {
    const many = items(...Array.from({ length: 20_000 }, (_, i): [number, number] => [i / 200, i / 200 + 0.004]));
    const bars = barsOf(many, whole, 1000);
    expect(bars.length).toBeLessThan(1000);
    expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(20_000);
    const closer = barsOf(many, { start: 0, end: 0.1 }, 1000);
    expect(closer.every(({ count }) => count === 1)).toBe(true);
  });

  test('that are wide, or apart, stay what they are', () => {
    expect(barsOf(items([0, 10], [10, 10.1], [10.1, 10.2], [50, 50.1]), whole, 100).map(({ count }) => count)).toEqual([
      1, 2, 1,
    ]);
  });

  test('are found by the pointer, the narrow ones a few pixels around', () => {
    const bars = barsOf(items([0, 10], [50, 50.1]), whole, 100);
    expect(barAt(bars, 5)).toBe(bars[0]);
    expect(barAt(bars, 47)).toBe(bars[1]);
    expect(barAt(bars, 30)).toBeUndefined();
    expect([0, 29, 31, 90].map((time) => nearest(items([0, 10], [50, 60]), time))).toEqual([0, 0, 1, 1]);
  });

  test('bear as much of their name as fits', () => {
    expect(['conv2d', 'conv2d/direct', 'x'].map((name) => labelFor(name, 60))).toEqual(['conv2d', 'conv2d/…', 'x']);
    expect(labelFor('conv2d', 20)).toBe('');
  });
});

test('rows have their headings beside them in a wide picture, above them in a narrow one', () => {
  const wide = layOut(timeline.rows, 800);
  const narrow = layOut(timeline.rows, 390);
  expect([wide.left > 0, narrow.left, narrow.width]).toEqual([true, 0, 390]);
  expect(wide.rows.flatMap(({ heading }) => heading?.text ?? [])).toEqual([
    'Program',
    'Engine',
    'Modules',
    'Operations',
    'Kernels',
  ]);
  expect(narrow.height).toBeGreaterThan(wide.height);
  expect(wide.rows.map(({ y }) => rowAt(wide, y + 1))).toEqual(timeline.rows.map((_, i) => i));
});

describe('by keys', () => {
  const start: Looking = { view: { start: 1000, end: 1100 }, place: { row: 0, index: 0 } };
  const after = (...keys: readonly string[]): Looking =>
    keys.reduce(
      (looking, key) => pressed(key.replace('Shift+', ''), key.startsWith('Shift+'), looking, timeline)!,
      start,
    );

  test('every bar is reached, and comes into view', () => {
    const down = ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown'];
    const kernel = after(...down, 'End');
    expect(itemAt(timeline, kernel.place).name).toBe('pointwise relu');
    expect(itemAt(timeline, after(...down, 'End', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft').place).name).toBe('tiles');
    const closer = after(...down, 'Home', 'f', 'ArrowRight');
    expect(closer.view.start).toBeLessThanOrEqual(1081);
    expect(itemAt(timeline, closer.place).name).toBe('product');
    expect(after(...down, 'ArrowDown').place).toEqual(after(...down).place);
  });

  test('time is scaled and moved, and 0 shows the whole again', () => {
    expect(after('+').view).toEqual({ start: 1025, end: 1075 });
    expect(after('+', 'Shift+ArrowRight').view).toEqual({ start: 1037.5, end: 1087.5 });
    expect(after('+', '+', '-', '0').view).toEqual({ start: 1000, end: 1100 });
    expect(pressed('x', false, start, timeline)).toBeUndefined();
  });
});

describe('in words', () => {
  const facts = (item: Item) => Object.fromEntries(factsOf([item], inspection).facts);
  const itemsOf = (kind: Item['kind']) => timeline.rows.filter((row) => row.kind === kind).flatMap((row) => row.items);

  test('a kernel has its times, its computed work over them, and what it is for', () => {
    const product = itemsOf('kernel')[1];
    expect(factsOf([product], inspection).about).toBe('conv2d in Net.conv (Conv2d)');
    // 2 MB and 6 MFLOP in 2 ms
    expect(facts(product)).toEqual({
      'starts at': '81 ms',
      takes: '2 ms',
      'of the run': '2%',
      moves: '1.91 MiB',
      computes: '6 M operations',
      'GB/s': '1',
      'GFLOP/s': '3',
    });
  });

  test('a module has the work of its kernels, over the time in which they ran', () => {
    // three kernels of 4 ms in 5 ms, of which one computes nothing
    expect(facts(itemsOf('module')[0])).toMatchObject({
      takes: '5 ms',
      kernels: '3',
      'busy for': '4 ms',
      'GB/s': '1.5',
      'GFLOP/s': '3',
    });
  });

  test("what is shorter than the clock's step has no rate", () => {
    const short = { ...itemsOf('kernel')[0], events: [event('short', 1080, 1080.05)] };
    expect(facts(short)).toMatchObject({ rate: 'shorter than a step of the clock' });
    expect(facts(short)).not.toHaveProperty('GB/s');
    expect(clockText(inspection)).toBe('Timestamps step by 100 µs: what is shorter cannot be told.');
  });

  test('what is drawn as one tells how many it is', () => {
    const { title, facts: told } = factsOf(itemsOf('kernel'), inspection);
    expect(title).toBe('3 kernels; zoom in to tell them apart');
    expect(Object.fromEntries(told)).toMatchObject({ takes: '5 ms', 'the longest': 'product, 2 ms' });
  });

  test('the run is summed up without counting anything twice', () => {
    expect(phaseTimes(inspection)).toEqual([
      ['choosing algorithms', 30],
      ['planning', 20],
      ['compiling', 20],
      ['reading back', 5],
    ]);
    expect(summaryOf(inspection)).toBe(
      'The run took 100 ms: 30 ms choosing algorithms, 20 ms planning, 20 ms compiling and 5 ms reading back. 3 kernels took 4 ms.',
    );
  });
});
