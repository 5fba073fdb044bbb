/** A run of this side and a remote's report become one comparison, and a report that does not fit is refused. */
import { expect, test } from 'vitest';
import { encode } from '../../src/base/dtype.ts';
import { speedText } from '../../src/compare/words.ts';
import type { AlgorithmChoice } from '../../src/dnn/choice/records.ts';
import { evaluate, evaluateStored } from '../../src/graph/evaluate.ts';
import type { Report } from '../../src/remote/report.ts';
import { encodeSafetensors } from '../../src/base/safetensors.ts';
import { captureRun } from '../../src/session/judge/capture-run.ts';
import type { LocalRun } from '../../src/session/judge/compare-run.ts';
import { compareRun } from '../../src/session/judge/compare-run.ts';
import { affordable } from '../../src/session/judge/sum-length.ts';
import { localSide, remoteSide } from '../../src/session/judge/layer-sides.ts';
import { smallCnn } from '../support/traces.ts';

const model = smallCnn(1, 8);
const captured = await captureRun(model, { layers: true, gradients: true }, async (nodes) => evaluateStored(nodes));
const local: LocalRun = {
  model,
  captured,
  choices: [],
  timing: {
    device: 'a GPU',
    software: false,
    versions: { wudnn: '1' },
    samplesMs: [3, 1, 2],
    clock: 'timestamp-query',
  },
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
  const data = encode(
    'float32',
    evaluate(model.outputs, 'float64')[0].map((y) => y + error),
  );
  return encodeSafetensors([['output', { shape: model.outputs[0].shape, dtype: 'float32', data }]]);
};

test('both sides agree, with their times, devices and the reason of the tolerance', () => {
  const { tensors, timings } = compareRun(local, report, results());
  expect(tensors).toHaveLength(1);
  expect(tensors[0]).toMatchObject({
    name: 'output',
    toleranceReason: 'effect of rounding to float32 (24 bits), from float64 runs with random rounding',
  });
  expect(tensors[0].tolerance).toBeGreaterThan(2e-5);
  expect(tensors[0].tolerance).toBeLessThan(1e-3); // cuDNN may transform
  expect(tensors[0].verdict).not.toBe('differs');
  expect(timings).toMatchObject([
    { side: 'local', device: 'a GPU', software: false, medianMs: 2, runs: 3 },
    { side: 'remote', device: 'NVIDIA A100', software: false, medianMs: 0.375, runs: 2, clock: 'cuda events' },
  ]);
});

test('an error of a thousandth differs in float32, and is what TF32 may do', () => {
  expect(compareRun(local, report, results(1e-3)).tensors[0].verdict).toBe('differs');
  const tf32 = compareRun(local, { ...report, settings: { ...report.settings, allow_tf32: true } }, results(1e-3))
    .tensors[0];
  expect(tf32.verdict).toBe('within tolerance');
  expect(tf32.toleranceReason).toMatch(/rounding to TF32/);
});

test('layers and gradients that came along are judged one by one, with what is known of each side', () => {
  const all = [...captured.layers].map(([path, held]) => [`activation.${path}`, held] as const);
  const exact = [...all, ...captured.gradients, ['output', captured.outputs[0]] as const].map(
    ([name, { node, data }]) => [name, { shape: node.shape, dtype: node.dtype, data }] as const,
  );
  const measured: Report = {
    ...report,
    layers: [
      { name: 'conv1', type: 'Conv2d', times_ms: [3, 1, 2] },
      { name: 'relu', type: 'ReLU', times_ms: [4] },
    ],
    kernels: [
      { name: 'void implicit_convolve_sgemm<float>', start_ms: 0, time_ms: 0.5, layer: 'conv1' },
      { name: 'nchwToNhwcKernel', start_ms: 1, time_ms: 0.25, layer: 'conv1' },
    ],
  };
  const { layers, gradients } = compareRun(local, measured, encodeSafetensors(exact));
  expect(layers!.map(({ path, type, tensor }) => [path, type, tensor!.verdict])).toEqual([
    ['conv1', 'Conv2d', 'equal'],
    ['relu', 'ReLU', 'equal'],
  ]);
  expect(layers![0].remote).toMatchObject({
    algorithm: 'IMPLICIT_GEMM; change of layout',
    ms: 0.75,
    timed: 'its kernels, by the profiler',
  });
  expect(layers![1].remote).toEqual({ ms: 4, timed: 'its call, by cuda events' });
  expect(gradients).toMatchObject({ of: 'the sum of the outputs', leftOut: [] });
  expect(gradients!.tensors.map(({ name }) => name)).toEqual(['grad.conv1.weight', 'grad.conv1.bias', 'input_grad.x']);
});

