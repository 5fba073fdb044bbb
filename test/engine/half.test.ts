/**
 * @file Intent: float16 on an adapter without shader-f16 is a clear error that says what to do, and the cpu still computes it.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAdapters, openAdapter } from '../../src/cli/adapters.ts';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { torch } from '../../src/torch/index.ts';
import { describeWith } from '../support/needs.ts';

const plain = (await listAdapters()).find((adapter) => adapter.software && !adapter.features.includes('shader-f16'));

describeWith(['adapter'], 'float16', () => {
  beforeAll(async () => {
    provideShaders(readShaders());
    if (plain) await engine.start((await openAdapter(plain.name)).gpu);
  });
  afterAll(() => engine.device?.destroy());

  test('without shader-f16 is refused on the GPU, and computed on the cpu', async ({ skip }) => {
    skip(!plain, 'every software adapter here has shader-f16');
    const x = torch.tensor([1, 2]).to('float16');
    await expect(x.to('webgpu').add(1).data()).rejects.toThrow("this adapter has no shader-f16, which float16 on the GPU needs; use float32, or the cpu");
    expect(await x.add(1).tolist()).toEqual([2, 3]);
    expect(await torch.tensor([1, 2]).to('webgpu').add(1).tolist()).toEqual([2, 3]);
  });
});
