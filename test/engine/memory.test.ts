/**
 * Memory: a loop that disposes nothing holds a constant amount, what is unreachable comes back, running out is an error
 * one survives.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { nn, optim, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { collect } from '../support/garbage.ts';
import { describeWith } from '../support/needs.ts';

const MiB = 2 ** 20;

/** Has everything unreachable collected and its buffers freed, until nothing more comes back. */
async function settle(): Promise<void> {
  for (let last = NaN, quiet = 0; quiet < 3;) {
    collect();
    for (let turn = 0; turn < 3; turn++) await nextTurn(); // whoever waits to hear of it does so in later turns
    const now = torch.webgpu.memoryAllocated();
    quiet = now === last ? quiet + 1 : 0;
    last = now;
  }
}

class TinyCnn extends nn.Module<[torch.Tensor], torch.Tensor> {
  conv = new nn.Conv2d(1, 2, { kernelSize: 3, padding: 1 });
  pool = new nn.MaxPool2d(2);
  fc = new nn.Linear(8, 2);

  override forward(x: torch.Tensor): torch.Tensor {
    return this.fc(this.pool(this.conv(x).relu()).flatten(1));
  }
}

describeWith(['adapter'], 'device memory', () => {
  beforeAll(startTestEngine);
  afterAll(() => engine.device?.destroy());
  afterEach(() => torch.webgpu.setMemoryLimit(Infinity));

  test('10,000 training steps hold as much at the end as after 2,000, on the device and in JavaScript', async () => {
    torch.manualSeed(0);
    const model = new TinyCnn().to('webgpu');
    const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
    const seen = new Map<number, { allocated: number; reserved: number; heap: number }>();
    let loss = 0;
    for (let step = 1; step <= 10_000; step++) {
      const x = torch.randn(2, 1, 4, 4).to('webgpu');
      optimizer.zeroGrad();
      const y = model(x);
      const error = y.mul(y).mean();
      error.backward();
      void optimizer.step();
      if (step % 10 === 0 || step <= 100) loss = await error.item();
      else await torch.sync();
      if (step !== 2000 && step !== 10_000) continue;
      await settle();
      seen.set(step, {
        allocated: torch.webgpu.memoryAllocated(),
        reserved: torch.webgpu.memoryReserved(),
        heap: process.memoryUsage().heapUsed,
      });
    }
    const [first, last] = [seen.get(2000)!, seen.get(10_000)!];
    expect(loss).toBeLessThan(1e-3);
    expect(last.allocated).toBe(first.allocated);
    expect(last.reserved).toBe(first.reserved);
    // Compiled code comes and goes; a leak of one node a step would be 4 MiB.
    expect(last.heap - first.heap).toBeLessThan(2 * MiB);
  }, 600_000);

  test('a value that nothing reaches any more is freed, and at once by dispose() and using', async () => {
    await settle();
    const before = torch.webgpu.memoryAllocated();
    const make = async () => {
      const t = torch.randn(512, 512).to('webgpu').mul(2);
      await engine.realize([t.node]);
      return t;
    };
    await make();
    await settle();
    expect(torch.webgpu.memoryAllocated()).toBe(before);
    const kept = await make();
    expect(torch.webgpu.memoryAllocated()).toBe(before + MiB);
    kept.dispose();
    expect(torch.webgpu.memoryAllocated()).toBe(before);
    await expect(kept.data()).rejects.toThrow(/was disposed/);
    {
      using scoped = await make();
      expect(scoped.shape).toEqual([512, 512]);
    }
    expect(torch.webgpu.memoryAllocated()).toBe(before);
  });

  test('the peak is told and begins anew; the cache goes back', async () => {
    torch.webgpu.resetPeakMemoryStats();
    const before = torch.webgpu.memoryAllocated();
    await torch.randn(1024, 1024).to('webgpu').mul(2).sum().item();
    expect(torch.webgpu.maxMemoryAllocated()).toBeGreaterThanOrEqual(before + 8 * MiB);
    torch.webgpu.resetPeakMemoryStats();
    expect(torch.webgpu.maxMemoryAllocated()).toBe(torch.webgpu.memoryAllocated());
    torch.webgpu.emptyCache();
    expect(torch.webgpu.memoryReserved()).toBe(torch.webgpu.memoryAllocated());
    expect(torch.webgpu.memorySummary()).toMatch(/in use .*MiB\n.*most in use .*MiB\n.*reserved/);
  });

  test('beyond the limit it is an error with sizes, and the engine goes on', async () => {
    await settle();
    const weights = torch.randn(256, 256).to('webgpu').mul(1);
    await engine.realize([weights.node]);
    torch.webgpu.emptyCache();
    torch.webgpu.setMemoryLimit(torch.webgpu.memoryReserved() + 2 * MiB);
    const large = torch.randn(1024, 1024).to('webgpu').mul(2);
    await expect(large.sum().item()).rejects.toThrow(
      /out of memory; 4194304 bytes are wanted, \d+ are in use, and the limit is \d+/,
    );
    expect(await weights.mul(0).sum().item()).toBe(0);
    torch.webgpu.setMemoryLimit(Infinity);
    expect(Number.isFinite(await large.sum().item())).toBe(true);
    expect(() => torch.webgpu.setMemoryLimit(0)).toThrow(/not a number of bytes above 0/);
  });

  test('unreachable values are collected before memory counts as full', async () => {
    await settle();
    torch.webgpu.emptyCache();
    torch.webgpu.setMemoryLimit(torch.webgpu.memoryReserved() + 24 * MiB);
    // Each round leaves 4 MiB behind that only the collector can free; the limit is reached in the sixth.
    for (let i = 0; i < 12; i++) await engine.realize([torch.ones(1024, 1024).to('webgpu').mul(i).node]);
    expect(torch.webgpu.memoryReserved()).toBeLessThanOrEqual(engine.memoryLimit);
  });

  test('a tensor beyond the largest binding says the limit', async () => {
    const limit = Math.min(engine.device!.limits.maxStorageBufferBindingSize, engine.device!.limits.maxBufferSize);
    const huge = torch
      .zeros(Math.ceil(limit / 4) + 1024)
      .to('webgpu')
      .add(1);
    await expect(engine.realize([huge.node])).rejects.toThrow(
      new RegExp(`exceed this adapter's limit of ${limit} bytes`),
    );
    expect(await torch.ones(2).to('webgpu').add(1).tolist()).toEqual([2, 2]);
  });
});
