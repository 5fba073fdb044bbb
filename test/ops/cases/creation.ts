/**
 * @file Tensors made of nothing but numbers, or in the likeness of another.
 */
import * as torch from '../../../src/torch/torch.ts';
import type { Case, Input } from '../case.ts';
import { bool, f32, fixed, i32, op, permuted } from '../case.ts';

type MadeTensor = readonly [ours: () => torch.Tensor, python: string];
const made = (rows: readonly MadeTensor[]) => rows.map(([ours, python]) => [python, {}, ours, python] as const);

const likes: readonly (readonly [string, Input])[] = [
  ['a matrix', f32([3, 4])],
  ['a scalar', f32([])],
  ['nothing', f32([0, 3])],
  ['one element', f32([1, 1])],
  ['integers', i32([5])],
  ['bools', bool([2, 3])],
  ['a permuted view', permuted(f32([2, 3, 4]))],
  ['odd sizes', f32([3, 1, 7])],
];
const like = (ours: (x: torch.Tensor) => torch.Tensor, python: string) =>
  likes.map(([name, x]) => [name, { x }, (inputs: Record<string, torch.Tensor>) => ours(inputs.x), python] as const);

/** Each from a seed of its own; on a device these come from the host, as on the cpu. */
const seeded = (name: string, rows: readonly MadeTensor[]): Case[] =>
  op(
    name,
    rows.map(
      ([ours, python], seed) =>
        [python, {}, () => (torch.manualSeed(seed), ours()), `(torch.manual_seed(${seed}), ${python})[1]`] as const,
    ),
  );

// A new tensor of randn_like and its kin has its elements in the other's order in memory; only contiguous ones are
// drawn alike.
const floats: readonly (readonly [string, Input])[] = [
  ['a matrix', f32([3, 4])],
  ['a scalar', f32([])],
  ['nothing', f32([0, 3])],
  ['one element', f32([1, 1])],
  ['odd sizes', f32([3, 1, 7])],
  ['a vector', f32([15])],
  ['sixteen', f32([16])],
  ['many', f32([5, 20])],
];
const seededLike = (
  inputs: readonly (readonly [string, Input])[],
  ours: (x: torch.Tensor) => torch.Tensor,
  python: string,
) =>
  inputs.map(
    ([name, x], seed) =>
      [
        name,
        { x: fixed(x) },
        ({ x: t }: Record<string, torch.Tensor>) => (torch.manualSeed(seed), ours(t)),
        `(torch.manual_seed(${seed}), ${python})[1]`,
      ] as const,
  );

type Sizes = Parameters<typeof torch.zeros>;

/** A function of sizes and a dtype. */
const shaped = (name: string, of: (...given: Sizes) => torch.Tensor, after = ''): Case[] =>
  op(
    name,
    made(
      (
        [
          [[2, 3], '2, 3'],
          [[[4]], '(4,)'],
          [[[]], '()'],
          [[0, 3], '0, 3'],
          [[1, 1, 1], '1, 1, 1'],
          [[3, 5, 7], '3, 5, 7'],
          [[3, { dtype: 'int32' }], '3, dtype=torch.int32'],
          [[[2, 2], { dtype: 'bool' }], '(2, 2), dtype=torch.bool'],
          [[2, 1, { dtype: 'float16' }], '2, 1, dtype=torch.float16'],
        ] as [Sizes, string][]
      ).map(([given, python]): MadeTensor => [() => of(...given), `torch.${name}(${python})${after}`]),
    ),
  );

