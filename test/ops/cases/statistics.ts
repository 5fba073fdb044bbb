/**
 * @file Statistics, differences and integrals; products made of others; looking up.
 */
import * as torch from '../../../src/torch/torch.ts';
import type { Case, Input, Row } from '../case.ts';
import { below, f16, f32, fixed, i32, op, permuted, positive, stepped } from '../case.ts';
import { each, onEach } from './layouts.ts';

const floats: readonly (readonly [string, Input])[] = [
  ['plain', f32([2, 3, 4])],
  ['permuted', permuted(f32([3, 4, 5]))],
  ['stepped', stepped(f32([3, 5, 4]))],
  ['odd sizes', f32([5, 7, 3])],
  ['sizes of 1', f32([1, 3, 1])],
  ['halves', f16([3, 2, 5])],
];
const holes = f32([3, 4], (u, i) => (i % 5 === 2 ? NaN : 4 * u - 2));
const emptied = f32([2, 3], [NaN, NaN, NaN, 1, -2, 5]);
const sorted = (count: number, rows = 1): Input =>
  fixed(f32([...(rows > 1 ? [rows] : []), count], (u, i) => (i % count) - count / 2 + Math.floor(2 * u) / 2));
const among = fixed(f32([4, 5], (u) => Math.floor(12 * u) / 2 - 3));
const places = i32([2, 3], (u) => Math.floor(24 * u) - 12);

/** On pairs of numbers, where ties and NaN matter. */
const oddPairs = { x: f32([3, 4], [1, 2, NaN, 4, -1, -0, Infinity, NaN, 3, 3, 0, -5]), y: f32([4], [1, 3, 2, NaN]) };
const pairs: readonly (readonly [string, Record<'x' | 'y', Input>])[] = [
  ['vectors', { x: f32([7]), y: f32([7]) }],
  ['broadcast', { x: f32([3, 1]), y: f32([4]) }],
  ['scalars', { x: f32([]), y: f32([]) }],
  ['views', { x: permuted(f32([3, 5])), y: stepped(f32([3, 5])) }],
  ['odd numbers', oddPairs],
  ['halves', { x: f16([2, 3]), y: f16([2, 3]) }],
  ['integers', { x: i32([2, 3]), y: i32([2, 3]) }],
  ['dtypes', { x: i32([4]), y: f32([4]) }],
  ['nothing', { x: f32([0]), y: f32([0]) }],
];
type Two = { x: torch.Tensor; y: torch.Tensor };
const ofPairs = (ours: (given: Two) => torch.Tensor, python: string, inputs = pairs): Row[] =>
  inputs.map(([name, given]) => [name, given, ours as never, python]);

const quantiles = (nan: '' | 'nan'): Case[] => {
  const ours = torch[nan ? 'nanquantile' : 'quantile'];
  const python = `torch.${nan}quantile`;
  return op(`${nan}quantile`, [
    ...onEach(floats.slice(0, 5), (x) => ours(x, 0.3, 1), `${python}(x, 0.3, 1)`),
    ...(['linear', 'lower', 'higher', 'midpoint', 'nearest'] as const).map((interpolation): Row => [
      interpolation,
      { x: f32([3, 6]), q: fixed(f32([4], [0, 0.25, 0.5, 0.9])) },
      ({ x, q }) => ours(x, q, 1, { interpolation }),
      `${python}(x, q, 1, interpolation="${interpolation}")`,
    ]),
    ...each(f32([3, 5]), [
      [(x) => ours(x, 0.5), `${python}(x, 0.5)`],
      [(x) => ours(x, 0.75, 0, true), `${python}(x, 0.75, 0, True)`],
      [(x) => ours(x, 1, null, true), `${python}(x, 1.0, None, True)`],
    ]),
    ['with NaN', { x: holes }, ({ x }) => ours(x, 0.4, 1), `${python}(x, 0.4, 1)`],
    ['rows of NaN', { x: emptied }, ({ x }) => ours(x, 0.4, 1), `${python}(x, 0.4, 1)`],
    [
      'shares, kept',
      { x: f32([2, 3]), q: fixed(f32([2], [0.1, 1])) },
      ({ x, q }) => ours(x, q, 0, true),
      `${python}(x, q, 0, True)`,
    ],
    ['one number', { x: f32([]) }, ({ x }) => ours(x, 0.5), `${python}(x, 0.5)`],
  ]);
};

