/**
 * @file Tensors laid out in larger ones, distances of their rows, and draws by given weights.
 */
import * as torch from '../../../src/torch/torch.ts';
import type { Case, Input } from '../case.ts';
import { bool, f16, f32, fixed, i32, natural, op, permuted, positive, stepped } from '../case.ts';
import { each } from './layouts.ts';

const pairs: readonly (readonly [string, Record<'x' | 'y', Input>])[] = [
  ['vectors', { x: f32([3]), y: f32([3]) }],
  ['matrices', { x: f32([2, 3]), y: f32([2, 3]) }],
  ['scalars', { x: f32([]), y: f32([]) }],
  ['cubes', { x: f32([2, 3, 4]), y: f32([2, 3, 4]) }],
  ['views', { x: permuted(f32([3, 5])), y: stepped(f32([3, 5])) }],
  ['dtypes', { x: i32([4]), y: f32([4]) }],
  ['halves', { x: f16([2, 2]), y: f16([2, 2]) }],
  ['bools', { x: bool([3]), y: bool([3]) }],
];

type Two = Record<'x' | 'y', torch.Tensor>;
const ofTwo = (ours: (given: Two) => torch.Tensor, python: string) =>
  pairs.map(([name, inputs]) => [name, inputs, ours as never, python] as const);

/** Weights, and how many are drawn of them, with replacement or without. */
const draws: readonly (readonly [name: string, weights: Input, count: number, replacement: boolean])[] = [
  ['one of a row', f32([5], positive), 1, false],
  ['one of each row', f32([40, 7], positive), 1, false],
  ['three of each row', f32([6, 9], positive), 3, false],
  ['all of a row', f32([8], positive), 8, false],
  ['again and again', f32([4], positive), 30, true],
  ['again from each row', f32([5, 6], positive), 12, true],
  ['two, with replacement', f32([3, 4], positive), 2, true],
  ['where some have no weight', f32([3, 20], natural), 6, true],
  ['few weights', f32([50, 2], positive), 2, false],
];

/** What is cut off to a whole number. */
const cut: readonly (readonly [string, Input])[] = [
  ['a matrix', f32([3, 4])],
  ['a scalar', f32([])],
  ['nothing', f32([0, 2])],
  ['a permuted view', permuted(f32([2, 5]))],
  ['a strided view', stepped(f32([4]))],
  ['halves', f16([5])],
  ['integers', i32([3])],
  ['bools', bool([4])],
];

