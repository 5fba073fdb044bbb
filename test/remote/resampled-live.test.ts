/**
 * Intent: an image at another size is the one that this machine's PyTorch makes, for sizes that are new each time.
 */
import { expect, test } from 'vitest';
import { Generator, randint } from '../../src/base/random.ts';
import { describeWith } from '../support/needs.ts';
import { runPython } from '../support/python.ts';
import type { Resampled } from '../support/resampled.ts';
import { allowed, differenceOf } from '../support/resampled.ts';

const count = 40;

const answer = `
import json, sys
sys.path.insert(0, "scripts/goldens")
from resampled_images import resampled
json.dump([resampled(*asked) for asked in json.load(sys.stdin)], sys.stdout)
`;

describeWith(['python'], "the machine's own PyTorch", () => {
  test(`resamples ${count} images as we do`, async () => {
    const chance = new Generator();
    chance.seed();
    const side = (): number => randint(chance, 1, 1, [4, 20, 150][randint(chance, 1, 0, 3)[0]])[0];
    const asked = Array.from({ length: count }, () => [
      [side(), side()],
      [side(), side()],
    ]);
    const cases = JSON.parse(String(await runPython(answer, JSON.stringify(asked)))) as Resampled[];
    expect(cases).toHaveLength(count);
    const wrong = cases.filter((one) => !(differenceOf(one) <= allowed(one)));
    expect(wrong.map((one) => ({ ...one, values: differenceOf(one) }))).toEqual([]);
  });
});
