/**
 * @file Intent: programs that mix steps, updates in place, copies, views and reads read the numbers that PyTorch reads,
 * awaited or not.
 */
import { beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { fuzzProgram, pythonPrelude } from '../ops/fuzz-programs.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';

const programs = Array.from({ length: 24 }, (_, i) => ({ seed: 1000 + i, ...fuzzProgram(1000 + i) }));

/**
 * Both sides round each of some dozens of operations on numbers of magnitude 1 to float32; Adam divides by small ones.
 */
const tolerance = 2e-4;

describeWith(['python'], 'random programs', () => {
  let expected: number[][][];
  beforeAll(async () => {
    const text = [
      pythonPrelude,
      'all = []',
      ...programs.flatMap(({ python }) => [python, 'all.append(r)']),
      'print(json.dumps(all))',
    ].join('\n');
    expected = JSON.parse(String(await runPython(text))) as number[][][];
  });

  const agree = async (device: 'cpu' | 'webgpu'): Promise<void> => {
    const different: string[] = [];
    for (const [i, { seed, run }] of programs.entries()) {
      const own = await run(device).catch((error: unknown) => String(error));
      const same =
        typeof own !== 'string' &&
        own.length === expected[i].length &&
        own.every(
          (numbers, n) =>
            numbers.length === expected[i][n].length &&
            numbers.every((x, k) => Math.abs(x - expected[i][n][k]) <= tolerance * (1 + Math.abs(expected[i][n][k]))),
        );
      if (!same) different.push(`seed ${seed}: ${typeof own === 'string' ? own : 'other numbers'}`);
    }
    expect(different).toEqual([]);
  };

  test('on the cpu', () => agree('cpu'));

  describeWith(['adapter'], 'and', () => {
    beforeAll(async () => {
      if (!engine.available) await startTestEngine();
    });
    test('on the device', () => agree('webgpu'));
  });
});
