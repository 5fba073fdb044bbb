/** A comparison tells equal from near from different, says which side is off, and never passes a NaN. */
import { describe, expect, test } from 'vitest';
import { compareTensors, firstParting, largestError, verdictText } from '../../src/compare/compare.ts';
import type { Numbers } from '../../src/compare/compare.ts';
import { medianInterval, quantile, speedup, summarize } from '../../src/compare/statistics.ts';
import { toleranceOf } from '../../src/dnn/tolerance.ts';
import type { ComparedLayer } from '../../src/compare/types.ts';

const numbers = (...data: number[]): Numbers => ({ shape: [data.length], data });
const float32 = { error: 2e-5, relative: true, reason: 'float32' } as const;
const reference = numbers(3, -4); // rms = √12.5

describe('comparing tensors', () => {
  test('equal sides are equal even where both are a little off the reference', () => {
    const y = numbers(3 + 1e-6, -4);
    const compared = compareTensors('y', y, y, reference, float32);
    expect(compared).toMatchObject({ verdict: 'equal', maxAbsError: 0 });
    expect(compared.localError).toBeCloseTo(1e-6 / Math.sqrt(12.5), 9);
    expect(verdictText(compared)).toBe('equal, bit for bit');
  });

  test('errors are over the rms of the reference', () => {
    const compared = compareTensors('y', numbers(3, -4), numbers(3, -4.00001), reference, float32);
    expect(compared.verdict).toBe('within tolerance');
    expect(compared.relativeError).toBeCloseTo(1e-5 / Math.sqrt(12.5), 10);
  });

  test('the side that is off is named', () => {
    const local = compareTensors('y', numbers(3.1, -4), reference, reference, float32);
    expect(local.verdict).toBe('differs');
    expect(verdictText(local)).toMatch(/^differs: this side by 2\.8e-2 from/);
    const remote = compareTensors('y', reference, numbers(3, 0), reference, float32);
    expect(verdictText(remote)).toMatch(/^differs: the remote by/);
  });

  test('a NaN on one side differs, and one on all sides does not', () => {
    expect(compareTensors('y', numbers(NaN, 1), numbers(1, 1), numbers(1, 1), float32).verdict).toBe('differs');
    expect(compareTensors('y', numbers(NaN, 1), numbers(NaN, 1), numbers(NaN, 1), float32).verdict).toBe('equal');
    expect(largestError([Infinity], [Infinity])).toBe(0);
    expect(largestError([Infinity], [-Infinity])).toBe(Infinity);
    expect(largestError([Infinity], [1])).toBe(Infinity);
  });

  test('what a verdict would hide is said: numbers that are none, and nothing to compare', () => {
    const caveat = (local: Numbers, remote: Numbers): string | undefined =>
      compareTensors('y', local, remote, undefined, float32).caveat;
    expect(caveat(numbers(NaN, Infinity, 1), numbers(NaN, Infinity, 1))).toBe(
      '2 of 3 elements are NaN or infinite on both sides',
    );
    expect(caveat(numbers(1, 2), numbers(-Infinity, 2))).toBe(
      '0 of 2 elements are NaN or infinite here, 1 on the remote',
    );
    expect(caveat(numbers(), numbers())).toBe('it has no elements, so there is nothing to compare');
    expect(caveat(numbers(1), numbers(2))).toBeUndefined();
  });

  test('whole numbers are equal or not, however large they are', () => {
    const [here, there] = [numbers(100_000, 7), numbers(100_001, 7)];
    expect(
      compareTensors('argmax', here, there, here, { error: 0, reason: 'whole numbers must be equal' }),
    ).toMatchObject({ verdict: 'differs', tolerance: 0, toleranceReason: 'whole numbers must be equal' });
    expect(
      compareTensors('argmax', here, here, there, { error: 0, reason: 'whole numbers must be equal' }).verdict,
    ).toBe('equal');
  });

  test('a reference of zeros makes the error absolute', () => {
    expect(compareTensors('y', numbers(0), numbers(1e-6), numbers(0), float32).relativeError).toBe(1e-6);
  });

  test('what is 0 but for rounding beside its like is measured by them', () => {
    const compared = compareTensors('y', numbers(1e-8), numbers(-1e-8), numbers(1e-20), float32, 0.01);
    expect(compared.verdict).toBe('within tolerance');
    expect(compared.relativeError).toBeCloseTo(2e-6, 12);
    expect(compared.toleranceReason).toContain('0 except for rounding');
    expect(compareTensors('y', numbers(1e-8), numbers(-1e-8), numbers(1e-8), float32, 0.01).verdict).toBe('differs');
  });

  test('without a reference the sides are held against each other', () => {
    const compared = compareTensors('y', numbers(3, -4), numbers(3, -4.1), undefined, float32);
    expect(compared).toMatchObject({ verdict: 'differs' });
    expect(compared.localError).toBeUndefined();
    expect(verdictText(compared)).toMatch(/^differs: the sides differ by .*, where/);
  });

  test('the sides part at the first layer that differs', () => {
    const layer = (path: string, remote: Numbers): ComparedLayer => ({
      path,
      type: 'ReLU',
      local: {},
      remote: {},
      tensor: compareTensors(path, reference, remote, reference, float32),
    });
    const layers = [
      layer('a', reference),
      { path: 'b', type: 'LSTM', local: {}, remote: {}, missing: 'none' },
      layer('c', numbers(3, 0)),
      layer('d', numbers(0, 0)),
    ];
    expect(firstParting(layers)!.path).toBe('c');
    expect(firstParting(layers.slice(0, 2))).toBeUndefined();
  });

  test('other shapes and missing numbers are refused', () => {
    expect(() => compareTensors('y', numbers(1), numbers(1, 2), numbers(1, 2), float32)).toThrow(
      /y is \[1\] on the local side/,
    );
    expect(() => compareTensors('y', { shape: [2], data: [1] }, numbers(1, 2), numbers(1, 2), float32)).toThrow(
      /1 numbers/,
    );
  });
});

