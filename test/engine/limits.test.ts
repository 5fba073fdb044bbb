/**
 * @file Intent: a tensor that one binding of the adapter cannot hold is an error that names the limit, and the engine goes on.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import * as torch from '../../src/torch/torch.ts';
import { openTestAdapter } from '../support/adapter.ts';
import { describeWith } from '../support/needs.ts';

describeWith(['adapter'], "the adapter's largest binding", () => {
  beforeAll(async () => {
    provideShaders(readShaders());
    const { gpu } = await openTestAdapter();
    await engine.start(gpu);
  });
  afterAll(() => engine.device!.destroy());

  test('an element more than it holds fails with the limit, and the next tensor is computed', async () => {
    const { maxStorageBufferBindingSize, maxBufferSize } = engine.device!.limits;
    const limit = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    const tooLarge = torch.zeros(Math.floor(limit / 4) + 1, { device: 'webgpu' }).add(1);
    await expect(tooLarge.data()).rejects.toThrow(`exceed this adapter's limit of ${limit} bytes for one storage buffer`);
    expect(await torch.ones(3, { device: 'webgpu' }).add(1).tolist()).toEqual([2, 2, 2]);
  });
});
