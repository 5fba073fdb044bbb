/**
 * @file Integers at the ends of what they hold. PyTorch adds and multiplies up in int64, whatever the operands, and the
 * results here are those that 32 bits hold; int32 and bytes wrap, and so do ours.
 */
import * as torch from '../../../src/torch/torch.ts';
import type { Input } from '../case.ts';
import { below, bool, i32, i64, i8, op, permuted, stepped, u8 } from '../case.ts';

const most = 2 ** 31 - 1;
const least = -(2 ** 31);

/** Beyond int32 on the way to what fits. */
const there = i32([2, 4], [most, most, -most, -most, least, least, most, most]);
/** So many that several workgroups add them up, in large numbers of both signs. */
const long = i32([2, 9000], (u, i) => (i % 2 === 0 ? 2e9 : -2e9) + Math.floor(9000 * u));
const bytes: readonly (readonly [string, Input])[] = [
  ['int8', i8([40, 3], (u) => 127 - 3 * Math.floor(2 * u))],
  ['uint8', u8([3, 40], (u) => 255 - Math.floor(5 * u))],
  ['bool', bool([3, 40])],
];
const few: readonly (readonly [string, Input])[] = [
  ['int8', i8([3, 3], (u) => -128 + Math.floor(20 * u))],
  ['uint8', u8([3, 3], (u) => 255 - Math.floor(5 * u))],
  ['bool', bool([3, 3], [1, 1, 1, 0, 1, 1, 1, 0, 1])],
];
const large = i32([64], (u) => Math.floor((u - 0.5) * 2 ** 32));
const other = i32([64], (u) => Math.floor((u - 0.5) * 2 ** 32));
const pair = { x: large, y: other };
/** Near the ends of 32 bits, so that bounds do not show that results are within them. */
const wide = i64([64], (u) => Math.floor((u - 0.5) * 2 ** 31));
const near = i64([64], (u) => Math.floor((u - 0.5) * 2 ** 30));
const roots = i64([64], (u) => Math.floor((u - 0.5) * 92680));

