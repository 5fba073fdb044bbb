/**
 * Intent: the device keeps a bounded number of pipelines, the least recently used goes first, and a program that holds
 * one which the cache has let go runs on as before.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Launch } from '../../src/gpu/kernel.ts';
import { writes } from '../../src/gpu/kernel.ts';
import { PipelineCache, pipelinesKept } from '../../src/gpu/pipelines.ts';
import type { DeviceBuffer } from '../../src/gpu/pool.ts';
import { MemoryPool } from '../../src/gpu/pool.ts';
import { Program } from '../../src/gpu/program.ts';
import { openTestAdapter } from '../support/adapter.ts';

let gpu: GPU;
let device: GPUDevice;
beforeAll(async () => {
  ({ gpu } = await openTestAdapter());
  device = await (await gpu.requestAdapter())!.requestDevice();
});
afterAll(() => device.destroy());

/** A kernel of its own for every number: it writes the number. */
const writing = (n: number): Launch => ({
  kernel: {
    label: `writes ${n}`,
    generated: `@group(0) @binding(0) var<storage, read_write> y: array<u32>;\n@compute @workgroup_size(1) fn main() { y[0] = ${n}u; }`,
  },
  bindings: [writes(0)],
  workgroups: [1, 1, 1],
});

test('it holds as many as it may, and forgets the one that was not asked for the longest', async () => {
  const cache = new PipelineCache(device, 3);
  const first = await cache.get(writing(1));
  const second = await cache.get(writing(2));
  await cache.get(writing(3));
  expect(await cache.get(writing(1))).toBe(first);
  await cache.get(writing(4));
  expect(cache.size).toBe(3);
  expect(await cache.get(writing(1))).toBe(first);
  expect(await cache.get(writing(2))).not.toBe(second);
  expect(cache.size).toBe(3);
});

test('without another number the device keeps what is documented', async () => {
  const cache = new PipelineCache(device);
  for (let n = 0; n < pipelinesKept + 8; n += 64)
    await Promise.all(Array.from({ length: 64 }, (_, i) => cache.get(writing(n + i))));
  expect(cache.size).toBe(pipelinesKept);
});

test('a program runs on after the cache has forgotten its pipelines, and one of more pipelines than are kept runs too', async () => {
  const cache = new PipelineCache(device, 2);
  const pool = new MemoryPool(device);
  const buffer = pool.allocate(4);
  const early = await Program.prepare(device, cache, [writing(7)]);
  const long = await Program.prepare(device, cache, [1, 2, 3, 4, 5].map(writing));
  expect(cache.size).toBe(2);
  expect(await written(long, buffer)).toBe(5);
  expect(await written(early, buffer)).toBe(7);
});

/** What the program leaves in the buffer. */
async function written(program: Program, buffer: DeviceBuffer): Promise<number> {
  const staging = device.createBuffer({ size: 4, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  program.encode(pass, [buffer]);
  pass.end();
  encoder.copyBufferToBuffer(buffer.gpu, 0, staging, 0, 4);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const [number] = new Uint32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return number;
}
