/**
 * @file Divisions to whole numbers, and their remainders: a row each. Integers are not divided by zero: who records
 * these operations checks that (`checks.ts`).
 */
import * as e from '../../expr.ts';
import { binary, call } from './define.ts';

/** The remainder with the sign of b, as Python's %, exact however large the quotient is. */
const pythonRemainder = (a: number, b: number): number => {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
};

/** The quotient's floor, from the remainder, since a / b itself may be rounded up to the next whole number. */
function floorOf(a: number, b: number): number {
  if (b === 0) return a / b;
  const rest = a % b;
  const quotient = (a - rest) / b - (rest !== 0 && rest < 0 !== b < 0 ? 1 : 0);
  return quotient === 0 ? 0 * Math.sign(a / b) : Math.round(quotient);
}

export const floorDivide = binary('floorDivide', {
  js: floorOf,
  wgsl: call('torch_floor_divide'),
  wgslInt: call('floor_divide_int'),
  uses: ['division'],
  python: call('torch.floor_divide'),
  derivatives: 'none',
});
/** The quotient without its fraction; the gradient is zero. */
export const truncDivide = binary('truncDivide', {
  js: (a, b) => Math.trunc(a / b),
  wgsl: (a, b) => `trunc(${a} / ${b})`,
  wgslInt: (a, b) => `(${a} / ${b})`,
  python: (a, b) => `torch.div(${a}, ${b}, rounding_mode="trunc")`,
  derivatives: [(_a, _b, y) => e.fullLike(y, 0), (_a, _b, y) => e.fullLike(y, 0)],
});
/** The remainder with the sign of b. */
export const remainder = binary('remainder', {
  js: pythonRemainder,
  wgsl: call('torch_remainder'),
  wgslInt: call('remainder_int'),
  uses: ['division'],
  python: call('torch.remainder'),
  derivatives: [(_a, _b, _y, g) => g, (a, b, _y, g) => e.neg(e.mul(g, e.floorDivide(a, b)))],
});
/** The remainder with the sign of a, as in C. */
export const fmod = binary('fmod', {
  js: (a, b) => a % b,
  wgsl: call('torch_fmod'),
  wgslInt: (a, b) => `(${a} % ${b})`,
  uses: ['division'],
  python: call('torch.fmod'),
  derivatives: [(_a, _b, _y, g) => g, (a, b, _y, g) => e.neg(e.mul(g, e.trunc(e.div(a, b))))],
});
