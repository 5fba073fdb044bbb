/**
 * Intent: on a real adapter, whatever goes wrong in the middle of a measurement has a plain outcome: wrong candidates
 * are out, a lost device ends the choice, a hidden tab keeps nothing. Times decide nothing here, so that a busy machine
 * does not matter.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DeviceLostError } from '../../src/base/errors.ts';
import { PlanCache } from '../../src/dnn/choice/cache.ts';
import { context } from '../../src/dnn/choice/context.ts';
import { measure } from '../../src/dnn/choice/measure.ts';
import { Device } from '../../src/gpu/device.ts';
import { openTestAdapter } from '../support/adapter.ts';
import { openTestDevice } from '../support/device.ts';
import { chooserOn, named, plain, seed, small, withAlgorithms } from '../support/tuner.ts';

let device: Device;
beforeAll(async () => {
  device = await openTestDevice();
});
afterAll(() => device.destroy());

describe('candidates that are wrong or broken', () => {
  const lazy = named('LAZY', {
    launches: (d, c, slots) =>
      plain.launches(d, c, slots).map((launch) => ({ ...launch, workgroups: [1, 1, 1] as const })),
  });
  const broken = named('BROKEN', {
    launches: (d, c, slots) =>
      plain
        .launches(d, c, slots)
        .map((launch) => ({
          ...launch,
          kernel: { label: 'broken', generated: '@compute @workgroup_size(1) fn main() { y[0] = 1.0 }' },
        })),
  });
  const shifted = named('SHIFTED', { launches: (d, c, slots) => plain.launches({ ...d, padLeft: 0 }, c, slots) });
  const greedy = named('GREEDY', { workspace: () => [device.limits.maxStorageBufferBindingSize + 4] });

  test('are disqualified or fail with their reasons, and a right one wins', async () => {
    const chooser = chooserOn(device, { benchmark: true, benchmarkLimit: 0 });
    const plan = await chooser.choose(withAlgorithms(small(16), lazy, broken, shifted, greedy, named('RIGHT')));
    expect(plan.algorithm.name).toBe('RIGHT');
    const [{ candidates }] = chooser.takeChoices();
    const status = Object.fromEntries(candidates.map((c) => [c.algo, [c.status, c.reason ?? '']]));
    expect(status.RIGHT[0]).toBe('success');
    expect(status.LAZY).toEqual([
      'disqualified',
      expect.stringMatching(/^differs from the float64 reference by Infinity/),
    ]);
    expect(status.SHIFTED).toEqual(['disqualified', expect.stringMatching(/of its rms at element/)]);
    expect(status.BROKEN).toEqual(['failed', expect.stringContaining('generated broken')]);
    expect(status.GREEDY).toEqual(['failed', expect.stringMatching(/exceed this adapter's limit/)]);
    expect(device.pool.stats.buffers).toBe(0);
  });
});

describe('where no candidate that was tried is right', () => {
  const lazy = named('LAZY', {
    launches: (d, c, slots) =>
      plain.launches(d, c, slots).map((launch) => ({ ...launch, workgroups: [1, 1, 1] as const })),
  });
  /**
   * Wrong, at the very cost of what is right: the model cannot tell them apart, so the first of the table is tried
   * first.
   */
  const shifted = named('SHIFTED', { launches: (d, c, slots) => plain.launches({ ...d, padLeft: 0 }, c, slots) });

  test('one that was not tried runs', async () => {
    const chooser = chooserOn(device, { benchmark: true, benchmarkLimit: 1 });
    expect((await chooser.choose(withAlgorithms(small(21), shifted, named('RIGHT')))).algorithm.name).toBe('RIGHT');
    const [{ source, candidates }] = chooser.takeChoices();
    expect([source, candidates.map((c) => [c.algo, c.status])]).toEqual([
      'heuristic',
      [
        ['RIGHT', 'not tried'],
        ['SHIFTED', 'disqualified'],
      ],
    ]);
  });

  test('and none is left, the error says what was wrong with each', async () => {
    const chooser = chooserOn(device, { benchmark: true });
    await expect(chooser.choose(withAlgorithms(small(21), lazy, { ...lazy, name: 'LAZIER' }))).rejects.toThrow(
      /no algorithm computes 1×4×21×9 .* rightly on this adapter: LAZ.* differs from the float64 reference/,
    );
  });
});