export const statistics: Case[] = [
  ...op('nansum', [
    ...onEach(floats, (x) => torch.nansum(x, 1), 'torch.nansum(x, 1)'),
    ...each(holes, [
      [(x) => x.nansum(), 'x.nansum()'],
      [(x) => x.nansum([0, 1], true), 'x.nansum((0, 1), True)'],
      [(x) => x.nansum(0, { dtype: 'float32' }), 'x.nansum(0, dtype=torch.float32)'],
    ]),
    ['integers', { x: i32([3, 4]) }, ({ x }) => x.nansum(1), 'x.nansum(1)'],
    ['nothing', { x: f32([0, 3]) }, ({ x }) => x.nansum(0), 'x.nansum(0)'],
  ]),
  ...op('nanmean', [
    ...onEach(floats, (x) => torch.nanmean(x, 1), 'torch.nanmean(x, 1)'),
    ...each(holes, [
      [(x) => x.nanmean(), 'x.nanmean()'],
      [(x) => x.nanmean([0, 1], true), 'x.nanmean((0, 1), True)'],
    ]),
    ['rows of NaN', { x: fixed(emptied) }, ({ x }) => x.nanmean(1), 'x.nanmean(1)'],
    ['nothing', { x: f32([0, 3]) }, ({ x }) => x.nanmean(0), 'x.nanmean(0)'],
  ]),
  ...quantiles(''),
  ...quantiles('nan'),
  ...op('cov', [
    ...each(
      f32([3, 6]),
      [
        [(x) => torch.cov(x), 'torch.cov(x)'],
        [(x) => x.cov({ correction: 0 }), 'x.cov(correction=0)'],
        [(x) => x.cov({ correction: 2 }), 'x.cov(correction=2)'],
      ],
      { scale: 1 },
    ),
    ['a vector', { x: f32([5]) }, ({ x }) => x.cov(), 'x.cov()'],
    ['one variable', { x: f32([1, 5]) }, ({ x }) => x.cov(), 'x.cov()'],
    ['views', { x: permuted(f32([4, 3])) }, ({ x }) => x.cov(), 'x.cov()', { scale: 1 }],
    ['stepped', { x: stepped(f32([2, 5])) }, ({ x }) => x.cov(), 'x.cov()', { scale: 1 }],
    ['integers', { x: i32([2, 5]) }, ({ x }) => x.cov(), 'x.cov()', { scale: 20 }],
  ]),
  ...op('corrcoef', [
    ...each(f32([3, 6]), [[(x) => torch.corrcoef(x), 'torch.corrcoef(x)']], { scale: 1 }),
    ['many', { x: f32([4, 30]) }, ({ x }) => x.corrcoef(), 'x.corrcoef()', { scale: 1 }],
    ['a vector', { x: f32([5]) }, ({ x }) => x.corrcoef(), 'x.corrcoef()'],
    [
      'two observations',
      { x: f32([2, 2], [1, 4, 3, -2]) },
      ({ x }) => x.corrcoef().detach(),
      'x.corrcoef().detach()',
      { grad: false },
    ],
    ['views', { x: permuted(f32([3, 5])) }, ({ x }) => x.corrcoef(), 'x.corrcoef()', { scale: 1 }],
    ['stepped', { x: stepped(f32([3, 5])) }, ({ x }) => x.corrcoef(), 'x.corrcoef()', { scale: 1 }],
    ['integers', { x: i32([3, 7]) }, ({ x }) => x.corrcoef(), 'x.corrcoef()', { scale: 1 }],
    ['positive', { x: f32([3, 8], positive) }, ({ x }) => x.corrcoef(), 'x.corrcoef()', { scale: 1 }],
  ]),
  ...op('diff', [
    ...onEach(floats, (x) => torch.diff(x, 1, 1), 'torch.diff(x, 1, 1)'),
    ...each(f32([3, 6]), [
      [(x) => x.diff(), 'x.diff()'],
      [(x) => x.diff(2), 'x.diff(2)'],
      [(x) => x.diff(0), 'x.diff(0)'],
      [(x) => x.diff(7, 0), 'x.diff(7, 0)'],
      [(x) => x.diff({ prepend: x, append: x.mul(2) }), 'x.diff(prepend=x, append=x * 2)'],
    ]),
    ['bools', { x: i32([6]) }, ({ x }) => x.gt(0).diff(), '(x > 0).diff()'],
    ['nothing', { x: f32([2, 0]) }, ({ x }) => x.diff(), 'x.diff()'],
  ]),
  ...(['trapezoid', 'cumulativeTrapezoid'] as const).flatMap((name) => {
    const [ours, python] = [torch[name], name === 'trapezoid' ? 'torch.trapezoid' : 'torch.cumulative_trapezoid'];
    return op(name, [
      ...onEach(floats, (x) => ours(x, { dim: 1 }), `${python}(x, dim=1)`),
      ...each(f32([3, 5]), [
        [(x) => ours(x), `${python}(x)`],
        [(x) => ours(x, { dx: 0.5, dim: 0 }), `${python}(x, dx=0.5, dim=0)`],
      ]),
      ['places', { x: f32([3, 5]), y: f32([5]) }, ({ x, y }) => ours(x, y), `${python}(x, y)`],
      ['places of each row', { x: f32([3, 5]), y: f32([3, 5]) }, ({ x, y }) => ours(x, y), `${python}(x, y)`],
      ['places down', { x: f32([3, 5]), y: f32([3]) }, ({ x, y }) => ours(x, y, { dim: 0 }), `${python}(x, y, dim=0)`],
      ['integers', { x: i32([6]) }, ({ x }) => ours(x), `${python}(x)`],
      ['one value', { x: f32([2, 1]) }, ({ x }) => ours(x), `${python}(x)`],
    ] as Row[]);
  }),
  // 1.13 has no gradient of aminmax; later versions have that of amin and amax.
  ...op('aminmax', [
    ...onEach(floats, (x) => [...torch.aminmax(x, { dim: 1 })], '(x.amin(1), x.amax(1))'),
    ...each(f32([3, 5]), [
      [(x) => [...x.aminmax()], '(x.amin(), x.amax())'],
      [(x) => [...x.aminmax({ dim: 0, keepdim: true })], '(x.amin(0, True), x.amax(0, True))'],
    ]),
    ...each(fixed(f32([2, 4])), [
      [(x) => [...x.aminmax()], 'x.aminmax()'],
      [(x) => [...x.aminmax({ dim: 0, keepdim: true })], 'x.aminmax(dim=0, keepdim=True)'],
    ]),
    ['integers', { x: i32([3, 4]) }, ({ x }) => [...x.aminmax()], 'x.aminmax()'],
    ['NaN', { x: fixed(holes) }, ({ x }) => [...x.aminmax({ dim: 1 })], 'x.aminmax(dim=1)'],
  ]),
  ...op('dist', [
    ...ofPairs(({ x, y }) => torch.dist(x, y), 'torch.dist(x, y)', pairs.slice(0, 4)),
    ...([0, 1, 3, Infinity] as const).map((p): Row => [
      `p ${p}`,
      { x: f32([2, 3]), y: f32([2, 3]) },
      ({ x, y }) => x.dist(y, p),
      `x.dist(y, ${p === Infinity ? 'inf' : p})`,
      { grad: p !== 0 },
    ]),
    ['halves', { x: f16([5]), y: f16([5]) }, ({ x, y }) => x.dist(y), 'x.dist(y)'],
  ]),
  ...op(
    'fmax',
    ofPairs(({ x, y }) => torch.fmax(x, y), 'torch.fmax(x, y)'),
  ),
  ...op(
    'fmin',
    ofPairs(({ x, y }) => torch.fmin(x, y), 'torch.fmin(x, y)'),
  ),
  ...op('logit', [
    ...onEach(
      [
        ['plain', f32([3, 4], (u) => 0.02 + 0.96 * u)],
        ['permuted', permuted(f32([3, 5], (u) => 0.02 + 0.96 * u))],
        ['stepped', stepped(f32([4], (u) => 0.02 + 0.96 * u))],
        ['the edges', f32([6], [0, 1, -0.5, 1.5, NaN, Infinity])],
        ['a scalar', f32([], [0.25])],
        ['nothing', f32([0])],
        ['integers', i32([3], (u) => Math.floor(2 * u))],
      ],
      (x) => torch.logit(x),
      'torch.logit(x)',
    ),
    ...each(f32([8], [0, 1, -0.5, 1.5, 0.05, 0.5, 0.95, NaN]), [
      [(x) => x.logit(0.1), 'x.logit(0.1)'],
      [(x) => x.logit({ eps: 0.01 }), 'x.logit(eps=0.01)'],
      [(x) => x.logit(0), 'x.logit(0.0)'],
    ]),
    ['halves', { x: f16([4], [0.25, 0.5, 0.75, 0.875]) }, ({ x }) => x.logit(), 'x.logit()'],
  ]),
  ...op('inner', [
    ['vectors', { x: f32([5]), y: f32([5]) }, ({ x, y }) => torch.inner(x, y), 'torch.inner(x, y)'],
    ['matrices', { x: f32([2, 5]), y: f32([3, 5]) }, ({ x, y }) => x.inner(y), 'x.inner(y)'],
    ['cubes', { x: f32([2, 3, 4]), y: f32([5, 4]) }, ({ x, y }) => x.inner(y), 'x.inner(y)'],
    ['a number', { x: f32([]), y: f32([2, 3]) }, ({ x, y }) => x.inner(y), 'x.inner(y)', { scale: 2 }],
    ['a vector with rows', { x: f32([4]), y: f32([3, 4]) }, ({ x, y }) => x.inner(y), 'x.inner(y)'],
    ['views', { x: permuted(f32([2, 4])), y: stepped(f32([3, 4])) }, ({ x, y }) => x.inner(y), 'x.inner(y)'],
    ['nothing', { x: f32([2, 0]), y: f32([3, 0]) }, ({ x, y }) => x.inner(y), 'x.inner(y)'],
    ['halves', { x: f16([4]), y: f16([4]) }, ({ x, y }) => x.float().inner(y.float()), 'x.float().inner(y.float())'],
  ]),
  ...op('cross', [
    ['vectors', { x: f32([3]), y: f32([3]) }, ({ x, y }) => torch.cross(x, y, 0), 'torch.cross(x, y, 0)'],
    ['rows', { x: f32([4, 3]), y: f32([4, 3]) }, ({ x, y }) => torch.cross(x, y, 1), 'torch.cross(x, y, 1)'],
    ['the first of size 3', { x: f32([2, 3, 3]), y: f32([2, 3, 3]) }, ({ x, y }) => x.cross(y), 'x.cross(y)'],
    ['columns', { x: f32([3, 4]), y: f32([3, 4]) }, ({ x, y }) => x.cross(y, -2), 'x.cross(y, -2)'],
    ['broadcast', { x: f32([4, 3]), y: f32([1, 3]) }, ({ x, y }) => x.cross(y, 1), 'torch.linalg.cross(x, y, dim=1)'],
    ['views', { x: permuted(f32([4, 3])), y: stepped(f32([4, 3])) }, ({ x, y }) => x.cross(y, 1), 'x.cross(y, 1)'],
    ['nothing', { x: f32([0, 3]), y: f32([0, 3]) }, ({ x, y }) => x.cross(y, 1), 'x.cross(y, 1)'],
    ['integers', { x: i32([3]), y: i32([3]) }, ({ x, y }) => x.cross(y, 0), 'x.cross(y, 0)'],
    [
      'halves',
      { x: f16([3]), y: f16([3]) },
      ({ x, y }) => x.float().cross(y.float(), 0),
      'x.float().cross(y.float(), 0)',
    ],
  ]),
  ...op('kron', [
    ['matrices', { x: f32([2, 3]), y: f32([3, 2]) }, ({ x, y }) => torch.kron(x, y), 'torch.kron(x, y)'],
    ['vectors', { x: f32([3]), y: f32([2]) }, ({ x, y }) => x.kron(y), 'x.kron(y)'],
    ['a vector and a matrix', { x: f32([3]), y: f32([2, 2]) }, ({ x, y }) => x.kron(y), 'x.kron(y)'],
    ['a cube and a vector', { x: f32([2, 1, 3]), y: f32([2]) }, ({ x, y }) => x.kron(y), 'x.kron(y)'],
    ['a number', { x: f32([]), y: f32([2, 2]) }, ({ x, y }) => x.kron(y), 'x.kron(y)'],

    ['dtypes', { x: i32([2]), y: f32([2]) }, ({ x, y }) => x.kron(y), 'x.kron(y)'],
    ['halves', { x: f16([2, 2]), y: f16([2]) }, ({ x, y }) => x.kron(y), 'x.kron(y)'],
    ['integers', { x: i32([2, 2]), y: i32([2]) }, ({ x, y }) => x.kron(y), 'x.kron(y)'],
    ['nothing', { x: f32([0, 2]), y: f32([2, 2]) }, ({ x, y }) => x.kron(y), 'x.kron(y)'],
  ]),
  ...op('take', [
    ...floats
      .slice(0, 4)
      .map(([name, x]): Row => [name, { x, i: places }, ({ x: t, i }) => torch.take(t, i), 'torch.take(x, i.long())']),
    ['a matrix of places', { x: f32([3, 4]), i: places }, ({ x, i }) => x.take(i), 'x.take(i.long())'],
    ['of whole numbers', { x: i32([3, 4]), i: places }, ({ x, i }) => x.take(i), 'x.take(i.long())'],
    ['one place', { x: f32([3]), i: i32([], [2]) }, ({ x, i }) => x.take(i), 'x.take(i.long())'],
    ['no place', { x: f32([3]), i: i32([0]) }, ({ x, i }) => x.take(i), 'x.take(i.long())'],
    ['halves', { x: f16([12]), i: places }, ({ x, i }) => x.take(i), 'x.take(i.long())'],
  ]),
  ...op('bucketize', [
    ...([false, true] as const).map((right): Row => [
      `${right}`,
      { x: among, b: sorted(6) },
      ({ x, b }) => torch.bucketize(x, b, { right }),
      `torch.bucketize(x, b, right=${right ? 'True' : 'False'})`,
    ]),
    [
      'int32',
      { x: among, b: sorted(4) },
      ({ x, b }) => torch.bucketize(x, b, { outInt32: true }),
      'torch.bucketize(x, b, out_int32=True)',
    ],
    ['a number', { b: sorted(5) }, ({ b }) => torch.bucketize(0.5, b), 'torch.bucketize(0.5, b)'],
    ['no boundary', { x: among, b: fixed(f32([0])) }, ({ x, b }) => torch.bucketize(x, b), 'torch.bucketize(x, b)'],
    ['nothing', { x: fixed(f32([0, 2])), b: sorted(3) }, ({ x, b }) => torch.bucketize(x, b), 'torch.bucketize(x, b)'],
    [
      'NaN',
      { x: fixed(f32([3], [NaN, -Infinity, Infinity])), b: sorted(3) },
      ({ x, b }) => torch.bucketize(x, b),
      'torch.bucketize(x, b)',
    ],
    [
      'views',
      { x: permuted(among), b: stepped(fixed(f32([3], (_u, i) => i))) },
      ({ x, b }) => torch.bucketize(x, b),
      'torch.bucketize(x, b)',
    ],
    [
      'whole numbers',
      { x: i32([7]), b: i32([3], [-4, 0, 5]) },
      ({ x, b }) => torch.bucketize(x, b),
      'torch.bucketize(x, b)',
    ],
  ]),
  ...op('searchsorted', [
    ...([false, true] as const).map((right): Row => [
      `${right}`,
      { x: among, b: sorted(6) },
      ({ x, b }) => torch.searchsorted(b, x, { right }),
      `torch.searchsorted(b, x, right=${right ? 'True' : 'False'})`,
    ]),
    ['rows', { x: among, b: sorted(6, 4) }, ({ x, b }) => torch.searchsorted(b, x), 'torch.searchsorted(b, x)'],
    [
      'the right side',
      { x: among, b: sorted(6, 4) },
      ({ x, b }) => torch.searchsorted(b, x, { side: 'right' }),
      'torch.searchsorted(b, x, side="right")',
    ],
    ['a number', { b: sorted(5) }, ({ b }) => torch.searchsorted(b, 0.5), 'torch.searchsorted(b, 0.5)'],
    [
      'int32',
      { x: among, b: sorted(4) },
      ({ x, b }) => torch.searchsorted(b, x, { outInt32: true }),
      'torch.searchsorted(b, x, out_int32=True)',
    ],
    [
      'nothing',
      { x: fixed(f32([0])), b: sorted(3) },
      ({ x, b }) => torch.searchsorted(b, x),
      'torch.searchsorted(b, x)',
    ],
    [
      'whole numbers',
      { x: i32([7]), b: i32([3], [-4, 0, 5]) },
      ({ x, b }) => torch.searchsorted(b, x),
      'torch.searchsorted(b, x)',
    ],
  ]),
  ...op('isin', [
    ['whole numbers', { x: i32([3, 4]), y: i32([5]) }, ({ x, y }) => torch.isin(x, y), 'torch.isin(x, y)'],
    [
      'inverted',
      { x: i32([3, 4]), y: i32([5]) },
      ({ x, y }) => torch.isin(x, y, { invert: true }),
      'torch.isin(x, y, invert=True)',
    ],
    ['a number', { x: i32([3, 4]) }, ({ x }) => torch.isin(x, 2), 'torch.isin(x, 2)'],
    ['a number among', { y: i32([6]) }, ({ y }) => torch.isin(3, y), 'torch.isin(3, y)'],
    [
      'floats',
      { x: among, y: fixed(f32([2, 2], [0, 1.5, -3, 2])) },
      ({ x, y }) => torch.isin(x, y),
      'torch.isin(x, y)',
    ],
    ['nothing', { x: i32([0]), y: i32([3]) }, ({ x, y }) => torch.isin(x, y), 'torch.isin(x, y)'],
    ['among nothing', { x: i32([4]), y: i32([0]) }, ({ x, y }) => torch.isin(x, y), 'torch.isin(x, y)'],
    [
      'unique ones',
      { x: i32([4], [1, 2, 3, 4]), y: i32([2], [4, 9]) },
      ({ x, y }) => torch.isin(x, y, { assumeUnique: true }),
      'torch.isin(x, y, assume_unique=True)',
    ],
    ['many', { x: i32([60], below(30)), y: i32([40], below(50)) }, ({ x, y }) => torch.isin(x, y), 'torch.isin(x, y)'],
  ]),
];
