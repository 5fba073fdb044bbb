/**
 * @file Writing by index tensors.
 */
import * as torch from '../../../src/torch/torch.ts';
import { below, bool, f16, f32, fixed, i32, op, permuted, stepped } from '../case.ts';
import { cubes, each, onEach } from './layouts.ts';

const n = (count: number) => below(count);

// A source that is larger than the index has no gradient: PyTorch fails to make one.

export const scatters = [
  ...op('scatterAdd', [
    [
      'rows',
      { x: f32([5, 3]), i: i32([4, 3], n(5)), s: f32([4, 3]) },
      ({ x, i, s }) => x.scatterAdd(0, i, s),
      'x.scatter_add(0, i.long(), s)',
    ],
    [
      'a smaller index',
      { x: f32([5, 3]), i: i32([2, 6], n(3)), s: fixed(f32([4, 7])) },
      ({ x, i, s }) => x.scatterAdd(1, i, s),
      'x.scatter_add(1, i.long(), s)',
    ],
    [
      'many',
      { x: f32([3]), i: i32([700], n(3)), s: f32([700]) },
      ({ x, i, s }) => x.scatterAdd(0, i, s),
      'x.scatter_add(0, i.long(), s)',
      { length: 250 },
    ],
    [
      'views',
      { x: permuted(f32([5, 3, 4])), i: stepped(i32([5, 6, 4], n(3))), s: permuted(f32([5, 6, 4])) },
      ({ x, i, s }) => x.scatterAdd(1, i, s),
      'x.scatter_add(1, i.long(), s)',
    ],
    [
      'nothing',
      { x: f32([5, 3]), i: i32([0, 3], n(5)), s: fixed(f32([4, 3])) },
      ({ x, i, s }) => x.scatterAdd(0, i, s),
      'x.scatter_add(0, i.long(), s)',
    ],
    [
      'sizes of 1',
      { x: f32([1, 1]), i: i32([5, 1], n(1)), s: f32([5, 1]) },
      ({ x, i, s }) => x.scatterAdd(0, i, s),
      'x.scatter_add(0, i.long(), s)',
    ],
    [
      'integers',
      { x: i32([5]), i: i32([40], n(5)), s: i32([40]) },
      ({ x, i, s }) => x.scatterAdd(0, i, s),
      'x.scatter_add(0, i.long(), s)',
    ],
    [
      'twice',
      { x: f32([5]), i: i32([9], n(5)), s: f32([9]) },
      ({ x, i, s }) => x.mul(x).scatterAdd(0, i, s.mul(s)),
      '(x * x).scatter_add(0, i.long(), s * s)',
      { grad: 'twice' },
    ],
  ]),
  ...op('scatter', [
    [
      'rows',
      { x: f32([5, 3]), i: i32([2, 3], [0, 3, 4, 2, 1, 0]), s: f32([2, 3]) },
      ({ x, i, s }) => x.scatter(0, i, s),
      'x.scatter(0, i.long(), s)',
    ],
    [
      'columns',
      { x: f32([2, 7]), i: i32([2, 3], [6, 0, 2, 5, 1, 3]), s: f32([2, 3]) },
      ({ x, i, s }) => x.scatter(-1, i, s),
      'x.scatter(-1, i.long(), s)',
    ],
    [
      'a smaller index',
      { x: f32([4, 5]), i: i32([2, 2], [4, 0, 3, 2]), s: fixed(f32([3, 3])) },
      ({ x, i, s }) => x.scatter(1, i, s),
      'x.scatter(1, i.long(), s)',
    ],
    [
      'a number',
      { x: f32([4, 5]), i: i32([4, 1], n(5)) },
      ({ x, i }) => x.scatter(1, i, 2.5),
      'x.scatter(1, i.long(), 2.5)',
    ],
    [
      'views',
      { x: permuted(f32([3, 4])), i: permuted(i32([1, 4], [2, 0, 1, 2])), s: stepped(f32([1, 4])) },
      ({ x, i, s }) => x.scatter(0, i, s),
      'x.scatter(0, i.long(), s)',
    ],
    [
      'nothing',
      { x: f32([3, 4]), i: i32([0, 4], n(3)), s: f32([0, 4]) },
      ({ x, i, s }) => x.scatter(0, i, s),
      'x.scatter(0, i.long(), s)',
    ],
    [
      'halves',
      { x: f16([3, 2]), i: i32([1, 2], [2, 0]), s: f16([1, 2]) },
      ({ x, i, s }) => x.scatter(0, i, s),
      'x.scatter(0, i.long(), s)',
    ],
    [
      'integers',
      { x: i32([6]), i: i32([3], [5, 0, 2]), s: i32([3]) },
      ({ x, i, s }) => x.scatter(0, i, s),
      'x.scatter(0, i.long(), s)',
    ],
  ]),
  ...op('indexAdd', [
    [
      'rows',
      { x: f32([5, 3]), i: i32([7], n(5)), s: f32([7, 3]) },
      ({ x, i, s }) => x.indexAdd(0, i, s),
      'x.index_add(0, i, s)',
    ],
    [
      'alpha',
      { x: f32([2, 4, 3]), i: i32([3], n(4)), s: f32([2, 3, 3]) },
      ({ x, i, s }) => x.indexAdd(1, i, s, { alpha: -0.5 }),
      'x.index_add(1, i, s, alpha=-0.5)',
    ],
    [
      'many',
      { x: f32([2, 4]), i: i32([600], n(4)), s: f32([2, 600]) },
      ({ x, i, s }) => x.indexAdd(-1, i, s),
      'x.index_add(-1, i, s)',
      { length: 150 },
    ],
    [
      'views',
      { x: permuted(f32([2, 4])), i: stepped(i32([3], n(4))), s: permuted(f32([2, 3])) },
      ({ x, i, s }) => x.indexAdd(1, i, s),
      'x.index_add(1, i, s)',
    ],
    [
      'nothing',
      { x: f32([2, 4]), i: i32([0], n(4)), s: f32([2, 0]) },
      ({ x, i, s }) => x.indexAdd(1, i, s),
      'x.index_add(1, i, s)',
    ],
    [
      'sizes of 1',
      { x: f32([1]), i: i32([1], n(1)), s: f32([1]) },
      ({ x, i, s }) => x.indexAdd(0, i, s),
      'x.index_add(0, i, s)',
    ],
    [
      'integers',
      { x: i32([3, 2]), i: i32([5], n(3)), s: i32([5, 2]) },
      ({ x, i, s }) => x.indexAdd(0, i, s),
      'x.index_add(0, i, s)',
    ],
    [
      'a long row',
      { x: f32([70, 3]), i: i32([33], n(70)), s: f32([33, 3]) },
      ({ x, i, s }) => x.indexAdd(0, i, s),
      'x.index_add(0, i, s)',
    ],
  ]),
  ...op('indexCopy', [
    [
      'rows',
      { x: f32([5, 3]), i: i32([2], [3, 0]), s: f32([2, 3]) },
      ({ x, i, s }) => x.indexCopy(0, i, s),
      'x.index_copy(0, i.long(), s)',
    ],
    [
      'columns',
      { x: f32([2, 5]), i: i32([3], [4, 0, 1]), s: f32([2, 3]) },
      ({ x, i, s }) => x.indexCopy(-1, i, s),
      'x.index_copy(-1, i.long(), s)',
    ],
    [
      'middle',
      { x: f32([2, 5, 3]), i: i32([1], [2]), s: f32([2, 1, 3]) },
      ({ x, i, s }) => x.indexCopy(1, i, s),
      'x.index_copy(1, i.long(), s)',
    ],
    [
      'permuted',
      { x: permuted(f32([4, 5])), i: i32([2], [4, 1]), s: permuted(f32([4, 2])) },
      ({ x, i, s }) => x.indexCopy(1, i, s),
      'x.index_copy(1, i.long(), s)',
    ],
    [
      'stepped',
      { x: stepped(f32([4, 5])), i: i32([2], [3, 1]), s: stepped(f32([2, 5])) },
      ({ x, i, s }) => x.indexCopy(0, i, s),
      'x.index_copy(0, i.long(), s)',
    ],
    [
      'nothing',
      { x: f32([4, 5]), i: i32([0], n(1)), s: f32([0, 5]) },
      ({ x, i, s }) => x.indexCopy(0, i, s),
      'x.index_copy(0, i.long(), s)',
    ],
    [
      'integers',
      { x: i32([4]), i: i32([1], [3]), s: i32([1]) },
      ({ x, i, s }) => x.indexCopy(0, i, s),
      'x.index_copy(0, i.long(), s)',
    ],
    [
      'all',
      { x: f32([3]), i: i32([3], [2, 0, 1]), s: f32([3]) },
      ({ x, i, s }) => x.indexCopy(0, i, s),
      'x.index_copy(0, i.long(), s)',
    ],
  ]),
  ...op('indexFill', [
    ...onEach(
      cubes.slice(0, 4),
      (x) => x.indexFill(1, torch.tensor([2, 0], { dtype: 'int32', device: x.device }), -1.5),
      'x.index_fill(1, torch.tensor([2, 0]), -1.5)',
    ),
    ...onEach(
      cubes.slice(4, 7),
      (x) => x.indexFill(-1, torch.tensor([0], { dtype: 'int32', device: x.device }), 3),
      'x.index_fill(-1, torch.tensor([0]), 3)',
    ),
    ...each(f32([4]), [
      [
        (x) => x.indexFill(0, torch.tensor([1, 1, 3], { dtype: 'int32', device: x.device }), 0),
        'x.index_fill(0, torch.tensor([1, 1, 3]), 0)',
      ],
    ]),
  ]),
  ...op('maskedFill', [
    ['same shape', { x: f32([3, 4]), m: bool([3, 4]) }, ({ x, m }) => x.maskedFill(m, -1), 'x.masked_fill(m, -1)'],
    ['infinity', { x: f32([3, 4]), m: bool([4]) }, ({ x, m }) => x.maskedFill(m, -Infinity), 'x.masked_fill(m, -inf)'],
    ['broadcast', { x: f32([2, 3, 4]), m: bool([3, 1]) }, ({ x, m }) => x.maskedFill(m, 2), 'x.masked_fill(m, 2)'],
    [
      'views',
      { x: permuted(f32([3, 4])), m: permuted(bool([3, 4])) },
      ({ x, m }) => x.maskedFill(m, 0.5),
      'x.masked_fill(m, 0.5)',
    ],
    [
      'stepped',
      { x: stepped(f32([3, 4])), m: stepped(bool([3, 4])) },
      ({ x, m }) => x.maskedFill(m, 0),
      'x.masked_fill(m, 0)',
    ],
    ['nothing', { x: f32([0, 4]), m: bool([4]) }, ({ x, m }) => x.maskedFill(m, 0), 'x.masked_fill(m, 0)'],
    ['integers', { x: i32([5]), m: bool([5]) }, ({ x, m }) => x.maskedFill(m, 7), 'x.masked_fill(m, 7)'],
    [
      'a tensor',
      { x: f32([5]), m: bool([5]), v: fixed(f32([])) },
      ({ x, m, v }) => x.maskedFill(m, v),
      'x.masked_fill(m, v)',
    ],
  ]),
];
