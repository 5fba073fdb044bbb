/**
 * Intent: a profile tells all that ran and nothing else: its rows add up, calls are counted, bytes and operations are
 * those that a reader would compute by hand, and a fused kernel counts for the layers that it works for.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { F, nn, optim, torch } from '../../src/torch/index.ts';
import type { By } from '../../src/torch/profiler/key-averages.ts';
import { startTestEngine } from '../support/engine.ts';

beforeAll(startTestEngine);
afterAll(() => engine.device!.destroy());

class Net extends nn.Module<[torch.Tensor], torch.Tensor> {
  features = new nn.Sequential(new nn.Conv2d(2, 4, 3, { padding: 1 }), new nn.ReLU());
  fc = new nn.Linear(4 * 8 * 8, 3);

  override forward(x: torch.Tensor): torch.Tensor {
    return this.fc((this.features(x) as torch.Tensor).flatten(1));
  }
}

const rowsOf = (prof: torch.profiler.Profile, by: By = 'op') =>
  new Map([...prof.keyAverages({ by })].map((row) => [row.key, row]));

async function profiled(body: () => unknown, options = {}): Promise<torch.profiler.Profile> {
  const prof = torch.profiler.profile(options);
  await prof.run(body);
  return prof;
}

test('rows add up to the total, by operation, kernel and layer', async () => {
  const model = new Net().to('webgpu');
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  const x = torch.randn(2, 2, 8, 8).to('webgpu');
  const prof = await profiled(async () => {
    for (let i = 0; i < 2; i++) {
      optimizer.zeroGrad();
      const loss = model(x).pow(2).mean();
      loss.backward();
      await optimizer.step();
    }
  });
  const { events } = prof.data();
  const total = events.reduce((sum, { start, end }) => sum + 1000 * (end - start), 0);
  expect(total).toBeGreaterThan(0);
  for (const by of ['op', 'kernel', 'layer'] as const) {
    const rows = [...prof.keyAverages({ by })];
    const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((n, row) => n + of(row), 0);
    // Sums of the same numbers in another order.
    expect(Math.abs(sum((row) => row.selfGpuTimeTotal) - total)).toBeLessThan(1e-9 * total);
    if (by !== 'layer') {
      expect(sum((row) => row.kernels)).toBe(events.length);
      expect(sum((row) => row.bytes)).toBe(events.reduce((n, { bytes }) => n + bytes, 0));
    }
  }
  const layers = rowsOf(prof, 'layer');
  expect(layers.get('Net')).toMatchObject({ count: 2, selfGpuTimeTotal: 0 });
  expect(layers.get('Net.fc (Linear), backward')?.count).toBe(2);
  expect(layers.get('Optimizer.step#SGD.step')?.count).toBe(2);
  const inside = ['Net.features (Sequential)', 'Net.fc (Linear)'].map((key) => layers.get(key)!.gpuTimeTotal);
  expect(Math.abs(inside[0] + inside[1] - layers.get('Net')!.gpuTimeTotal)).toBeLessThan(1e-9 * total);
});

test('calls are counted, with bytes and operations as computed by hand', async () => {
  const a = torch.randn(32, 48).to('webgpu');
  const b = torch.randn(48, 16).to('webgpu');
  await torch.sync();
  const prof = await profiled(() => [a.matmul(b), a.add(1).relu(), a.relu(), a.matmul(b).sum()]);
  const rows = rowsOf(prof);
  expect(rows.get('matmul')).toMatchObject({ count: 2, flops: 2 * 2 * 32 * 48 * 16 });
  expect(rows.get('relu')).toMatchObject({ count: 2, kernels: 2, bytes: 2 * 2 * 4 * 32 * 48, flops: 2 * 32 * 48 });
  expect(rows.get('add')).toMatchObject({ count: 1, kernels: 1, bytes: 2 * 4 * 32 * 48, flops: 32 * 48 });
  expect(rows.get('sum')).toMatchObject({ count: 1, flops: 32 * 16 });
});

test('a function of several operations is one call', async () => {
  const x = torch.randn(4, 8).to('webgpu');
  const rows = rowsOf(await profiled(() => [F.normalize(x), F.normalize(x.add(1))]));
  expect(rows.get('F.normalize')?.count).toBe(2);
  expect(rows.get('F.normalize')!.kernels).toBeGreaterThan(2);
});

test('a fused kernel counts for all that it computes, and weights are prepared once', async () => {
  const model = new nn.Sequential(new nn.Conv2d(3, 8, 3), new nn.BatchNorm2d(8), new nn.ReLU()).to('webgpu').eval();
  const compiled = torch.compile(model) as unknown as (x: torch.Tensor) => torch.Tensor;
  const x = torch.randn(1, 3, 12, 12).to('webgpu');
  const infer = (): torch.Tensor => torch.noGrad(() => compiled(x));
  await infer().data();
  const prof = await profiled(async () => {
    for (let i = 0; i < 3; i++) await infer().data();
  });
  const rows = rowsOf(prof);
  expect([...rows.keys()]).toEqual(['F.batch_norm (weights, once)', 'conv2d+F.batch_norm+relu']);
  const fused = rows.get('conv2d+F.batch_norm+relu')!;
  expect(fused.count).toBe(3);
  // The product's operations, and one for each element of the norm and of the rectifier.
  expect(fused.flops).toBe(3 * (2 * 8 * 10 * 10 * 3 * 3 * 3 + 2 * 8 * 10 * 10));
  expect([...rowsOf(prof, 'layer').keys()]).toEqual([
    'Sequential',
    'Sequential.1 (BatchNorm2d)',
    'Sequential.0 (Conv2d) + Sequential.1 (BatchNorm2d) + Sequential.2 (ReLU)',
  ]);
});

test('shapes tell rows apart where they were recorded', async () => {
  const prof = await profiled(() => [1, 2, 2].map((n) => torch.ones(n, 5).to('webgpu').add(1)), { recordShapes: true });
  const shapes = [...prof.keyAverages({ groupByInputShape: true })].filter(({ key }) => key === 'add');
  expect(shapes.map(({ inputShapes, count }) => [inputShapes, count])).toEqual([
    ['[[1, 5], []]', 1],
    ['[[2, 5], []]', 2],
  ]);
});

test('with withFlops rows tell how near they come to the lower ceiling', async () => {
  const a = torch.randn(64, 64).to('webgpu');
  const prof = await profiled(() => a.matmul(a), { withFlops: true });
  const { ceilings } = prof.data();
  const row = rowsOf(prof).get('matmul')!;
  expect(ceilings!.workgroup).toBeGreaterThan(0);
  const least = Math.max(row.flops / ceilings!.flops, row.bytes / ceilings!.bytes);
  expect(row.ofCeiling).toBeCloseTo(least / (1000 * row.gpuTimeTotal), 9);
  expect(prof.keyAverages().table()).toContain('Measured ceilings');
});

test('the cpu reference is told by wall time', async () => {
  const model = new Net();
  const x = torch.randn(2, 2, 8, 8);
  const prof = await profiled(() => model(x));
  const rows = rowsOf(prof);
  expect(rows.get('conv2d')).toMatchObject({ count: 1, gpuTimeTotal: 0, flops: 2 * 2 * 4 * 8 * 8 * 2 * 3 * 3 });
  expect(rows.get('conv2d')!.cpuTimeTotal).toBeGreaterThan(0);
  expect(rowsOf(prof, 'layer').get('Net.features.0 (Conv2d)')?.count).toBe(1);
  expect(prof.keyAverages().table()).toContain('on the cpu reference');
  expect(prof.keyAverages().table()).not.toContain('GPU');
});

test('ranges that the program names are told beside modules', async () => {
  const x = torch.ones(4).to('webgpu');
  const prof = await profiled(() => torch.profiler.recordFunction('two of them', () => [x.add(1), x.mul(2)]));
  expect(rowsOf(prof, 'layer').get('two of them')?.kernels).toBe(2);
});

test('a program that never awaits is profiled too', async () => {
  const w = torch.ones(4, { requiresGrad: true, device: 'webgpu' });
  const optimizer = new optim.SGD([w], { lr: 0.1 });
  const prof = torch.profiler.profile();
  await prof.start();
  for (let i = 0; i < 40; i++) {
    optimizer.zeroGrad();
    w.mul(w).sum().backward();
    void optimizer.step();
  }
  await prof.stop();
  expect(rowsOf(prof, 'layer').get('Optimizer.step#SGD.step')?.count).toBe(40);
});

test('what was recorded before and after is no part of it', async () => {
  const x = torch.ones(4).to('webgpu');
  await torch.sync();
  const prof = await profiled(() => x.add(1));
  await x.mul(2).data();
  expect([...rowsOf(prof).keys()]).toEqual(['add']);
});

describe('misuse', () => {
  test('a profile is started once, stopped once, and asked afterwards', async () => {
    const prof = torch.profiler.profile();
    expect(() => prof.keyAverages()).toThrow('the profile was not taken yet; await stop() before');
    await expect(prof.stop()).rejects.toThrow('this profile is not running; await start() before it');
    await prof.start();
    expect(() => prof.exportChromeTrace()).toThrow('the profile is still running');
    await expect(torch.profiler.profile().start()).rejects.toThrow('another profile is running');
    await prof.stop();
    await expect(prof.stop()).rejects.toThrow('this profile has ended');
    await expect(prof.start()).rejects.toThrow('this profile was started before');
    expect(() => prof.keyAverages(true)).toThrow('shapes were not recorded');
    expect(prof.keyAverages().table()).toContain('nothing was computed while the profile was taken');
  });

  test('a body that throws ends its profile', async () => {
    await expect(profiled(() => Promise.reject(new Error('of its own')))).rejects.toThrow('of its own');
    await profiled(() => torch.ones(2).to('webgpu').add(1));
  });
});
