/**
 * @file The tests of families of cases on a device: one test an operation, and at the end a line that tells what was
 * compared.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DeviceType } from '../../src/graph/types.ts';
import { titleOf } from './case.ts';
import { families } from './cases/index.ts';
import { evaluateCases } from './evaluate.ts';
import type { Results } from './evaluate.ts';
import { readGoldens } from './golden.ts';
import type { Judgement } from './judge.ts';
import { judge } from './judge.ts';

/** Declares the tests; `where` is asked for the device's name when they have run. */
export function compareFamilies(names: readonly string[], device: DeviceType, where: () => string): void {
  const tally = { cases: 0, compared: 0, errors: {} as Record<string, number> };
  describe.each(names)('%s', (family) => {
    const cases = families[family];
    let goldens: Map<string, Results>;
    beforeAll(() => {
      goldens = readGoldens(family, cases);
    });
    test.each([...new Set(cases.map((c) => c.op))])('%s', async (operation) => {
      const all = cases.filter((c) => c.op === operation);
      const results = await evaluateCases(all, device);
      const judgements = all.map((c, i) => judge(c, results[i], goldens.get(titleOf(c))!));
      judgements.forEach(count);
      expect(judgements.flatMap((j) => j.complaints)).toEqual([]);
    });
  });

  function count({ compared, errors }: Judgement): void {
    tally.cases++;
    tally.compared += compared;
    for (const [dtype, error] of Object.entries(errors))
      tally.errors[dtype] = Math.max(tally.errors[dtype] ?? 0, error);
  }

  afterAll(() => {
    const errors = Object.entries(tally.errors).map(([dtype, error]) => `${dtype} ${error.toPrecision(2)}`);
    console.log(
      `${where()}: ${tally.cases} cases, ${tally.compared} tensors; largest errors in units in the last place: ${errors.join(', ')}`,
    );
  });
}
