/**
 * Intent: Winograd's transforms are exact. In rational arithmetic, y = Aᵀ[(G·g) ⊙ (Bᵀ·d)] is the correlation of d with
 * g, for every size in use; only float32 rounds, and not in Bᵀ or Aᵀ.
 */
import { describe, expect, test } from 'vitest';
import type { Rational } from '../../src/dnn/conv2d/winograd-matrices.ts';
import {
  add,
  filledUp,
  multiply,
  pointsOfSix,
  rational,
  wgslMatrix,
  winogradMatrices,
} from '../../src/dnn/conv2d/winograd-matrices.ts';

/** Points of F(2×2, 3×3): the fewest, so nothing but additions and halves. */
const pointsOfFour: readonly Rational[] = [rational(0), rational(1), rational(-1)];

const sizes = [
  [2, 3, pointsOfFour],
  [4, 3, pointsOfSix],
  [2, 5, pointsOfSix],
  [3, 4, pointsOfSix],
  [5, 2, pointsOfSix],
] as const;

const value = ({ num, den }: Rational): number => Number(num) / Number(den);

describe.each(sizes)('F(%i, %i)', (m, r, points) => {
  const { alpha, at, g, bt } = winogradMatrices(m, r, points);

  test('is a correlation, coefficient by coefficient', () => {
    for (let output = 0; output < m; output++) {
      for (let tap = 0; tap < r; tap++) {
        for (let input = 0; input < alpha; input++) {
          const terms = at[output].map((a, i) => multiply(a, multiply(g[i][tap], bt[i][input])));
          expect(terms.reduce(add), `output ${output}, tap ${tap}, input ${input}`).toEqual(
            rational(input === output + tap ? 1 : 0),
          );
        }
      }
    }
  });

  test('rounds in G alone', () => {
    for (const v of [...bt.flat(), ...at.flat()]) expect(Math.fround(value(v))).toBe(value(v));
  });
});

test('points must be distinct, and as many as the size needs', () => {
  expect(() => winogradMatrices(2, 3, [rational(0), rational(1), rational(1)])).toThrow(
    'winograd: the points are not distinct',
  );
  expect(() => winogradMatrices(4, 3, pointsOfFour)).toThrow('winograd: F(4, 3) needs 5 finite points, got 3');
});

test('a matrix becomes a WGSL constant by rows, filled up with zeros', () => {
  expect(wgslMatrix(filledUp([[rational(1), rational(-1, 2)]], 2))).toBe('array<f32, 4>(1.0, -0.5, 0.0, 0.0)');
});
