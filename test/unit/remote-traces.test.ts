/**
 * Intent: a remote's kernels stand on the timeline as its report tells them, at the remote's own distances, from where
 * this side began the same pass; where a report tells none, the page says why; what cannot be mapped is not guessed.
 */
import { describe, expect, test } from 'vitest';
import type { RemoteComparison } from '../../src/compare/types.ts';
import type { ProfiledEvent } from '../../src/compile/profile-data.ts';
import { noHighlight } from '../../src/playground/counterparts.ts';
import { litItems } from '../../src/playground/panes/timeline/choose.ts';
import { factsOf } from '../../src/playground/panes/timeline/facts.ts';
import { layOut } from '../../src/playground/panes/timeline/layout.ts';
import { beginningOf, laneText, remoteRows } from '../../src/playground/panes/timeline/remote.ts';
import { timelineOf } from '../../src/playground/panes/timeline/rows.ts';
import { tracesOf } from '../../src/playground/remote-traces.ts';
import type { Report } from '../../src/remote/report.ts';
import type { Inspection } from '../../src/session/protocol.ts';

const report: Report = {
  format: 'wudnn-report/1',
  model: 'Net',
  job_sha256: '0'.repeat(64),
  device: { type: 'cuda', name: 'NVIDIA A100-SXM4-80GB', capability: '8.0' },
  versions: { torch: '2.9.0' },
  settings: { dtype: 'float32', autocast: null, allow_tf32: false },
  clock: 'cuda events',
  times: { cold_ms: 9, warm_ms: [0.5] },
  memory: { peak_bytes: 1 },
  outputs: [],
  kernels: [
    { name: 'void implicit_convolve_sgemm<float>', start_ms: 0, time_ms: 2, layer: 'conv' },
    { name: 'vectorized_elementwise_kernel', start_ms: 1, time_ms: 0.5, layer: 'relu' },
    { name: 'Memcpy DtoD', start_ms: 120, time_ms: 1 },
  ],
};
const side = (given: unknown = report, more: Partial<RemoteComparison> = {}): RemoteComparison => ({
  remote: 'gpu-machine',
  origin: 'run for this comparison',
  at: 0,
  repeatable: true,
  result: { model: 'Net', arithmetic: 'float32', tensors: [], timings: [], suspects: [] },
  given: { report: given, results: new Uint8Array() },
  ...more,
});
const of = (...sides: readonly RemoteComparison[]) => tracesOf({ sides, text: 'program' }, 'program');
const [trace] = of(side()).traces;

const event = (name: string, call: string, start: number, end: number): ProfiledEvent => ({
  device: 'webgpu',
  name,
  operation: 'conv2d',
  call: name,
  layers: [{ name: 'Net', call }],
  inputShapes: [],
  bytes: 1,
  flops: 1,
  start,
  end,
});
/** The model is called twice, and something else runs after it. */
const inspection: Inspection = {
  schedules: [],
  memory: { plans: [], samples: [], leftOut: 0 },
  phases: [],
  profile: {
    events: [
      event('warm', '1', 1010, 1020),
      event('first', '2', 1030, 1035),
      event('second', '2', 1035, 1040),
      { ...event('after', '3', 1050, 1060), layers: [] },
    ],
    leftOut: 0,
    wallMs: 100,
  },
  start: 1000,
  end: 1100,
};
const timeline = timelineOf(inspection, remoteRows(trace, inspection));
const lanes = timeline.rows.filter(({ kind }) => kind === 'remote');

