/**
 * Intent: a remote's layer is a point only where its work is known from this side's graph and its device's ceilings
 * from a published figure; its work is counted by hand here. Everything else is left out with the reason.
 */
import { describe, expect, test } from 'vitest';
import type { Compilation, GraphNode, KernelRecord } from '../../src/compile/compilation.ts';
import type { ProfiledEvent } from '../../src/compile/profile-data.ts';
import { publishedCeilings } from '../../src/playground/panes/roofline/published.ts';
import { isPointLit, layerWork, remoteRooflines } from '../../src/playground/panes/roofline/remote.ts';
import { noHighlight } from '../../src/playground/counterparts.ts';
import type { RemoteTrace } from '../../src/playground/remote-traces.ts';
import type { Report } from '../../src/remote/report.ts';

const node = (
  id: number,
  kind: GraphNode['kind'],
  inputs: readonly number[],
  more: Partial<GraphNode> = {},
): GraphNode => ({
  id,
  kind,
  name: 'op',
  shape: [10],
  dtype: 'float32',
  inputs,
  parts: [id],
  lines: [],
  flops: 0,
  isTarget: false,
  ...more,
});

/** x and w make conv's product and sum, which relu reads through a view; the result is asked for. */
const recorded = [
  node(0, 'input', [], { shape: [100] }),
  node(1, 'weight', [], { shape: [50] }),
  node(2, 'computed', [0, 1], { shape: [200], flops: 6000, layer: 'Net.conv (Conv2d)' }),
  node(3, 'computed', [2], { shape: [200], flops: 200, layer: 'Net.conv (Conv2d)' }),
  node(4, 'view', [3], { shape: [200], layer: 'Net' }),
  node(5, 'computed', [4], { shape: [200], flops: 0, layer: 'Net.relu (ReLU)', isTarget: true }),
  node(6, 'computed', [5], { shape: [1], flops: 200, isTarget: true }),
];
const kernel = (...nodes: readonly number[]): KernelRecord => ({ nodes }) as unknown as KernelRecord;
const schedule = { recorded, kernels: [kernel(2, 3), kernel(5), kernel(6)] } as unknown as Compilation;
const event = (call: string | undefined, place: number, scheduleIndex = 0): ProfiledEvent => ({
  device: 'webgpu',
  name: 'k',
  operation: 'op',
  call: '1',
  layers: call === undefined ? [] : [{ name: 'Net', call }],
  inputShapes: [],
  bytes: 1,
  flops: 1,
  kernel: { schedule: scheduleIndex, kernel: place },
  start: 0,
  end: 1,
});
const inspection = {
  schedules: [schedule, schedule],
  profile: {
    events: [event('1', 0, 0), event('2', 0, 1), event('2', 1, 1), event(undefined, 2, 1)],
    leftOut: 0,
    wallMs: 1,
  },
};

const report = {
  model: 'Net',
  device: { type: 'cuda', name: 'Tesla T4' },
  settings: { dtype: 'float32', autocast: null, allow_tf32: false },
} as unknown as Report;
const trace: RemoteTrace = {
  remote: 'gpu-machine',
  origin: 'run for this comparison',
  isRecorded: false,
  report,
  kernels: [
    { name: 'a', start: 0, ms: 0.001, layer: 'conv' },
    { name: 'b', start: 1, ms: 0.001, layer: 'conv' },
    { name: 'c', start: 2, ms: 0.001, layer: 'relu' },
    { name: 'd', start: 3, ms: 0.001, layer: 'elsewhere' },
    { name: 'e', start: 4, ms: 0.001 },
  ],
};

describe('the work of a layer', () => {
  test('is that of the last call of the model: each operand once, past views, nothing that stays inside', () => {
    expect([...layerWork('Net', inspection)]).toEqual([
      ['conv', { flops: 6200, bytes: 4 * (100 + 50 + 200) }],
      ['relu', { flops: 0, bytes: 4 * (200 + 200) }],
    ]);
    expect(layerWork('Other', inspection).size).toBe(0);
    expect(layerWork('Net', { schedules: [schedule] }).size).toBe(0);
  });
});

describe('points', () => {
  const { rooflines, without } = remoteRooflines({ traces: [trace], untraced: [] }, inspection);
  test('are layers: computed work over measured time, under the published ceilings', () => {
    expect(without).toEqual([]);
    expect(rooflines).toHaveLength(1);
    const [conv, relu] = rooflines[0].points;
    expect(conv).toMatchObject({ layer: 'conv', kernels: 2, ms: 0.002, share: 0.4, bound: 'memory' });
    expect(conv.gflops).toBeCloseTo(6200 / 2000, 9); // operations in 2000 ns
    expect(conv.intensity).toBeCloseTo(6200 / 1400, 9);
    expect(conv.reached).toBeCloseTo(1400 / 2000 / 320, 9);
    expect(relu).toMatchObject({ layer: 'relu', gflops: 0, bound: 'memory' });
    expect(rooflines[0].unknown).toBe(2); // of a layer that did not run here, and of none
  });

  test('are lit by their layer', () => {
    const [conv, relu] = rooflines[0].points;
    const lit = { ...noHighlight, layers: new Set(['conv']) };
    expect([isPointLit(conv, lit), isPointLit(relu, lit)]).toEqual([true, false]);
  });

  test('are none where the device is not known, and the reason stands beside those without a trace', () => {
    const strange = { ...trace, report: { ...report, device: { type: 'cuda', name: 'A GPU of tomorrow' } } as Report };
    const untraced = [{ remote: 'laptop', reason: 'no kernels.' }];
    expect(remoteRooflines({ traces: [strange], untraced }, inspection)).toEqual({
      rooflines: [],
      without: [
        ...untraced,
        {
          remote: 'gpu-machine',
          reason: 'the ceilings of A GPU of tomorrow are not among the published figures that this page has.',
        },
      ],
    });
  });
});

describe('published ceilings', () => {
  const of = (name: string, settings: Partial<Report['settings']> = {}) =>
    publishedCeilings({
      ...report,
      device: { type: 'cuda', name },
      settings: { ...report.settings, ...settings },
    } as Report);

  test('are those of the arithmetic that was computed in', () => {
    expect(of('NVIDIA A100-SXM4-80GB')).toMatchObject({ flops: 19_500, bytes: 2039, arithmetic: 'float32' });
    expect(of('NVIDIA A100-SXM4-80GB', { allow_tf32: true })).toMatchObject({
      flops: 156_000,
      arithmetic: 'TF32 on tensor cores',
    });
    expect(of('Tesla T4', { allow_tf32: true })).toMatchObject({ flops: 8100, arithmetic: 'float32' }); // it has no TF32
    expect(of('NVIDIA H200', { autocast: 'bfloat16' })).toMatch(/it computed in bfloat16/);
    expect(of('NVIDIA H200', { dtype: undefined })).toMatch(/does not tell/);
  });

  test('are those of the whole device alone: a slice, a variant and a longer name have none', () => {
    for (const name of ['NVIDIA A100-SXM4-40GB MIG 1g.5gb', 'NVIDIA H200 NVL', 'my Tesla T4', 'NVIDIA A100'])
      expect(of(name)).toMatch(/are not among the published figures/);
  });
});
