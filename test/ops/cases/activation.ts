/**
 * @file Activations: each on every layout and kind of number.
 */
import * as F from '../../../src/torch/functional.ts';
import * as torch from '../../../src/torch/torch.ts';
import type { Case, CaseOptions, Row } from '../case.ts';
import { f16, f32, op, permuted, signed, stepped } from '../case.ts';

type Unary = (x: torch.Tensor) => torch.Tensor;

/** Around every bend, and far out. */
const edges = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  0.5,
  -0.5,
  0.501,
  -0.501,
  1,
  -1,
  3,
  -3,
  2.999,
  -2.999,
  6,
  5.999,
  6.001,
  19.9,
  20.1,
  -20,
  60,
  -60,
  100,
  -100,
  1e30,
  -1e30,
];
const bends = edges.filter((v) => Math.abs(v) <= 100 && Number.isFinite(v));

/** PyTorch 1.13 takes a NaN for 0 here; later versions keep it, and so do we. */
const forgetsNaN = ['softshrink'];

function activation(name: string, variants: readonly (readonly [Unary, string])[], options: CaseOptions = {}): Case[] {
  const [[of, python]] = variants;
  const far = edges.filter((v) => !(Number.isNaN(v) && forgetsNaN.includes(name)));
  const row = (title: string, x: ReturnType<typeof f32>, more: CaseOptions = {}): Row => [
    title,
    { x },
    ({ x: t }) => of(t),
    python,
    { ...options, ...more },
  ];
  return op(name, [
    row('a vector', f32([7]), { grad: options.grad ?? 'twice' }),
    row(
      'three dimensions',
      f32([2, 3, 5], (u) => 10 * u - 5),
    ),
    row('a scalar', f32([], [1.3])),
    row('nothing', f32([0, 3])),
    row('one element', f32([1, 1], [-1.7])),
    row('permuted', permuted(f32([3, 5]))),
    row('every second', stepped(f32([2, 5]))),
    row(
      'halves',
      f16([9], (u) => 8 * u - 4),
    ),
    row('bends', f32([bends.length], bends)),
    row('edges', f32([far.length], far), { grad: false }),
    ...variants
      .slice(1)
      .map(([more, text], i): Row => [
        `variant ${i + 1}`,
        { x: f32([4, 5], (u) => 8 * u - 4) },
        ({ x }) => more(x),
        text,
        { grad: 'twice', ...options },
      ]),
  ]);
}

