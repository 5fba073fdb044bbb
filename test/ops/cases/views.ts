/**
 * @file Views by position, and what is put together from several tensors.
 */
import * as F from '../../../src/torch/functional.ts';
import * as torch from '../../../src/torch/torch.ts';
import { bool, f16, f32, i32, op, permuted, stepped } from '../case.ts';
import { cubes, each, onEach } from './layouts.ts';

const empty = f32([2, 0, 3]);
const permuted345 = permuted(f32([3, 4, 5]));

export const views = [
  ...op('slice', [
    ...onEach(cubes, (x) => x.slice(1, 1, -1), 'x[:, 1:-1]'),
    ...each(permuted345, [
      [(x) => x.slice(0, -2, Infinity), 'x[-2:]'],
      [(x) => x.slice(-1, 0, 5, 2), 'x[..., 0:5:2]'],
      [(x) => x.slice(1, 1, 100, 3).slice(0, 1), 'x[1:, 1:100:3]'],
      [(x) => x.slice(1, 3, 1), 'x[:, 3:1]'],
    ]),
    ...each(empty, [[(x) => x.slice(2, 1), 'x[:, :, 1:]']]),
  ]),
  ...op('select', [
    ...onEach(cubes, (x) => x.select(-2, -1), 'x.select(-2, -1)'),
    ...each(permuted345, [
      [(x) => x.select(0, 2), 'x[2]'],
      [(x) => x.select(2, 0), 'x[:, :, 0]'],
    ]),
  ]),
  ...op('narrow', [
    ...onEach(cubes, (x) => x.narrow(1, -2, 1), 'x.narrow(1, -2, 1)'),
    ...each(empty, [[(x) => x.narrow(0, 1, 1), 'x.narrow(0, 1, 1)']]),
  ]),
  ...op(
    'index',
    each(permuted345, [
      [(x) => x.index(1), 'x[1]'],
      [(x) => x.index('...', -1), 'x[..., -1]'],
      [(x) => x.index(':', [1, null, 2]), 'x[:, 1::2]'],
      [(x) => x.index([null, -1], null, 2), 'x[:-1, None, 2]'],
      [(x) => x.index(0, '...', [null, null, 2]), 'x[0, ..., ::2]'],
      [(x) => x.index(null, 1, 2, 3), 'x[None, 1, 2, 3]'],
      [(x) => x.index('...'), 'x[...]'],
      [(x) => x.index([-2, null], ':', [1, 4]), 'x[-2:, :, 1:4]'],
    ]),
  ),
  ...op('squeeze', [
    ...each(f32([1, 3, 1, 2]), [
      [(x) => x.squeeze(), 'x.squeeze()'],
      [(x) => x.squeeze(0), 'x.squeeze(0)'],
      [(x) => x.squeeze(-2), 'x.squeeze(-2)'],
      [(x) => x.squeeze(1), 'x.squeeze(1)'],
    ]),
    ...each(permuted(f32([1, 3, 1])), [[(x) => x.squeeze(), 'x.squeeze()']]),
    ...each(f32([1, 0, 1]), [[(x) => x.squeeze(), 'x.squeeze()']]),
    ...each(f32([1, 1]), [[(x) => x.squeeze(), 'x.squeeze()']]),
    ...each(f32([]), [[(x) => x.squeeze(0), 'x.squeeze(0)']]),
  ]),
  ...op('unsqueeze', [
    ...onEach(cubes, (x) => x.unsqueeze(-2), 'x.unsqueeze(-2)'),
    ...each(f32([]), [[(x) => x.unsqueeze(0), 'x.unsqueeze(0)']]),
    ...each(empty, [[(x) => x.unsqueeze(3), 'x.unsqueeze(3)']]),
  ]),
  ...op('expandAs', [
    ['rows', { x: f32([3, 1]), y: f32([3, 4]) }, ({ x, y }) => x.expandAs(y).mul(y), 'x.expand_as(y) * y'],
    ['new dims', { x: f32([4]), y: f32([2, 3, 4]) }, ({ x, y }) => x.expandAs(y).mul(y), 'x.expand_as(y) * y'],
    ['a scalar', { x: f32([]), y: f32([2, 3]) }, ({ x, y }) => x.expandAs(y), 'x.expand_as(y)'],
    ['permuted', { x: permuted(f32([1, 3])), y: f32([5, 3]) }, ({ x, y }) => x.expandAs(y), 'x.expand_as(y)'],
    ['stepped', { x: stepped(f32([3, 1])), y: f32([3, 7]) }, ({ x, y }) => x.expandAs(y).exp(), 'x.expand_as(y).exp()'],
    ['nothing', { x: f32([1, 3]), y: f32([0, 3]) }, ({ x, y }) => x.expandAs(y), 'x.expand_as(y)'],
    ['halves', { x: f16([1, 3]), y: f16([2, 3]) }, ({ x, y }) => x.expandAs(y), 'x.expand_as(y)'],
    ['bools', { x: bool([1, 3]), y: f32([2, 3]) }, ({ x, y }) => x.expandAs(y), 'x.expand_as(y)'],
  ]),
  ...op('unflatten', [
    ...onEach(cubes, (x) => x.unflatten(1, [-1, 1]), 'x.unflatten(1, (-1, 1))'),
    ...each(permuted(f32([6, 4])), [
      [(x) => x.unflatten(0, [2, 3]), 'x.unflatten(0, (2, 3))'],
      [(x) => x.unflatten(-1, [-1, 2]), 'x.unflatten(-1, (-1, 2))'],
    ]),
  ]),
  ...op('flip', [
    ...onEach(cubes, (x) => x.flip([0, -1]), 'x.flip([0, -1])'),
    ...each(permuted345, [
      [(x) => x.flip(1).slice(1, 1).mul(2), 'x.flip([1])[:, 1:] * 2'],
      [(x) => x.flip([0, 1, 2]).sum(1), 'x.flip([0, 1, 2]).sum(1)'],
    ]),
    ...each(
      permuted345,
      [
        [(x) => x.flip(2).reshape(2, -1), 'x.flip([2]).reshape(2, -1)'],
        [(x) => x.flip(1).matmul(x.transpose(1, 2).flip(2)), 'x.flip([1]) @ x.transpose(1, 2).flip([2])'],
      ],
      { length: 40 },
    ),
    ...each(empty, [[(x) => x.flip([1, 2]), 'x.flip([1, 2])']]),
  ]),
  ...op('movedim', [
    ...onEach(cubes, (x) => x.movedim(0, -1), 'x.movedim(0, -1)'),
    ...each(f32([2, 3, 4, 5]), [
      [(x) => x.movedim([0, 1], [2, 0]), 'x.movedim((0, 1), (2, 0))'],
      [(x) => x.movedim(-1, 1), 'x.movedim(-1, 1)'],
    ]),
  ]),
  ...op('t and mT', [
    ...each(f32([2, 3]), [
      [(x) => x.t(), 'x.t()'],
      [(x) => x.mT, 'x.mT'],
      [(x) => x.t().t(), 'x.t().t()'],
    ]),
    ...each(f32([5]), [[(x) => x.t(), 'x.t()']]),
    ...onEach(cubes.slice(0, 5), (x) => x.mT.matmul(x), 'x.mT @ x', { length: 60 }),
  ]),
  ...op('diagonal', [
    ...each(f32([4, 5]), [
      [(x) => x.diagonal(), 'x.diagonal()'],
      [(x) => x.diagonal(2), 'x.diagonal(2)'],
      [(x) => x.diagonal(-1), 'x.diagonal(-1)'],
      [(x) => x.diagonal(7), 'x.diagonal(7)'],
      [(x) => x.diagonal(-3, 1, 0), 'x.diagonal(-3, 1, 0)'],
    ]),
    ...onEach(cubes, (x) => x.diagonal(1, -1, 0), 'x.diagonal(1, -1, 0)'),
    ...each(empty, [[(x) => x.diagonal(), 'x.diagonal()']]),
  ]),
  ...op('unfold along a dim', [
    ...onEach(
      cubes.filter(([name]) => name !== 'sizes of 1'),
      (x) => x.unfold(1, 2, 1),
      'x.unfold(1, 2, 1)',
    ),
    ...each(permuted345, [
      [(x) => x.unfold(-1, 3, 2), 'x.unfold(-1, 3, 2)'],
      [(x) => x.unfold(0, 3, 1).unfold(1, 2, 2), 'x.unfold(0, 3, 1).unfold(1, 2, 2)'],
      [(x) => x.unfold(2, 1, 3), 'x.unfold(2, 1, 3)'],
    ]),
  ]),
  ...op('split', [
    ...onEach(cubes, (x) => x.split(2, 1), 'x.split(2, 1)'),
    ...each(permuted345, [
      [(x) => x.split([1, 0, 3], 1), 'x.split([1, 0, 3], 1)'],
      [(x) => x.split(2, -1).map((part) => part.mul(2)), '[part * 2 for part in x.split(2, -1)]'],
    ]),
    ...each(empty, [[(x) => x.split(1, 0), 'x.split(1, 0)']]),
  ]),
  ...op('chunk', [
    ...onEach(cubes, (x) => x.chunk(2, 2), 'x.chunk(2, 2)'),
    ...each(permuted345, [
      [(x) => x.chunk(3, -1), 'x.chunk(3, -1)'],
      [(x) => x.chunk(7, 0), 'x.chunk(7, 0)'],
    ]),
  ]),
  ...op('unbind', [
    ...onEach(cubes, (x) => x.unbind(1), 'x.unbind(1)'),
    ...each(permuted345, [[(x) => x.unbind(), 'x.unbind()']]),
  ]),

  ...op('cat', [
    ['rows', { x: f32([2, 3]), y: f32([4, 3]) }, ({ x, y }) => torch.cat([x, y]), 'torch.cat((x, y))'],
    [
      'last dim',
      { x: f32([2, 3, 1]), y: f32([2, 3, 5]) },
      ({ x, y }) => torch.cat([x, y, x], -1),
      'torch.cat((x, y, x), -1)',
    ],
    [
      'views',
      { x: permuted(f32([3, 5, 2])), y: stepped(f32([3, 4, 2])) },
      ({ x, y }) => torch.cat([x, y], 1),
      'torch.cat((x, y), 1)',
    ],
    ['one', { x: f32([2, 3]) }, ({ x }) => torch.cat([x]), 'torch.cat((x,))'],
    ['nothing among them', { x: f32([2, 3]), y: f32([0, 3]) }, ({ x, y }) => torch.cat([y, x]), 'torch.cat((y, x))'],
    ['the empty vector', { x: f32([2, 3]), y: f32([0]) }, ({ x, y }) => torch.cat([x, y], 1), 'torch.cat((x, y), 1)'],
    ['dtypes', { x: i32([3]), y: f32([2]) }, ({ x, y }) => torch.cat([x, y]), 'torch.cat((x, y))'],
    ['halves', { x: f16([3, 2]), y: f16([3, 3]) }, ({ x, y }) => torch.cat([x, y], 1), 'torch.cat((x, y), 1)'],
    [
      'many',
      { x: f32([2, 2]) },
      ({ x }) =>
        torch.cat(
          Array.from({ length: 11 }, () => x),
          1,
        ),
      'torch.cat([x] * 11, 1)',
    ],
  ]),
  ...op('stack', [
    ['rows', { x: f32([3]), y: f32([3]) }, ({ x, y }) => torch.stack([x, y]), 'torch.stack((x, y))'],
    ['last', { x: f32([2, 3]), y: f32([2, 3]) }, ({ x, y }) => torch.stack([x, y], -1), 'torch.stack((x, y), -1)'],
    [
      'middle',
      { x: f32([2, 3]), y: f32([2, 3]) },
      ({ x, y }) => torch.stack([x, y, y], 1),
      'torch.stack((x, y, y), 1)',
    ],
    ['scalars', { x: f32([]), y: f32([]) }, ({ x, y }) => torch.stack([x, y]), 'torch.stack((x, y))'],
    [
      'views',
      { x: permuted(f32([3, 5])), y: stepped(f32([3, 5])) },
      ({ x, y }) => torch.stack([x, y], 2),
      'torch.stack((x, y), 2)',
    ],
    ['nothing', { x: f32([0, 2]), y: f32([0, 2]) }, ({ x, y }) => torch.stack([x, y]), 'torch.stack((x, y))'],
    ['one', { x: f32([2, 3]) }, ({ x }) => torch.stack([x]), 'torch.stack((x,))'],
    ['bools', { x: bool([4]), y: bool([4]) }, ({ x, y }) => torch.stack([x, y]), 'torch.stack((x, y))'],
  ]),
  ...op('pad', [
    ...onEach(cubes, (x) => F.pad(x, [1, 2, 0, 3]), 'F.pad(x, (1, 2, 0, 3))'),
    ...each(permuted345, [
      [(x) => F.pad(x, [1, 1], 'constant', 1.5), "F.pad(x, (1, 1), 'constant', 1.5)"],
      [(x) => F.pad(x, [-1, 2, 1, -2], 'constant', -3), "F.pad(x, (-1, 2, 1, -2), 'constant', -3)"],
      [(x) => F.pad(x, [2, 3], 'reflect'), "F.pad(x, (2, 3), 'reflect')"],
      [(x) => F.pad(x, [2, 7], 'replicate'), "F.pad(x, (2, 7), 'replicate')"],
      [(x) => F.pad(x, [2, 5], 'circular'), "F.pad(x, (2, 5), 'circular')"],
    ]),
    ...each(f32([2, 3, 4, 5]), [
      [(x) => F.pad(x, [1, 2, 3, 0], 'reflect'), "F.pad(x, (1, 2, 3, 0), 'reflect')"],
      [(x) => F.pad(x, [1, 2, 3, 0], 'replicate'), "F.pad(x, (1, 2, 3, 0), 'replicate')"],
    ]),
    ...each(empty, [[(x) => F.pad(x, [1, 0, 2, 2], 'constant', 2), "F.pad(x, (1, 0, 2, 2), 'constant', 2)"]]),
  ]),
  ...op('roll', [
    ...onEach(cubes, (x) => x.roll(1, 1), 'x.roll(1, 1)'),
    ...each(permuted345, [
      [(x) => x.roll(-7), 'x.roll(-7)'],
      [(x) => x.roll([2, -1], [0, -1]), 'x.roll((2, -1), (0, -1))'],
      [(x) => x.roll(12, 1), 'x.roll(12, 1)'],
    ]),
    ...each(empty, [[(x) => x.roll(1, 2), 'x.roll(1, 2)']]),
  ]),
  ...op('repeat', [
    ...onEach(cubes, (x) => x.repeat(2, 1, 3), 'x.repeat(2, 1, 3)'),
    ...each(f32([3]), [
      [(x) => x.repeat(2, 2), 'x.repeat(2, 2)'],
      [(x) => x.repeat(0), 'x.repeat(0)'],
    ]),
    ...each(f32([]), [[(x) => x.repeat(3), 'x.repeat(3)']]),
  ]),
  ...op('tile', [
    ...onEach(cubes, (x) => x.tile(2), 'x.tile((2,))'),
    ...each(f32([2, 3]), [
      [(x) => x.tile(2, 1, 2), 'x.tile((2, 1, 2))'],
      [(x) => x.tile(2, 2), 'x.tile((2, 2))'],
    ]),
  ]),
  ...op('repeatInterleave', [
    ...onEach(cubes, (x) => x.repeatInterleave(2, 1), 'x.repeat_interleave(2, 1)'),
    ...each(permuted345, [
      [(x) => x.repeatInterleave(3), 'x.repeat_interleave(3)'],
      [(x) => x.repeatInterleave([0, 2, 1], 0), 'x.repeat_interleave(torch.tensor([0, 2, 1]), 0)'],
      [(x) => x.repeatInterleave(2, -1), 'x.repeat_interleave(2, -1)'],
    ]),
  ]),
  ...op('tril', [
    ...onEach(cubes, (x) => x.tril(), 'x.tril()'),
    ...each(f32([4, 6]), [
      [(x) => x.tril(2), 'x.tril(2)'],
      [(x) => x.tril(-3), 'x.tril(-3)'],
    ]),
    ...each(f32([0, 3]), [[(x) => x.tril(), 'x.tril()']]),
  ]),
  ...op('triu', [
    ...onEach(cubes, (x) => x.triu(1), 'x.triu(1)'),
    ...each(f32([6, 4]), [
      [(x) => x.triu(-2), 'x.triu(-2)'],
      [(x) => x.triu(4), 'x.triu(4)'],
    ]),
    ...each(f32([3, 0]), [[(x) => x.triu(), 'x.triu()']]),
  ]),
];
