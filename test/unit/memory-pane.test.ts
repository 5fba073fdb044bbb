/**
 * Intent: the memory of a run adds up kernel by kernel, and its peak is where the most is in use; algorithms have
 * letters of their own.
 */
import { describe, expect, test } from 'vitest';
import { formatAge } from '../../src/base/format.ts';
import type { MemoryData } from '../../src/compile/memory-data.ts';
import { byteTicks, memoryRun, thinned } from '../../src/playground/panes/memory/columns.ts';
import { signs } from '../../src/playground/panes/palette.ts';

const held = {
  parameters: 10,
  'optimizer state': 0,
  inputs: 4,
  gradients: 0,
  activations: 6,
  intermediates: 8,
  other: 1,
};
const memory: MemoryData = {
  plans: [
    {
      live: [
        { activations: 2, gradients: 0, workspace: 3 },
        { activations: 4, gradients: 3, workspace: 0 },
        { activations: 0, gradients: 0, workspace: 1 },
      ],
      planned: 8,
      unshared: 12,
    },
    { live: [], planned: 0, unshared: 0 },
  ],
  samples: [
    { plan: 0, at: 0, held: { ...held, parameters: 5 }, reserved: 50 },
    { plan: 1, at: 1, held, reserved: 60 },
    { plan: 0, at: 2, held, reserved: 55 },
  ],
  leftOut: 0,
};

describe('the memory of a run', () => {
  const run = memoryRun({ memory, schedules: [] })!;

  test('adds up at each kernel to what is in use', () => {
    expect(run.columns.map(({ total }) => total)).toEqual([24, 24, 24, 29, 29, 29]);
    for (const { bytes, total } of run.columns)
      expect(Object.values(bytes).reduce((sum, part) => sum + part, 0)).toBe(total);
    expect(run.columns[1].bytes).toMatchObject({ activations: 10, gradients: 3, workspace: 0, idle: 1 });
  });

  test('is at its peak where the most is in use, and there least of it idle', () => {
    expect(run.peak.number).toBe(5);
    expect(run).toMatchObject({ planned: 8, unshared: 12, reserved: 60 });
  });

  test('keeps its peak when it is drawn in few columns', () => {
    const drawn = thinned(run.columns, 2);
    expect(drawn.length).toBe(2);
    expect(drawn).toContain(run.peak);
  });

  test('is none where nothing ran on a device', () => {
    expect(memoryRun({ memory: { plans: [], samples: [], leftOut: 0 }, schedules: [] })).toBeUndefined();
  });

  test('names no plan that an engine made up', () => {
    const samples = [{ ...memory.samples[0], plan: 7 }];
    expect(memoryRun({ memory: { ...memory, samples }, schedules: [] })).toBeUndefined();
  });
});

test.each([0, 1, 1000, 1024, 5000, 300_000, 3 * 2 ** 20, 900 * 2 ** 20])('ticks reach %d bytes', (most) => {
  const ticks = byteTicks(most);
  expect(ticks[0]).toBe(0);
  expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
  expect(ticks.length).toBeLessThanOrEqual(6);
});

test('an age is told in words', () => {
  const now = Date.UTC(2026, 10, 29, 12);
  const ago = (minutes: number) => formatAge(now - minutes * 60_000, now);
  expect([ago(0), ago(1), ago(119), ago(180), ago(60 * 72)]).toEqual([
    'just now',
    '1 minute ago',
    '119 minutes ago',
    '3 hours ago',
    '26 November 2026',
  ]);
});

test('no two algorithms have the same letters', () => {
  const letters = Object.values(signs).map(({ letter }) => letter);
  expect(new Set(letters).size).toBe(letters.length);
});
