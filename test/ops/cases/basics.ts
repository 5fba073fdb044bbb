/**
 * @file What every model is made of: reshaping, pooling, linear layers.
 */
import * as F from '../../../src/torch/functional.ts';
import * as torch from '../../../src/torch/torch.ts';
import type { DType } from '../../../src/base/dtype.ts';
import type { Case, Input } from '../case.ts';
import { bits, bool, f16, f32, fixed, i32, op, permuted, stepped, u8 } from '../case.ts';
import { cubes, each, onEach } from './layouts.ts';

const empty = f32([2, 0, 3]);
const planes = f32([2, 3, 7, 5]);
const views = permuted(f32([2, 2, 5, 6]));
const long = { length: 64 };

/** Tensors that lie in memory in ways of their own. */
const layouts: readonly (readonly [name: string, Input, (x: torch.Tensor) => torch.Tensor, python: string])[] = [
  ['a matrix', f32([3, 4]), (x) => x, 'x'],
  ['transposed', f32([3, 4]), (x) => x.t(), 'x.t()'],
  ['a row', f32([3, 4]), (x) => x.select(0, 1), 'x[1]'],
  ['a column', f32([3, 4]), (x) => x.select(1, 1), 'x[:, 1]'],
  ['rows', f32([3, 4]), (x) => x.slice(0, 1), 'x[1:]'],
  ['every second', f32([6]), (x) => x.slice(0, 0, 6, 2), 'x[::2]'],
  ['expanded', f32([1, 4]), (x) => x.expand(3, 4), 'x.expand(3, 4)'],
  ['sizes of 1', f32([1, 3, 1]), (x) => x.transpose(0, 2), 'x.transpose(0, 2)'],
  ['nothing', f32([0, 3]), (x) => x.t(), 'x.t()'],
  ['a transpose copied', f32([3, 4]), (x) => x.t().clone(), 'x.t().clone()'],
  ['a sum with a transpose', f32([4, 3]), (x) => x.t().add(1), 'x.t() + 1'],
  ['a transpose made contiguous', f32([3, 4]), (x) => x.t().contiguous(), 'x.t().contiguous()'],
  ['reversed', f32([3, 4]), (x) => x.t().flip(0), 'x.t().flip(0)'],
  ['reshaped', f32([2, 3, 4]), (x) => x.reshape(6, 2, 2).transpose(0, 1), 'x.reshape(6, 2, 2).transpose(0, 1)'],
];

