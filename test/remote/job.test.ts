/**
 * The printed program does on real PyTorch what its settings say: layers, activations, dtypes, training, several
 * processes.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { decode } from '../../src/base/dtype.ts';
import { decodeSafetensors } from '../../src/base/safetensors.ts';
import { sizeOf } from '../../src/base/shape.ts';
import { largestError, rootMeanSquare } from '../../src/compare/compare.ts';
import * as e from '../../src/graph/expr.ts';
import { evaluate } from '../../src/graph/evaluate.ts';
import { leaf } from '../../src/graph/record.ts';
import type { Node, TracedModel, TracedOptimizer } from '../../src/graph/types.ts';
import type { JobSettings } from '../../src/remote/job.ts';
import { localTransport } from '../../src/remote/local.ts';
import { createJob } from '../../src/remote/program.ts';
import type { RemoteResult } from '../../src/remote/transport.ts';
import { failure } from '../support/jobs.ts';
import { pythonWithTorch } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';
import { Recorder, smallCnn, smallResNet } from '../support/traces.ts';
import { readHost } from '../support/read-host.ts';

let python: string;

async function run(model: TracedModel, settings: Partial<JobSettings>): Promise<RemoteResult> {
  return localTransport(python).run(await createJob(model, readHost, { repeats: 3, warmup: 1, ...settings }));
}

/** Largest error of a result over the rms of the reference. */
function errorOf(result: RemoteResult, name: string, reference: Float64Array): number {
  const { dtype, data } = decodeSafetensors(result.tensors).tensors.get(name)!;
  return largestError(decode(dtype, data), reference) / rootMeanSquare(reference);
}

