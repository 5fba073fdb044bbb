/**
 * @file Exponentials, logarithms, powers of one operand, hyperbolic functions, the error function: a row each.
 */
import { erf as erfOf, erfc as erfcOf } from '../../../base/special.ts';
import * as e from '../../expr.ts';
import type { Node } from '../../types.ts';
import type { UnaryRow } from './define.ts';
import { call, unary } from './define.ts';

const smooth = (name: string, js: UnaryRow['js'], derivative: UnaryRow['derivative']) =>
  unary(name, { js, wgsl: call(`torch_${name}`), uses: ['exponential'], derivative });

/** The square root of 1 + s x². */
const root = (x: Node, s: 1 | -1): Node => e.sqrt(s === 1 ? e.add(e.mul(x, x), 1) : e.sub(e.mul(x, x), 1));

export const exp2 = smooth(
  'exp2',
  (x) => 2 ** x,
  (_x, y, g) => e.mul(g, e.mul(y, Math.LN2)),
);
/** e to the x, minus 1, without losing the small ones. */
export const expm1 = smooth('expm1', Math.expm1, (_x, y, g) => e.mul(g, e.add(y, 1)));
export const log2 = smooth('log2', Math.log2, (x, _y, g) => e.div(g, e.mul(x, Math.LN2)));
export const log10 = smooth('log10', Math.log10, (x, _y, g) => e.div(g, e.mul(x, Math.LN10)));
/** The logarithm of 1 + x, without losing the small ones. */
export const log1p = smooth('log1p', Math.log1p, (x, _y, g) => e.div(g, e.add(x, 1)));

/** log(x / (1 − x)), the inverse of sigmoid. */
export const logit = unary('logit', {
  js: (x) => Math.log(x / (1 - x)),
  wgsl: (x) => `torch_log(${x} / (1.0 - ${x}))`,
  uses: ['exponential'],
  derivative: (x, _y, g) =>
    e.where(e.logicalAnd(e.ge(x, 0), e.le(x, 1)), e.div(g, e.abs(e.mul(x, e.sub(1, x)))), Number.NaN),
});

export const sinh = smooth('sinh', Math.sinh, (x, _y, g) => e.mul(g, e.cosh(x)));
export const cosh = smooth('cosh', Math.cosh, (x, _y, g) => e.mul(g, e.sinh(x)));
export const asinh = smooth('asinh', Math.asinh, (x, _y, g) => e.div(g, root(x, 1)));
export const acosh = smooth('acosh', Math.acosh, (x, _y, g) => e.div(g, root(x, -1)));
export const atanh = smooth('atanh', Math.atanh, (x, _y, g) => e.div(g, e.sub(1, e.mul(x, x))));

export const square = unary('square', {
  js: (x) => x * x,
  jsInt: (x) => Math.imul(x, x),
  wgsl: (x) => `(${x} * ${x})`,
  derivative: (x, _y, g) => e.mul(g, e.mul(x, 2)),
});
export const reciprocal = unary('reciprocal', {
  js: (x) => 1 / x,
  wgsl: (x) => `(1.0 / ${x})`,
  derivative: (_x, y, g) => e.neg(e.mul(g, e.mul(y, y))),
});

/** 2/√π e^(−x²), the derivative of erf. */
const bell = (x: Node): Node => e.mul(e.exp(e.neg(e.mul(x, x))), 2 / Math.sqrt(Math.PI));

export const erf = unary('erf', {
  js: erfOf,
  wgsl: call('torch_erf'),
  uses: ['exponential', 'error_function'],
  derivative: (x, _y, g) => e.mul(g, bell(x)),
});
/** 1 − erf(x), without losing the small ones. */
export const erfc = unary('erfc', {
  js: erfcOf,
  wgsl: call('torch_erfc'),
  uses: ['exponential', 'error_function'],
  derivative: (x, _y, g) => e.neg(e.mul(g, bell(x))),
});
