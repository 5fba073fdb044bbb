/**
 * @file Reductions, running sums and softmax: over each dimension, several, all; long and short, empty and strided.
 */
import * as F from '../../../src/torch/functional.ts';
import * as torch from '../../../src/torch/torch.ts';
import type { Case, CaseOptions, Input, Numbers, Row } from '../case.ts';
import { bits, bool, f16, f32, i32, i8, op, permuted, positive, signed, stepped, u8 } from '../case.ts';

type Dims = number | readonly number[] | null;
interface ReduceOptions {
  readonly dim?: torch.Dims;
  readonly keepdim?: boolean;
}
type Reduction = (x: torch.Tensor, options: ReduceOptions) => torch.Tensor;

const text = (dims: Dims): string =>
  dims === null ? '' : typeof dims === 'number' ? `, ${dims}` : `, (${dims.join(', ')}${dims.length === 1 ? ',' : ''})`;

/** One case: a reduction of x over dims. `python` is the function's name in torch. */
const over =
  (of: Reduction, python: string) =>
  (title: string, x: Input, dims: Dims, keepdim = false, options: CaseOptions = {}): Row => [
    title,
    { x },
    ({ x: t }) => of(t, { ...(dims !== null && { dim: dims }), keepdim }),
    `torch.${python}(x${python === 'norm' ? ', 2' : ''}${text(dims)}${keepdim ? ', keepdim=True' : ''})`,
    options,
  ];

/** Reductions that take several dims. */
const many = (
  name: string,
  of: Reduction,
  python = name,
  numbers: Numbers = signed,
  options: CaseOptions = {},
): Case[] => {
  const row = over(of, python);
  return op(name, [
    row('all', f32([2, 3, 5], numbers), python === 'sum' || python === 'mean' ? null : [0, 1, 2], false, {
      grad: options.grad ?? 'twice',
    }),
    row('the last dimension', f32([2, 3, 5], numbers), -1, false, options),
    row('the first dimension', f32([2, 3, 5], numbers), 0, true, options),
    row('two dimensions', f32([2, 3, 5], numbers), [0, -1], false, options),
    row('two dimensions, kept', permuted(f32([4, 3, 5], numbers)), [1, 2], true, options),
    row('every second', stepped(f32([3, 4], numbers)), 0, false, options),
    row('one element', f32([1, 3, 1], numbers), 0, false, options),
    row('a long row', f32([2, 700], numbers), 1, false, { ...options, length: 700 }),
    row('long columns', f32([600, 3], numbers), 0, false, { ...options, length: 600 }),
    row('very long', f32([9001], numbers), 0, false, { ...options, length: 9001, grad: false }),
    row('halves', f16([3, 40], numbers), 1, false, options),
    row('no rows', f32([0, 3], numbers), 1, false, options),
    row('five dimensions', permuted(f32([2, 1, 3, 2, 2], numbers)), [0, 2, 4], false, options),
  ]);
};

const integers = (name: string, of: Reduction, python = name): Case[] => {
  const row = over(of, python);
  return op(`${name} of integers`, [
    row('integers', i32([3, 7]), 1),
    row('bytes', u8([3, 7]), 0),
    row('small integers', i8([40]), 0),
    row('bools', bool([2, 5]), 1),
  ]);
};

/** Reductions over one dim. */
const single = (name: string, of: Reduction, python = name, options: CaseOptions = {}): Case[] => {
  const row = over(of, python);
  return op(name, [
    row('the last dimension', f32([2, 3, 5]), -1, false, options),
    row('the first dimension', f32([2, 3, 5]), 0, true, options),
    row('the middle', permuted(f32([4, 3, 5])), 1, false, options),
    row('every second', stepped(f32([3, 4])), -2, true, options),
    row('equal elements', f32([3, 5], [1, 2, 2, 0, 2, 5, 5, 5, 5, 5, -1, -3, -3, -1, 0]), 1, false, options),
    row('one element', f32([1, 1]), 0, false, options),
    row('a long row', f32([2, 700]), 1, false, options),
    row('very long', f32([9001]), 0, false, { ...options, grad: false }),
    row('halves', f16([3, 40]), 1, false, options),
    row('no rows', f32([0, 3]), 1, false, options),
    row('integers', i32([3, 7]), 1),
    row('bytes', u8([3, 7]), 0),
    row(
      'NaN and infinity',
      f32([3, 3], [1, NaN, 3, Infinity, 2, -Infinity, -Infinity, -Infinity, -Infinity]),
      1,
      false,
      { grad: false },
    ),
  ]);
};

