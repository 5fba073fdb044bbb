/**
 * Intent: a shape on the command line is read as it is meant, and what is no shape is refused with the remedy.
 */
import { describe, expect, test } from 'vitest';
import { parseShape, parseSuite } from '../../src/cli/shapes.ts';
import { formatBytes, formatTable } from '../../src/cli/table.ts';

describe('a shape', () => {
  test.for([
    ['4,3,32,32,16,3,3,1,1', '4×3×32×32 * 16×3×3×3, padding 1, float32'],
    ['1, 8, 9, 10, 6, 1, 3', '1×8×9×10 * 6×8×1×3, float32'],
    ['conv: 1,8,9,10,6,1,3', '1×8×9×10 * 6×8×1×3, float32'],
    ['4,3,32,32,16,3,3,1,1+bias+relu+pool', '4×3×32×32 * 16×3×3×3, padding 1, float32, + bias + relu + max pool 2×2'],
    ['1 8 9 9 6 3 3 + bias + residual + leaky_relu', '1×8×9×9 * 6×8×3×3, float32, + bias + residual + leaky_relu'],
    ['matmul:33,65,40', '33×40 · 40×65, float32'],
    ['matmul:33,65,40,8', '8×33×40 · 8×40×65, float32'],
    ['pool:1,64,112,112,3,3,2,1', '1×64×112×112, max of 3×3, stride 2, padding 1, float32'],
    ['pool: 2 3 8 8 2 2', '2×3×8×8, max of 2×2, float32'],
    ['attention:8,128,100,64', '8×128×64 queries, 100 keys, float32'],
    ['attention:1,5,7,4,3', '5×4 queries, 7 keys, values of 3, float32'],
    ['2 12 16 16 18 3 3 2 1 2 3', '2×12×16×16 * 18×4×3×3, stride 2, padding 1, dilation 2, groups 3, float32'],
  ] as const)('%s', ([text, description]) => {
    expect(parseShape(text).description).toBe(description);
  });

  test('takes a direction and a dtype', () => {
    expect(parseShape('1,8,9,9,6,3,3', { direction: 'filter', dtype: 'float16' })).toMatchObject({
      direction: 'backward filter',
      desc: { dtype: 'float16' },
    });
    expect(parseShape('pool:1,8,9,9,3,3', { direction: 'data' })).toMatchObject({
      operation: 'pool2d',
      direction: 'backward data',
      desc: { P: 3, Q: 3, keeps: 'place' },
    });
  });

  test.for([
    ['4,3', {}, /'4,3' is not 7 to 11 whole numbers; write N,C,H,W,K,R,S/],
    ['1,2,3,x,5,6,7', {}, /is not 7 to 11 whole numbers/],
    ['1,3,8,8,4,9,9', {}, /the filter reaches over 9 elements but the padded input's height is 8/],
    ['0,3,8,8,4,3,3', {}, /N of '0,3,8,8,4,3,3' is 0; it is at least 1/],
    ['1,3,8,8,0,3,3', {}, /K of '1,3,8,8,0,3,3' is 0; it is at least 1/],
    ['1,3,8,8,4,3,3,1,1,1,2', {}, /3 input channels do not divide into 2 groups/],
    ['1,3,8,8,4,3,3', { direction: 'sideways' }, /^--direction sideways is unknown; give forward, data, filter$/],
    ['1,3,8,8,4,3,3', { dtype: 'int8' }, /^--dtype int8 is unknown for conv; give float32 or float16$/],
    ['matmul:3,4', {}, /'matmul:3,4' is not 3 to 4 whole numbers; write M,N,K,BATCH/],
    ['matmul:3,0,4', {}, /N of 'matmul:3,0,4' is 0; it is at least 1/],
    ['pool:1,1,2,2,3,3', {}, /a window of 3 does not fit an input of 2/],
    [
      'pool:1,1,9,9,2,2',
      { direction: 'filter' },
      /^--direction filter: pool has no such direction; it has forward, data$/,
    ],
    [
      '1,3,8,8,4,3,3+sofplus',
      {},
      /a convolution cannot end in 'sofplus'; known are bias, residual, relu, .*tanh, pool/,
    ],
    ['1,3,8,8,4,3,3+', {}, /a convolution cannot end in ''/],
    ['1,3,8,8,4,3,3+pool+relu', {}, /ends in the wrong order; the order is bias, residual, one activation, pool/],
    ['1,3,8,8,4,3,3+relu+silu', {}, /ends in the wrong order/],
    ['1,3,8,8,4,8,8+pool', {}, /an output of 1×1 holds no window of a max 2x2 pool/],
    [
      '1,3,8,8,4,3,3+bias',
      { direction: 'data' },
      /ends in bias, which only a forward convolution can do; leave it out/,
    ],
    ['matmul:3,4,5+relu', {}, /ends in relu, which only a forward convolution can do/],
    ['softmax:3', {}, /there is no 'softmax' to measure; there are conv, matmul, pool, attention/],
  ] as const)('that is none is refused: %s', ([text, options, message]) => {
    expect(() => parseShape(text, options)).toThrow(message);
  });
});

test('a suite has one shape a line, with comments', () => {
  expect(parseSuite('# two\n4,3,32,32,16,3,3,1,1 # the first\n\n1,8,9,9,6,1,1\n')).toHaveLength(2);
  expect(() => parseSuite('# none\n')).toThrow(/has no shape/);
});

test('a table lines numbers up to the right', () => {
  expect(
    formatTable(
      ['name', 'ms'],
      [
        ['a', '1.25'],
        ['long', '10'],
      ],
    ),
  ).toBe('name    ms\n----  ----\na     1.25\nlong    10\n');
  expect([formatBytes(0), formatBytes(1023), formatBytes(1536), formatBytes(3 * 2 ** 30)]).toEqual([
    '0 B',
    '1023 B',
    '1.5 KiB',
    '3.0 GiB',
  ]);
});