export const integers = [
  ...op('sum', [
    ['there and back', { x: there }, ({ x }) => x.sum(1), 'x.sum(1)'],
    ['of all', { x: there }, ({ x }) => x.sum(), 'x.sum()'],
    ['columns', { x: there }, ({ x }) => x.sum(0), 'x.sum(0)'],
    ['permuted', { x: permuted(i32([2, 3], [most, least, -most, most, 9, least])) }, ({ x }) => x.sum(0), 'x.sum(0)'],
    ['the greatest', { x: i32([3], [most, 1, -1]) }, ({ x }) => x.sum(), 'x.sum()'],
    ['the least', { x: i32([3], [least, -1, 1]) }, ({ x }) => x.sum(), 'x.sum()'],
    ['long', { x: long }, ({ x }) => x.sum(1), 'x.sum(1)'],
    ['long, of all', { x: long }, ({ x }) => x.sum(), 'x.sum()'],
    ['one', { x: i32([3, 1], [most, least, 0]) }, ({ x }) => x.sum(1), 'x.sum(1)'],
    ['nothing', { x: i32([3, 0]) }, ({ x }) => x.sum(1), 'x.sum(1)'],
    ...bytes.map(([name, x]) => [name, { x }, ({ x }: any) => x.sum(1), 'x.sum(1)'] as const),
  ]),
  ...op('prod', [
    ['the least', { x: i32([2], [65536, -32768]) }, ({ x }) => x.prod(), 'x.prod()'],
    ['the greatest', { x: i32([2], [most, 1]) }, ({ x }) => x.prod(), 'x.prod()'],
    ['back to the least', { x: i32([3], [65536, 32768, -1]) }, ({ x }) => x.prod(), 'x.prod()'],
    ['a zero', { x: i32([40], (_, i) => (i === 20 ? 0 : most)) }, ({ x }) => x.prod(), 'x.prod()'],
    [
      'a zero at the end',
      { x: i32([2, 400], (_, i) => (i % 400 === 399 ? 0 : 1000 * i)) },
      ({ x }) => x.prod(1),
      'x.prod(1)',
    ],
    ['many', { x: i32([2, 5000], (u) => 1 - 2 * Math.floor(2 * u)) }, ({ x }) => x.prod(1), 'x.prod(1)'],
    ['nothing', { x: i32([0]) }, ({ x }) => x.prod(), 'x.prod()'],
    ...few.map(([name, x]) => [name, { x }, ({ x }: any) => x.prod(1), 'x.prod(1)'] as const),
  ]),
  ...op('cumsum', [
    ['up to the greatest', { x: i32([4], [most, -5, 3, 2]) }, ({ x }) => x.cumsum(0), 'x.cumsum(0)'],
    [
      'long',
      { x: i32([2, 700], (u, i) => (i % 2 === 0 ? 2e9 : -2e9) + Math.floor(9 * u)) },
      ({ x }) => x.cumsum(1),
      'x.cumsum(1)',
    ],
    ['columns', { x: permuted(i32([3, 2], [most, least, 0, 0, least, most])) }, ({ x }) => x.cumsum(0), 'x.cumsum(0)'],
    ['stepped', { x: stepped(i32([3, 4], below(1e8))) }, ({ x }) => x.cumsum(1), 'x.cumsum(1)'],
    ...bytes.map(([name, x]) => [name, { x }, ({ x }: any) => x.cumsum(1), 'x.cumsum(1)'] as const),
  ]),
  ...op('cumprod', [
    ['to the least', { x: i32([3], [65536, -32768, 1]) }, ({ x }) => x.cumprod(0), 'x.cumprod(0)'],
    ['behind a zero', { x: i32([5], [65536, 0, most, most, -3]) }, ({ x }) => x.cumprod(0), 'x.cumprod(0)'],
    ['long', { x: i32([2, 300], (u) => 1 - 2 * Math.floor(2 * u)) }, ({ x }) => x.cumprod(1), 'x.cumprod(1)'],
    ...few.map(([name, x]) => [name, { x }, ({ x }: any) => x.cumprod(1), 'x.cumprod(1)'] as const),
  ]),
  ...op('add', [
    ['of int64', { x: wide, y: near }, ({ x, y }) => [x.add(y), x.add(y, { alpha: -1 })], '[x + y, x + -1 * y]'],
    ['up to the ends', { x: i64([2], [most, least]) }, ({ x }) => x.sign().neg().add(x), '-x.sign() + x'],
    ['with a scalar of int64', { x: large, y: i64([], [most]) }, ({ x, y }) => x.add(y), 'x + y'],
    ['wraps', pair, ({ x, y }) => [x.add(y), x.add(y, { alpha: 7 })], '[x + y, torch.add(x, y, alpha=7)]'],
  ]),
  ...op('sub', [
    ['of int64', { x: wide, y: near }, ({ x, y }) => x.sub(y), 'x - y'],
    ['wraps', pair, ({ x, y }) => x.sub(y), 'x - y'],
  ]),
  ...op('neg', [
    ['of int64', { x: i64([3], [-most, most, 0]) }, ({ x }) => x.neg(), '-x'],
    ['wraps', { x: i32([3], [least, most, 0]) }, ({ x }) => x.neg(), '-x'],
  ]),
  ...op('abs', [
    ['of int64', { x: i64([3], [-most, most, 0]) }, ({ x }) => x.abs(), 'x.abs()'],
    ['wraps', { x: i32([3], [least, most, 0]) }, ({ x }) => x.abs(), 'x.abs()'],
  ]),
  ...op('mul', [
    ['of int64', { x: roots, y: roots }, ({ x, y }) => [x.mul(y), x.sum().mul(3)], '[x * y, x.sum() * 3]'],
    [
      'to the least',
      { x: i64([3], [65536, 65535, 1]) },
      ({ x }) => x.mul(-32768).mul(x.sign()),
      'x * -32768 * x.sign()',
    ],
    ['bools with a number', { x: bool([4]) }, ({ x }) => [x.mul(3), x.sum().mul(7)], '[x * 3, x.sum() * 7]'],
    ['wraps', pair, ({ x, y }) => [x.mul(y), x.mul(987654321)], '[x * y, x * 987654321]'],
    ['int8 wraps', { x: i8([64], (u) => Math.floor(256 * u) - 128) }, ({ x }) => x.mul(x), 'x * x'],
    ['uint8 wraps', { x: u8([64], below(256)) }, ({ x }) => x.mul(x), 'x * x'],
  ]),
  ...op('square', [
    ['of int64', { x: roots }, ({ x }) => x.square(), 'x.square()'],
    ['wraps', pair, ({ x }) => x.square(), 'x.square()'],
  ]),
  ...op('pow', [
    ['of int64', { x: roots }, ({ x }) => [x.pow(2), x.pow(1), x.sign().pow(31)], '[x ** 2, x ** 1, x.sign() ** 31]'],
    [
      'negative powers of int64',
      { x: i64([5], [-2, -1, 1, 2, 9]), y: i64([5], [-1, -3, -2, -30, -1]) },
      ({ x, y }) => x.pow(y),
      'x ** y',
    ],
    [
      'up to the ends',
      { x: i64([6], [2, -2, 46340, -1290, 5, most]), y: i64([6], [30, 31, 2, 3, 13, 1]) },
      ({ x, y }) => x.pow(y),
      'x ** y',
    ],
    ['wraps', { x: large, y: i32([64], below(40)) }, ({ x, y }) => x.pow(y), 'x ** y'],
    ['wraps, a number', pair, ({ x }) => [x.pow(2), x.pow(3), x.pow(31)], '[x ** 2, x ** 3, x ** 31]'],
    ['int8 wraps', { x: i8([9], (_, i) => i - 4) }, ({ x }) => x.pow(9), 'x ** 9'],
  ]),
  ...op('addcmul', [
    [
      'of int64',
      { x: i64([64]), y: i64([64]), z: near },
      ({ x, y, z }) => torch.addcmul(z, x, y, { value: 1000 }),
      'torch.addcmul(z, x, y, value=1000)',
    ],
    [
      'wraps',
      { ...pair, z: i32([64]) },
      ({ x, y, z }) => torch.addcmul(z, x, y, { value: 3 }),
      'torch.addcmul(z, x, y, value=3)',
    ],
    [
      'int8 wraps',
      { x: i8([9], (u) => Math.floor(256 * u) - 128) },
      ({ x }) => torch.addcmul(x, x, x, { value: 2 }),
      'torch.addcmul(x, x, x, value=2)',
    ],
  ]),
  ...op('floorDivide', [
    [
      'of int64',
      { x: wide, y: i64([64], (u) => (u < 0.5 ? -1 : 7)) },
      ({ x, y }) => [x.floorDivide(y), x.floorDivide(-1)],
      '[x // y, x // -1]',
    ],
  ]),
  ...op('outer', [['wraps', pair, ({ x, y }) => torch.outer(x, y), 'torch.outer(x, y)']]),
  ...op('indexAdd', [
    [
      'of int64',
      { x: near, i: i64([64], below(64)), y: i64([64], (u) => Math.floor((u - 0.5) * 2 ** 27)) },
      ({ x, i, y }) => x.indexAdd(0, i, y, { alpha: 2 }),
      'x.index_add(0, i, y, alpha=2)',
    ],
    [
      'wraps',
      { x: large, i: i32([64], below(9)), y: other },
      ({ x, i, y }) => x.indexAdd(0, i, y),
      'x.index_add(0, i, y)',
    ],
    [
      'int8 wraps',
      { x: i8([9]), i: i32([64], below(9)), y: i8([64], (u) => Math.floor(256 * u) - 128) },
      ({ x, i, y }) => x.indexAdd(0, i, y),
      'x.index_add(0, i, y)',
    ],
  ]),
  ...op('scatterAdd', [
    [
      'of int64',
      { x: near, i: i64([64], below(64)), y: i64([64], (u) => Math.floor((u - 0.5) * 2 ** 27)) },
      ({ x, i, y }) => x.scatterAdd(0, i, y),
      'x.scatter_add(0, i, y)',
    ],
    [
      'uint8 wraps',
      { x: u8([9]), i: i32([64], below(9)), y: u8([64], below(256)) },
      ({ x, i, y }) => x.scatterAdd(0, i, y).add(0),
      'x.scatter_add(0, i.long(), y)',
    ],
  ]),
];
