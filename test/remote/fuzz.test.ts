/**
 * @file Intent: random expression graphs give PyTorch's values and gradients, on the cpu reference and on the GPU. A
 * failure names its seed; `npm run fuzz -- --seed N` runs that one graph again.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { evaluateCases } from '../ops/evaluate.ts';
import { fuzzCase } from '../ops/fuzz.ts';
import { askPyTorch } from '../ops/golden.ts';
import { judge } from '../ops/judge.ts';
import { openTestAdapter } from '../support/adapter.ts';
import { describeWith } from '../support/needs.ts';

const graphCount = 500;

describeWith(['adapter', 'python'], `${graphCount} random graphs`, () => {
  const first = Math.floor(Math.random() * 2 ** 31);
  const cases = Array.from({ length: graphCount }, (_, i) => fuzzCase(first + i));
  let expected: Awaited<ReturnType<typeof askPyTorch>>['results'];

  beforeAll(async () => {
    provideShaders(readShaders());
    const { gpu } = await openTestAdapter();
    await engine.start(gpu);
    expected = (await askPyTorch(cases)).results;
  });
  afterAll(() => engine.device!.destroy());

  test.each(['cpu', 'webgpu'] as const)('on %s', async (device) => {
    const results = await evaluateCases(cases, device);
    const judgements = cases.map((c, i) => judge(c, results[i], expected[i]));
    const largest = Math.max(...judgements.map((j) => j.errors.float32 ?? 0));
    console.log(
      `${graphCount} graphs from seed ${first} on ${device}; largest error ${largest.toPrecision(2)} units in the last place`,
    );
    expect(judgements.flatMap((j) => j.complaints)).toEqual([]);
  });
});
