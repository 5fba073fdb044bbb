/**
 * @file Pointwise operations of two operands, and `where`: a row each. Operands broadcast; gradients sum back.
 */
import * as e from '../../expr.ts';
import type { Attrs, Op } from '../../types.ts';
import { binary, call, elementwise, infix } from './define.ts';

export const add = binary('add', {
  js: (a, b) => a + b,
  wgsl: infix('+'),
  python: infix('+'),
  takesNumbers: true,
  derivatives: [(_a, _b, _y, g) => g, (_a, _b, _y, g) => g],
});
export const sub = binary('sub', {
  js: (a, b) => a - b,
  wgsl: infix('-'),
  python: infix('-'),
  takesNumbers: true,
  derivatives: [(_a, _b, _y, g) => g, (_a, _b, _y, g) => e.neg(g)],
});
export const mul = binary('mul', {
  js: (a, b) => a * b,
  jsInt: Math.imul,
  wgsl: infix('*'),
  python: infix('*'),
  takesNumbers: true,
  derivatives: [(_a, b, _y, g) => e.mul(g, b), (a, _b, _y, g) => e.mul(g, a)],
});
export const div = binary('div', {
  js: (a, b) => a / b,
  wgsl: infix('/'),
  python: infix('/'),
  takesNumbers: true,
  derivatives: [(_a, b, _y, g) => e.div(g, b), (_a, b, y, g) => e.neg(e.div(e.mul(g, y), b))],
});

const comparison = (name: string, symbol: string, js: (a: number, b: number) => boolean): Op<Attrs> =>
  binary(name, {
    js: (a, b) => Number(js(a, b)),
    wgsl: (a, b) => `select(0i, 1i, (${a}) ${symbol} (${b}))`,
    python: infix(symbol),
    takesNumbers: true,
    derivatives: 'none',
    result: 'bool',
  });

export const eq = comparison('eq', '==', (a, b) => a === b);
// Not !=, which is false of NaN on the GPU.
export const ne = binary('ne', {
  js: (a, b) => Number(a !== b),
  wgsl: (a, b) => `select(1i, 0i, (${a}) == (${b}))`,
  python: infix('!='),
  takesNumbers: true,
  derivatives: 'none',
  result: 'bool',
});
export const lt = comparison('lt', '<', (a, b) => a < b);
export const le = comparison('le', '<=', (a, b) => a <= b);
export const gt = comparison('gt', '>', (a, b) => a > b);
export const ge = comparison('ge', '>=', (a, b) => a >= b);

/** As in C, where 1 to any power and −1 to an infinite one are 1. */
const powerOf = (a: number, b: number): number => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b);

/** The low 32 bits of a whole power, by squaring; of a negative one, what is left of the fraction. */
function wholePower(a: number, n: number): number {
  if (n < 0) return Math.abs(a) === 1 ? a ** (n % 2) : 0;
  let result = 1;
  for (let square = a, rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}

/** a to the power b, for negative a too where b is whole. */
export const pow = binary('pow', {
  js: powerOf,
  jsInt: wholePower,
  wgsl: call('torch_pow'),
  wgslInt: call('whole_power_int'),
  uses: ['exponential', 'power'],
  python: infix('**'),
  takesNumbers: true,
  derivatives: [
    (a, b, _y, g) => e.where(e.eq(b, 0), 0, e.mul(g, e.mul(b, e.pow(a, e.sub(b, 1))))),
    (a, b, y, g) => e.mul(g, e.where(e.logicalAnd(e.eq(a, 0), e.ge(b, 0)), 0, e.mul(y, e.log(a)))),
  ],
});

/** a where the condition holds, else b. */
export const where: Op<Attrs> = elementwise({
  name: 'where',
  free: 1,
  js: ([c, a, b]) => (c !== 0 ? a : b),
  wgsl: ([c, a, b]) => `select(${b}, ${a}, (${c}) != 0)`,
  gradient: ({ inputs: [c, a, b], grad, needs }) => [
    undefined,
    needs(1) ? e.sumTo(e.where(c, grad, 0), a.shape) : undefined,
    needs(2) ? e.sumTo(e.where(c, 0, grad), b.shape) : undefined,
  ],
  python: ([c, a, b]) => `torch.where(${c}, ${a}, ${b})`,
});
