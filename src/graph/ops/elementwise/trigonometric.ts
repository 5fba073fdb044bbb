/**
 * @file Trigonometric functions and their inverses: a row each. (Sine and cosine are in unary.ts.)
 */
import * as e from '../../expr.ts';
import type { UnaryRow } from './define.ts';
import { binary, call, unary } from './define.ts';

const smooth = (name: string, js: UnaryRow['js'], derivative: UnaryRow['derivative']) =>
  unary(name, { js, wgsl: call(`torch_${name}`), uses: ['trigonometric'], derivative });

export const tan = smooth('tan', Math.tan, (_x, y, g) => e.mul(g, e.add(e.mul(y, y), 1)));
export const asin = smooth('asin', Math.asin, (x, _y, g) => e.mul(g, e.rsqrt(e.sub(1, e.mul(x, x)))));
export const acos = smooth('acos', Math.acos, (x, _y, g) => e.neg(e.mul(g, e.rsqrt(e.sub(1, e.mul(x, x))))));
export const atan = smooth('atan', Math.atan, (x, _y, g) => e.div(g, e.add(e.mul(x, x), 1)));

/**
 * sin(πx) / (πx), and 1 at 0, around which the slope is 0. As in PyTorch πx is a float32, whose rounding is all that is
 * left at whole numbers.
 */
export const sinc = unary('sinc', {
  js: (x) => {
    const angle = Math.fround(Math.fround(Math.PI) * x);
    return x === 0 ? 1 : Math.sin(angle) / angle;
  },
  wgsl: (x) => `select(torch_sin(${x} * 3.1415927) / (${x} * 3.1415927), 1, ${x} == 0)`,
  uses: ['trigonometric'],
  derivative: (x, _y, g) => {
    const angle = e.mul(x, Math.PI);
    const square = e.mul(angle, x);
    const rise = e.sub(e.mul(e.cos(angle), angle), e.sin(angle));
    return e.where(e.eq(square, 0), 0, e.mul(g, e.div(rise, square)));
  },
});

/** The angle of the point (b, a) from the first axis, from −π to π. */
export const atan2 = binary('atan2', {
  js: Math.atan2,
  wgsl: call('torch_atan2'),
  uses: ['trigonometric'],
  python: call('torch.atan2'),
  derivatives: [
    (a, b, _y, g) => e.mul(g, e.div(b, e.add(e.mul(a, a), e.mul(b, b)))),
    (a, b, _y, g) => e.neg(e.mul(g, e.div(a, e.add(e.mul(a, a), e.mul(b, b))))),
  ],
});
