/**
 * Intent: the bars beside the program sum to what its kernels took, and stand at the lines that recorded them.
 */
import { expect, test } from 'vitest';
import type { Compilation, GraphNode } from '../../src/compile/compilation.ts';
import type { ProfiledEvent } from '../../src/compile/profile-data.ts';
import { lineTimes } from '../../src/playground/line-times.ts';
import { kernelRecord } from '../support/kernel-record.ts';

const node = (id: number, lines: readonly number[], kind: GraphNode['kind'] = 'computed'): GraphNode => ({
  id,
  kind,
  name: 'relu',
  shape: [1],
  dtype: 'float32',
  inputs: [],
  parts: [id],
  lines,
  flops: 0,
  isTarget: false,
});
const schedule: Compilation = {
  recorded: [node(0, [1], 'weight'), node(1, [5]), node(2, [6]), node(3, [5])],
  passes: [],
  kernels: [[0, 1], [1, 2, 3], [9]].map((nodes) => kernelRecord(nodes)),
  unfused: [],
  memory: { intermediates: 0, shared: 0, results: 0 },
};
const event = (kernel: number | undefined, start: number, end: number): ProfiledEvent => ({
  device: 'webgpu',
  name: 'kernel',
  operation: 'relu',
  call: '1',
  layers: [],
  inputShapes: [],
  bytes: 8,
  flops: 1,
  start,
  end,
  ...(kernel !== undefined && { kernel: { schedule: 0, kernel } }),
});
const profile = (...events: readonly ProfiledEvent[]) => ({ events, wallMs: 20, leftOut: 0 });

test('a fused kernel counts for each of its lines once, and a weight for none', () => {
  expect(lineTimes({ schedules: [schedule], profile: profile(event(0, 0, 4), event(1, 4, 8)) })).toEqual([
    { line: 5, ms: 6, share: 0.75 },
    { line: 6, ms: 2, share: 0.25 },
  ]);
});

test('a kernel of no known line is part of the whole', () => {
  const times = lineTimes({
    schedules: [schedule],
    profile: profile(event(0, 0, 1), event(2, 1, 2), event(undefined, 2, 4)),
  });
  expect(times).toEqual([{ line: 5, ms: 1, share: 0.25 }]);
});

test('without a profile there are no times', () => {
  expect(lineTimes({ schedules: [schedule] })).toEqual([]);
});
