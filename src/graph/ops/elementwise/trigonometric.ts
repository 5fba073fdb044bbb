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
