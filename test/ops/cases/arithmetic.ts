/**
 * @file Operations of two and three operands, element by element.
 */
import * as torch from '../../../src/torch/torch.ts';
import type { Case, CaseOptions, Numbers, Row } from '../case.ts';
import { bool, f16, f32, fixed, i32, i8, op, permuted, positive, signed, stepped, u8, unit } from '../case.ts';

type Binary = (a: torch.Tensor, b: torch.Tensor | number) => torch.Tensor;

/** Pairs of every kind of number: each with each. */
const edge = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -2.5, 3, 1e-4, 1e3, 7.25];
const left = edge.flatMap((a) => edge.map(() => a));
const right = edge.flatMap(() => edge);

const floating = (of: Binary, python: string, a: Numbers, b: Numbers, options: CaseOptions = {}): Row[] => {
  const row = (title: string, x: ReturnType<typeof f32>, y: ReturnType<typeof f32>, more: CaseOptions = {}): Row => [
    title,
    { x, y },
    ({ x: s, y: t }) => of(s, t),
    python,
    { ...options, ...more },
  ];
  return [
    row('same shape', f32([2, 3, 5], a), f32([2, 3, 5], b), { grad: options.grad ?? 'twice' }),
    row('broadcast both ways', f32([3, 1], a), f32([2, 1, 4], b)),
    row('a scalar tensor', f32([7], a), f32([], b)),
    row('one element', f32([1], a), f32([1, 1], b)),
    row('nothing', f32([0, 3], a), f32([3], b)),
    row('views', permuted(f32([3, 5], a)), stepped(f32([3, 5], b))),
    row('halves', f16([5], a), f16([3, 1], b)),
    row('a half and a float scalar', f16([5], a), fixed(f32([], b))),
    row('edges', f32([left.length], left), f32([right.length], right), { grad: false, relative: true }),
  ];
};

const integers = (of: Binary, python: string, grad: boolean): Row[] => [
  ['integers', { x: i32([3, 5]), y: i32([5], [1, -2, 3, -7, 5]) }, ({ x, y }) => of(x, y), python],
  ['integers and a float', { x: i32([5]), y: f32([5], positive) }, ({ x, y }) => of(x, y), python, { grad }],
  ['bytes and small integers', { x: u8([3], [200, 7, 1]), y: i8([3], [-100, 5, 1]) }, ({ x, y }) => of(x, y), python],
  ['a number', { x: i32([7]) }, ({ x }) => of(x, 3), python.replace(/\by\b/, '3')],
  ['a fraction', { x: i32([7]) }, ({ x }) => of(x, 2.5), python.replace(/\by\b/, '2.5')],
];

const pair = (
  name: string,
  python: string,
  a: Numbers = signed,
  b: Numbers = signed,
  options: CaseOptions = {},
): Case[] => {
  const of = (torch as unknown as Record<string, Binary>)[name];
  return op(name, [...floating(of, python, a, b, options), ...integers(of, python, options.grad !== false)]);
};

const real = (
  name: string,
  python: string,
  a: Numbers = signed,
  b: Numbers = signed,
  options: CaseOptions = {},
): Case[] => {
  const of = (torch as unknown as Record<string, Binary>)[name];
  return op(name, [...floating(of, python, a, b, options)]);
};

const logic = (name: string, python: string, withFloats: boolean): Case[] => {
  const of = (torch as unknown as Record<string, Binary>)[name];
  const row = (title: string, x: ReturnType<typeof f32>, y: ReturnType<typeof f32>): Row => [
    title,
    { x, y },
    ({ x: s, y: t }) => of(s, t),
    python,
  ];
  return op(name, [
    row('bools', bool([2, 5]), bool([2, 5])),
    row('broadcast', bool([3, 1]), bool([4])),
    row('nothing', bool([0]), bool([1])),
    row('integers', i32([3, 4]), i32([3, 4])),
    row('bytes', u8([9]), u8([9])),
    row('small integers', i8([9]), i8([9])),
    row('an integer and a bool', i32([5]), bool([5])),
    row('views', permuted(i32([3, 5])), stepped(i32([3, 5]))),
    ...(withFloats ? [row('floats', f32([5], [0, 1, NaN, -0, 2]), f32([5], [1, 0, 0, 0, Infinity]))] : []),
  ]);
};

