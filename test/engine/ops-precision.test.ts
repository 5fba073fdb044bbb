/**
 * @file Intent: functions are as exact on the slowest software adapter, which browsers fall back on, as on the fastest:
 * no result depends on how a driver computes an exponential or takes NaN and infinity.
 */
import { afterAll, beforeAll, test } from 'vitest';
import { openAdapter } from '../../src/machine/adapters.ts';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import { compareFamilies } from '../ops/suite.ts';
import { softwareAdapters } from '../support/device.ts';
import { describeWith } from '../support/needs.ts';

describeWith(['adapter'], 'another adapter', async () => {
  const [, other] = await softwareAdapters();
  if (other === undefined) {
    test.skip('(needs a second software adapter)', () => {});
    return;
  }
  beforeAll(async () => {
    provideShaders(readShaders());
    const { gpu } = await openAdapter(other);
    await engine.start(gpu);
  });
  compareFamilies(['activations', 'arithmetic', 'bfloat16', 'reductions', 'unary'], 'webgpu', () => other);
  afterAll(() => engine.device?.destroy());
});