test('a layer that the remote did not bring says so', () => {
  const { layers } = compareRun(local, report, results());
  expect(layers!.map(({ missing }) => missing)).toEqual([
    'the remote did not call it as a module',
    'the remote did not call it as a module',
  ]);
});

test('this side tells the algorithm of a layer and the time of its kernels, measured or predicted', () => {
  const candidate = {
    candidateId: 'DIRECT vec4 FMA',
    algo: 'DIRECT',
    config: 'vec4',
    status: 'success',
    memory: 0,
    determinism: 'deterministic',
    mathType: 'FMA',
  } as const;
  const choice: AlgorithmChoice = {
    operation: 'conv2d',
    direction: 'forward',
    descriptor: 'd',
    layer: 'conv0, conv1',
    candidateId: candidate.candidateId,
    chosen: 'DIRECT',
    chosenConfig: 'vec4',
    source: 'measured',
    adapter: 'a',
    software: false,
    candidates: [{ ...candidate, timeMs: 0.5 }],
  };
  expect(localSide('conv1', [choice, choice])).toEqual({
    algorithm: 'DIRECT',
    config: 'vec4',
    evidence: 'measured',
    ms: 0.5,
    timed: 'its kernels, measured',
  });
  expect(localSide('conv1', [{ ...choice, candidates: [{ ...candidate, predictedMs: 2 }] }])).toMatchObject({
    ms: 2,
    timed: 'its kernels, predicted',
  });
  expect(localSide('conv', [choice])).toEqual({});
});

test("cuDNN's own table speaks where no kernel has a name that is known", () => {
  const row = { status: 'CUDNN_STATUS_SUCCESS', workspace_bytes: 0, deterministic: true, math: 'FMA_MATH' };
  const algorithms = [
    {
      layer: 'conv1',
      candidates: [
        { ...row, algorithm: 'DIRECT', time_ms: null },
        { ...row, algorithm: 'WINOGRAD', time_ms: 0.1 },
      ],
    },
  ];
  expect(remoteSide('conv1', { ...report, algorithms })).toEqual({
    algorithm: 'WINOGRAD',
    evidence: "the fastest of cuDNN's own table",
  });
});

test('what the float64 machine cannot follow in time is held against the other side alone', () => {
  const [output] = captured.outputs;
  expect(affordable([output.node], 10).size).toBe(0);
  expect(affordable([output.node]).has(output.node)).toBe(true);
  // Shared work counts once: the layers before the output cost nothing more.
  const layers = [...captured.layers.values()].map(({ node }) => node);
  const cost = [...Array(40)].map((_, i) => 2 ** i).find((budget) => affordable([output.node], budget).size === 1)!;
  expect(affordable([output.node, ...layers], cost).size).toBe(new Set([output.node, ...layers]).size);
});

test('a report or a file that is not one is refused', () => {
  expect(() => compareRun(local, { ...report, extra: '<script>' }, results())).toThrow(/extra/);
  expect(() => compareRun(local, report, encodeSafetensors([]))).toThrow(/gave no output/);
});

test('like times are held against like: GPU clocks against each other, wall time against wall time', () => {
  const here = { ...local, timing: { ...local.timing, samplesMs: [9, 10, 11], gpuMs: [1, 1, 1] } };
  const there = (clock: Report['clock'], warm_ms: number[]): Report => ({
    ...report,
    clock,
    times: { cold_ms: 9, warm_ms },
  });
  const gpus = compareRun(here, there('cuda events', [1.5, 1.5, 1.5]), results());
  expect(speedText(gpus)).toBe(
    'The remote is 50% slower (50% to 50%), by GPU time. Here the GPU was busy for 1 ms of 10 ms; the rest is recording, submitting and waiting.',
  );
  expect(speedText(compareRun(here, there('perf_counter', [5, 5, 5]), results()))).toMatch(
    /^This side is 100% slower \(80% to 120%\), by wall time\. Here/,
  );
  expect(speedText(compareRun(here, there('perf_counter', [9, 10, 12]), results()))).toMatch(
    /^Undecided: the remote is between \d.*% faster and \d.*% slower, by wall time\./,
  );
  expect(speedText(compareRun(local, report, results()))).toBe(
    'The speeds cannot be compared: wall time was measured here, GPU time on the remote.',
  );
});
