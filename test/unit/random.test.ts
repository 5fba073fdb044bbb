/**
 * @file Intent: a seed gives the numbers that it gives in PyTorch, bit for bit, through any sequence of calls.
 *
 * The goldens are Debian's PyTorch's on x86-64 with AVX2; test/remote/random-live.test.ts asks the machine's own.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Generator, bernoulli, normal, randint, randperm, uniform } from '../../src/base/random.ts';
import { fma32 } from '../../src/base/random/fma32.ts';
import type { Goldens } from '../support/random.ts';
import { differences, stateDigest } from '../support/random.ts';

const goldens = JSON.parse(readFileSync('test/golden/random.json', 'utf8')) as Goldens;

describe('numbers', () => {
  for (const { seed, calls, state, pending } of goldens.runs) {
    test(`of seed ${seed} are PyTorch's, through ${calls.length} calls, and so is the state that they leave`, () => {
      const g = new Generator(BigInt(seed));
      expect(differences(g, calls)).toEqual([]);
      expect(stateDigest(g)).toBe(state);
      // libm's and ours round the sine, the logarithm and their product on their own, each by an ulp of float64 at
      // most.
      if (pending === null) expect(g.pendingNormal).toBeUndefined();
      else expect(Math.abs(g.pendingNormal! / pending - 1)).toBeLessThan(4 * Number.EPSILON);
    });
  }

  test('differ where a single call is left out, so the comparison can fail', () => {
    const { seed, calls } = goldens.runs[1];
    expect(differences(new Generator(BigInt(seed)), calls.slice(1))).not.toEqual([]);
  });
});

describe('state', () => {
  const saved = Uint8Array.from(Buffer.from(goldens.saved.state, 'base64'));

  test("saved by PyTorch in the midst of a pair goes on with PyTorch's numbers", () => {
    const g = new Generator().setState(saved);
    expect(g.getState()).toEqual(saved);
    expect(differences(g, goldens.saved.calls)).toEqual([]);
  });

  test('restored gives the same numbers again, the pending one included', () => {
    const g = new Generator(7);
    normal(g, 5);
    const state = g.getState();
    const first = normal(g, 3);
    expect(normal(g.setState(state), 3)).toEqual(first);
  });

  test('of a fresh generator is that of PyTorch, whose default seed it has', () => {
    expect(new Generator().initialSeed()).toBe(67280421310721n);
    expect(new Generator(3).getState().slice(0, 24)).toEqual(
      Uint8Array.of(3, ...Array(7).fill(0), 1, 0, 0, 0, 1, ...Array(11).fill(0)),
    );
  });

  test('of another length, or damaged, is refused and changes nothing', () => {
    const g = new Generator(1);
    const before = g.getState();
    expect(() => g.setState(before.slice(1))).toThrow('a state has 5056 bytes, got 5055');
    expect(() => g.setState(before.slice().fill(0))).toThrow('the state is damaged, it has word 0 next and 0 left');
    expect(g.getState()).toEqual(before);
  });
});

describe('seeds', () => {
  test('use their low 32 bits, and negative ones wrap to 64', () => {
    expect(new Generator(-1).initialSeed()).toBe(2n ** 64n - 1n);
    expect(new Generator(2n ** 40n + 5n).random()).toBe(new Generator(5).random());
  });

  test('that are no whole number of 64 bits are refused with the remedy', () => {
    expect(() => new Generator(1.5)).toThrow(
      'seed 1.5 is not a whole number of at most 53 bits; use one, or a bigint such as 42n',
    );
    expect(() => new Generator(2 ** 60)).toThrow('use one, or a bigint');
    expect(() => new Generator(2n ** 64n)).toThrow('does not fit 64 bits');
  });

  test('from entropy have 53 bits, differ, and are in force', () => {
    const g = new Generator();
    const seed = g.seed();
    expect(seed).toBeLessThan(2n ** 53n);
    expect(g.seed()).not.toBe(seed);
    expect(new Generator(g.initialSeed()).random()).toBe(g.random());
  });

  test('drop the pending normal sample', () => {
    const g = new Generator(0);
    normal(g, 1);
    expect(normal(g.manualSeed(0), 1)).toEqual(normal(new Generator(0), 1));
  });

  test('give 64 bits as two draws of 32, the first on top', () => {
    const [wide, narrow] = [new Generator(9), new Generator(9)];
    expect(wide.random64()).toBe(BigInt(narrow.random()) * 2n ** 32n + BigInt(narrow.random()));
  });
});

describe('arguments', () => {
  const g = new Generator(0);

  test('that PyTorch refuses are refused, with their values', () => {
    expect(() => uniform(g, 1, 2, 1)).toThrow('uniform: the interval [2, 1) is empty');
    expect(() => uniform(g, 1, -3e38, 3e38)).toThrow('is wider than the largest number of the dtype');
    expect(() => normal(g, 1, 0, -1)).toThrow('normal: std is -1');
    expect(() => normal(g, 1, 0, NaN)).toThrow('normal: std is NaN');
    expect(() => bernoulli(g, 1, 1.5)).toThrow('bernoulli: p is 1.5');
    expect(() => randint(g, 1, 3, 3)).toThrow('randint: the interval [3, 3) is empty');
    expect(() => randint(g, 1, 0, 2.5)).toThrow('randint: bound 2.5 is not a whole number');
    expect(() => randint(g, 1, 0, 2 ** 31 + 1)).toThrow('does not fit int32');
  });

  test('at their ends give constants', () => {
    expect(bernoulli(g, 1000, 0).every((x) => x === 0)).toBe(true);
    expect(bernoulli(g, 1000, 1).every((x) => x === 1)).toBe(true);
    expect(uniform(g, 3, 2, 2)).toEqual(Float32Array.of(2, 2, 2));
    expect(normal(g, 20, 3, 0)).toEqual(new Float32Array(20).fill(3));
    expect(randperm(g, 0)).toHaveLength(0);
  });
});

describe('fma32', () => {
  test('rounds once where rounding to a double first goes the wrong way', () => {
    const x = 2 ** -11;
    // The product is 2^-24 and a little more, or less: too little for a double that begins at 1.
    for (const [a, b, c] of [
      [1 + x, 1 - x + x * x, 1],
      [1 + 2 ** -23, 1 - 2 ** -23, 1 + 2 ** -23],
    ]) {
      const half = b * 2 ** -24;
      expect(fma32(a, half, c)).toBe(exactly(a, half, c));
      expect(fma32(-a, half, -c)).toBe(-exactly(a, half, c));
      expect(Math.fround(a * half + c), 'the control case: two roundings').not.toBe(exactly(a, half, c));
    }
  });

  test('is exact arithmetic rounded once, on floats of many magnitudes', () => {
    const g = new Generator(11);
    const float = () => Math.fround((g.uniform53() - 0.5) * 2 ** randint(g, 1, -40, 40)[0]);
    for (let i = 0; i < 20_000; i++) {
      const [a, b] = [float(), float()];
      const c = i % 2 ? float() : Math.fround(-a * b); // half of them cancel
      expect(fma32(a, b, c)).toBe(exactly(a, b, c));
    }
  });
});

/** a·b + c in whole numbers of 2^-298, rounded to the nearest float32, to even where two are as near. */
function exactly(a: number, b: number, c: number): number {
  const whole = (x: number) => BigInt(x * 2 ** 149);
  const sum = whole(a) * whole(b) + whole(c) * 2n ** 149n;
  const size = sum < 0n ? -sum : sum;
  const shift = BigInt(Math.max(size.toString(2).length - 24, 149));
  const [kept, rest, half] = [size >> shift, size & ((1n << shift) - 1n), 1n << (shift - 1n)];
  const up = rest > half || (rest === half && kept % 2n === 1n);
  const rounded = Number(kept + (up ? 1n : 0n)) * 2 ** (Number(shift) - 298);
  return sum < 0n ? -rounded : rounded;
}