describeWith(['python'], 'the printed program', () => {
  beforeAll(async () => {
    python = pythonWithTorch().path;
  });

  test('times each layer and brings its activation', async () => {
    const model = smallCnn(1, 8);
    const result = await run(model, { activations: true });
    expect(result.report.layers!.map(({ name, type }) => [name, type])).toEqual([
      ['conv1', 'Conv2d'],
      ['relu', 'ReLU'],
    ]);
    for (const { times_ms } of result.report.layers!) expect(times_ms).toHaveLength(3);
    const [conv] = evaluate([model.outputs[0].inputs[0]], 'float64');
    expect(errorOf(result, 'activation.conv1', conv)).toBeLessThan(2e-5);
  });

  test('rebuilds nested blocks with the same numbers', async () => {
    const model = smallResNet();
    expect(errorOf(await run(model, {}), 'output', evaluate(model.outputs, 'float64')[0])).toBeLessThan(2e-5);
  });

  test.each([
    ['float64', 1e-6],
    ['bfloat16', 5e-2],
  ] as const)('computes in %s', async (dtype, tolerance) => {
    const model = smallCnn(1, 8);
    const result = await run(model, { dtype, layers: false });
    expect(result.report.outputs[0].dtype).toBe(dtype);
    expect(errorOf(result, 'output', evaluate(model.outputs, 'float64')[0])).toBeLessThan(tolerance);
  });

  /** x·w, trained to give 0: the loss is the mean of the squares. */
  const linear = (options: TracedOptimizer['options']): { model: TracedModel; x: Node; w: Node } => {
    const r = new Recorder();
    const x = r.input(4, 3);
    const w = r.parameter('scale', [3]);
    const y = r.call('', 'Scale', () => e.mul(x, w));
    const target = leaf({ shape: x.shape, dtype: 'float32' }, 'cpu', new Float32Array(sizeOf(x.shape)));
    const loss = e.mean(e.square(e.sub(y, target)), [0, 1]);
    const training = { loss, targets: [target], optimizer: { name: 'SGD', options, frozen: [] } };
    return { model: { name: 'Scale', inputs: [x], state: r.state, outputs: [y], training }, x, w };
  };

  test('trains as the formulas say: loss, gradient and step of plain descent', async () => {
    const { model, x, w } = linear({ lr: 0.5 });
    const result = await run(model, { training: { steps: 2, processes: 1 }, gradients: true, layers: false });

    // loss = mean(x²w²), so its gradient is 2w·mean over the batch of x², per column and over 3 columns.
    const [xs, ws] = [x.value!.host!, w.value!.host!].map((data) => decode('float32', data));
    const squares = [0, 1, 2].map((c) => [0, 1, 2, 3].reduce((sum, i) => sum + xs[3 * i + c] ** 2, 0) / 12);
    const loss = (v: ArrayLike<number>): number => squares.reduce((sum, s, c) => sum + s * v[c] ** 2, 0);
    const gradient = Float64Array.from(squares, (s, c) => 2 * s * ws[c]);
    const stepped = gradient.map((g, c) => ws[c] - 0.5 * g);

    expect(errorOf(result, 'grad.scale', gradient)).toBeLessThan(1e-5);
    const { losses, step_ms } = result.report.training!;
    expect(losses[0]).toBeCloseTo(loss(ws), 6);
    expect(losses[1]).toBeCloseTo(loss(stepped), 6);
    expect(step_ms).toHaveLength(2);
  });

  test('trains data-parallel under torchrun on two gloo processes, with the losses of one', async () => {
    const { model } = linear({ lr: 0.5, momentum: 0.9 });
    const { report } = await run(model, { training: { steps: 3, processes: 2 }, layers: false, device: 'cpu' });
    const [one, two] = report.scaling!;
    expect([one.processes, two.processes]).toEqual([1, 2]);
    expect(two.backend).toBe('gloo');
    expect(largestError(two.losses, report.training!.losses)).toBeLessThan(1e-6);
    expect(two.samples_per_second).toBeGreaterThan(0);
  });

  test('a batch that cannot be shared evenly is refused before anything is sent', async () => {
    const { model } = linear({ lr: 0.1 });
    expect((await failure(run(model, { training: { steps: 1, processes: 3 } }))).message).toContain(
      'a batch of 4 cannot be shared evenly by 3',
    );
  });

  test('a model that nobody trained has no steps to repeat, and says so', async () => {
    expect((await failure(run(smallCnn(1, 8), { training: { steps: 1, processes: 1 } }))).message).toContain(
      'SmallCNN was not trained',
    );
  });

  test('brings the gradients of the sum of the outputs, of parameters and inputs', async () => {
    const { model, x, w } = linear({});
    const { training: _, ...untrained } = model;
    const result = await run(untrained, { gradients: true, layers: false });
    const [xs, ws] = [x.value!.host!, w.value!.host!].map((data) => decode('float32', data));
    expect(
      errorOf(
        result,
        'grad.scale',
        Float64Array.from([0, 1, 2], (c) => xs[c] + xs[c + 3] + xs[c + 6] + xs[c + 9]),
      ),
    ).toBeLessThan(1e-6);
    expect(
      errorOf(
        result,
        'input_grad.x',
        xs.map((_, i) => ws[i % 3]),
      ),
    ).toBeLessThan(1e-6);
  });

  test('has nothing to ask cuDNN on a CPU, and says nothing about it', async () => {
    const { report } = await run(smallCnn(1, 8), { findAlgorithms: true, device: 'cpu' });
    expect(report.algorithms).toBeUndefined();
    expect(report.kernels).toBeUndefined();
  });

  test('is Python that compiles without a warning, with every part in it', async () => {
    const { model } = linear({ lr: 0.1, nesterov: false, betas: [0.9, 0.999] });
    const { program } = await createJob(model, readHost, {
      training: { steps: 1, processes: 2 },
      gradients: true,
      activations: true,
      kernels: true,
      findAlgorithms: true,
    });
    const folder = mkdtempSync(join(tmpdir(), 'wudnn-file-'));
    writeFileSync(join(folder, 'job.py'), program);
    execFileSync(python, ['-W', 'error', '-m', 'py_compile', join(folder, 'job.py')]);
    rmSync(folder, { recursive: true });
  });
});
