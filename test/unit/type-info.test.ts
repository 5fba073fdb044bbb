/**
 * @file Intent: what a dtype can hold, and what two of them give, is what PyTorch says. The numbers are Debian's
 * PyTorch 1.13's.
 */
import { expect, test } from 'vitest';
import { torch } from '../../src/torch/index.ts';

test.each([
  ['float32', 32, 1.1920928955078125e-7, 3.4028234663852886e38, 1.1754943508222875e-38, 1e-6],
  ['float16', 16, 0.0009765625, 65504, 6.103515625e-5, 0.001],
  ['bfloat16', 16, 0.0078125, 3.3895313892515355e38, 1.1754943508222875e-38, 0.01],
] as const)('finfo of %s', (dtype, bits, eps, max, tiny, resolution) => {
  const numbers = { bits, eps, max, min: -max, smallestNormal: tiny, tiny, resolution, dtype };
  expect(torch.finfo(dtype)).toEqual(numbers);
});

test('finfo is of float32 unless a dtype is given', () => {
  expect(torch.finfo()).toEqual(torch.finfo('float32'));
});

test.each([
  ['uint8', 8, 0, 255],
  ['int8', 8, -128, 127],
  ['int32', 32, -(2 ** 31), 2 ** 31 - 1],
  ['int64', 64, -(2 ** 31), 2 ** 31 - 1],
] as const)('iinfo of %s, as far as it is kept here', (dtype, bits, min, max) => {
  expect(torch.iinfo(dtype)).toEqual({ bits, min, max, dtype });
});

test('each names the other for a dtype of the other kind', () => {
  expect(() => torch.finfo('int8')).toThrow('finfo: int8 is not a floating dtype; use torch.iinfo');
  expect(() => torch.iinfo('bool')).toThrow('iinfo: bool is not an integer dtype; use torch.finfo');
});

test('two dtypes give what PyTorch promotes them to', () => {
  expect(torch.promoteTypes('float16', 'bfloat16')).toBe('float32');
  expect(torch.promoteTypes('int64', 'bfloat16')).toBe('bfloat16');
  expect(torch.resultType(torch.ones(2, { dtype: 'bfloat16' }), torch.tensor(1))).toBe('bfloat16');
  expect(torch.resultType(torch.ones(2, { dtype: 'int32' }), 1.5)).toBe('float32');
  expect([torch.canCast('float32', 'int32'), torch.canCast('int64', 'float16')]).toEqual([false, true]);
});
