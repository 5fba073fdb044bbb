/**
 * @file bfloat16: the first cases of each operation of the other families, with their float32 inputs as bfloat16;
 * casts to and from it, promotion, and numbers that round in each way.
 */
import type { DType } from '../../../src/base/dtype.ts';
import { torch } from '../../../src/torch/index.ts';
import type { Case, Input } from '../case.ts';
import { bf16, bool, f16, f32, i32, i64, op, permuted, stepped, u8 } from '../case.ts';
import { activations } from './activation.ts';
import { arithmetic } from './arithmetic.ts';
import { arrangements } from './arrangements.ts';
import { attention } from './attention.ts';
import { basics } from './basics.ts';
import { indexing } from './indexing.ts';
import { losses } from './losses.ts';
import { normalization } from './normalization.ts';
import { order } from './order.ts';
import { planar } from './planes.ts';
import { products } from './products.ts';
import { reductions } from './reductions.ts';
import { scatters } from './scatters.ts';
import { unary } from './unary.ts';
import { views } from './views.ts';

const sources = [
  activations,
  arithmetic,
  arrangements,
  attention,
  basics,
  indexing,
  losses,
  normalization,
  order,
  planar,
  products,
  reductions,
  scatters,
  unary,
  views,
].flat();

const casesEach = 2;

/**
 * Left out, since a result that jumps shows the rounding of what is inside, and PyTorch rounds there on its cpu
 * alone.
 */
const jumps = new Set(['floorDivide', 'fmod', 'remainder']);

/** PyTorch's gradient is a difference that bfloat16 has lost; ours is one of float32. */
const withoutGradient = new Set(['sinc']);

const isFloat32 = ({ dtype }: Input): boolean => dtype === 'float32';

/** A case with bfloat16 in place of float32. */
const brief = (c: Case): Case => ({
  ...c,
  ...(withoutGradient.has(c.op) && { grad: false }),
  inputs: Object.fromEntries(
    Object.entries(c.inputs).map(([name, x]) => [name, isFloat32(x) ? { ...x, dtype: 'bfloat16' } : x]),
  ),
});

const taken = new Map<string, Case[]>();
for (const c of sources) {
  const before = taken.get(c.op) ?? [];
  const isKnown = Object.values(c.inputs).some(isFloat32) && !/float|half/.test(c.python) && !jumps.has(c.op);
  if (isKnown && before.length < casesEach) taken.set(c.op, [...before, brief(c)]);
}

/** On the way from float32: ties to even, the smallest and the largest numbers, what overflows, NaN. */
const rounded = [1, 1.00390625, 1.01171875, -1.00390625, 3.4e38, -3.4e38, 1e-40, 0, -0, Infinity, NaN, 1.005, 65504];

export const bfloat16: Case[] = [
  ...op(
    'to',
    (
      [
        ['float32', 'bfloat16', f32([rounded.length], rounded)],
        ['float16', 'bfloat16', f16([7])],
        ['bfloat16', 'float16', bf16([7])],
        ['bfloat16', 'float32', bf16([3, 5])],
        ['bfloat16', 'int32', bf16([9], (u) => 10 * u - 5)],
        ['bfloat16', 'bool', bf16([5], [0, -0, 1, NaN, 0.1])],
        ['int32', 'bfloat16', i32([5], [0, 255, 257, 259, -70000])],
        ['uint8', 'bfloat16', u8([3])],
        ['bool', 'bfloat16', bool([2, 3])],
      ] as [string, DType, Input][]
    ).map(
      ([from, to, x]) =>
        [
          `${from} to ${to}`,
          { x },
          ({ x: t }: Record<string, torch.Tensor>) => t.to(to).mul(1),
          `x.to(torch.${to}) * 1`,
        ] as const,
    ),
  ),
  ...op('promotion', [
    ['with float32', { x: bf16([3]), y: f32([3]) }, ({ x, y }) => x.add(y), 'x + y'],
    ['with float16', { x: bf16([3]), y: f16([3]) }, ({ x, y }) => x.add(y), 'x + y'],
    ['with int64', { x: bf16([3]), y: i64([3]) }, ({ x, y }) => x.mul(y), 'x * y'],
    ['with bool', { x: bf16([4]), y: bool([4]) }, ({ x, y }) => x.mul(y), 'x * y'],
    ['with a float32 scalar', { x: bf16([3]), y: f32([]) }, ({ x, y }) => x.mul(y), 'x * y'],
    ['a scalar with float16', { x: bf16([]), y: f16([3]) }, ({ x, y }) => x.mul(y), 'x * y'],
    ['with a number', { x: bf16([5]) }, ({ x }) => x.mul(0.5).add(2), 'x * 0.5 + 2'],
  ]),
  ...op('views', [
    ['permuted', { x: permuted(bf16([3, 5])) }, ({ x }) => x.exp(), 'x.exp()'],
    ['every second', { x: stepped(bf16([3, 5])) }, ({ x }) => x.mul(2), 'x * 2'],
    ['from an odd place', { x: bf16([7]) }, ({ x }) => x.narrow(0, 3, 3).mul(2), 'x[3:6] * 2'],
    ['broadcast', { x: bf16([3, 1]), y: bf16([5]) }, ({ x, y }) => x.mul(y), 'x * y'],
    ['nothing', { x: bf16([0, 3]) }, ({ x }) => x.mul(2), 'x * 2'],
    ['one element', { x: bf16([]) }, ({ x }) => x.mul(2), 'x * 2'],
  ]),
  ...op('creation', [
    [
      'rand',
      {},
      () => (torch.manualSeed(5), torch.rand(19, { dtype: 'bfloat16' })),
      '(torch.manual_seed(5), torch.rand(19, dtype=torch.bfloat16))[1]',
    ],
    ['full', {}, () => torch.full([3], 0.1, { dtype: 'bfloat16' }), 'torch.full((3,), 0.1, dtype=torch.bfloat16)'],
    [
      'tensor',
      {},
      () => torch.tensor(rounded, { dtype: 'bfloat16' }),
      `torch.tensor([${rounded.map((v) => (Number.isNaN(v) ? 'nan' : v === Infinity ? 'inf' : Object.is(v, -0) ? '-0.0' : String(v))).join(', ')}], dtype=torch.bfloat16)`,
    ],
  ]),
  ...[...taken.values()].flat().filter((c) => !['to', 'promotion', 'views', 'creation'].includes(c.op)),
];