export const creation: Case[] = [
  ...op(
    'linspace',
    made([
      [() => torch.linspace(0, 1, 5), 'torch.linspace(0, 1, 5)'],
      [() => torch.linspace(-2, 3, 7), 'torch.linspace(-2, 3, 7)'],
      [() => torch.linspace(1, 0, 10), 'torch.linspace(1, 0, 10)'],
      [() => torch.linspace(0.1, 0.9, 4), 'torch.linspace(0.1, 0.9, 4)'],
      [() => torch.linspace(3, 3, 3), 'torch.linspace(3, 3, 3)'],
      [() => torch.linspace(5, 9, 1), 'torch.linspace(5, 9, 1)'],
      [() => torch.linspace(0, 1, 0), 'torch.linspace(0, 1, 0)'],
      [() => torch.linspace(-1e3, 1e3, 101), 'torch.linspace(-1e3, 1e3, 101)'],
    ]),
  ),
  ...op(
    'arange',
    made([
      [() => torch.arange(5), 'torch.arange(5)'],
      [() => torch.arange(2, 9), 'torch.arange(2, 9)'],
      [() => torch.arange(2, 9, 3), 'torch.arange(2, 9, 3)'],
      [() => torch.arange(9, 2, -2), 'torch.arange(9, 2, -2)'],
      [() => torch.arange(0, 1, 0.25), 'torch.arange(0, 1, 0.25)'],
      [() => torch.arange(0, 1, 0.3), 'torch.arange(0, 1, 0.3)'],
      [() => torch.arange(0), 'torch.arange(0)'],
      [() => torch.arange(-3, 3, { dtype: 'float32' }), 'torch.arange(-3, 3, dtype=torch.float32)'],
    ]),
  ),
  ...op(
    'eye',
    made([
      [() => torch.eye(3), 'torch.eye(3)'],
      [() => torch.eye(2, 5), 'torch.eye(2, 5)'],
      [() => torch.eye(5, 2), 'torch.eye(5, 2)'],
      [() => torch.eye(1), 'torch.eye(1)'],
      [() => torch.eye(0), 'torch.eye(0)'],
      [() => torch.eye(0, 3), 'torch.eye(0, 3)'],
      [() => torch.eye(4, { dtype: 'int32' }), 'torch.eye(4, dtype=torch.int32)'],
      [() => torch.eye(3, 4, { dtype: 'bool' }), 'torch.eye(3, 4, dtype=torch.bool)'],
    ]),
  ),
  ...op(
    'full',
    made([
      [() => torch.full([2, 3], 1.5), 'torch.full((2, 3), 1.5)'],
      [() => torch.full([], 7.5), 'torch.full((), 7.5)'],
      [() => torch.full([0, 2], 1.5), 'torch.full((0, 2), 1.5)'],
      [() => torch.full([4], true), 'torch.full((4,), True)'],
      [() => torch.full([3], -2, { dtype: 'int32' }), 'torch.full((3,), -2, dtype=torch.int32)'],
      [() => torch.full([1, 1, 5], 0), 'torch.full((1, 1, 5), 0.0)'],
      [() => torch.full([3], 2, { dtype: 'uint8' }), 'torch.full((3,), 2, dtype=torch.uint8)'],
      [() => torch.full([2], Infinity), 'torch.full((2,), inf)'],
    ]),
  ),
  ...shaped('zeros', (...given) => torch.zeros(...given)),
  ...shaped('ones', (...given) => torch.ones(...given)),
  // What is in an empty tensor is nobody's to say.
  ...shaped('empty', (...given) => torch.empty(...given).fill_(1), '.fill_(1)'),
  ...op(
    'tensor',
    made([
      [() => torch.tensor([1.5, -2, 3]), 'torch.tensor([1.5, -2, 3])'],
      [
        () =>
          torch.tensor([
            [1.5, 2],
            [3, 4],
            [5, 6],
          ]),
        'torch.tensor([[1.5, 2], [3, 4], [5, 6]])',
      ],
      [() => torch.tensor(7.25), 'torch.tensor(7.25)'],
      [() => torch.tensor([]), 'torch.tensor([])'],
      [() => torch.tensor([[], []]), 'torch.tensor([[], []])'],
      [() => torch.tensor([true, false]), 'torch.tensor([True, False])'],
      [() => torch.tensor([[[1], [-2]]], { dtype: 'int32' }), 'torch.tensor([[[1], [-2]]], dtype=torch.int32)'],
      [
        () => torch.tensor([0.1, 65519, 1e-8], { dtype: 'float16' }),
        'torch.tensor([0.1, 65519, 1e-8], dtype=torch.float16)',
      ],
      [() => torch.tensor([3.99, -3.99], { dtype: 'int8' }), 'torch.tensor([3.99, -3.99], dtype=torch.int8)'],
      [() => torch.tensor([NaN, Infinity, -Infinity, -0]), 'torch.tensor([nan, inf, -inf, -0.0])'],
    ]),
  ),
  ...op(
    'zerosLike',
    like((x) => torch.zerosLike(x), 'torch.zeros_like(x)'),
  ),
  ...op(
    'onesLike',
    like((x) => torch.onesLike(x), 'torch.ones_like(x)'),
  ),
  ...seeded('rand', [
    [() => torch.rand(3, 4), 'torch.rand(3, 4)'],
    [() => torch.rand([]), 'torch.rand(())'],
    [() => torch.rand([0, 2]), 'torch.rand(0, 2)'],
    [() => torch.rand([1, 1]), 'torch.rand(1, 1)'],
    [() => torch.rand([2, 3, 5]), 'torch.rand(2, 3, 5)'],
    [() => torch.rand(17), 'torch.rand(17)'],
    [() => torch.cat([torch.rand(3), torch.rand(5)]), 'torch.cat([torch.rand(3), torch.rand(5)])'],
    [
      () => torch.rand(4, { generator: new torch.Generator().manualSeed(7) }),
      'torch.rand(4, generator=torch.Generator().manual_seed(7))',
    ],
    [() => torch.rand(9, { dtype: 'float16' }), 'torch.rand(9, dtype=torch.float16)'],
  ]),
  ...seeded('randn', [
    [() => torch.randn(3, 4), 'torch.randn(3, 4)'],
    [() => torch.randn([]), 'torch.randn(())'],
    [() => torch.randn([0, 2]), 'torch.randn(0, 2)'],
    [() => torch.randn(1), 'torch.randn(1)'],
    [() => torch.randn(15), 'torch.randn(15)'],
    [() => torch.randn(16), 'torch.randn(16)'],
    [() => torch.randn([3, 5, 7]), 'torch.randn(3, 5, 7)'],
    [
      () => torch.cat([torch.randn(3), torch.randn(2), torch.rand(1), torch.randn(20)]),
      'torch.cat([torch.randn(3), torch.randn(2), torch.rand(1), torch.randn(20)])',
    ],
  ]),
  ...seeded('randint', [
    [() => torch.randint(0, 10, [3, 4]), 'torch.randint(0, 10, (3, 4))'],
    [() => torch.randint(-5, 5, [7]), 'torch.randint(-5, 5, (7,))'],
    [() => torch.randint(0, 2, []), 'torch.randint(0, 2, ())'],
    [() => torch.randint(3, 4, [3]), 'torch.randint(3, 4, (3,))'],
    [() => torch.randint(0, 10, [0, 3]), 'torch.randint(0, 10, (0, 3))'],
    [() => torch.randint(0, 2 ** 31, [5]), 'torch.randint(0, 2**31, (5,))'],
    [() => torch.randint(0, 200, [9], { dtype: 'uint8' }), 'torch.randint(0, 200, (9,), dtype=torch.uint8)'],
    [() => torch.randint(0, 10, [9], { dtype: 'float32' }), 'torch.randint(0, 10, (9,), dtype=torch.float32)'],
  ]),
  ...seeded(
    'randperm',
    [0, 1, 2, 3, 10, 33, 100]
      .map((n): MadeTensor => [() => torch.randperm(n), `torch.randperm(${n})`])
      .concat([[() => torch.randperm(9, { dtype: 'float32' }), 'torch.randperm(9, dtype=torch.float32)']]),
  ),
  ...op(
    'randLike',
    seededLike(floats, (x) => torch.randLike(x), 'torch.rand_like(x)'),
  ),
  ...op(
    'randnLike',
    seededLike(floats, (x) => torch.randnLike(x), 'torch.randn_like(x)'),
  ),
  ...op(
    'randintLike',
    seededLike([...floats, ['integers', i32([5])]], (x) => torch.randintLike(x, -3, 9), 'torch.randint_like(x, -3, 9)'),
  ),
  ...op(
    'uniform_',
    seededLike(floats, (x) => x.clone().uniform_(-2, 0.5), 'x.clone().uniform_(-2, 0.5)'),
  ),
  ...op(
    'normal_',
    seededLike(floats, (x) => x.clone().normal_(-1, 0.3), 'x.clone().normal_(-1, 0.3)'),
  ),
  ...op(
    'fullLike',
    like((x) => torch.fullLike(x, 1), 'torch.full_like(x, 1)'),
  ),
  ...op(
    'emptyLike',
    like((x) => torch.emptyLike(x).fill_(1), 'torch.empty_like(x).fill_(1)'),
  ),
];