describe('trouble in the middle', () => {
  test('a budget of nothing gives the heuristic choice, and says what was not tried', async () => {
    const cache = new PlanCache();
    const chooser = chooserOn(device, { benchmark: true, benchmarkBudgetMs: 0 }, cache);
    await chooser.choose(seed);
    const [{ source, candidates }] = chooser.takeChoices();
    expect(source).toBe('heuristic');
    expect(
      candidates.filter((c) => c.status === 'not tried').every((c) => c.reason === 'the time budget is 0 ms'),
    ).toBe(true);
    expect(await cache.list()).toEqual([]);
  });

  test('a tab that is hidden meanwhile gives a right plan that is not kept', async () => {
    const cache = new PlanCache();
    const chooser = chooserOn(device, { benchmark: true }, cache);
    context.interruption = () => 'the tab was hidden, and browsers slow hidden tabs down';
    await chooser.choose(small(17));
    context.interruption = () => undefined;
    const [{ source, candidates }] = chooser.takeChoices();
    expect(source).toBe('heuristic');
    expect(candidates[0]).toMatchObject({ reason: 'the tab was hidden, and browsers slow hidden tabs down' });
    expect(candidates[0].maxError).toBeLessThan(2e-5);
    expect(await cache.list()).toEqual([]);
  });

  test('a device that is lost ends the choice with its reason, keeps nothing, and the next device chooses', async () => {
    const lost = await openTestDevice();
    const cache = new PlanCache();
    const chooser = chooserOn(lost, { benchmark: true }, cache);
    chooser.onProgress = (text) => {
      if (text.includes('verifying 2')) lost.destroy();
    };
    await expect(chooser.choose(seed)).rejects.toThrow(DeviceLostError);
    expect(await cache.list()).toEqual([]);
    const next = chooserOn(device, { benchmark: true, benchmarkLimit: 2 }, cache);
    await next.choose(seed);
    expect(next.takeChoices()[0].source).toBe('measured');
  });

  test('an adapter without timestamps is measured by wall time, and the choice says so', async () => {
    const blind = await Device.open(withoutTimestamps((await openTestAdapter()).gpu));
    try {
      // In the first round one always runs.
      const chooser = chooserOn(blind, { benchmark: true, benchmarkLimit: 3, benchmarkBudgetMs: 1000 });
      await chooser.choose(small(18));
      const [{ clock, source }] = chooser.takeChoices();
      expect([clock?.kind, source]).toEqual(['wall', 'measured']);
    } finally {
      blind.destroy();
    }
  });
});

test('where there is no room to measure, the heuristic chooses, and says what there was no room for', async () => {
  const problem = {
    ...small(20),
    operands: small(20).operands.map((o) => (o.role === 'y' ? { ...o, elements: 2 ** 40, shape: undefined } : o)),
  };
  const chooser = chooserOn(device, { benchmark: true });
  await chooser.choose(problem);
  const [{ source, candidates }] = chooser.takeChoices();
  expect([source, candidates[0].reason]).toEqual(['heuristic', expect.stringMatching(/exceed this adapter's limit/)]);
});

test('a measurement returns all that it took from the pool, also where it fails', async () => {
  const problem = {
    ...small(19),
    operands: small(19).operands.map((o) => (o.role === 'y' ? { ...o, elements: 2 ** 40 } : o)),
  };
  await expect(measure(device, problem, [], { budgetMs: 1000 })).rejects.toThrow(/exceed this adapter's limit/);
  expect(device.pool.stats.buffers).toBe(0);
});

/** The same GPU, whose adapters do not offer timestamp queries. */
function withoutTimestamps(gpu: GPU): GPU {
  const veil = (adapter: GPUAdapter): object => ({
    features: new Set([...adapter.features].filter((name) => name !== 'timestamp-query')),
    limits: adapter.limits,
    info: adapter.info,
    requestDevice: (descriptor: GPUDeviceDescriptor) => adapter.requestDevice(descriptor),
  });
  return {
    wgslLanguageFeatures: gpu.wgslLanguageFeatures,
    requestAdapter: async (options: GPURequestAdapterOptions) => {
      const adapter = await gpu.requestAdapter(options);
      return adapter && veil(adapter);
    },
  } as unknown as GPU;
}
