/**
 * @file Tensors turned, stacked, split, laid on diagonals, and second names of functions.
 */
import * as torch from '../../../src/torch/torch.ts';
import type { Case, Input } from '../case.ts';
import { bool, f16, f32, i32, op, permuted, stepped } from '../case.ts';
import { each, onEach } from './layouts.ts';

const cubes: readonly (readonly [string, Input])[] = [
  ['plain', f32([2, 3, 4])],
  ['permuted', permuted(f32([3, 4, 5]))],
  ['stepped', stepped(f32([3, 5, 4]))],
  ['sizes of 1', f32([1, 3, 1])],
  ['halves', f16([3, 2, 5])],
  ['integers', i32([2, 4, 3])],
  ['bools', bool([2, 2, 2])],
  ['nothing', f32([2, 0, 3])],
];
const matrices: readonly (readonly [string, Input])[] = [
  ['plain', f32([3, 4])],
  ['square', f32([4, 4])],
  ['permuted', permuted(f32([3, 5]))],
  ['stepped', stepped(f32([4, 3]))],
  ['one', f32([1, 1])],
  ['halves', f16([2, 5])],
  ['integers', i32([4, 3])],
  ['nothing', f32([0, 3])],
];
type Given = Record<string, torch.Tensor>;
const several: readonly (readonly [string, Record<'x' | 'y', Input>])[] = [
  ['vectors', { x: f32([3]), y: f32([3]) }],
  ['matrices', { x: f32([3, 2]), y: f32([3, 2]) }],
  ['scalars', { x: f32([]), y: f32([]) }],
  ['cubes', { x: f32([2, 3, 4]), y: f32([2, 3, 4]) }],
  ['views', { x: permuted(f32([3, 5])), y: stepped(f32([3, 5])) }],
  ['dtypes', { x: i32([4]), y: f32([4]) }],
  ['halves', { x: f16([2, 2]), y: f16([2, 2]) }],
  ['nothing', { x: f32([0]), y: f32([0]) }],
];
const ofSeveral = (ours: (given: Given) => torch.Tensor | torch.Tensor[], python: string) =>
  several.map(([name, inputs]) => [name, inputs, ours, python] as const);
const triangles = [
  [3, 4, 0],
  [4, 3, 1],
  [4, 3, -1],
  [5, 5, 2],
  [1, 1, 0],
  [0, 3, 0],
  [3, 6, -3],
  [6, 2, 9],
] as const;

