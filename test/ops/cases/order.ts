/**
 * @file Sorting, and what is found by order.
 */
import { f32, op } from '../case.ts';
import { cubes, each, onEach } from './layouts.ts';

const ties = f32([3, 40], (u) => Math.floor(5 * u));
const odd = f32([2, 6], [3, NaN, -Infinity, 1, NaN, 0, -0, Infinity, 2, -5, 2, 2]);

export const order = [
  ...op('sort', [
    ...onEach(cubes, (x) => [...x.sort(1)], 'x.sort(dim=1, stable=True)'),
    ...onEach(
      [
        ['ties', ties],
        ['odd numbers', odd],
      ],
      (x) => [...x.sort(-1, { descending: true })],
      'torch.sort(x, dim=-1, descending=True, stable=True)',
    ),
    ...onEach(
      [
        ['ties', ties],
        ['odd numbers', odd],
        ['two blocks', f32([2, 1100])],
      ],
      (x) => [...x.sort()],
      'x.sort(dim=-1, stable=True)',
    ),
    ...each(f32([0, 3]), [[(x) => [...x.sort(0)], 'x.sort(dim=0, stable=True)']]),
    ...each(f32([]), [[(x) => [...x.sort()], 'x.sort(dim=-1, stable=True)']]),
  ]),
  ...op('argsort', [
    ...onEach(cubes, (x) => x.argsort(-1), 'x.argsort(-1)'),
    ...each(f32([600, 2]), [[(x) => x.argsort(0, { descending: true }), 'x.argsort(0, descending=True)']]),
  ]),
  ...op('topk', [
    ...onEach(cubes, (x) => [...x.topk(2, 1)], 'x.topk(2, 1)'),
    ...each(f32([3, 50]), [
      [(x) => [...x.topk(5)], 'x.topk(5)'],
      [(x) => [...x.topk(3, -1, { largest: false })], 'x.topk(3, -1, largest=False)'],
      [(x) => [...x.topk(0)], 'x.topk(0)'],
      [(x) => x.topk(2, 0).values, 'x.topk(2, 0)[0]'],
    ]),
  ]),
  ...op('kthvalue', [
    ...onEach(
      cubes.filter(([name]) => name !== 'integers'),
      (x) => [...x.kthvalue(2, 1)],
      'x.kthvalue(2, 1)',
    ),
    ...each(f32([3, 30]), [
      [(x) => [...x.kthvalue(30, -1, { keepdim: true })], 'x.kthvalue(30, -1, keepdim=True)'],
      [(x) => x.kthvalue(1, 0).values, 'x.kthvalue(1, 0)[0]'],
    ]),
  ]),
  ...op('median', [
    ...onEach(
      cubes.filter(([name]) => name !== 'integers'),
      (x) => [...x.median(1)],
      'x.median(1)',
    ),
    ...each(f32([5, 4]), [
      [(x) => x.median(), 'x.median()'],
      [(x) => [...x.median(-1, { keepdim: true })], 'x.median(-1, keepdim=True)'],
    ]),
    ...each(odd, [[(x) => x.median(1).values, 'x.median(1)[0]']]),
  ]),
];
