/**
 * @file Intent: no call is answered otherwise than PyTorch answers it: random functions, methods and layers, with
 * arguments of right and wrong kinds in places and by name. `npm run fuzz -- --calls 10000` runs more.
 */
import { expect, test } from 'vitest';
import { differences } from '../ops/calls.ts';
import { describeWith } from '../support/needs.ts';

describeWith(['python'], 'random calls', () => {
  test('are answered as PyTorch answers them, or refused', async () => {
    const { answered, found } = await differences(Array.from({ length: 500 }, (_, i) => i + 1));
    expect(answered).toBeGreaterThan(200);
    expect(found).toEqual([]);
  });
});