const few: Numbers = (u) => Math.floor(3 * u) - 1;

export const arithmetic: Case[] = [
  ...pair('add', 'x + y'),
  ...pair('sub', 'x - y'),
  ...pair('mul', 'x * y'),
  ...pair('div', 'x / y', signed, positive),
  ...pair('floorDivide', 'torch.floor_divide(x, y)', signed, positive, { grad: false }),
  ...pair('remainder', 'torch.remainder(x, y)', signed, positive, { grad: true }),
  ...pair('fmod', 'torch.fmod(x, y)', signed, positive, { grad: true }),
  ...pair('maximum', 'torch.maximum(x, torch.as_tensor(y))', signed, signed, { grad: true }),
  ...pair('minimum', 'torch.minimum(x, torch.as_tensor(y))', signed, signed, { grad: true }),
  ...pair('eq', 'x == y', few, few),
  ...pair('ne', 'x != y', few, few),
  ...pair('lt', 'x < y', few, few),
  ...pair('le', 'x <= y', few, few),
  ...pair('gt', 'x > y', few, few),
  ...pair('ge', 'x >= y', few, few),
  ...real('pow', 'x ** y', positive, signed),
  ...real('atan2', 'torch.atan2(x, y)'),
  ...real('hypot', 'torch.hypot(x, y)', positive, signed, { grad: true }),
  ...real('xlogy', 'torch.xlogy(x, y)', signed, positive, { grad: true }),
  ...real('logaddexp', 'torch.logaddexp(x, y)', signed, signed, { grad: true }),
  ...logic('logicalAnd', 'torch.logical_and(x, y)', true),
  ...logic('logicalOr', 'torch.logical_or(x, y)', true),
  ...logic('logicalXor', 'torch.logical_xor(x, y)', true),
  ...logic('bitwiseAnd', 'x & y', false),
  ...logic('bitwiseOr', 'x | y', false),
  ...logic('bitwiseXor', 'x ^ y', false),
  ...op('add with alpha', [
    [
      'a tensor',
      { x: f32([3]), y: f32([2, 3]) },
      ({ x, y }) => torch.add(x, y, { alpha: 0.5 }),
      'torch.add(x, y, alpha=0.5)',
    ],
    [
      'integers',
      { x: i32([3]), y: i32([2, 3]) },
      ({ x, y }) => torch.sub(x, y, { alpha: 2 }),
      'torch.sub(x, y, alpha=2)',
    ],
  ]),
  ...op('pow with a number', [
    ['a square', { x: f32([7]) }, ({ x }) => x.pow(2), 'x ** 2', { grad: 'twice' }],
    ['a cube', { x: f32([7]) }, ({ x }) => x.pow(3), 'x ** 3', { grad: 'twice' }],
    ['a root', { x: f32([7], positive) }, ({ x }) => x.pow(0.5), 'x ** 0.5', { grad: 'twice' }],
    ['nothing', { x: f32([5], [-1, 0, 1, 2, 3]) }, ({ x }) => x.pow(0), 'x ** 0'],
    ['a high power', { x: f32([50], (u) => 0.5 + u) }, ({ x }) => x.pow(37), 'x ** 37', { relative: true, slack: 4 }],
    [
      'a low power',
      { x: f32([50], (u) => 0.5 + u) },
      ({ x }) => x.pow(-11.5),
      'x ** -11.5',
      { relative: true, slack: 4 },
    ],
    ['integers', { x: i32([7]) }, ({ x }) => x.pow(3), 'x ** 3'],
    ['bytes', { x: u8([7]) }, ({ x }) => x.pow(2), 'x ** 2'],
  ]),
  ...op(
    'div with roundingMode',
    (['floor', 'trunc'] as const).flatMap((mode): Row[] => [
      [
        `floats, ${mode}`,
        { x: f32([9]), y: f32([9], positive) },
        ({ x, y }) => x.div(y, { roundingMode: mode }),
        `torch.div(x, y, rounding_mode="${mode}")`,
        { grad: false },
      ],
      [
        `a broadcast, ${mode}`,
        { x: f32([3, 1]), y: f32([4], positive) },
        ({ x, y }) => x.div(y, { roundingMode: mode }),
        `torch.div(x, y, rounding_mode="${mode}")`,
        { grad: false },
      ],
      [
        `integers, ${mode}`,
        { x: i32([9]) },
        ({ x }) => x.div(-4, { roundingMode: mode }),
        `torch.div(x, -4, rounding_mode="${mode}")`,
      ],
      [
        `nothing, ${mode}`,
        { x: f32([0]) },
        ({ x }) => x.div(2, { roundingMode: mode }),
        `torch.div(x, 2, rounding_mode="${mode}")`,
        { grad: false },
      ],
    ]),
  ),
  ...op('clamp', [
    ['both', { x: f32([2, 9]) }, ({ x }) => x.clamp(-1, 0.5), 'x.clamp(-1, 0.5)', { grad: 'twice' }],
    ['below', { x: f32([9]) }, ({ x }) => x.clamp(0.25), 'x.clamp(min=0.25)'],
    ['above', { x: f32([9]) }, ({ x }) => x.clamp(null, 0.25), 'x.clamp(max=0.25)'],
    ['on the bounds', { x: f32([5], [-1, -0.5, 0, 0.5, 1]) }, ({ x }) => x.clamp(-0.5, 0.5), 'x.clamp(-0.5, 0.5)'],
    ['tensors', { x: f32([3, 4]), y: f32([4]), z: f32([3, 1]) }, ({ x, y, z }) => x.clamp(y, z), 'x.clamp(y, z)'],
    ['one tensor', { x: f32([3, 4]), y: f32([4]) }, ({ x, y }) => x.clampMin(y), 'x.clamp(min=y)'],
    ['crossed', { x: f32([7]) }, ({ x }) => x.clamp(1, -1), 'x.clamp(1, -1)'],
    ['integers', { x: i32([9]) }, ({ x }) => x.clamp(-3, 4), 'x.clamp(-3, 4)'],
    ['edges', { x: f32([4], [NaN, Infinity, -Infinity, 0]) }, ({ x }) => x.clamp(-1, 1), 'x.clamp(-1, 1)'],
    ['halves', { x: f16([9]) }, ({ x }) => x.clampMax(0.3), 'x.clamp(max=0.3)'],
    ['nothing', { x: f32([0, 2]) }, ({ x }) => x.clamp(0, 1), 'x.clamp(0, 1)'],
    ['permuted', { x: permuted(f32([2, 3])) }, ({ x }) => x.clamp(0, 1), 'x.clamp(0, 1)'],
  ]),
  ...(['Min', 'Max'] as const).flatMap((side) => {
    const of = torch[`clamp${side}`];
    const python = `torch.clamp_${side.toLowerCase()}`;
    return op(`clamp${side}`, [
      ['a number', { x: f32([2, 9]) }, ({ x }) => of(x, 0.25), `${python}(x, 0.25)`, { grad: 'twice' }],
      ['on the bound', { x: f32([5], [-1, -0.5, 0, 0.5, 1]) }, ({ x }) => of(x, 0.5), `${python}(x, 0.5)`],
      ['a tensor', { x: f32([2, 3]), y: f32([2, 3]) }, ({ x, y }) => of(x, y), `${python}(x, y)`],
      ['broadcast both ways', { x: f32([3, 1]), y: f32([4]) }, ({ x, y }) => of(x, y), `${python}(x, y)`],
      ['views', { x: permuted(f32([3, 5])), y: stepped(f32([3, 5])) }, ({ x, y }) => of(x, y), `${python}(x, y)`],
      ['integers', { x: i32([9]) }, ({ x }) => of(x, 2), `${python}(x, 2)`],
      ['edges', { x: f32([4], [NaN, Infinity, -Infinity, 0]) }, ({ x }) => of(x, 1), `${python}(x, 1.0)`],
      ['halves', { x: f16([9]) }, ({ x }) => of(x, -0.3), `${python}(x, -0.3)`],
      ['nothing', { x: f32([0, 2]) }, ({ x }) => of(x, 0), `${python}(x, 0.0)`],
      ['one element', { x: f32([1, 1]), y: f32([]) }, ({ x, y }) => of(x, y), `${python}(x, y)`],
    ]);
  }),
  ...op('where', [
    [
      'same shape',
      { c: bool([2, 5]), x: f32([2, 5]), y: f32([2, 5]) },
      ({ c, x, y }) => torch.where(c, x, y),
      'torch.where(c, x, y)',
      { grad: 'twice' },
    ],
    [
      'broadcast',
      { c: bool([3, 1]), x: f32([4]), y: f32([2, 1, 1]) },
      ({ c, x, y }) => torch.where(c, x, y),
      'torch.where(c, x, y)',
    ],
    ['a number', { c: bool([3, 4]), x: f32([4]) }, ({ c, x }) => torch.where(c, x, 2), 'torch.where(c, x, 2.0)'],
    [
      'integers',
      { c: bool([3, 4]), x: i32([4]), y: i32([]) },
      ({ c, x, y }) => torch.where(c, x, y),
      'torch.where(c, x, y)',
    ],
    [
      'halves',
      { c: bool([4]), x: f16([4]), y: f16([4]) },
      ({ c, x, y }) => torch.where(c, x, y),
      'torch.where(c, x, y)',
    ],
    [
      'views',
      { c: permuted(bool([3, 4])), x: stepped(f32([3, 4])), y: f32([4]) },
      ({ c, x, y }) => torch.where(c, x, y),
      'torch.where(c, x, y)',
    ],
    [
      'nothing',
      { c: bool([0]), x: f32([0]), y: f32([1]) },
      ({ c, x, y }) => torch.where(c, x, y),
      'torch.where(c, x, y)',
    ],
    [
      'NaN not chosen',
      { c: bool([3], [1, 0, 1]), x: f32([3], [1, NaN, 2]), y: f32([3], [NaN, 3, NaN]) },
      ({ c, x, y }) => torch.where(c, x, y),
      'torch.where(c, x, y)',
    ],
  ]),
  ...op('lerp', [
    [
      'a number',
      { x: f32([2, 5]), y: f32([2, 5]) },
      ({ x, y }) => torch.lerp(x, y, 0.3),
      'torch.lerp(x, y, 0.3)',
      { grad: 'twice' },
    ],
    ['beyond', { x: f32([5]), y: f32([5]) }, ({ x, y }) => torch.lerp(x, y, 1.7), 'torch.lerp(x, y, 1.7)'],
    [
      'a tensor',
      { x: f32([2, 5]), y: f32([2, 5]), w: f32([2, 5], unit) },
      ({ x, y, w }) => torch.lerp(x, y, w),
      'torch.lerp(x, y, w)',
      { grad: 'twice' },
    ],
    [
      'broadcast',
      { x: f32([2, 1]), y: f32([5]), w: f32([2, 5], unit) },
      ({ x, y, w }) => torch.lerp(x, y, w),
      'torch.lerp(x, y, w)',
    ],
    ['halves', { x: f16([5]), y: f16([5]) }, ({ x, y }) => torch.lerp(x, y, 0.5), 'torch.lerp(x, y, 0.5)'],
    ['nothing', { x: f32([0]), y: f32([0]) }, ({ x, y }) => torch.lerp(x, y, 0.5), 'torch.lerp(x, y, 0.5)'],
    [
      'views',
      { x: permuted(f32([2, 3])), y: stepped(f32([2, 3])) },
      ({ x, y }) => torch.lerp(x, y, 0.25),
      'torch.lerp(x, y, 0.25)',
    ],
    ['one element', { x: f32([1]), y: f32([1]) }, ({ x, y }) => torch.lerp(x, y, 1), 'torch.lerp(x, y, 1.0)'],
  ]),
  ...(['addcmul', 'addcdiv'] as const).flatMap((name) =>
    op(name, [
      [
        'same shape',
        { x: f32([2, 3]), y: f32([2, 3]), z: f32([2, 3], positive) },
        ({ x, y, z }) => torch[name](x, y, z),
        `torch.${name}(x, y, z)`,
        { grad: 'twice' },
      ],
      [
        'a value',
        { x: f32([7]), y: f32([7]), z: f32([7], positive) },
        ({ x, y, z }) => torch[name](x, y, z, { value: -0.3 }),
        `torch.${name}(x, y, z, value=-0.3)`,
      ],
      [
        'broadcast',
        { x: f32([2, 1, 1]), y: f32([3, 1]), z: f32([4], positive) },
        ({ x, y, z }) => torch[name](x, y, z, { value: 2 }),
        `torch.${name}(x, y, z, value=2)`,
      ],
      [
        'views',
        { x: permuted(f32([2, 3])), y: stepped(f32([2, 3])), z: f32([2, 3], positive) },
        ({ x, y, z }) => torch[name](x, y, z),
        `torch.${name}(x, y, z)`,
      ],
      [
        'halves',
        { x: f16([5]), y: f16([5]), z: f16([5], positive) },
        ({ x, y, z }) => torch[name](x, y, z),
        `torch.${name}(x, y, z)`,
      ],
      [
        'nothing',
        { x: f32([0]), y: f32([0]), z: f32([0]) },
        ({ x, y, z }) => torch[name](x, y, z),
        `torch.${name}(x, y, z)`,
      ],
      [
        'scalars',
        { x: f32([]), y: f32([]), z: f32([], positive) },
        ({ x, y, z }) => torch[name](x, y, z),
        `torch.${name}(x, y, z)`,
      ],
      [
        'one element',
        { x: f32([1, 1]), y: f32([1]), z: f32([], positive) },
        ({ x, y, z }) => torch[name](x, y, z),
        `torch.${name}(x, y, z)`,
      ],
    ]),
  ),
  ...op('isclose', [
    [
      'near and far',
      { x: f32([6], [1, 1, 1, 0, 100, 1]), y: f32([6], [1.000001, 1.1, 1, 1e-9, 100.0005, 2]) },
      ({ x, y }) => torch.isclose(x, y),
      'torch.isclose(x, y)',
    ],
    [
      'edges',
      { x: f32([left.length], left), y: f32([right.length], right) },
      ({ x, y }) => torch.isclose(x, y),
      'torch.isclose(x, y)',
    ],
    [
      'equal NaN',
      { x: f32([3], [NaN, NaN, 1]), y: f32([3], [NaN, 1, 1]) },
      ({ x, y }) => torch.isclose(x, y, { equalNan: true }),
      'torch.isclose(x, y, equal_nan=True)',
    ],
    [
      'wide',
      { x: f32([50]), y: f32([50]) },
      ({ x, y }) => torch.isclose(x, y, { rtol: 0.5, atol: 0.1 }),
      'torch.isclose(x, y, rtol=0.5, atol=0.1)',
    ],
    ['broadcast', { x: f32([3, 1], few), y: f32([4], few) }, ({ x, y }) => torch.isclose(x, y), 'torch.isclose(x, y)'],
    [
      'views',
      { x: permuted(f32([3, 4], few)), y: stepped(f32([3, 4], few)) },
      ({ x, y }) => torch.isclose(x, y),
      'torch.isclose(x, y)',
    ],
    ['integers', { x: i32([9], few), y: i32([9], few) }, ({ x, y }) => torch.isclose(x, y), 'torch.isclose(x, y)'],
    [
      'bytes, wide',
      { x: u8([5], [1, 5, 200, 0, 7]), y: u8([5], [2, 4, 190, 0, 255]) },
      ({ x, y }) => torch.isclose(x, y, { atol: 1, rtol: 0.05 }),
      'torch.isclose(x, y, atol=1, rtol=0.05)',
    ],
    [
      'halves',
      { x: f16([3], [1, 1, 0]), y: f16([3], [1.001, 1.1, 0]) },
      ({ x, y }) => torch.isclose(x, y, { rtol: 0.01 }),
      'torch.isclose(x, y, rtol=0.01)',
    ],
    ['nothing', { x: f32([0, 2]), y: f32([0, 2]) }, ({ x, y }) => torch.isclose(x, y), 'torch.isclose(x, y)'],
    ['scalars', { x: f32([], [2]), y: f32([], [2]) }, ({ x, y }) => torch.isclose(x, y), 'torch.isclose(x, y)'],
  ]),
];