const pairOf = (name: 'max' | 'min'): Case[] =>
  single(name, ((x: torch.Tensor, options: { dim: number }) => [...x[name](options)]) as unknown as Reduction);

const far = f32([4], [NaN, Infinity, -Infinity, 1]);
const infinities = f32([2, 3], [Infinity, 1, 2, -Infinity, -Infinity, -Infinity]);

/** Zeros in one row, two in another, none in the last. */
const someZeros: Numbers = [1.5, 0, -2, 0.5, 0, 3, 0, 1, 2, -1, 0.5, 3];

const alongOne = (
  name: string,
  of: (x: torch.Tensor, dim: number) => torch.Tensor,
  python: (dim: number) => string,
  options: CaseOptions = {},
): Case[] => {
  const row = (title: string, x: Input, dim: number, more: CaseOptions = {}): Row => [
    title,
    { x },
    ({ x: t }) => of(t, dim),
    python(dim),
    { ...options, ...more },
  ];
  return op(name, [
    row('the last dimension', f32([2, 3, 5]), -1, { grad: 'twice' }),
    row('the first dimension', f32([4, 3]), 0),
    row('the middle', f32([2, 4, 3]), 1),
    row('permuted', permuted(f32([3, 5])), 1),
    row('every second', stepped(f32([3, 5])), 0),
    row('one element', f32([3, 1]), 1),
    row('a scalar', f32([]), 0),
    row('nothing', f32([0, 3]), 1),
    row('a long row', f32([2, 300]), 1, { length: 300 }),
    row('a long column', f32([200, 3]), 0, { length: 200 }),
    row('halves', f16([3, 9]), 1),
  ]);
};

/** The gradient is a small difference of larger numbers, on both sides. */
const difference: CaseOptions = { slack: 4 };