export const activations: Case[] = [
  ...activation(
    'gelu',
    [
      [(x) => F.gelu(x), 'F.gelu(x)'],
      [(x) => F.gelu(x, { approximate: 'tanh' }), 'F.gelu(x, approximate="tanh")'],
    ],
    { slack: 4 },
  ), // its second derivative is a small difference
  ...activation('silu', [[F.silu, 'F.silu(x)']]),
  ...activation('mish', [[F.mish, 'F.mish(x)']]),
  ...activation('relu6', [[F.relu6, 'F.relu6(x)']]),
  ...activation('hardtanh', [
    [(x) => F.hardtanh(x), 'F.hardtanh(x)'],
    [(x) => F.hardtanh(x, -0.5, 2), 'F.hardtanh(x, -0.5, 2)'],
  ]),
  ...activation('hardsigmoid', [[F.hardsigmoid, 'F.hardsigmoid(x)']], { grad: true }),
  ...activation('hardswish', [[F.hardswish, 'F.hardswish(x)']], { grad: true }),
  ...activation('leakyRelu', [
    [(x) => F.leakyRelu(x), 'F.leaky_relu(x)'],
    [(x) => F.leakyRelu(x, 0.3), 'F.leaky_relu(x, 0.3)'],
  ]),
  ...activation('elu', [
    [(x) => F.elu(x), 'F.elu(x)'],
    [(x) => F.elu(x, 0.7), 'F.elu(x, 0.7)'],
  ]),
  ...activation('selu', [[F.selu, 'F.selu(x)']]),
  ...activation('celu', [
    [(x) => F.celu(x), 'F.celu(x)'],
    [(x) => F.celu(x, 1.5), 'F.celu(x, 1.5)'],
  ]),
  ...activation('softplus', [
    [(x) => F.softplus(x), 'F.softplus(x)'],
    [(x) => F.softplus(x, 2, 3), 'F.softplus(x, 2, 3)'],
  ]),
  ...activation('logsigmoid', [[F.logsigmoid, 'F.logsigmoid(x)']]),
  ...activation('softsign', [[F.softsign, 'F.softsign(x)']]),
  ...activation('tanhshrink', [[F.tanhshrink, 'F.tanhshrink(x)']]),
  ...activation('softshrink', [
    [(x) => F.softshrink(x), 'F.softshrink(x)'],
    [(x) => F.softshrink(x, 1), 'F.softshrink(x, 1)'],
  ]),
  ...activation('hardshrink', [
    [(x) => F.hardshrink(x), 'F.hardshrink(x)'],
    [(x) => F.hardshrink(x, 1), 'F.hardshrink(x, 1)'],
  ]),
  ...activation('threshold', [[(x) => F.threshold(x, 0.5, 2), 'F.threshold(x, 0.5, 2)']]),
  ...op('prelu', [
    ['one weight', { x: f32([2, 3, 4]), w: f32([1]) }, ({ x, w }) => F.prelu(x, w), 'F.prelu(x, w)'],
    ['a weight a channel', { x: f32([2, 3, 4]), w: f32([3]) }, ({ x, w }) => F.prelu(x, w), 'F.prelu(x, w)'],
    ['rows', { x: f32([5, 3]), w: f32([3]) }, ({ x, w }) => F.prelu(x, w), 'F.prelu(x, w)'],
    ['a vector', { x: f32([5]), w: f32([1]) }, ({ x, w }) => F.prelu(x, w), 'F.prelu(x, w)'],
    ['nothing', { x: f32([0, 3]), w: f32([3]) }, ({ x, w }) => F.prelu(x, w), 'F.prelu(x, w)'],
    ['permuted', { x: permuted(f32([2, 3, 4])), w: f32([3]) }, ({ x, w }) => F.prelu(x, w), 'F.prelu(x, w)'],
    ['images', { x: f32([1, 2, 3, 3]), w: f32([2]) }, ({ x, w }) => F.prelu(x, w), 'F.prelu(x, w)'],
    ['one element', { x: f32([1, 1]), w: f32([1]) }, ({ x, w }) => F.prelu(x, w), 'F.prelu(x, w)'],
  ]),
  ...op('glu', [
    ['the last dimension', { x: f32([3, 6]) }, ({ x }) => F.glu(x), 'F.glu(x)', { grad: 'twice' }],
    ['the first', { x: f32([4, 3]) }, ({ x }) => F.glu(x, 0), 'F.glu(x, 0)'],
    ['the middle', { x: f32([2, 4, 3]) }, ({ x }) => F.glu(x, -2), 'F.glu(x, -2)'],
    ['a pair', { x: f32([2]) }, ({ x }) => F.glu(x), 'F.glu(x)'],
    ['nothing', { x: f32([0, 4]) }, ({ x }) => F.glu(x), 'F.glu(x)'],
    ['permuted', { x: permuted(f32([3, 4])) }, ({ x }) => F.glu(x), 'F.glu(x)'],
    ['every second', { x: stepped(f32([3, 4])) }, ({ x }) => F.glu(x), 'F.glu(x)'],
    ['halves', { x: f16([3, 4]) }, ({ x }) => F.glu(x), 'F.glu(x)'],
  ]),
  ...op('dropout', [
    [
      'half',
      { x: f32([5, 7], signed) },
      ({ x }) => (torch.manualSeed(5), F.dropout(x, 0.5)),
      '(torch.manual_seed(5), F.dropout(x, 0.5))[1]',
      { grad: 'twice' },
    ],
    [
      'a tenth',
      { x: f32([50]) },
      ({ x }) => (torch.manualSeed(6), F.dropout(x, 0.1)),
      '(torch.manual_seed(6), F.dropout(x, 0.1))[1]',
    ],
    ['all', { x: f32([5]) }, ({ x }) => F.dropout(x, 1), 'F.dropout(x, 1.0)'],
    ['none', { x: f32([5]) }, ({ x }) => F.dropout(x, 0).mul(1), 'F.dropout(x, 0.0) * 1'],
    ['not in training', { x: f32([5]) }, ({ x }) => F.dropout(x, 0.5, false).mul(1), 'F.dropout(x, 0.5, False) * 1'],
    ['nothing', { x: f32([0, 4]) }, ({ x }) => F.dropout(x).mul(1), 'F.dropout(x) * 1'],
    [
      'one element',
      { x: f32([1]) },
      ({ x }) => (torch.manualSeed(7), F.dropout(x)),
      '(torch.manual_seed(7), F.dropout(x))[1]',
    ],
    [
      'twice in a row',
      { x: f32([9]) },
      ({ x }) => (torch.manualSeed(8), F.dropout(F.dropout(x, 0.3), 0.3)),
      '(torch.manual_seed(8), F.dropout(F.dropout(x, 0.3), 0.3))[1]',
    ],
  ]),
  ...op('dropout2d', [
    [
      'images',
      { x: f32([4, 5, 2, 2]) },
      ({ x }) => (torch.manualSeed(9), F.dropout2d(x, 0.4)),
      '(torch.manual_seed(9), F.dropout2d(x, 0.4))[1]',
      { grad: 'twice' },
    ],
    [
      'half',
      { x: f32([3, 7, 1, 3]) },
      ({ x }) => (torch.manualSeed(3), F.dropout2d(x)),
      '(torch.manual_seed(3), F.dropout2d(x))[1]',
    ],
    [
      'permuted',
      { x: permuted(f32([2, 3, 4, 5])) },
      ({ x }) => (torch.manualSeed(4), F.dropout2d(x, 0.3)),
      '(torch.manual_seed(4), F.dropout2d(x, 0.3))[1]',
    ],
    [
      'every second',
      { x: stepped(f32([2, 3, 4, 5])) },
      ({ x }) => (torch.manualSeed(5), F.dropout2d(x, 0.3)),
      '(torch.manual_seed(5), F.dropout2d(x, 0.3))[1]',
    ],
    ['all', { x: f32([2, 3, 2, 2]) }, ({ x }) => F.dropout2d(x, 1), 'F.dropout2d(x, 1.0)'],
    [
      'not in training',
      { x: f32([2, 3, 2, 2]) },
      ({ x }) => F.dropout2d(x, 0.5, false).mul(1),
      'F.dropout2d(x, 0.5, False) * 1',
    ],
    [
      'sizes of 1',
      { x: f32([1, 1, 1, 1]) },
      ({ x }) => (torch.manualSeed(6), F.dropout2d(x)),
      '(torch.manual_seed(6), F.dropout2d(x))[1]',
    ],
    ['nothing', { x: f32([0, 3, 2, 2]) }, ({ x }) => F.dropout2d(x).mul(1), 'F.dropout2d(x) * 1'],
  ]),
];