export const basics: Case[] = [
  ...op('reshape', [
    ...onEach(cubes, (x) => x.reshape(-1, 1), 'x.reshape(-1, 1)'),
    ...each(empty, [[(x) => x.reshape(3, 0, 2), 'x.reshape(3, 0, 2)']]),
  ]),
  ...op('permute', [
    ...onEach(cubes, (x) => x.permute(2, -3, 1), 'x.permute(2, -3, 1)'),
    ...each(empty, [[(x) => x.permute(1, 0, 2), 'x.permute(1, 0, 2)']]),
  ]),
  ...op('transpose', [
    ...onEach(cubes, (x) => x.transpose(0, -1), 'x.transpose(0, -1)'),
    ...each(empty, [[(x) => x.transpose(1, 2), 'x.transpose(1, 2)']]),
  ]),
  ...op('flatten', [
    ...onEach(cubes, (x) => x.flatten(-2), 'x.flatten(-2)'),
    ...each(empty, [[(x) => x.flatten(), 'x.flatten()']]),
  ]),
  ...op('expand', [
    ...onEach(cubes, (x) => x.expand(2, -1, -1, -1), 'x.expand(2, -1, -1, -1)'),
    ...each(f32([3, 1]), [[(x) => x.expand(3, 4), 'x.expand(3, 4)']]),
  ]),
  ...op('view', [
    ...each(f32([2, 3, 4]), [
      [(x) => x.view(6, 4), 'x.view(6, 4)'],
      [(x) => x.view(-1), 'x.view(-1)'],
      [(x) => x.view([2, 1, 12]), 'x.view((2, 1, 12))'],
      [(x) => x.view(2, -1, 2).mul(3), 'x.view(2, -1, 2) * 3'],
    ]),
    ...each(f32([1]), [[(x) => x.view([]), 'x.view(())']]),
    ...each(empty, [[(x) => x.view(3, 0, 2), 'x.view(3, 0, 2)']]),
    ...each(f16([3, 5]), [[(x) => x.view(5, 3), 'x.view(5, 3)']]),
    ...each(i32([6]), [[(x) => x.view(3, 2), 'x.view(3, 2)']]),
  ]),
  ...op('viewAs', [
    ['a matrix', { x: f32([2, 6]), y: f32([3, 4]) }, ({ x, y }) => x.viewAs(y).mul(y), 'x.view_as(y) * y'],
    ['a vector', { x: f32([2, 3]), y: f32([6]) }, ({ x, y }) => x.viewAs(y), 'x.view_as(y)'],
    ['like a view', { x: f32([4, 3]), y: permuted(f32([3, 4])) }, ({ x, y }) => x.viewAs(y).mul(y), 'x.view_as(y) * y'],
    ['odd sizes', { x: f32([35]), y: f32([5, 7]) }, ({ x, y }) => x.viewAs(y), 'x.view_as(y)'],
    ['one element', { x: f32([1, 1]), y: f32([]) }, ({ x, y }) => x.viewAs(y), 'x.view_as(y)'],
    ['nothing', { x: f32([0, 3]), y: f32([2, 0]) }, ({ x, y }) => x.viewAs(y), 'x.view_as(y)'],
    ['integers', { x: i32([4]), y: f32([2, 2]) }, ({ x, y }) => x.viewAs(y), 'x.view_as(y)'],
    ['halves', { x: f16([4]), y: f32([2, 2]) }, ({ x, y }) => x.viewAs(y), 'x.view_as(y)'],
  ]),
  ...op('contiguous', [
    ...onEach(
      cubes,
      (x) => x.transpose(0, 1).contiguous().view(-1).mul(2),
      'x.transpose(0, 1).contiguous().view(-1) * 2',
    ),
    ...each(empty, [[(x) => x.contiguous().mul(1), 'x.contiguous() * 1']]),
  ]),
  ...op(
    'isContiguous',
    layouts.map(
      ([name, x, of, python]) =>
        [
          name,
          { x: fixed(x) },
          ({ x: t }: Record<string, torch.Tensor>) => torch.tensor(of(t).isContiguous()),
          `torch.tensor((${python}).is_contiguous())`,
        ] as const,
    ),
  ),
  ...op(
    'stride',
    layouts.map(
      ([name, x, of, python]) =>
        [
          name,
          { x: fixed(x) },
          ({ x: t }: Record<string, torch.Tensor>) => torch.tensor(of(t).stride(), { dtype: 'int64' }),
          `torch.tensor((${python}).stride())`,
        ] as const,
    ),
  ),
  ...op(
    'to',
    (
      [
        ['float32', 'float16', f32([3, 4], (u) => 1e5 * (u - 0.5))],
        ['float16', 'float32', f16([7])],
        ['float32', 'int32', f32([9], (u) => 10 * u - 5)],
        ['float32', 'bool', f32([5], [0, -0, 1, NaN, 0.1])],
        ['int32', 'float32', i32([2, 3])],
        ['int32', 'uint8', i32([4], [0, 255, 7, 200])],
        ['int32', 'bool', i32([0, 2])],
        ['bool', 'float32', bool([2, 3])],
        ['uint8', 'int8', u8([3])],
        ['float32', 'float32', permuted(f32([2, 3]))],
      ] as [string, DType, Input][]
    ).map(
      ([from, to, x]) =>
        [
          `${from} to ${to}`,
          { x },
          ({ x: t }: Record<string, torch.Tensor>) => t.to(to).mul(1),
          `x.to(torch.${to}) * 1`, // a bool times 1 is an integer on both sides
        ] as const,
    ),
  ),
  ...op('detach', [
    ...onEach(cubes, (x) => x.detach().mul(x), 'x.detach() * x'),
    ...each(empty, [[(x) => x.detach(), 'x.detach()']]),
    ...each(f32([]), [[(x) => x.detach().add(x), 'x.detach() + x']]),
  ]),
  ...op('t', [
    ...each(f32([3, 4]), [
      [(x) => x.t(), 'x.t()'],
      [(x) => x.t().t().mul(x), 'x.t().t() * x'],
    ]),
    ...each(permuted(f32([5, 2])), [[(x) => x.t(), 'x.t()']]),
    ...each(stepped(f32([3, 5])), [[(x) => x.t().exp(), 'x.t().exp()']]),
    ...each(f32([4]), [[(x) => x.t().mul(2), 'x.t() * 2']]),
    ...each(f32([]), [[(x) => x.t().mul(2), 'x.t() * 2']]),
    ...each(f32([0, 3]), [[(x) => x.t(), 'x.t()']]),
    ...each(f16([1, 3]), [[(x) => x.t(), 'x.t()']]),
  ]),
  ...op('maxPool2d', [
    ...each(fixed(planes), [
      [(x) => F.maxPool2d(x, 2), 'F.max_pool2d(x, 2)'],
      [(x) => F.maxPool2d(x, 3, { stride: 2, padding: 1 }), 'F.max_pool2d(x, 3, 2, 1)'],
      [
        (x) => F.maxPool2d(x, [3, 2], { stride: [2, 1], ceilMode: true }),
        'F.max_pool2d(x, (3, 2), (2, 1), ceil_mode=True)',
      ],
      [(x) => F.maxPool2d(x, 2, { dilation: 2, stride: 1 }), 'F.max_pool2d(x, 2, 1, dilation=2)'],
    ]),
    ['twice', { x: planes }, ({ x }) => F.maxPool2d(x.mul(x), 2), 'F.max_pool2d(x * x, 2)', { grad: 'twice' }],
    ['views', { x: views }, ({ x }) => F.maxPool2d(x, 2, { stride: 1 }), 'F.max_pool2d(x, 2, 1)'],
    ['one image', { x: f32([3, 6, 8]) }, ({ x }) => F.maxPool2d(x, 2), 'F.max_pool2d(x, 2)'],
    ['sizes of 1', { x: f32([1, 1, 1, 1]) }, ({ x }) => F.maxPool2d(x, 1), 'F.max_pool2d(x, 1)'],
  ]),
  ...op('avgPool2d', [
    ...each(planes, [
      [(x) => F.avgPool2d(x, 2), 'F.avg_pool2d(x, 2)'],
      [(x) => F.avgPool2d(x, 3, { stride: 2, padding: 1 }), 'F.avg_pool2d(x, 3, 2, 1)'],
      [
        (x) => F.avgPool2d(x, 3, { stride: 2, padding: 1, countIncludePad: false }),
        'F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)',
      ],
      [(x) => F.avgPool2d(x, [3, 2], { stride: 2, ceilMode: true }), 'F.avg_pool2d(x, (3, 2), 2, ceil_mode=True)'],
      [(x) => F.avgPool2d(x, 3, { stride: 2, padding: 1, ceilMode: true }), 'F.avg_pool2d(x, 3, 2, 1, ceil_mode=True)'],
    ]),
    ['twice', { x: planes }, ({ x }) => F.avgPool2d(x.mul(x), 2), 'F.avg_pool2d(x * x, 2)', { grad: 'twice' }],
    ['views', { x: views }, ({ x }) => F.avgPool2d(x, 2, { stride: 1 }), 'F.avg_pool2d(x, 2, 1)'],
    ['one image', { x: f32([3, 6, 8]) }, ({ x }) => F.avgPool2d(x, 2), 'F.avg_pool2d(x, 2)'],
  ]),
  ...op('bmm', [
    ['plain', { a: f32([2, 3, 4]), b: f32([2, 4, 5]) }, ({ a, b }) => torch.bmm(a, b), 'torch.bmm(a, b)', long],
    [
      'twice',
      { a: f32([2, 3, 2]), b: f32([2, 2, 3]) },
      ({ a, b }) => torch.bmm(a, b),
      'torch.bmm(a, b)',
      { ...long, grad: 'twice' },
    ],
    [
      'views',
      { a: permuted(f32([2, 3, 4])), b: permuted(f32([2, 4, 5])) },
      ({ a, b }) => torch.bmm(a, b),
      'torch.bmm(a, b)',
      long,
    ],
    [
      'stepped',
      { a: stepped(f32([2, 3, 4])), b: stepped(f32([2, 4, 3])) },
      ({ a, b }) => torch.bmm(a, b),
      'torch.bmm(a, b)',
      long,
    ],
    ['odd sizes', { a: f32([3, 5, 7]), b: f32([3, 7, 1]) }, ({ a, b }) => torch.bmm(a, b), 'torch.bmm(a, b)', long],
    ['no batch', { a: f32([0, 3, 4]), b: f32([0, 4, 5]) }, ({ a, b }) => torch.bmm(a, b), 'torch.bmm(a, b)'],
    ['nothing inside', { a: f32([2, 3, 0]), b: f32([2, 0, 5]) }, ({ a, b }) => torch.bmm(a, b), 'torch.bmm(a, b)'],
    ['halves', { a: f16([2, 3, 4]), b: f16([2, 4, 5]) }, ({ a, b }) => torch.bmm(a, b), 'torch.bmm(a, b)', long],
  ]),
  ...op('linear', [
    [
      'plain',
      { x: f32([4, 3]), w: f32([5, 3]), b: f32([5]) },
      ({ x, w, b }) => F.linear(x, w, b),
      'F.linear(x, w, b)',
      long,
    ],
    ['no bias', { x: f32([4, 3]), w: f32([5, 3]) }, ({ x, w }) => F.linear(x, w), 'F.linear(x, w)', long],
    [
      'twice',
      { x: f32([2, 3]), w: f32([2, 3]), b: f32([2]) },
      ({ x, w, b }) => F.linear(x, w, b),
      'F.linear(x, w, b)',
      { ...long, grad: 'twice' },
    ],
    [
      'one vector',
      { x: f32([3]), w: f32([5, 3]), b: f32([5]) },
      ({ x, w, b }) => F.linear(x, w, b),
      'F.linear(x, w, b)',
      long,
    ],
    [
      'batches',
      { x: f32([2, 4, 3]), w: f32([5, 3]), b: f32([5]) },
      ({ x, w, b }) => F.linear(x, w, b),
      'F.linear(x, w, b)',
      long,
    ],
    [
      'views',
      { x: permuted(f32([4, 3])), w: permuted(f32([5, 3])) },
      ({ x, w }) => F.linear(x, w),
      'F.linear(x, w)',
      long,
    ],
    [
      'an empty batch',
      { x: f32([0, 3]), w: f32([5, 3]), b: f32([5]) },
      ({ x, w, b }) => F.linear(x, w, b),
      'F.linear(x, w, b)',
    ],
    [
      'sizes of 1',
      { x: f32([1, 1]), w: f32([1, 1]), b: f32([1]) },
      ({ x, w, b }) => F.linear(x, w, b),
      'F.linear(x, w, b)',
    ],
  ]),
  ...op(
    'bceWithLogits',
    (
      [
        ['a vector', [5]],
        ['a matrix', [3, 4]],
        ['a scalar', []],
        ['sizes of 1', [1, 1]],
        ['odd sizes', [3, 5, 7]],
      ] as const
    )
      .map(
        ([name, shape]) =>
          [
            name,
            { x: f32(shape), y: f32(shape, bits) },
            ({ x, y }: Record<string, torch.Tensor>) => F.bceWithLogits(x, y),
            'F.binary_cross_entropy_with_logits(x, y)',
            { length: 105 },
          ] as const,
      )
      .concat(
        (['sum', 'none', 'mean'] as const).map(
          (reduction) =>
            [
              reduction,
              { x: f32([3, 4]), y: f32([3, 4], bits) },
              ({ x, y }: Record<string, torch.Tensor>) => F.bceWithLogits(x, y, { reduction }),
              `F.binary_cross_entropy_with_logits(x, y, reduction='${reduction}')`,
              { length: 24 },
            ] as never,
        ),
      ),
  ),
];
