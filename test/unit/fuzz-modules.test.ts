/**
 * @file Random modules, trained by compiled calls that are played, and by calls that are recorded: the same to the bit.
 * More by
 * `npm run fuzz -- --modules 500`.
 */
import { expect, test } from 'vitest';
import { runModuleProgram } from '../support/fuzz-modules.ts';

test('forty random modules give the same whether their calls are played or recorded', async () => {
  const runs = [];
  for (let seed = 0; seed < 40; seed++) runs.push(await runModuleProgram(seed, 'cpu'));
  expect(runs.flatMap(({ differences }) => differences)).toEqual([]);
  expect(runs.filter(({ played }) => played).length).toBeGreaterThan(10);
});