describe('a trace', () => {
  test('has the kernels of the report, with their layers', () => {
    expect(trace).toMatchObject({ remote: 'gpu-machine', isRecorded: false });
    expect(trace.kernels.map(({ start, ms, layer }) => [start, ms, layer])).toEqual([
      [0, 2, 'conv'],
      [1, 0.5, 'relu'],
      [120, 1, undefined],
    ]);
    expect(of(side(report, { origin: 'recorded 2026-01-31T12:00:00Z' })).traces[0].isRecorded).toBe(true);
    const whole = { ...report, kernels: [{ name: 'k', start_ms: 0, time_ms: 1, layer: '' }] };
    expect(of(side(whole)).traces[0].kernels[0].layer).toBe('Net'); // a model without parts is its own layer
  });

  test('is missing with the reason', () => {
    const { kernels, ...without } = report;
    expect(kernels).toHaveLength(3);
    const cpu = { ...without, device: { type: 'cpu', name: 'a processor' } };
    const reasons = (...sides: readonly RemoteComparison[]) => of(...sides).untraced.map(({ reason }) => reason);
    expect(reasons(side(cpu), side(without))).toEqual([
      'it ran PyTorch on a CPU, a processor. Only kernels of a CUDA GPU are traced.',
      'its report lists no kernels.',
    ]);
    expect(tracesOf({ sides: [side()], text: 'earlier' }, 'program')).toEqual({
      traces: [],
      untraced: [{ remote: 'gpu-machine', reason: 'it was compared with an earlier program. Compare again.' }],
    });
  });

  test.each<[string, unknown]>([
    ['no object', 'kernels'],
    ['a time that is none', { ...report, kernels: [{ name: 'k', start_ms: 0, time_ms: Number.NaN }] }],
    ['a negative time', { ...report, kernels: [{ name: 'k', start_ms: -5, time_ms: 1 }] }],
    ['a name without end', { ...report, kernels: [{ name: 'k'.repeat(501), start_ms: 0, time_ms: 1 }] }],
    ['more kernels than a report may have', { ...report, kernels: Array(10_001).fill(report.kernels![0]) }],
  ])('that is %s is refused with its place', (_, given) => {
    const { traces, untraced } = of(side(given));
    expect(traces).toEqual([]);
    expect(untraced[0].reason).toMatch(/^its report cannot be read: report/);
  });
});

describe('on the timeline', () => {
  test('it begins where the last call of the model does, at its own distances; what overlaps has a row more', () => {
    expect(lanes.map(({ items }) => items.map(({ name, start, end }) => [name.slice(0, 6), start, end]))).toEqual([
      [
        ['void i', 1030, 1032],
        ['Memcpy', 1150, 1151],
      ],
      [['vector', 1031, 1031.5]],
    ]);
    expect([timeline.start, timeline.end]).toEqual([1000, 1151]);
  });

  test('kernels of a report that all overlap fill a few rows, and the text tells how many are not drawn', () => {
    const many = { ...report, kernels: Array.from({ length: 5000 }, () => ({ name: 'k', start_ms: 0, time_ms: 1e9 })) };
    const [crowd] = of(side(many)).traces;
    expect(remoteRows(crowd, inspection)).toHaveLength(8);
    expect(laneText(crowd, inspection)).toContain('4,992 kernels that overlap 8 others are not drawn.');
  });

  test('without a call of that model it begins with the first kernel; without kernels, with the run', () => {
    expect(beginningOf('Other', inspection)).toMatchObject({ at: 1010, where: { en: 'your first kernel' } });
    expect(beginningOf('Net', { start: 1000 })).toMatchObject({ at: 1000, where: { en: 'your run' } });
  });

  test('its heading names device and remote, above the lane at any width', () => {
    const heading = 'Remote: NVIDIA A100-SXM4-80GB (gpu-machine), measured there';
    for (const width of [390, 1200]) {
      const { rows } = layOut(timeline.rows, width);
      const first = timeline.rows.findIndex(({ kind }) => kind === 'remote');
      expect(rows[first].heading?.text).toBe(heading);
      expect(rows[first].heading!.y).toBeLessThan(rows[first].y);
      expect(rows[first + 1].heading).toBeUndefined();
    }
    expect(laneText(trace, inspection)).toBe(
      "NVIDIA A100-SXM4-80GB (gpu-machine): 3 kernels of one forward pass of Net, 3.5 ms in all, within 121 ms, measured there by PyTorch's profiler, run for this comparison. Its clock is not yours: the first kernel is drawn where your last call of Net begins. It waits for the GPU after each layer, so gaps are longer than in a plain run. 1 of them belongs to no layer, so no selection lights it.",
    );
  });

  test('a kernel has its figures; the algorithm is what its name tells, and its layer may be unknown', () => {
    const [conv, copy] = lanes[0].items;
    expect(factsOf([conv], inspection)).toEqual({
      title: 'void implicit_convolve_sgemm<float>',
      about: 'on NVIDIA A100-SXM4-80GB',
      facts: [
        ['starts there at', '0 µs'],
        ['takes', '2 ms'],
        ["of the remote's kernels", '57%'],
        ['layer', 'conv'],
        ['algorithm, by its name', 'IMPLICIT_GEMM'],
      ],
    });
    expect(Object.fromEntries(factsOf([copy], inspection).facts)).toMatchObject({
      layer: 'not known: it was started between layers',
    });
    expect(factsOf([conv, copy], inspection)).toMatchObject({ title: '2 kernels; zoom in to tell them apart' });
  });

  test('a selected layer lights its kernels there, and no others', () => {
    const lit = litItems(timeline, { ...noHighlight, layers: new Set(['conv']) });
    expect([...lit].map(({ name }) => name)).toEqual(['void implicit_convolve_sgemm<float>']);
  });
});
