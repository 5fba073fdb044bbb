/**
 * @file Intent: every operation, and its gradient, gives PyTorch's numbers, on the cpu reference and on the GPU.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { families } from '../ops/cases/index.ts';
import { compareFamilies } from '../ops/suite.ts';
import { openTestAdapter } from '../support/adapter.ts';
import { describeWith } from '../support/needs.ts';

const all = Object.keys(families);

describe('the cpu reference', () => compareFamilies(all, 'cpu', () => 'cpu'));

describeWith(['adapter'], 'the GPU', () => {
  let name: string;
  beforeAll(async () => {
    provideShaders(readShaders());
    const { gpu } = await openTestAdapter();
    await engine.start(gpu);
    name = engine.device!.adapter.description;
  });
  compareFamilies(all, 'webgpu', () => name);
  afterAll(() => engine.device?.destroy());
});
