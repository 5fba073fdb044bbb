/**
 * Intent: the GPU's own clock tells how long what is submitted meanwhile kept it busy, never more than wall time, and
 * nothing where nothing was.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { F, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';

beforeAll(startTestEngine);
afterAll(() => engine.device!.destroy());

test('work is timed, wherever it is submitted from', async () => {
  const x = torch.randn(2, 8, 32, 32).to('webgpu');
  const w = torch.randn(8, 8, 3, 3).to('webgpu');
  const started = performance.now();
  const ms = await engine.device!.timeSubmissions(async () => {
    for (let i = 0; i < 3; i++) await F.conv2d(x.add(i), w).sum().item();
  });
  expect(ms).toBeGreaterThan(0);
  expect(ms).toBeLessThan(performance.now() - started);
  expect(await F.conv2d(x, w).sum().item()).toBeTypeOf('number');
});

test('of nothing there is no time', async () => {
  expect(await engine.device!.timeSubmissions(async () => {})).toBeUndefined();
});

test('an error of the work is thrown, and what comes after is not timed with it', async () => {
  await expect(engine.device!.timeSubmissions(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  expect(await engine.device!.timeSubmissions(async () => {})).toBeUndefined();
});
