/**
 * @file Reading by index tensors.
 */
import * as F from '../../../src/torch/functional.ts';
import { below, bool, f16, f32, i32, op, permuted, stepped } from '../case.ts';

const n = (count: number) => below(count);

/** Sums of many terms: about how many go to one element. */
const many = { length: 40 };

export const indexing = [
  ...op('indexSelect', [
    ['rows', { x: f32([5, 3]), i: i32([4], n(5)) }, ({ x, i }) => x.indexSelect(0, i), 'x.index_select(0, i)'],
    [
      'columns, negative dim',
      { x: f32([2, 5, 3]), i: i32([7], n(3)) },
      ({ x, i }) => x.indexSelect(-1, i),
      'x.index_select(-1, i)',
    ],
    [
      'permuted',
      { x: permuted(f32([4, 5, 3])), i: i32([6], n(5)) },
      ({ x, i }) => x.indexSelect(1, i),
      'x.index_select(1, i)',
    ],
    [
      'stepped',
      { x: stepped(f32([4, 5])), i: stepped(i32([3], n(4))) },
      ({ x, i }) => x.indexSelect(0, i),
      'x.index_select(0, i)',
    ],
    [
      'the same often',
      { x: f32([3, 2]), i: i32([100], n(3)) },
      ({ x, i }) => x.indexSelect(0, i),
      'x.index_select(0, i)',
      many,
    ],
    ['no index', { x: f32([3, 2]), i: i32([0], n(3)) }, ({ x, i }) => x.indexSelect(0, i), 'x.index_select(0, i)'],
    ['halves', { x: f16([3, 4]), i: i32([2], n(4)) }, ({ x, i }) => x.indexSelect(1, i), 'x.index_select(1, i)'],
    ['bools', { x: bool([3, 4]), i: i32([2], n(4)) }, ({ x, i }) => x.indexSelect(1, i), 'x.index_select(1, i)'],
  ]),
  ...op('gather', [
    ['rows', { x: f32([5, 3]), i: i32([4, 3], n(5)) }, ({ x, i }) => x.gather(0, i), 'x.gather(0, i.long())'],
    ['smaller', { x: f32([5, 3, 4]), i: i32([2, 6, 3], n(3)) }, ({ x, i }) => x.gather(1, i), 'x.gather(1, i.long())'],
    [
      'views',
      { x: permuted(f32([5, 3, 4])), i: permuted(i32([5, 3, 2], n(4))) },
      ({ x, i }) => x.gather(-1, i),
      'x.gather(-1, i.long())',
    ],
    ['vectors', { x: f32([9]), i: i32([20], n(9)) }, ({ x, i }) => x.gather(0, i), 'x.gather(0, i.long())'],
    ['sizes of 1', { x: f32([1, 3]), i: i32([4, 3], n(1)) }, ({ x, i }) => x.gather(0, i), 'x.gather(0, i.long())'],
    ['nothing', { x: f32([3, 3]), i: i32([0, 3], n(3)) }, ({ x, i }) => x.gather(0, i), 'x.gather(0, i.long())'],
    ['halves', { x: f16([3, 3]), i: i32([3, 5], n(3)) }, ({ x, i }) => x.gather(1, i), 'x.gather(1, i.long())'],
    [
      'twice',
      { x: f32([4, 3]), i: i32([4, 3], n(4)) },
      ({ x, i }) => x.mul(x).gather(0, i),
      '(x * x).gather(0, i.long())',
      { grad: 'twice' },
    ],
  ]),
  ...op('takeAlongDim', [
    [
      'rows',
      { x: f32([5, 3]), i: i32([2, 3], n(5)) },
      ({ x, i }) => x.takeAlongDim(i, 0),
      'x.take_along_dim(i.long(), 0)',
    ],
    [
      'broadcast index',
      { x: f32([5, 3]), i: i32([4, 1], n(5)) },
      ({ x, i }) => x.takeAlongDim(i, 0),
      'x.take_along_dim(i.long(), 0)',
    ],
    [
      'broadcast tensor',
      { x: f32([1, 4]), i: i32([3, 2], n(4)) },
      ({ x, i }) => x.takeAlongDim(i, 1),
      'x.take_along_dim(i.long(), 1)',
    ],
    ['flat', { x: f32([3, 4]), i: i32([5], n(12)) }, ({ x, i }) => x.takeAlongDim(i), 'x.take_along_dim(i.long())'],
    [
      'permuted',
      { x: permuted(f32([4, 3])), i: i32([4, 3], n(3)) },
      ({ x, i }) => x.takeAlongDim(i, -1),
      'x.take_along_dim(i.long(), -1)',
    ],
    [
      'stepped',
      { x: stepped(f32([4, 3])), i: i32([1, 3], n(4)) },
      ({ x, i }) => x.takeAlongDim(i, 0),
      'x.take_along_dim(i.long(), 0)',
    ],
    [
      'nothing',
      { x: f32([4, 3]), i: i32([0, 3], n(4)) },
      ({ x, i }) => x.takeAlongDim(i, 0),
      'x.take_along_dim(i.long(), 0)',
    ],
    [
      'integers',
      { x: i32([4, 3]), i: i32([4, 3], n(4)) },
      ({ x, i }) => x.takeAlongDim(i, 0),
      'x.take_along_dim(i.long(), 0)',
    ],
  ]),
  ...op('oneHot', [
    ['vector', { i: i32([5], n(4)) }, ({ i }) => F.oneHot(i, 4), 'F.one_hot(i.long(), 4)'],
    ['more classes', { i: i32([3], n(2)) }, ({ i }) => F.oneHot(i, 6), 'F.one_hot(i.long(), 6)'],
    ['matrix', { i: i32([2, 3], n(5)) }, ({ i }) => F.oneHot(i, 5), 'F.one_hot(i.long(), 5)'],
    ['permuted', { i: permuted(i32([2, 3], n(5))) }, ({ i }) => F.oneHot(i, 5), 'F.one_hot(i.long(), 5)'],
    ['stepped', { i: stepped(i32([4], n(3))) }, ({ i }) => F.oneHot(i, 3), 'F.one_hot(i.long(), 3)'],
    ['nothing', { i: i32([0], n(3)) }, ({ i }) => F.oneHot(i, 3), 'F.one_hot(i.long(), 3)'],
    ['a scalar', { i: i32([], n(3)) }, ({ i }) => F.oneHot(i, 3), 'F.one_hot(i.long(), 3)'],
    ['one class', { i: i32([4], n(1)) }, ({ i }) => F.oneHot(i, 1), 'F.one_hot(i.long(), 1)'],
  ]),
  ...op('embedding', [
    ['vector', { w: f32([7, 3]), i: i32([5], n(7)) }, ({ w, i }) => F.embedding(i, w), 'F.embedding(i, w)'],
    ['matrix', { w: f32([7, 4]), i: i32([3, 6], n(7)) }, ({ w, i }) => F.embedding(i, w), 'F.embedding(i, w)'],
    [
      'padding',
      { w: f32([4, 3]), i: i32([20], n(4)) },
      ({ w, i }) => F.embedding(i, w, { paddingIdx: 2 }),
      'F.embedding(i, w, padding_idx=2)',
    ],
    [
      'negative padding',
      { w: f32([4, 3]), i: i32([20], n(4)) },
      ({ w, i }) => F.embedding(i, w, { paddingIdx: -1 }),
      'F.embedding(i, w, padding_idx=-1)',
    ],
    [
      'often',
      { w: f32([3, 2]), i: i32([600], n(3)) },
      ({ w, i }) => F.embedding(i, w),
      'F.embedding(i, w)',
      { length: 200 },
    ],
    [
      'views',
      { w: permuted(f32([7, 3])), i: permuted(i32([2, 5], n(7))) },
      ({ w, i }) => F.embedding(i, w),
      'F.embedding(i, w)',
    ],
    ['nothing', { w: f32([7, 3]), i: i32([0], n(7)) }, ({ w, i }) => F.embedding(i, w), 'F.embedding(i, w)'],
    ['halves', { w: f16([7, 3]), i: i32([5], n(7)) }, ({ w, i }) => F.embedding(i, w), 'F.embedding(i, w)'],
  ]),
];
