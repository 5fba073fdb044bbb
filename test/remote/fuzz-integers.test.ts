/**
 * @file Intent: chains of integer operations have PyTorch's dtypes and numbers, and an int64 number that 32 bits do not
 * hold is refused. `npm run fuzz -- --integers 2000` runs more.
 */
import { beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { integerDifferences, integerProgram } from '../ops/fuzz-integers.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';

const programs = Array.from({ length: 60 }, (_, i) => integerProgram(1 + i));

const agree = async (device: 'cpu' | 'webgpu'): Promise<void> => {
  const { refusals, found } = await integerDifferences(programs, device);
  expect(found).toEqual([]);
  expect(refusals).toBeGreaterThan(10);
};

describeWith(['python'], 'chains of integers', () => {
  test('on the cpu', () => agree('cpu'));

  describeWith(['adapter'], 'and', () => {
    beforeAll(async () => {
      if (!engine.available) await startTestEngine();
    });
    test('on the device', () => agree('webgpu'));
  });
});