export const turns: Case[] = [
  ...op(
    'ravel',
    onEach(cubes, (x) => torch.ravel(x), 'torch.ravel(x)'),
  ),
  ...op('broadcastTo', [
    ...onEach(cubes.slice(0, 7), (x) => x.broadcastTo([2, ...x.shape]), 'torch.broadcast_to(x, (2, *x.shape))'),
    ...each(f32([3, 1]), [
      [(x) => torch.broadcastTo(x, [3, 5]), 'torch.broadcast_to(x, (3, 5))'],
      [(x) => torch.broadcastTo(x, [2, -1, 4]), 'torch.broadcast_to(x, (2, -1, 4))'],
    ]),
  ]),
  ...op('broadcastTensors', [
    ...ofSeveral(({ x, y }) => torch.broadcastTensors(x, y), 'torch.broadcast_tensors(x, y)').slice(0, 7),
    [
      'sizes of 1',
      { x: f32([3, 1]), y: f32([4]) },
      ({ x, y }) => torch.broadcastTensors(x, y),
      'torch.broadcast_tensors(x, y)',
    ],
  ]),
  ...op(
    'columnStack',
    ofSeveral(({ x, y }) => torch.columnStack([x, y, x]), 'torch.column_stack((x, y, x))'),
  ),
  ...op(
    'dstack',
    ofSeveral(({ x, y }) => torch.dstack([x, y, y]), 'torch.dstack((x, y, y))'),
  ),
  ...op(
    'fliplr',
    onEach(cubes, (x) => torch.fliplr(x), 'torch.fliplr(x)'),
  ),
  ...op(
    'flipud',
    onEach(cubes, (x) => torch.flipud(x), 'torch.flipud(x)'),
  ),
  ...op('rot90', [
    ...onEach(cubes, (x) => torch.rot90(x), 'torch.rot90(x)'),
    ...each(f32([2, 3, 4]), [
      [(x) => x.rot90(2, [1, 2]), 'x.rot90(2, [1, 2])'],
      [(x) => x.rot90(3, [0, 2]), 'x.rot90(3, [0, 2])'],
      [(x) => x.rot90(-1, [2, 0]), 'x.rot90(-1, [2, 0])'],
      [(x) => x.rot90(4), 'x.rot90(4)'],
    ]),
  ]),
  ...op(
    'trace',
    onEach(matrices, (x) => torch.trace(x), 'torch.trace(x)'),
  ),
  ...op('diagEmbed', [
    ...onEach(matrices, (x) => torch.diagEmbed(x), 'torch.diag_embed(x)'),
    ...each(f32([2, 3]), [
      [(x) => x.diagEmbed(2), 'x.diag_embed(2)'],
      [(x) => x.diagEmbed(-1, 0, 1), 'x.diag_embed(-1, 0, 1)'],
      [(x) => x.diagEmbed(1, 2, 0), 'x.diag_embed(1, 2, 0)'],
      [(x) => x.diagEmbed(0, -1, 0), 'x.diag_embed(0, -1, 0)'],
    ]),
  ]),
  ...op('diagflat', [
    ...onEach(matrices, (x) => torch.diagflat(x), 'torch.diagflat(x)'),
    ...each(f32([2, 2]), [[(x) => x.diagflat(-2), 'x.diagflat(-2)']]),
  ]),
  ...op('tensorSplit', [
    ...onEach(cubes, (x) => torch.tensorSplit(x, 2, 1), 'torch.tensor_split(x, 2, 1)'),
    ...each(f32([7, 3]), [
      [(x) => x.tensorSplit(3), 'x.tensor_split(3)'],
      [(x) => x.tensorSplit([2, 5]), 'x.tensor_split([2, 5])'],
      [(x) => x.tensorSplit([-3, 9]), 'x.tensor_split([-3, 9])'],
      [(x) => x.tensorSplit([5, 2]), 'x.tensor_split([5, 2])'],
    ]),
  ]),
  ...op('cartesianProd', [
    [
      'two vectors',
      { x: f32([3]), y: f32([2]) },
      ({ x, y }) => torch.cartesianProd(x, y),
      'torch.cartesian_prod(x, y)',
    ],
    [
      'three vectors',
      { x: f32([3]), y: f32([2]), z: f32([4]) },
      ({ x, y, z }) => torch.cartesianProd(x, y, z),
      'torch.cartesian_prod(x, y, z)',
    ],
    ['one vector', { x: f32([3]) }, ({ x }) => torch.cartesianProd(x).mul(1), 'torch.cartesian_prod(x) * 1'],
    ['itself', { x: f32([4]) }, ({ x }) => torch.cartesianProd(x, x), 'torch.cartesian_prod(x, x)'],
    [
      'views',
      { x: stepped(f32([3])), y: f32([2]) },
      ({ x, y }) => torch.cartesianProd(x, y),
      'torch.cartesian_prod(x, y)',
    ],
    ['halves', { x: f16([3]), y: f16([2]) }, ({ x, y }) => torch.cartesianProd(x, y), 'torch.cartesian_prod(x, y)'],
    ['integers', { x: i32([3]), y: i32([2]) }, ({ x, y }) => torch.cartesianProd(x, y), 'torch.cartesian_prod(x, y)'],
    ['nothing', { x: f32([3]), y: f32([0]) }, ({ x, y }) => torch.cartesianProd(x, y), 'torch.cartesian_prod(x, y)'],
  ]),
  ...op(
    'trilIndices',
    triangles.map(([row, col, offset]) => [
      `${row} by ${col}, ${offset}`,
      {},
      () => torch.trilIndices(row, col, offset),
      `torch.tril_indices(${row}, ${col}, ${offset})`,
    ]),
  ),
  ...op(
    'triuIndices',
    triangles.map(([row, col, offset]) => [
      `${row} by ${col}, ${offset}`,
      {},
      () => torch.triuIndices(row, col, offset, { dtype: 'int32' }),
      `torch.triu_indices(${row}, ${col}, ${offset}, dtype=torch.int32)`,
    ]),
  ),
];