export const reductions: Case[] = [
  ...many('sum', (x, o) => torch.sum(x, o)),
  ...integers('sum', (x, o) => torch.sum(x, o)),
  ...many('mean', (x, o) => torch.mean(x, o)),
  ...many('variance', (x, o) => x.var(o), 'var', signed, { slack: 2 }),
  ...many('std', (x, o) => torch.std(x, o), 'std', signed, { slack: 2 }),
  ...op('variance with correction', [
    ['a population', { x: f32([3, 5]) }, ({ x }) => x.var(1, { unbiased: false }), 'x.var(1, unbiased=False)'],
    ['a correction', { x: f32([3, 5]) }, ({ x }) => x.var([0, 1], { correction: 2 }), 'x.var((0, 1), correction=2)'],
    ['of one', { x: f32([3, 1]) }, ({ x }) => x.var(1), 'x.var(1)', { grad: false }],
    // The inputs themselves are rounded at 1000.
    ['far from zero', { x: f32([400], (u) => 1000 + u) }, ({ x }) => x.var(), 'x.var()', { slack: 400 }],
  ]),
  ...(['varMean', 'stdMean'] as const).flatMap((name) => {
    const of = torch[name] as (x: torch.Tensor, options: object) => [torch.Tensor, torch.Tensor];
    const python = `torch.${name === 'varMean' ? 'var_mean' : 'std_mean'}`;
    const row = (
      title: string,
      x: Input,
      dims: Dims,
      more = '',
      options: { keepdim?: boolean; unbiased?: boolean } = {},
      own: CaseOptions = {},
    ): Row => [
      title,
      { x },
      ({ x: t }) => of(t, { dim: dims, ...options }),
      `${python}(x${text(dims)}${more})`,
      { slack: 2, ...own },
    ];
    return op(name, [
      row('rows', f32([3, 5]), 1, '', {}, { grad: 'twice' }),
      row('kept', f32([3, 5]), 0, ', keepdim=True', { keepdim: true }),
      row('a population', f32([3, 5]), 0, ', unbiased=False', { unbiased: false }),
      row('two dimensions', permuted(f32([4, 3, 5])), [0, -1], ', unbiased=True'),
      row('all', f32([2, 3, 5]), [0, 1, 2], ', unbiased=True'),
      row('every second', stepped(f32([3, 4])), -2),
      row('halves', f16([3, 9]), 1),
      row('no rows', f32([0, 3]), 1),
      row('of one', f32([3, 1]), 1, '', {}, { grad: false }),
    ]);
  }),
  ...many('amax', (x, o) => torch.amax(x, o), 'amax', signed, { grad: true }),
  ...many('amin', (x, o) => torch.amin(x, o), 'amin', signed, { grad: true }),
  ...integers('amax', (x, o) => torch.amax(x, o)),
  ...many('logsumexp', (x, { dim = [], keepdim }) => torch.logsumexp(x, dim, keepdim), 'logsumexp'),
  ...many('norm', (x, o) => torch.norm(x, 2, o), 'norm'),
  ...single('argmax', torch.argmax as Reduction),
  ...single('argmin', torch.argmin as Reduction),
  ...pairOf('max'),
  ...pairOf('min'),
  // A product of many numbers vanishes.
  ...single('prod', torch.prod as Reduction, 'prod', { slack: 4 }).filter((c) => !/long|halves/.test(c.name)),
  ...single('any', (x, o) => torch.any(x, o)),
  ...single('all', (x, o) => torch.all(x, o)),
  ...op('any and all', [
    [
      'bools',
      { x: bool([2, 5]) },
      ({ x }) => [x.any(1), x.all(1), x.any(), x.all()],
      'x.any(1), x.all(1), x.any(), x.all()',
    ],
    ['nothing', { x: bool([2, 0]) }, ({ x }) => [x.any(1), x.all(1)], 'x.any(1), x.all(1)'],
    ['NaN', { x: f32([2], [NaN, 0]) }, ({ x }) => [x.any(), x.all()], 'x.any(), x.all()', { grad: false }],
  ]),
  ...op('sum with dtype', [
    ['halves', { x: f16([50]) }, ({ x }) => x.sum(null, { dtype: 'float32' }), 'x.sum(dtype=torch.float32)'],
    ['integers', { x: i32([50]) }, ({ x }) => x.sum(0, { dtype: 'float32' }), 'x.sum(0, dtype=torch.float32)'],
    [
      'nothing',
      { x: f32([2, 0]) },
      ({ x }) => [x.sum(1), x.prod(1), x.mean(1)],
      'x.sum(1), x.prod(1), x.mean(1)',
      { grad: false },
    ],
  ]),
  ...op('prod with zeros', [
    ['rows', { x: f32([3, 4], someZeros) }, ({ x }) => x.prod(1), 'x.prod(1)'],
    ['all', { x: f32([2, 3]) }, ({ x }) => x.prod(), 'x.prod()', { grad: 'twice' }],
    ['one zero', { x: f32([3], [2, 0, 3]) }, ({ x }) => x.prod(), 'x.prod()'],
    ['integers', { x: i32([2, 3]) }, ({ x }) => x.prod(-1), 'x.prod(-1)'],
  ]),
  ...op('extremes of all', [
    ['max', { x: f32([3, 4]) }, ({ x }) => x.max(), 'x.max()'],
    ['min', { x: f32([3, 4]) }, ({ x }) => x.min(), 'x.min()'],
    ['equal', { x: f32([4], [1, 3, 3, 3]) }, ({ x }) => x.max(), 'x.max()'],
    ['of two', { x: f32([3, 1]), y: f32([4]) }, ({ x, y }) => [x.max(y), x.min(y)], 'x.max(y), x.min(y)'],
    ['argmax of all', { x: f32([3, 4]) }, ({ x }) => [x.argmax(), x.argmin()], 'x.argmax(), x.argmin()'],
    [
      'infinities',
      { x: infinities },
      ({ x }) => [x.amax(1), x.amin(1), x.amax()],
      'x.amax(1), x.amin(1), x.amax()',
      { grad: false },
    ],
    [
      'NaN',
      { x: far },
      ({ x }) => [x.amax(), x.amin(), x.argmax(), x.argmin()],
      'x.amax(), x.amin(), x.argmax(), x.argmin()',
      { grad: false },
    ],
    ['a scalar', { x: f32([]) }, ({ x }) => [x.max(), x.argmax(), ...x.max(0)], 'x.max(), x.argmax(), x.max(0)'],
  ]),
  ...op(
    'norms',
    [1, 3, 0, 1.5, Infinity, -Infinity].flatMap((p): Row[] => [
      [
        `${p}`,
        { x: f32([3, 5]) },
        ({ x }) => x.norm(p, 1),
        `torch.norm(x, ${p === Infinity ? 'inf' : p === -Infinity ? '-inf' : p}, 1)`,
        { slack: 2 },
      ],
      [
        `${p} of all`,
        { x: f32([3, 5]) },
        ({ x }) => x.norm(p),
        `torch.norm(x, ${p === Infinity ? 'inf' : p === -Infinity ? '-inf' : p})`,
        { slack: 2 },
      ],
    ]),
  ),
  ...op('norm at zero', [
    ['2', { x: f32([2, 3], [0, 0, 0, 3, 0, 4]) }, ({ x }) => x.norm(2, 1), 'torch.norm(x, 2, 1)'],
    ['1', { x: f32([3], [0, 0, 2]) }, ({ x }) => x.norm(1), 'torch.norm(x, 1)'],
    ['3', { x: f32([2, 3], [0, 0, 0, 3, 0, 4]) }, ({ x }) => x.norm(3, 1), 'torch.norm(x, 3, 1)'],
  ]),
  ...op('logsumexp at the edges', [
    ['infinities', { x: infinities }, ({ x }) => x.logsumexp(1), 'x.logsumexp(1)', { grad: false }],
    ['far', { x: f32([3], [1000, 999, -1000]) }, ({ x }) => x.logsumexp(0), 'x.logsumexp(0)'],
    ['NaN', { x: far }, ({ x }) => x.logsumexp(0), 'x.logsumexp(0)', { grad: false }],
  ]),
  ...op('countNonzero', [
    [
      'all',
      { x: f32([3, 4], [0, 1, 0, -0, NaN, 2, 0, 0, 5, 6, 7, 0]) },
      ({ x }) => x.countNonzero(),
      'x.count_nonzero()',
    ],
    ['rows', { x: i32([3, 4]) }, ({ x }) => x.countNonzero(1), 'x.count_nonzero(1)'],
    ['two dimensions', { x: bool([3, 4, 2]) }, ({ x }) => x.countNonzero([0, -1]), 'x.count_nonzero((0, -1))'],
    ['nothing', { x: f32([0, 2]) }, ({ x }) => x.countNonzero(0), 'x.count_nonzero(0)'],
    ['a negative dimension', { x: i8([3, 5], bits) }, ({ x }) => x.countNonzero(-2), 'x.count_nonzero(-2)'],
    ['views', { x: permuted(i32([3, 5], bits)) }, ({ x }) => x.countNonzero(1), 'x.count_nonzero(1)'],
    ['every second', { x: stepped(u8([3, 7], bits)) }, ({ x }) => x.countNonzero(0), 'x.count_nonzero(0)'],
    ['a scalar', { x: f32([], [2]) }, ({ x }) => x.countNonzero(), 'x.count_nonzero()'],
    ['halves', { x: f16([2, 1, 4], bits) }, ({ x }) => x.countNonzero([1, 2]), 'x.count_nonzero((1, 2))'],
  ]),
  ...alongOne('softmax', torch.softmax, (dim) => `torch.softmax(x, ${dim})`, difference),
  ...alongOne('logSoftmax', torch.logSoftmax, (dim) => `torch.log_softmax(x, ${dim})`, difference),
  ...alongOne('softmin', F.softmin, (dim) => `F.softmin(x, ${dim})`, difference),
  ...op('softmax at the edges', [
    [
      'infinities',
      { x: infinities },
      ({ x }) => [x.softmax(1), x.logSoftmax(1)],
      'x.softmax(1), x.log_softmax(1)',
      { grad: false },
    ],
    [
      'far',
      { x: f32([2, 3], [1000, 999, -1000, -88, 0, -120]) },
      ({ x }) => [x.softmax(1), x.logSoftmax(1)],
      'x.softmax(1), x.log_softmax(1)',
    ],
    [
      'NaN',
      { x: f32([2, 2], [NaN, 1, 2, 3]) },
      ({ x }) => [x.softmax(1), x.logSoftmax(1)],
      'x.softmax(1), x.log_softmax(1)',
      { grad: false },
    ],
  ]),
  ...alongOne('cumsum', torch.cumsum, (dim) => `torch.cumsum(x, ${dim})`),
  ...alongOne('cumprod', torch.cumprod, (dim) => `torch.cumprod(x, ${dim})`, { slack: 4 }),
  ...op('running integers', [
    ['cumsum', { x: i32([3, 5]) }, ({ x }) => x.cumsum(1), 'x.cumsum(1)'],
    ['cumprod', { x: i8([3, 5]) }, ({ x }) => x.cumprod(0), 'x.cumprod(0)'],
    ['bools', { x: bool([7]) }, ({ x }) => x.cumsum(0), 'x.cumsum(0)'],
  ]),
  ...op('cumprod with zeros', [
    ['rows', { x: f32([3, 4], someZeros) }, ({ x }) => x.cumprod(1), 'x.cumprod(1)'],
    ['columns', { x: f32([3, 4], someZeros) }, ({ x }) => x.cumprod(0), 'x.cumprod(0)'],
    ['positive', { x: f32([9], positive) }, ({ x }) => x.cumprod(0), 'x.cumprod(0)'],
  ]),
];
