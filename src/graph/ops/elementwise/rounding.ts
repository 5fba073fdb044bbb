/**
 * @file Rounding, and questions about a number: a row each.
 */
import { roundHalfEven } from '../../../base/special.ts';
import * as e from '../../expr.ts';
import type { UnaryRow } from './define.ts';
import { call, unary } from './define.ts';

/** Constant between its steps. */
const steps = (name: string, js: UnaryRow['js']) =>
  unary(name, { js, wgsl: call(name), derivative: (x) => e.fullLike(x, 0) });

export const floor = steps('floor', Math.floor);
export const ceil = steps('ceil', Math.ceil);
/** The nearest integer; a tie goes to the even one. */
export const round = steps('round', roundHalfEven);
export const trunc = steps('trunc', Math.trunc);
/** What trunc leaves. */
export const frac = unary('frac', {
  js: (x) => x - Math.trunc(x),
  wgsl: (x) => `(${x} - trunc(${x}))`,
  derivative: (_x, _y, g) => g,
});

const question = (name: string, js: (x: number) => boolean, wgsl: string) =>
  unary(name, {
    js: (x) => Number(js(x)),
    wgsl: (x) => `select(0i, 1i, ${wgsl.replaceAll('x', x)})`,
    derivative: 'none',
    result: 'bool',
  });

export const isnan = question('isnan', Number.isNaN, 'is_nan(x)');
export const isinf = question('isinf', (x) => Math.abs(x) === Infinity, 'is_infinite(x)');
export const isfinite = question('isfinite', Number.isFinite, 'is_finite(x)');
export const isposinf = question('isposinf', (x) => x === Infinity, 'is_infinite(x) && !is_negative(x)');
export const isneginf = question('isneginf', (x) => x === -Infinity, 'is_infinite(x) && is_negative(x)');
