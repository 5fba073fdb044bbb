/** A run of this side and a remote's report become one comparison, and a report that does not fit is refused. */
import { expect, test } from 'vitest';
import { encode } from '../../src/base/dtype.ts';
import { evaluate, evaluateStored } from '../../src/graph/evaluate.ts';
import type { Report } from '../../src/remote/report.ts';
import { encodeSafetensors } from '../../src/base/safetensors.ts';
import type { LocalRun } from '../../src/worker/compare-run.ts';
import { compareRun } from '../../src/worker/compare-run.ts';
import { smallCnn } from '../support/traces.ts';

const model = smallCnn(1, 8);
const local: LocalRun = {
  model,
  outputs: evaluateStored(model.outputs),
  choices: [],
  timing: { device: 'a GPU', software: false, versions: { wudnn: '1' }, samplesMs: [3, 1, 2], clock: 'timestamp-query' },
};
const report: Report = {
  format: 'wudnn-report/1',
  model: 'SmallCNN',
  job_sha256: '0'.repeat(64),
  device: { type: 'cuda', name: 'NVIDIA A100', capability: '8.0' },
  versions: { torch: '2.6.0' },
  settings: { dtype: 'float32', autocast: null, allow_tf32: false },
  clock: 'cuda events',
  times: { cold_ms: 9, warm_ms: [0.5, 0.25] },
  memory: { peak_bytes: 1 },
  outputs: [],
};
const results = (error = 0): Uint8Array => {
  const data = encode('float32', evaluate(model.outputs, 'float64')[0].map((y) => y + error));
  return encodeSafetensors([['output', { shape: model.outputs[0].shape, dtype: 'float32', data }]]);
};

test('both sides agree, with their times, devices and the reason of the tolerance', () => {
  const { tensors, timings } = compareRun(local, report, results());
  expect(tensors).toHaveLength(1);
  expect(tensors[0]).toMatchObject({ name: 'output', tolerance: 2e-5, toleranceReason: 'float32, sums of 27 products' });
  expect(tensors[0].verdict).not.toBe('differs');
  expect(timings).toMatchObject([
    { side: 'local', device: 'a GPU', software: false, medianMs: 2, runs: 3 },
    { side: 'remote', device: 'NVIDIA A100', software: false, medianMs: 0.375, runs: 2, clock: 'cuda events' },
  ]);
});

test('an error of a thousandth differs in float32, and is what TF32 may do', () => {
  expect(compareRun(local, report, results(1e-3)).tensors[0].verdict).toBe('differs');
  const tf32 = compareRun(local, { ...report, settings: { ...report.settings, allow_tf32: true } }, results(1e-3)).tensors[0];
  expect(tf32.verdict).toBe('within tolerance');
  expect(tf32.toleranceReason).toMatch(/^TF32/);
});

test('a report or a file that is not one is refused', () => {
  expect(() => compareRun(local, { ...report, extra: '<script>' }, results())).toThrow(/extra/);
  expect(() => compareRun(local, report, encodeSafetensors([]))).toThrow(/gave no output/);
});