export const arrangements: Case[] = [
  ...op(
    'long',
    cut.map(([name, x]) => [name, { x }, ({ x: t }: Record<string, torch.Tensor>) => t.long(), 'x.long()'] as const),
  ),
  ...op(
    'hstack',
    ofTwo(({ x, y }) => torch.hstack([x, y, x]), 'torch.hstack((x, y, x))'),
  ),
  ...op(
    'vstack',
    ofTwo(({ x, y }) => torch.vstack([x, y, y]), 'torch.vstack((x, y, y))'),
  ),
  ...op('meshgrid', [
    [
      'two vectors',
      { x: f32([3]), y: f32([4]) },
      ({ x, y }) => torch.meshgrid([x, y]),
      "torch.meshgrid(x, y, indexing='ij')",
    ],
    [
      'as pictures count',
      { x: f32([3]), y: f32([4]) },
      ({ x, y }) => torch.meshgrid([x, y], { indexing: 'xy' }),
      "torch.meshgrid(x, y, indexing='xy')",
    ],
    [
      'three vectors',
      { x: f32([2]), y: f32([3]), z: f32([4]) },
      ({ x, y, z }) => torch.meshgrid([x, y, z]),
      "torch.meshgrid(x, y, z, indexing='ij')",
    ],
    [
      'three as pictures count',
      { x: f32([2]), y: f32([3]), z: f32([4]) },
      ({ x, y, z }) => torch.meshgrid([x, y, z], { indexing: 'xy' }),
      "torch.meshgrid(x, y, z, indexing='xy')",
    ],
    [
      'one vector',
      { x: f32([5]) },
      ({ x }) => torch.meshgrid([x], { indexing: 'xy' }),
      "torch.meshgrid(x, indexing='xy')",
    ],
    [
      'a number among them',
      { x: f32([3]), y: f32([]) },
      ({ x, y }) => torch.meshgrid([x, y]),
      "torch.meshgrid(x, y, indexing='ij')",
    ],
    [
      'integers',
      { x: i32([3]), y: i32([2]) },
      ({ x, y }) => torch.meshgrid([x, y]),
      "torch.meshgrid(x, y, indexing='ij')",
    ],
    [
      'nothing',
      { x: f32([0]), y: f32([2]) },
      ({ x, y }) => torch.meshgrid([x, y]),
      "torch.meshgrid(x, y, indexing='ij')",
    ],
    [
      'a strided vector',
      { x: stepped(f32([3])), y: f16([3]) },
      ({ x, y }) => torch.meshgrid([x, y.float()]),
      "torch.meshgrid(x, y.float(), indexing='ij')",
    ],
  ]),
  ...op('diag', [
    ...each(f32([4]), [
      [(x) => x.diag(), 'x.diag()'],
      [(x) => torch.diag(x, 2), 'torch.diag(x, 2)'],
      [(x) => x.diag(-1), 'x.diag(-1)'],
    ]),
    ...each(f32([3, 5]), [
      [(x) => x.diag(), 'x.diag()'],
      [(x) => x.diag(3), 'x.diag(3)'],
      [(x) => torch.diag(x, -2), 'torch.diag(x, -2)'],
    ]),
    ['one element', { x: f32([1]) }, ({ x }) => x.diag(), 'x.diag()'],
    ['nothing', { x: f32([0]) }, ({ x }) => x.diag(1), 'x.diag(1)'],
    ['a strided vector', { x: stepped(f32([5])) }, ({ x }) => x.diag(), 'x.diag()'],
    ['a permuted matrix', { x: permuted(f32([4, 3])) }, ({ x }) => x.diag(-1), 'x.diag(-1)'],
    ['integers', { x: i32([3]) }, ({ x }) => x.diag(), 'x.diag()'],
    ['bools', { x: bool([3]) }, ({ x }) => x.diag(), 'x.diag()'],
    ['halves', { x: f16([6]) }, ({ x }) => x.diag(1), 'x.diag(1)'],
  ]),
  ...op('cdist', [
    ['rows', { x: f32([3, 4]), y: f32([5, 4]) }, ({ x, y }) => torch.cdist(x, y), 'torch.cdist(x, y)'],
    ['batches', { x: f32([2, 3, 4]), y: f32([2, 5, 4]) }, ({ x, y }) => torch.cdist(x, y), 'torch.cdist(x, y)'],
    [
      'batches that broadcast',
      { x: f32([2, 1, 3, 4]), y: f32([3, 2, 4]) },
      ({ x, y }) => torch.cdist(x, y, 1),
      'torch.cdist(x, y, 1.0)',
    ],
    [
      'many rows',
      { x: f32([30, 6]), y: f32([7, 6]) },
      ({ x, y }) => torch.cdist(x, y),
      'torch.cdist(x, y)',
      { scale: 16 },
    ],
    [
      'sums of distances',
      { x: f32([4, 3]), y: f32([2, 3]) },
      ({ x, y }) => torch.cdist(x, y, 1),
      'torch.cdist(x, y, 1.0)',
    ],
    [
      'largest distance',
      { x: f32([4, 3]), y: f32([2, 3]) },
      ({ x, y }) => torch.cdist(x, y, Infinity),
      'torch.cdist(x, y, inf)',
    ],
    ['another norm', { x: f32([4, 3]), y: f32([2, 3]) }, ({ x, y }) => torch.cdist(x, y, 3), 'torch.cdist(x, y, 3.0)'],
    [
      'views',
      { x: permuted(f32([4, 3])), y: stepped(f32([2, 3])) },
      ({ x, y }) => torch.cdist(x, y),
      'torch.cdist(x, y)',
    ],
    ['nothing', { x: f32([0, 3]), y: f32([2, 3]) }, ({ x, y }) => torch.cdist(x, y), 'torch.cdist(x, y)'],
    ['with itself', { x: f32([5, 3]) }, ({ x }) => torch.cdist(x, x), 'torch.cdist(x, x)'],
  ]),
  ...op(
    'multinomial',
    draws.map(
      ([name, x, count, replacement], seed) =>
        [
          name,
          { x: fixed(x) },
          ({ x: weights }: Record<string, torch.Tensor>) => (
            torch.manualSeed(seed),
            weights.multinomial(count, { replacement })
          ),
          `(torch.manual_seed(${seed}), x.multinomial(${count}, ${replacement ? 'True' : 'False'}))[1]`,
        ] as const,
    ),
  ),
  ...op(
    'normal',
    (
      [
        [[2, 3], 0, 1],
        [[], 1, 0.5],
        [[0, 2], 0, 1],
        [[15], -2, 3],
        [[16], 0, 0.01],
        [[3, 5, 7], 10, 2],
        [[1, 1], 5, 0],
        [[40], 0, 1],
      ] as const
    ).map(
      ([shape, mean, std], seed) =>
        [
          `[${shape.join(', ')}] with ${mean} and ${std}`,
          {},
          () => (torch.manualSeed(seed), torch.normal(mean, std, shape)),
          `(torch.manual_seed(${seed}), torch.normal(${mean}, ${std}, (${shape.map((n) => `${n},`).join(' ')})))[1]`,
        ] as const,
    ),
  ),
];
