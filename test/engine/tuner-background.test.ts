/**
 * Intent: with `benchmarkInBackground` a program computes at once, by the predicted plans, while they are measured
 * between its computations; what is found replaces them, and what was wrong is told. Times decide nothing here.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { PlanCache } from '../../src/dnn/choice/cache.ts';
import { sourceText } from '../../src/dnn/choice/verdict.ts';
import type { Exclusively } from '../../src/dnn/choice/stopwatch.ts';
import { F, torch } from '../../src/torch/index.ts';
import type { Device } from '../../src/gpu/device.ts';
import { openTestDevice } from '../support/device.ts';
import { startTestEngine } from '../support/engine.ts';
import { chooserOn, named, plain, small, withAlgorithms } from '../support/tuner.ts';

/** Lets a measurement have the device once the gate is open, as an engine does between computations. */
function gate(): { open: () => void; inBackground: Exclusively } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, inBackground: async (work) => (await opened, work()) };
}

describe('a choice that is measured in the background', () => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice();
  });
  afterAll(() => device.destroy());

  const chooserInBackground = (cache?: PlanCache) => {
    const chooser = chooserOn(device, { benchmark: true, benchmarkInBackground: true, benchmarkLimit: 3 }, cache);
    const { open, inBackground } = gate();
    return { chooser: Object.assign(chooser, { inBackground }), open };
  };

  test('is the predicted one at once, and the measured one afterwards, which the cache keeps', async () => {
    const cache = new PlanCache();
    const { chooser, open } = chooserInBackground(cache);
    const problem = small(23);
    const first = await chooser.choose(problem, { layer: 'conv1' });
    expect(chooser.known(problem)).toBe(first);
    open();
    await chooser.settled();
    const [{ source, candidates, chosen, layer, ranMeanwhile }] = chooser.takeChoices();
    expect([source, layer, ranMeanwhile?.algo]).toEqual(['measured', 'conv1', first.algorithm.name]);
    expect(chooser.known(problem)!.algorithm.name).toBe(chosen);
    expect(candidates[0].samples).toBeGreaterThan(0);
    expect(await cache.list()).toHaveLength(1);
    expect(device.pool.stats.buffers).toBe(0);
  });

  test('says meanwhile that it is being measured', async () => {
    const { chooser, open } = chooserInBackground();
    await chooser.choose(small(24));
    const [{ source, candidates }] = chooser.takeChoices();
    expect([source, candidates[0].reason]).toEqual(['heuristic', 'being measured in the background']);
    open();
    await chooser.settled();
  });

  test('is replaced with a warning where the predicted one turns out to be wrong', async () => {
    const shifted = named('SHIFTED', { launches: (d, c, slots) => plain.launches({ ...d, padLeft: 0 }, c, slots) });
    const { chooser, open } = chooserInBackground();
    const [replaced, remarks, told]: [string[], string[], string[]] = [[], [], []];
    chooser.onProgress = (text) => told.push(text);
    chooser.onReplaced = (problem) => replaced.push(problem);
    chooser.onRemark = (text) => remarks.push(text);
    const problem = withAlgorithms(small(25), shifted, named('RIGHT'));
    expect((await chooser.choose(problem)).algorithm.name).toBe('SHIFTED');
    open();
    await chooser.settled();
    expect(chooser.known(problem)!.algorithm.name).toBe('RIGHT');
    expect(replaced).toEqual([problem.key]);
    expect(told[0]).toMatch(/^in the background, conv2d /);
    expect(told.at(-1)).toMatch(/: RIGHT .*takes the place of SHIFTED/);
    expect(sourceText(chooser.takeChoices()[0])).toMatch(
      /^measured in this run, in the background; it took the place of SHIFTED/,
    );
    expect(remarks).toEqual([
      expect.stringMatching(
        /^conv2d forward: SHIFTED, which ran until now, is wrong on this adapter: differs from .*; results before this line may be wrong, so run again$/,
      ),
    ]);
  });

  test('is not kept where the program has ended', async () => {
    const cache = new PlanCache();
    const { chooser, open } = chooserInBackground(cache);
    const problem = small(26);
    const first = await chooser.choose(problem);
    chooser.close();
    open();
    await chooser.settled();
    expect(chooser.known(problem)).toBe(first);
    expect(await cache.list()).toEqual([]);
    expect(device.pool.stats.buffers).toBe(0);
  });
});

describe('a program', () => {
  beforeAll(startTestEngine);
  afterAll(() => engine.device?.destroy());
  beforeEach(() => engine.forget());

  test('trains meanwhile, and its later steps run what was measured', async () => {
    Object.assign(torch.backends.cudnn, { benchmark: true, benchmarkInBackground: true, benchmarkLimit: 2 });
    torch.manualSeed(3);
    const x = torch.randn(2, 3, 12, 12).to('webgpu');
    const start = torch.randn(4, 3, 3, 3);
    const gradients = async (device: 'cpu' | 'webgpu', scale: number): Promise<number[]> => {
      const w = start.clone().to(device).requiresGrad_();
      F.conv2d(x.to(device), w, undefined, { padding: 1 }).square().mul(scale).mean().backward();
      return Array.from((await w.grad!.data()) as Float32Array);
    };
    const isRight = async (scale: number): Promise<void> => {
      const expected = await gradients('cpu', scale);
      for (const [i, value] of (await gradients('webgpu', scale)).entries()) expect(value).toBeCloseTo(expected[i], 4);
    };
    await isRight(1);
    const measured = engine.background.measured();
    await isRight(1);
    await measured;
    const convolutions = () => engine.takeChoices().filter(({ operation }) => operation === 'conv2d');
    const choices = convolutions();
    expect(choices.map(({ operation, direction, source }) => `${operation} ${direction} ${source}`)).toEqual([
      'conv2d forward measured',
      'conv2d backward filter measured',
    ]);
    await isRight(1);
    convolutions();
    await isRight(2); // another graph, which asks for its plans though the first may have kept its own
    expect(convolutions().map(({ source, chosen }) => [source, chosen])).toEqual(
      choices.map(({ chosen }) => ['cache', chosen]),
    );
  });
});
