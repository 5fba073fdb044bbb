/**
 * @file Integers at the ends of what they hold. PyTorch adds and multiplies up in int64, whatever the operands, and the results here are
 * those that fit int32; between tensors of one dtype its numbers wrap, and so do ours.
 */
import * as torch from '../../../src/torch/torch.ts';
import type { Input } from '../case.ts';
import { below, bool, i32, i8, op, permuted, stepped, u8 } from '../case.ts';

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
    ['wraps', pair, ({ x, y }) => [x.add(y), x.add(y, { alpha: 7 })], '[x + y, torch.add(x, y, alpha=7)]'],
  ]),
  ...op('sub', [['wraps', pair, ({ x, y }) => x.sub(y), 'x - y']]),
  ...op('neg', [['wraps', { x: i32([3], [least, most, 0]) }, ({ x }) => x.neg(), '-x']]),
  ...op('abs', [['wraps', { x: i32([3], [least, most, 0]) }, ({ x }) => x.abs(), 'x.abs()']]),
  ...op('mul', [
    ['wraps', pair, ({ x, y }) => [x.mul(y), x.mul(987654321)], '[x * y, x * 987654321]'],
    ['int8 wraps', { x: i8([64], (u) => Math.floor(256 * u) - 128) }, ({ x }) => x.mul(x), 'x * x'],
    ['uint8 wraps', { x: u8([64], below(256)) }, ({ x }) => x.mul(x), 'x * x'],
  ]),
  ...op('square', [['wraps', pair, ({ x }) => x.square(), 'x.square()']]),
  ...op('pow', [
    ['wraps', { x: large, y: i32([64], below(40)) }, ({ x, y }) => x.pow(y), 'x ** y'],
    ['wraps, a number', pair, ({ x }) => [x.pow(2), x.pow(3), x.pow(31)], '[x ** 2, x ** 3, x ** 31]'],
    ['int8 wraps', { x: i8([9], (_, i) => i - 4) }, ({ x }) => x.pow(9), 'x ** 9'],
  ]),
  ...op('addcmul', [
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
  ...op('outer', [['wraps', pair, ({ x, y }) => torch.outer(x, y), 'torch.outer(x, y)']]),
  ...op('indexAdd', [
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
      'uint8 wraps',
      { x: u8([9]), i: i32([64], below(9)), y: u8([64], below(256)) },
      ({ x, i, y }) => x.scatterAdd(0, i, y).add(0),
      'x.scatter_add(0, i.long(), y)',
    ],
  ]),
];
