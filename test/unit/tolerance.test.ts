/**
 * Intent: what rounding does is allowed, in any arithmetic and through any network, and a fault of the size of one tap
 * is not. A few networks with fixed seeds stand for the many of `npm run bench -- tolerance`, which states the rates.
 */
import { describe, expect, test } from 'vitest';
import { inOrder } from '../../src/session/judge/sum-length.ts';
import { randomRounding } from '../../src/session/judge/rounding.ts';
import { faultIn, faultNames } from '../support/faults.ts';
import { randomNetwork } from '../support/networks.ts';
import { JudgedSide } from '../support/rounded-side.ts';
import { stream } from '../support/fake-bench.ts';

describe('random rounding', () => {
  test('takes one of the two neighbours, the nearer one the more often, and leaves what fits', () => {
    const round = randomRounding(3, 0, stream(1));
    const taken = Array.from({ length: 4000 }, () => round(1.0625)); // a quarter of the way from 1 to 1.25
    expect(new Set(taken)).toEqual(new Set([1, 1.25]));
    expect(taken.reduce((a, b) => a + b) / taken.length).toBeCloseTo(1.0625, 2);
    for (const exact of [0, -0, 1.25, -6, 2 ** -1000, Infinity, NaN]) expect(round(exact)).toBe(exact);
  });

  test('has no steps below the smallest', () => {
    const round = randomRounding(11, 2 ** -24, stream(1));
    expect(new Set(Array.from({ length: 100 }, () => round(0.4 * 2 ** -24)))).toEqual(new Set([0, 2 ** -24]));
  });
});

describe.each([
  ['float32', undefined],
  ['float32', 5e-5],
  ['tf32', undefined],
  ['bfloat16', undefined],
  ['float16', undefined],
] as const)('in %s, convolutions off by %s more', (arithmetic, convolutionError) => {
  test.each([2, 5])('right sides agree, and each fault is found, in network %i', async (seed) => {
    const judged = await JudgedSide.of(randomNetwork(seed), arithmetic);
    const differing = (side: Partial<Parameters<JudgedSide['compare']>[0]>): string[] =>
      judged
        .compare({ arithmetic, convolutionError, seed, ...side })
        .flatMap(({ name, verdict }) => (verdict === 'differs' ? [name] : []));
    expect(differing({})).toEqual([]);
    for (const name of faultNames) {
      const fault = faultIn(inOrder(judged.nodes), name, seed);
      if (fault) expect(differing({ fault }).length, name).toBeGreaterThan(0);
    }
  });
});
