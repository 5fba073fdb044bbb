/**
 * @file Short formulas that PyTorch has a name for: a row each.
 */
import { isFloat } from '../../../base/dtype.ts';
import * as e from '../../expr.ts';
import type { Attrs, Op } from '../../types.ts';
import { pythonNumber } from '../../../base/python.ts';
import { binary, call, elementwise } from './define.ts';

/** From a to b by the weight w. */
export const lerp: Op<Attrs> = elementwise({
  name: 'lerp',
  // The form that is exact at the nearer end.
  js: ([a, b, w]) => (Math.abs(w) < 0.5 ? a + w * (b - a) : b - (b - a) * (1 - w)),
  wgsl: ([a, b, w]) => `select(${b} - (${b} - ${a}) * (1.0 - ${w}), ${a} + ${w} * (${b} - ${a}), abs(${w}) < 0.5)`,
  gradient: ({ inputs: [a, b, w], grad, needs }) => [
    needs(0) ? e.sumTo(e.mul(grad, e.sub(1, w)), a.shape) : undefined,
    needs(1) ? e.sumTo(e.mul(grad, w), b.shape) : undefined,
    needs(2) ? e.sumTo(e.mul(grad, e.sub(b, a)), w.shape) : undefined,
  ],
  python: ([a, b, w]) => `torch.lerp(${a}, ${b}, ${w})`,
});

interface ValueAttrs extends Attrs {
  readonly value: number;
}

/** x + value·a·b */
export const addcmul: Op<ValueAttrs> = elementwise<ValueAttrs>({
  name: 'addcmul',
  js: ([x, a, b], { value }) => x + value * a * b,
  jsInt: ([x, a, b], { value }) => x + Math.imul(Math.imul(Math.trunc(value), a), b),
  wgsl: ([x, a, b], { value }, { output, parameter }) =>
    `(${x} + ${isFloat(output) ? parameter(value) : Math.trunc(value)} * ${a} * ${b})`,
  gradient: ({ inputs: [x, a, b], attrs: { value }, grad, needs }) => [
    needs(0) ? e.sumTo(grad, x.shape) : undefined,
    needs(1) ? e.sumTo(e.mul(grad, e.mul(b, value)), a.shape) : undefined,
    needs(2) ? e.sumTo(e.mul(grad, e.mul(a, value)), b.shape) : undefined,
  ],
  python: ([x, a, b], { value }) => `torch.addcmul(${x}, ${a}, ${b}, value=${pythonNumber(value)})`,
});

/** x + value·a/b */
export const addcdiv: Op<ValueAttrs> = elementwise<ValueAttrs>({
  name: 'addcdiv',
  js: ([x, a, b], { value }) => x + (value * a) / b,
  wgsl: ([x, a, b], { value }, { parameter }) => `(${x} + ${parameter(value)} * ${a} / ${b})`,
  gradient: ({ inputs: [x, a, b], attrs: { value }, grad, needs }) => [
    needs(0) ? e.sumTo(grad, x.shape) : undefined,
    needs(1) ? e.sumTo(e.mul(grad, e.div(value, b)), a.shape) : undefined,
    needs(2) ? e.sumTo(e.neg(e.mul(grad, e.div(e.mul(a, value), e.mul(b, b)))), b.shape) : undefined,
  ],
  python: ([x, a, b], { value }) => `torch.addcdiv(${x}, ${a}, ${b}, value=${pythonNumber(value)})`,
});

interface ReplacementAttrs extends Attrs {
  readonly nan: number;
  readonly posinf: number;
  readonly neginf: number;
}

/** Numbers in place of NaN and the infinities. */
export const nanToNum: Op<ReplacementAttrs> = elementwise<ReplacementAttrs>({
  name: 'nanToNum',
  js: ([x], { nan, posinf, neginf }) =>
    Number.isNaN(x) ? nan : x === Infinity ? posinf : x === -Infinity ? neginf : x,
  wgsl: ([x], { nan, posinf, neginf }, { parameter }) =>
    `select(select(${x}, select(${parameter(posinf)}, ${parameter(neginf)}, is_negative(${x})), is_infinite(${x})), ${parameter(nan)}, is_nan(${x}))`,
  gradient: ({ inputs: [x], grad }) => [e.where(e.isfinite(x), grad, 0)],
  python: ([x], { nan, posinf, neginf }) =>
    `torch.nan_to_num(${x}, nan=${pythonNumber(nan)}, posinf=${pythonNumber(posinf)}, neginf=${pythonNumber(neginf)})`,
});

/** a·log(b), and 0 where a is 0. */
export const xlogy = binary('xlogy', {
  js: (a, b) => (a === 0 && !Number.isNaN(b) ? 0 : a * Math.log(b)),
  wgsl: (a, b) => `select(${a} * torch_log(${b}), 0.0, ${a} == 0.0 && !is_nan(${b}))`,
  uses: ['exponential'],
  python: call('torch.xlogy'),
  derivatives: [
    (a, b, _y, g) => e.where(e.logicalAnd(e.eq(a, 0), e.le(b, 0)), 0, e.xlogy(g, b)),
    (a, b, _y, g) => e.mul(g, e.div(a, b)),
  ],
});

/** log(exp(a) + exp(b)), without overflow. */
export const logaddexp = binary('logaddexp', {
  js: (a, b) => (a === b && !Number.isFinite(a) ? a : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)))),
  wgsl: (a, b) =>
    `select(larger(${a}, ${b}) + torch_log1p(torch_exp(-abs(${a} - ${b}))), ${a}, ${a} == ${b} && is_infinite(${a}))`,
  uses: ['exponential'],
  python: call('torch.logaddexp'),
  derivatives: [(a, b, _y, g) => e.mul(g, e.sigmoid(e.sub(a, b))), (a, b, _y, g) => e.mul(g, e.sigmoid(e.sub(b, a)))],
});

export const hypot = binary('hypot', {
  js: Math.hypot,
  wgsl: call('hypotenuse'),
  python: call('torch.hypot'),
  derivatives: [(a, _b, y, g) => e.mul(g, e.div(a, y)), (_a, b, y, g) => e.mul(g, e.div(b, y))],
});
