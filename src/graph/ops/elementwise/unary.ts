/**
 * @file Pointwise operations of one operand: a row each.
 */
import type { DType } from '../../../base/dtype.ts';
import { dtypes } from '../../../base/dtype.ts';
import * as e from '../../expr.ts';
import type { Attrs, Op } from '../../types.ts';
import { call, elementwise, unary } from './define.ts';

export const neg = unary('neg', { js: (x) => -x, wgsl: (x) => `-(${x})`, derivative: (_x, _y, g) => e.neg(g) });
export const abs = unary('abs', { js: Math.abs, wgsl: call('abs'), derivative: (x, _y, g) => e.mul(g, e.sign(x)) });
export const sign = unary('sign', {
  js: (x) => (x > 0 ? 1 : x < 0 ? -1 : 0),
  wgsl: (x) => `select(select(0, -1, ${x} < 0), 1, ${x} > 0)`,
  derivative: (x) => e.fullLike(x, 0),
});
export const exp = unary('exp', {
  js: Math.exp,
  wgsl: call('torch_exp'),
  uses: ['exponential'],
  derivative: (_x, y, g) => e.mul(g, y),
});
export const log = unary('log', {
  js: Math.log,
  wgsl: call('torch_log'),
  uses: ['exponential'],
  derivative: (x, _y, g) => e.div(g, x),
});
export const sqrt = unary('sqrt', {
  js: Math.sqrt,
  wgsl: call('sqrt'),
  derivative: (_x, y, g) => e.div(g, e.mul(y, 2)),
});
export const rsqrt = unary('rsqrt', {
  js: (x) => 1 / Math.sqrt(x),
  wgsl: call('inverseSqrt'),
  derivative: (_x, y, g) => e.mul(g, e.mul(e.mul(e.mul(y, y), y), -0.5)),
});
export const sin = unary('sin', {
  js: Math.sin,
  wgsl: call('torch_sin'),
  uses: ['trigonometric'],
  derivative: (x, _y, g) => e.mul(g, e.cos(x)),
});
export const cos = unary('cos', {
  js: Math.cos,
  wgsl: call('torch_cos'),
  uses: ['trigonometric'],
  derivative: (x, _y, g) => e.neg(e.mul(g, e.sin(x))),
});
export const tanh = unary('tanh', {
  js: Math.tanh,
  wgsl: call('torch_tanh'),
  uses: ['exponential'],
  derivative: (_x, y, g) => e.mul(g, e.sub(1, e.mul(y, y))),
});
export const sigmoid = unary('sigmoid', {
  js: (x) => 1 / (1 + Math.exp(-x)),
  wgsl: call('torch_sigmoid'),
  uses: ['exponential'],
  derivative: (_x, y, g) => e.mul(g, e.mul(y, e.sub(1, y))),
});
export const logicalNot = unary('logicalNot', {
  js: (x) => (x === 0 ? 1 : 0),
  wgsl: (x) => `select(0i, 1i, (${x}) == 0)`,
  derivative: 'none',
  result: 'bool',
  python: 'logical_not',
});

/** max(x, 0); the comparison keeps a NaN a NaN, as in PyTorch. */
export const relu = unary('relu', {
  js: (x) => (x < 0 ? 0 : x),
  wgsl: (x) => `select(${x}, 0, ${x} < 0)`,
  derivative: (_x, y, g) => e.where(e.le(y, 0), 0, g),
});

interface CastAttrs extends Attrs {
  readonly dtype: DType;
}

/** To another dtype: floats truncate towards zero, integers wrap, anything but 0 is true. */
export const cast: Op<CastAttrs> = elementwise<CastAttrs>({
  name: 'cast',
  js: ([x]) => x,
  wgsl: ([x]) => x,
  result: (_, { dtype }) => dtype,
  gradient: ({ inputs: [x], grad }) => [e.cast(grad, x.dtype)],
  python: ([x], { dtype }) => `${x}.to(${dtypes[dtype].python})`,
});
