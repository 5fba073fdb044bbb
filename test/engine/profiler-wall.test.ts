/**
 * Intent: on an adapter without timestamp queries a profile still tells all kernels, by wall time, and says so.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { torch } from '../../src/torch/index.ts';
import { openTestAdapter } from '../support/adapter.ts';

/** The adapter as it would be without timestamp queries. */
function withoutTimestamps(adapter: GPUAdapter): GPUAdapter {
  const features = new Set([...adapter.features].filter((name) => name !== 'timestamp-query'));
  return new Proxy(adapter, {
    get(target, name) {
      if (name === 'features') return features;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

beforeAll(async () => {
  provideShaders(readShaders());
  const { gpu } = await openTestAdapter();
  await engine.start({
    wgslLanguageFeatures: gpu.wgslLanguageFeatures,
    requestAdapter: async () => withoutTimestamps((await gpu.requestAdapter())!),
  } as unknown as GPU);
});
afterAll(() => engine.device!.destroy());

test('kernels are told by wall time, never more than passed', async () => {
  const a = torch.randn(64, 64).to('webgpu');
  await torch.sync();
  const prof = torch.profiler.profile();
  const y = await prof.run(() => a.mul(a).relu().sum());
  const { events, wallMs, device } = prof.data();
  expect(device?.clock).toBe('wall');
  expect(new Set(events.map(({ operation }) => operation))).toEqual(new Set(['mul', 'relu', 'sum']));
  const total = events.reduce((sum, { start, end }) => sum + end - start, 0);
  expect(total).toBeGreaterThan(0);
  expect(total).toBeLessThanOrEqual(wallMs);
  expect(prof.keyAverages().table()).toContain('wall time around each kernel');
  expect(await y.item()).toBeCloseTo(await a.mul(a).relu().sum().item(), 2);
});
