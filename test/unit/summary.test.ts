/**
 * @file A tensor's summary: statistics as PyTorch would give them, checksums as FNV publishes them.
 */
import { describe, expect, test } from 'vitest';
import { encode } from '../../src/base/dtype.ts';
import { fnv1a, summarize } from '../../src/session/summary.ts';

const on = (shape: number[], dtype: 'float32' | 'float16' | 'bool' = 'float32') => ({
  shape,
  dtype,
  device: 'cpu' as const,
});

test('the FNV-1a vectors of its authors', () => {
  const hash = (text: string) => fnv1a(new TextEncoder().encode(text));
  expect([hash(''), hash('a'), hash('foobar')]).toEqual(['811c9dc5', 'e40c292c', 'bf9cf968']);
});

describe('statistics', () => {
  test('of numbers, with n − 1 under the deviation', () => {
    expect(summarize('y', on([2, 2]), encode('float32', [1, 2, 3, 6]))).toMatchObject({
      name: 'y',
      shape: [2, 2],
      min: 1,
      max: 6,
      mean: 3,
      std: Math.sqrt(14 / 3),
      nonFinite: 0,
      head: [1, 2, 3, 6],
    });
  });

  test('mean and deviation are of the finite elements while the others are counted; an infinity is the largest, NaN is no number', () => {
    expect(summarize('y', on([5]), encode('float32', [NaN, -1, Infinity, 3, -Infinity]))).toMatchObject({
      min: -Infinity,
      max: Infinity,
      mean: 1,
      std: Math.sqrt(8),
      nonFinite: 3,
    });
    expect(summarize('y', on([2]), encode('float32', [NaN, 2]))).toMatchObject({ min: 2, max: 2, mean: 2 });
    expect(summarize('y', on([2]), encode('float32', [NaN, NaN]))).toMatchObject({
      min: NaN,
      max: NaN,
      mean: NaN,
      nonFinite: 2,
    });
  });

  test('of nothing and of one element are NaN where PyTorch has NaN', () => {
    expect(summarize('y', on([0]), encode('float32', []))).toMatchObject({ min: NaN, max: NaN, mean: NaN, head: [] });
    expect(summarize('y', on([]), encode('float32', [2]))).toMatchObject({ mean: 2, std: NaN });
  });

  test('of float16 are of its values and not of its bits', () => {
    expect(summarize('y', on([2], 'float16'), encode('float16', [0.5, 1.5]))).toMatchObject({
      mean: 1,
      head: [0.5, 1.5],
    });
  });
});

test('equal numbers have equal checksums, others differ', () => {
  const checksum = (values: number[]) => summarize('y', on([values.length]), encode('float32', values)).checksum;
  expect(checksum([1, 2])).toBe(checksum([1, 2]));
  expect(checksum([1, 2])).not.toBe(checksum([2, 1]));
});

test('the head has at most 64 elements', () => {
  expect(summarize('y', on([100]), encode('float32', Array<number>(100).fill(1))).head).toHaveLength(64);
});
