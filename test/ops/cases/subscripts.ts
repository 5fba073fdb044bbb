/**
 * @file x[…] with index tensors, lists and masks, reading and writing.
 */
import * as torch from '../../../src/torch/torch.ts';
import type { Case, Input } from '../case.ts';
import { bool, f16, f32, i32, op, permuted, stepped } from '../case.ts';

/** Places in a dimension of n, from both of its ends. */
const at = (shape: readonly number[], n: number): Input => i32(shape, (u) => Math.floor(2 * n * u) - n);
const cube = f32([4, 5, 6]);
const boolPairs = bool([3, 3], [1, 0, 1, 0, 0, 1, 1, 1, 0]);
const tensorOf = (x: torch.Tensor, places: number[]): torch.Tensor =>
  torch.tensor(Int32Array.from(places), { device: x.device });
const set = (place: string, value: string, x = 'x'): string =>
  `(lambda z: (z.__setitem__(${place}, ${value}), z)[1])(${x}.clone())`;

export const subscripts: readonly Case[] = [
  ...op('index', [
    ['rows by a tensor', { x: cube, i: at([3], 4) }, ({ x, i }) => x.index(i), 'x[i.long()]'],
    ['rows by a matrix', { x: cube, i: at([2, 3], 4) }, ({ x, i }) => x.index(i), 'x[i.long()]'],
    ['columns', { x: cube, i: at([7], 5) }, ({ x, i }) => x.index(':', i), 'x[:, i.long()]'],
    ['the last dim', { x: cube, i: at([2, 2], 6) }, ({ x, i }) => x.index('...', i), 'x[..., i.long()]'],
    [
      'two neighbours',
      { x: cube, i: at([3], 4), j: at([3], 5) },
      ({ x, i, j }) => x.index(i, j),
      'x[i.long(), j.long()]',
    ],
    [
      'two neighbours behind',
      { x: cube, i: at([3, 1], 5), j: at([2], 6) },
      ({ x, i, j }) => x.index(':', i, j),
      'x[:, i.long(), j.long()]',
    ],
    [
      'two apart',
      { x: cube, i: at([3], 4), j: at([3], 6) },
      ({ x, i, j }) => x.index(i, ':', j),
      'x[i.long(), :, j.long()]',
    ],
    [
      'two apart by a new dimension',
      { x: cube, i: at([3], 4), j: at([3], 5) },
      ({ x, i, j }) => x.index(i, null, j),
      'x[i.long(), None, j.long()]',
    ],
    [
      'three, broadcast',
      { x: cube, i: at([2, 1, 1], 4), j: at([3, 1], 5), k: at([2], 6) },
      ({ x, i, j, k }) => x.index(i, j, k),
      'x[i.long(), j.long(), k.long()]',
    ],
    ['with a place', { x: cube, i: at([3], 6) }, ({ x, i }) => x.index(1, ':', i), 'x[1, :, i.long()]'],
    [
      'with a place between',
      { x: cube, i: at([3], 4), j: at([3], 6) },
      ({ x, i, j }) => x.index(i, -2, j),
      'x[i.long(), -2, j.long()]',
    ],
    [
      'with ranges',
      { x: cube, i: at([3], 5) },
      ({ x, i }) => x.index([1, null], i, [null, null, 2]),
      'x[1:, i.long(), ::2]',
    ],
    [
      'with a new dimension',
      { x: cube, i: at([3], 4) },
      ({ x, i }) => x.index(null, i, '...', null),
      'x[None, i.long(), ..., None]',
    ],
    ['a number as a tensor', { x: cube, i: at([], 5) }, ({ x, i }) => x.index(':', i), 'x[:, i.long()]'],
    [
      'a number of the device',
      { x: cube, i: at([2], 5), j: at([2], 6) },
      ({ x, i, j }) => x.index(':', i.select(0, 0).add(0), j),
      'x[:, i[0].long(), j.long()]',
    ],
    ['computed places', { x: cube, i: at([3], 4) }, ({ x, i }) => x.index(i.neg().sub(1)), 'x[(-i - 1).long()]'],
    [
      'two computed',
      { x: cube, i: at([3], 4), j: at([3], 5) },
      ({ x, i, j }) => x.index(i.neg().sub(1), j.add(0)),
      'x[(-i - 1).long(), j.long()]',
    ],
    [
      'a list',
      { x: cube },
      ({ x }) =>
        x.index([
          [0, -1],
          [2, 2],
        ]),
      'x[torch.tensor([[0, -1], [2, 2]])]',
    ],
    [
      'a list beside a range',
      { x: cube },
      ({ x }) => x.index([null, 2], [[1, 0, -2]]),
      'x[:2, torch.tensor([[1, 0, -2]])]',
    ],
    ['booleans', { x: cube }, ({ x }) => x.index([true, false, true, true]), 'x[[True, False, True, True]]'],
    [
      'booleans of two dims',
      { x: f32([2, 3, 2]) },
      ({ x }) =>
        x.index([
          [true, false, true],
          [false, false, true],
        ]),
      'x[torch.tensor([[True, False, True], [False, False, True]])]',
    ],
    [
      'booleans behind',
      { x: cube, i: at([2], 4) },
      ({ x, i }) => x.index(i, [false, true, false, true, false]),
      'x[i.long(), torch.tensor([False, True, False, True, False])]',
    ],
    ['true', { x: f32([2, 3]) }, ({ x }) => x.index(true), 'x[True]'],
    ['false', { x: f32([2, 3]) }, ({ x }) => x.index(false), 'x[False]'],
    ['true and places', { x: f32([3, 3]), i: at([4], 3) }, ({ x, i }) => x.index(true, i), 'x[True, i.long()]'],
    ['no place', { x: cube, i: i32([0]) }, ({ x, i }) => x.index(i), 'x[i.long()]'],
    ['nothing beside', { x: f32([4, 0]), i: at([3], 4) }, ({ x, i }) => x.index(i), 'x[i.long()]'],
    ['permuted', { x: permuted(cube), i: permuted(at([2, 3], 5)) }, ({ x, i }) => x.index(':', i), 'x[:, i.long()]'],
    ['stepped', { x: stepped(cube), i: stepped(at([3], 4)) }, ({ x, i }) => x.index(i), 'x[i.long()]'],
    ['halves', { x: f16([4, 3]), i: at([2], 4) }, ({ x, i }) => x.index(i), 'x[i.long()]'],
    ['integers', { x: i32([4, 3]), i: at([2], 4) }, ({ x, i }) => x.index(i), 'x[i.long()]'],
    ['bools', { x: bool([4, 3]), i: at([2], 4) }, ({ x, i }) => x.index(i), 'x[i.long()]'],
    [
      'twice',
      { x: f32([4, 3]), i: at([5], 4), j: at([5], 3) },
      ({ x, i, j }) => x.mul(x).index(i, j),
      '(x * x)[i.long(), j.long()]',
      { grad: 'twice' },
    ],
  ]),
  ...op('indexPut', [
    [
      'rows',
      { x: cube, v: f32([2, 5, 6]) },
      ({ x, v }) => x.indexPut([tensorOf(x, [1, -1])], v),
      'x.index_put((torch.tensor([1, -1]),), v)',
    ],
    [
      'a number',
      { x: cube },
      ({ x }) => x.indexPut([tensorOf(x, [1, -1]), ':', tensorOf(x, [0, 3])], 2.5),
      set('(torch.tensor([1, -1]), slice(None), torch.tensor([0, 3]))', '2.5'),
    ],
    [
      'pairs',
      { x: cube, v: f32([2, 6]) },
      ({ x, v }) => x.indexPut([tensorOf(x, [1, -1]), tensorOf(x, [0, 3])], v),
      'x.index_put((torch.tensor([1, -1]), torch.tensor([0, 3])), v)',
    ],
    [
      'broadcast values',
      { x: cube, v: f32([6]) },
      ({ x, v }) => x.indexPut([tensorOf(x, [1, -1])], v),
      'x.index_put((torch.tensor([1, -1]),), v)',
    ],
    [
      'apart',
      { x: cube, v: f32([2, 5]) },
      ({ x, v }) => x.indexPut([tensorOf(x, [1, -1]), ':', tensorOf(x, [2, 2])], v),
      set('(torch.tensor([1, -1]), slice(None), torch.tensor([2, 2]))', 'v'),
    ],
    [
      'behind a range',
      { x: cube, v: f32([2, 3, 6]) },
      ({ x, v }) => x.indexPut([[null, null, 2], tensorOf(x, [4, 0, 1])], v),
      set('(slice(None, None, 2), torch.tensor([4, 0, 1]))', 'v'),
    ],
    [
      'accumulated',
      { x: cube, i: at([9], 4), v: f32([9, 5, 6]) },
      ({ x, i, v }) => x.indexPut([i], v, true),
      'x.index_put((i.long(),), v, accumulate=True)',
      { length: 9 },
    ],
    [
      'accumulated pairs',
      { x: f32([3, 4]), i: at([20], 3), j: at([20], 4), v: f32([20]) },
      ({ x, i, j, v }) => x.indexPut([i, j], v, { accumulate: true }),
      'x.index_put((i.long(), j.long()), v, accumulate=True)',
      { length: 20 },
    ],
    [
      'accumulated numbers',
      { x: f32([3, 4]), i: at([20], 4) },
      ({ x, i }) => x.indexPut([':', i], 0.5, true),
      'x.index_put((torch.tensor([[0], [1], [2]]), i.long()), torch.tensor(0.5), accumulate=True)',
      { length: 20 },
    ],
    [
      'places and ranges',
      { x: cube, v: f32([3, 2]) },
      ({ x, v }) => x.indexPut([-1, [2, null], [null, null, 3]], v),
      set('(-1, slice(2, None), slice(None, None, 3))', 'v'),
    ],
    [
      'added to a range',
      { x: cube },
      ({ x }) => x.indexPut(['...', [1, 3]], 2, true),
      set('(..., slice(1, 3))', 'x[..., 1:3] + 2'),
    ],
    ['leading ones', { x: cube, v: f32([1, 1, 1, 6]) }, ({ x, v }) => x.indexPut([0], v), set('0', 'v')],
    ['a mask', { x: f32([3, 3]), m: bool([3, 3]) }, ({ x, m }) => x.indexPut([m], -1), set('m', '-1')],
    [
      'a mask of rows',
      { x: f32([3, 3, 2]), m: bool([3]), v: f32([2]) },
      ({ x, m, v }) => x.indexPut([m], v),
      set('m', 'v'),
    ],
    [
      'a mask behind',
      { x: f32([2, 4, 3]), m: bool([4]), v: f32([2, 1, 3]) },
      ({ x, m, v }) => x.indexPut([':', m], v),
      set('(slice(None), m)', 'v'),
    ],
    [
      'a mask and its values',
      { x: f32([3, 3]), m: boolPairs, v: f32([5]) },
      ({ x, m, v }) => x.indexPut([m], v),
      set('m', 'v'),
    ],
    [
      'a computed mask and its values',
      { x: f32([3, 3]), m: boolPairs, v: f32([4, 2]) },
      ({ x, m, v }) => x.unsqueeze(-1).expand(3, 3, 2).indexPut([m.logicalNot()], v),
      set('~m', 'v', 'x.unsqueeze(-1).expand(3, 3, 2)'),
    ],
    [
      'a mask in the middle and its values',
      { x: f32([2, 3, 3, 2]), m: boolPairs, v: f32([2, 5, 1]) },
      ({ x, m, v }) => x.indexPut([':', m.logicalAnd(m)], v),
      set('(slice(None), m)', 'v'),
    ],
    [
      'a mask, accumulated',
      { x: f32([3, 3]), m: boolPairs, v: f32([5]) },
      ({ x, m, v }) => x.indexPut([m], v, true),
      'x.index_put((m,), v, accumulate=True)',
    ],
    [
      'booleans beside places',
      { x: f32([3, 3]), v: f32([2]) },
      ({ x, v }) => x.indexPut([[true, false, true], tensorOf(x, [2, 0])], v),
      set('(torch.tensor([True, False, True]), torch.tensor([2, 0]))', 'v'),
    ],
    [
      'no place',
      { x: cube, v: f32([0, 5, 6]) },
      ({ x, v }) => x.indexPut([tensorOf(x, [])], v),
      'x.index_put((torch.tensor([], dtype=torch.long),), v)',
    ],
    [
      'integers',
      { x: i32([5]), v: i32([2]) },
      ({ x, v }) => x.indexPut([tensorOf(x, [4, 0])], v),
      'x.index_put((torch.tensor([4, 0]),), v)',
    ],
    [
      'halves',
      { x: f16([5]), v: f16([2]) },
      ({ x, v }) => x.indexPut([tensorOf(x, [4, 0])], v),
      'x.index_put((torch.tensor([4, 0]),), v)',
    ],
    [
      'permuted',
      { x: permuted(cube), v: permuted(f32([2, 5, 6])) },
      ({ x, v }) => x.indexPut([tensorOf(x, [1, -1])], v),
      'x.index_put((torch.tensor([1, -1]),), v)',
    ],
    [
      'twice',
      { x: f32([4]), i: at([6], 4), v: f32([6]) },
      ({ x, i, v }) => x.mul(x).indexPut([i], v.mul(v), true),
      '(x * x).index_put((i.long(),), v * v, accumulate=True)',
      { grad: 'twice', length: 6 },
    ],
  ]),
  ...op('maskedScatter', [
    [
      'same shape',
      { x: f32([3, 3]), m: boolPairs, s: f32([9]) },
      ({ x, m, s }) => x.maskedScatter(m, s),
      'x.masked_scatter(m, s)',
    ],
    [
      'just enough',
      { x: f32([3, 3]), m: boolPairs, s: f32([5]) },
      ({ x, m, s }) => x.maskedScatter(m, s),
      'x.masked_scatter(m, s)',
    ],
    [
      'a matrix of values',
      { x: f32([3, 3]), m: boolPairs, s: f32([3, 4]) },
      ({ x, m, s }) => x.maskedScatter(m, s),
      'x.masked_scatter(m, s)',
    ],
    [
      'a mask that broadcasts',
      { x: f32([2, 4]), m: bool([4], [1, 0, 1, 1]), s: f32([6]) },
      ({ x, m, s }) => x.maskedScatter(m, s),
      'x.masked_scatter(m, s)',
    ],
    [
      'a computed mask',
      { x: f32([3, 3]), m: boolPairs, s: f32([6]) },
      ({ x, m, s }) => x.maskedScatter(m.logicalNot(), s),
      'x.masked_scatter(~m, s)',
    ],
    [
      'permuted',
      { x: permuted(f32([3, 3])), m: permuted(boolPairs), s: permuted(f32([3, 3])) },
      ({ x, m, s }) => x.maskedScatter(m, s),
      'x.masked_scatter(m, s)',
    ],
    [
      'stepped',
      { x: stepped(f32([3, 3])), m: stepped(bool([3, 3])), s: stepped(f32([9])) },
      ({ x, m, s }) => x.maskedScatter(m, s),
      'x.masked_scatter(m, s)',
    ],
    [
      'nothing held',
      { x: f32([4]), m: bool([4], [0, 0, 0, 0]), s: f32([2]) },
      ({ x, m, s }) => x.maskedScatter(m, s),
      'x.masked_scatter(m, s)',
    ],
    [
      'integers',
      { x: i32([5]), m: bool([5]), s: i32([5]) },
      ({ x, m, s }) => x.maskedScatter(m, s),
      'x.masked_scatter(m, s)',
    ],
    [
      'twice',
      { x: f32([3, 3]), m: boolPairs, s: f32([6]) },
      ({ x, m, s }) => x.mul(x).maskedScatter(m, s.mul(s)),
      '(x * x).masked_scatter(m, s * s)',
      { grad: 'twice' },
    ],
  ]),
];
