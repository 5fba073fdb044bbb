/**
 * @file Functions of one operand: each on every layout, dtype and kind of number.
 */
import * as torch from '../../../src/torch/torch.ts';
import type { Case, CaseOptions, Input, Numbers, Row } from '../case.ts';
import { bool, f16, f32, i32, i8, op, permuted, positive, signed, stepped, u8, unit } from '../case.ts';

type Unary = (x: torch.Tensor) => torch.Tensor;

/**
 * Of every sign and magnitude, exactly representable or not; no subnormal ones, which WGSL lets a device take for 0.
 */
const edges: readonly number[] = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  1e-30,
  -1e-30,
  3e-38,
  1e30,
  -1e30,
  1e38,
  1e-7,
  -1e-7,
  0.3,
  88,
  -88,
  104,
  -104,
  0.999999,
  -0.999999,
  1.000001,
];
/** From far to near, where the reductions of arguments change. */
const sweep: Numbers = (u, i) => (i % 2 ? -1 : 1) * 2 ** (i / 8 - 12) * (1 + u);

const floating = (of: Unary, python: string, numbers: Numbers, options: CaseOptions = {}): Row[] => {
  const row = (title: string, x: Input, more: CaseOptions = {}): Row => [
    title,
    { x },
    ({ x: t }) => of(t),
    python,
    { ...options, ...more },
  ];
  return [
    row('a vector', f32([7], numbers), { grad: options.grad ?? 'twice' }),
    row('three dimensions', f32([2, 3, 5], numbers)),
    row('a scalar', f32([], numbers)),
    row('nothing', f32([0, 3], numbers)),
    row('one element', f32([1, 1, 1], numbers)),
    row('permuted', permuted(f32([3, 5], numbers))),
    row('every second', stepped(f32([2, 5], numbers))),
    row('halves', f16([9], numbers)),
    row('edges', f32([edges.length], edges), { grad: false, relative: true }),
    row('sweep', f32([200], sweep), { grad: false, relative: true }),
  ];
};

/** Beside floats, integers and bools, which become float32. */
const real = (name: string, python: string, numbers: Numbers, options: CaseOptions = {}): Case[] => {
  const of = (torch as unknown as Record<string, Unary>)[name];
  const integers = (title: string, x: Input): Row => [
    title,
    { x },
    ({ x: t }) => of(t),
    python,
    { ...options, relative: true },
  ];
  return op(name, [
    ...floating(of, python, numbers, options),
    integers('integers', i32([6], [0, 1, 2, 3, 5, 10])),
    integers('bools', bool([3], [0, 1, 1])),
  ]);
};

/** Integers keep their dtype. */
const kept = (name: string, python: string, options: CaseOptions = {}, bools = false): Case[] => {
  const of = (torch as unknown as Record<string, Unary>)[name];
  const integers = (title: string, x: Input): Row => [title, { x }, ({ x: t }) => of(t), python, options];
  return op(name, [
    ...floating(of, python, signed, options),
    integers('integers', i32([2, 7])),
    integers('bytes', u8([4], [0, 3, 128, 255])),
    integers('small integers', i8([5], [0, 3, -3, 127, -127])),
    ...(bools ? [integers('bools', bool([3], [0, 1, 1]))] : []),
  ]);
};

const above: Numbers = (u) => 1.1 + 3 * u;

export const unary: Case[] = [
  ...real('exp', 'torch.exp(x)', signed),
  ...real('exp2', 'torch.exp2(x)', signed),
  ...real('expm1', 'torch.expm1(x)', signed),
  ...real('log', 'torch.log(x)', positive),
  ...real('log2', 'torch.log2(x)', positive),
  ...real('log10', 'torch.log10(x)', positive),
  ...real('log1p', 'torch.log1p(x)', unit),
  ...real('sqrt', 'torch.sqrt(x)', positive),
  ...real('rsqrt', 'torch.rsqrt(x)', positive),
  ...real('reciprocal', 'torch.reciprocal(x)', positive),
  ...real('sigmoid', 'torch.sigmoid(x)', signed),
  ...real('erf', 'torch.erf(x)', signed),
  ...real('erfc', 'torch.erfc(x)', signed),
  ...real('sin', 'torch.sin(x)', signed),
  ...real('cos', 'torch.cos(x)', signed),
  ...real('tan', 'torch.tan(x)', unit),
  // At whole numbers all of the result is the rounding of πx, of which a sine keeps an absolute error.
  ...real('sinc', 'torch.sinc(x)', signed, { slack: 2 }),
  ...real('asin', 'torch.asin(x)', (u) => 1.8 * u - 0.9),
  ...real('acos', 'torch.acos(x)', (u) => 1.8 * u - 0.9),
  ...real('atan', 'torch.atan(x)', signed),
  ...real('sinh', 'torch.sinh(x)', signed),
  ...real('cosh', 'torch.cosh(x)', signed),
  ...real('tanh', 'torch.tanh(x)', signed),
  ...real('asinh', 'torch.asinh(x)', signed),
  ...real('acosh', 'torch.acosh(x)', above),
  ...real('atanh', 'torch.atanh(x)', (u) => 1.8 * u - 0.9),
  ...real('deg2rad', 'torch.deg2rad(x)', signed),
  ...real('rad2deg', 'torch.rad2deg(x)', signed),
  // PyTorch's second derivative of |x| is not quite 0.
  ...kept('abs', 'torch.abs(x)', { grad: true }),
  ...kept('neg', 'torch.neg(x)'),
  ...kept('sign', 'torch.sign(x)', {}, true),
  ...kept('square', 'torch.square(x)', {}, true),
  ...kept('relu', 'torch.relu(x)'),
  ...kept('floor', 'torch.floor(x)'),
  ...kept('ceil', 'torch.ceil(x)'),
  ...kept('round', 'torch.round(x)'),
  ...kept('trunc', 'torch.trunc(x)'),
  ...kept('isnan', 'torch.isnan(x)', {}, true),
  ...kept('isinf', 'torch.isinf(x)', {}, true),
  ...kept('isfinite', 'torch.isfinite(x)', {}, true),
  ...kept('isposinf', 'torch.isposinf(x)'),
  ...kept('isneginf', 'torch.isneginf(x)'),
  ...kept('logicalNot', 'torch.logical_not(x)', {}, true),
  ...kept('nanToNum', 'torch.nan_to_num(x)'),
  ...op('frac', floating(torch.frac, 'torch.frac(x)', signed)),
  ...op('bitwiseNot', [
    ['integers', { x: i32([2, 7]) }, ({ x }) => torch.bitwiseNot(x), 'torch.bitwise_not(x)'],
    ['bytes', { x: u8([7]) }, ({ x }) => torch.bitwiseNot(x), 'torch.bitwise_not(x)'],
    ['small integers', { x: i8([7]) }, ({ x }) => torch.bitwiseNot(x), 'torch.bitwise_not(x)'],
    ['bools', { x: bool([7]) }, ({ x }) => torch.bitwiseNot(x), 'torch.bitwise_not(x)'],
    ['a scalar', { x: i32([]) }, ({ x }) => torch.bitwiseNot(x), 'torch.bitwise_not(x)'],
    ['nothing', { x: i32([2, 0]) }, ({ x }) => torch.bitwiseNot(x), 'torch.bitwise_not(x)'],
    ['permuted', { x: permuted(i32([3, 4])) }, ({ x }) => torch.bitwiseNot(x), 'torch.bitwise_not(x)'],
    ['every second', { x: stepped(i32([3, 4])) }, ({ x }) => torch.bitwiseNot(x), 'torch.bitwise_not(x)'],
  ]),
];
