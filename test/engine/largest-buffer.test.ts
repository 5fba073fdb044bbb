/**
 * @file Intent: an intermediate may be as large as the adapter's limit, though its size class lies above; one beyond it
 * is refused with its own size. The device is real and says that its limit is lower than it is.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { sizeClass } from '../../src/gpu/pool.ts';
import { torch } from '../../src/torch/index.ts';
import { openTestAdapter } from '../support/adapter.ts';
import { describeWith } from '../support/needs.ts';

const side = 1100; // so that the limit lies above the buffers of the adapter's probes, 4 MiB at most
const limit = side * side * 4;

/** The devices of `gpu`, which say that a buffer has `limit` bytes at most: WebGPU grants no limits below 128 MiB. */
function limited(gpu: GPU): GPU {
  const requestAdapter = async (options?: GPURequestAdapterOptions): Promise<GPUAdapter | null> => {
    const adapter = await gpu.requestAdapter(options);
    if (!adapter) return null;
    const requestDevice = async (wanted?: GPUDeviceDescriptor): Promise<GPUDevice> => {
      const device = await adapter.requestDevice(wanted);
      const get = (limits: GPUSupportedLimits, name: string): unknown =>
        name === 'maxStorageBufferBindingSize' || name === 'maxBufferSize' ? limit : Reflect.get(limits, name);
      return Object.defineProperty(device, 'limits', { value: new Proxy(device.limits, { get }) });
    };
    const { features, info, limits } = adapter;
    return { features, info, limits, requestDevice } as GPUAdapter;
  };
  return { requestAdapter, wgslLanguageFeatures: gpu.wgslLanguageFeatures } as GPU;
}

/** The sum of an outer product of ones, which is an intermediate. */
const sumOf = (rows: number, columns: number): Promise<number> =>
  torch
    .ones(rows, 1, { device: 'webgpu' })
    .matmul(torch.ones(1, columns, { device: 'webgpu' }))
    .sum()
    .item();

describeWith(['adapter'], 'the largest buffer', () => {
  beforeAll(async () => {
    provideShaders(readShaders());
    await engine.start(limited((await openTestAdapter()).gpu));
  });
  afterAll(() => engine.device?.destroy());

  test('an intermediate of the limit is computed, in a buffer that is not rounded up beyond it', async () => {
    expect(engine.device!.limits.maxStorageBufferBindingSize).toBe(limit);
    expect(sizeClass(limit)).toBeGreaterThan(limit);
    await sumOf(3, 4); // the adapter is probed, in buffers of any size
    torch.webgpu.resetPeakMemoryStats();
    expect(await sumOf(side, side)).toBe(side * side);
    expect(torch.webgpu.maxMemoryAllocated()).toBeGreaterThanOrEqual(limit);
    expect(torch.webgpu.maxMemoryAllocated()).toBeLessThan(sizeClass(limit));
  });

  test('one above is refused with its size and the limit, and the engine goes on', async () => {
    await expect(sumOf(side, side + 1)).rejects.toThrow(
      `intermediate: ${limit + side * 4} bytes exceed this adapter's limit of ${limit} bytes`,
    );
    expect(await sumOf(3, 4)).toBe(12);
  });
});
