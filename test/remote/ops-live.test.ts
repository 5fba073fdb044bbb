/**
 * @file Intent: the golden files say what the machine's own PyTorch says, so that they cannot rot.
 *
 * A random sample of all cases is asked anew each time; the seed of the sample is printed.
 */
import { expect, test } from 'vitest';
import { Generator, randperm } from '../../src/base/random.ts';
import { titleOf } from '../ops/case.ts';
import { families } from '../ops/cases/index.ts';
import { differsByVersion } from '../ops/differs.ts';
import { askPyTorch, readGoldens } from '../ops/golden.ts';
import { judge } from '../ops/judge.ts';
import { describeWith } from '../support/needs.ts';

const sampleSize = 200;

describeWith(['python'], "the machine's own PyTorch", () => {
  test(`gives the goldens of ${sampleSize} cases again`, async () => {
    const chance = new Generator();
    const seed = chance.seed();
    const all = Object.entries(families).flatMap(([family, cases]) => {
      const goldens = readGoldens(family, cases);
      return cases.filter((c) => !differsByVersion(c)).map((c) => ({ c, golden: goldens.get(titleOf(c))! }));
    });
    const sample = [...randperm(chance, all.length).subarray(0, sampleSize)].map((i) => all[i]);
    const { torch, results } = await askPyTorch(sample.map(({ c }) => c));
    console.log(`${sample.length} of ${all.length} cases, sampled with seed ${seed}, by PyTorch ${torch}`);
    expect(sample.flatMap(({ c, golden }, i) => judge(c, results[i], golden).complaints)).toEqual([]);
  });
});