describe('the tolerance of one sum', () => {
  test.each([
    ['float32', undefined, 27, 2e-5],
    ['float32', 1e-4, 576, 1e-4],
    ['float32', undefined, 4e6, 2.5 * 2 ** -23 * 2000],
    ['float16', undefined, 576, 3e-3],
    ['float16 sums', undefined, 256, 3e-3 + 2 ** -5],
    ['float16 sums', 0.1, 256, 0.1],
    ['tf32', undefined, 576, 3e-3],
  ] as const)('in %s, where %s is declared, over %i products is %f', (arithmetic, declared, length, value) => {
    expect(toleranceOf({ arithmetic, declared, length })).toBeCloseTo(value, 12);
  });

  test('is over the rms of the tensor, where an error is given as such', () => {
    const halved = compareTensors('y', numbers(3, -4), numbers(3, -4.1), reference, { error: 0.2, reason: 'rounding' });
    expect(halved).toMatchObject({ verdict: 'within tolerance', toleranceReason: 'rounding' });
    expect(halved.tolerance).toBeCloseTo(0.2 / Math.sqrt(12.5), 12);
    expect(
      compareTensors('y', numbers(3, -4), numbers(3, -4.3), reference, { error: 0.2, reason: 'rounding' }).verdict,
    ).toBe('differs');
  });

  test('that hides most faults says so', () => {
    expect(
      compareTensors('y', numbers(3, -4), numbers(3, -4.1), reference, { error: 3, reason: 'rounding' }).caveat,
    ).toMatch(/says little/);
  });
});

describe('statistics of times', () => {
  test('quartiles are linear between neighbours', () => {
    expect(summarize([4, 1, 3, 2])).toMatchObject({
      runs: 4,
      min: 1,
      lowerQuartile: 1.75,
      median: 2.5,
      upperQuartile: 3.25,
      max: 4,
    });
    expect(quantile([7], 0.9)).toBe(7);
  });

  test('the interval holds the median, narrows with more runs, and is the same each time', () => {
    const noisy = (n: number): number[] => Array.from({ length: n }, (_, i) => 10 + Math.sin(i * 12.9898));
    const [few, many] = [medianInterval(noisy(8)), medianInterval(noisy(200))];
    expect(few[0]).toBeLessThanOrEqual(summarize(noisy(8)).median);
    expect(few[1]).toBeGreaterThanOrEqual(summarize(noisy(8)).median);
    expect(many[1] - many[0]).toBeLessThan(few[1] - few[0]);
    expect(medianInterval(noisy(8))).toEqual(few);
  });

  test('a speedup is certain when its interval excludes 1', () => {
    const fast = [1, 1.1, 0.9, 1, 1.05];
    expect(
      speedup(
        fast,
        fast.map((t) => 3 * t),
      ),
    ).toMatchObject({ certain: true });
    expect(
      speedup(
        fast,
        fast.map((t) => 3 * t),
      ).ratio,
    ).toBeCloseTo(3, 10);
    expect(speedup(fast, [1.02, 0.97, 1.08, 1, 0.95]).certain).toBe(false);
  });

  test('no samples have no summary', () => {
    expect(() => summarize([])).toThrow(/no samples/);
  });
});
