/**
 * Curves stay within their frame, the better loss lower, and a fall by orders of magnitude is drawn by its logarithm.
 */
import { expect, test } from 'vitest';
import { planCurves } from '../../src/base/curve.ts';

const frame = { width: 100, height: 50 };
const pointsOf = (text: string): number[][] => text.split(' ').map((point) => point.split(',').map(Number));

test('steps go right and losses down, between ticks of round numbers', () => {
  const { points, ticks, logarithmic } = planCurves(
    [
      [4, 3, 1],
      [4, 2, 1],
    ],
    frame,
  );
  expect(logarithmic).toBe(false);
  expect(ticks.map(({ value }) => value)).toEqual([1, 2, 3, 4]);
  expect(pointsOf(points[0])).toEqual([
    [0, 0],
    [50, 16.67],
    [100, 50],
  ]);
  expect(pointsOf(points[1])[1]).toEqual([50, 33.33]);
});

test('losses over orders of magnitude have an axis of powers of ten', () => {
  const { points, ticks, logarithmic } = planCurves([[100, 1, 0.01]], frame);
  expect(logarithmic).toBe(true);
  expect(ticks.map(({ value }) => value)).toEqual([0.01, 0.1, 1, 10, 100]);
  expect(pointsOf(points[0])).toEqual([
    [0, 0],
    [50, 25],
    [100, 50],
  ]);
});

test('one step, one level and what is no number are drawn as far as they can be', () => {
  expect(planCurves([[2]], frame).points).toEqual(['0,25']);
  expect(planCurves([[2, 2]], frame).points).toEqual(['0,25 100,25']);
  expect(planCurves([[1, NaN, 2]], frame).points).toEqual(['0,50 100,0']);
});
