/**
 * @file Arithmetic, element by element. Operands broadcast and promote as in PyTorch.
 */
import { fail } from '../../base/errors.ts';
import * as ops from '../../graph/ops/elementwise/index.ts';
import type { Methods, Tensor } from '../tensor.ts';
import { attach } from '../tensor.ts';
import { floating, one, several, two } from './apply.ts';
import type { Operand } from './promote.ts';
import { resultType } from './promote.ts';

const scaled = (b: Operand, alpha: number | undefined): Operand => (alpha === undefined ? b : typeof b === 'object' ? mul(b, alpha) : Number(b) * alpha);

/** a + alpha·b */
export const add = (a: Tensor, b: Operand, options: { alpha?: number } = {}): Tensor => two(ops.add, a, scaled(b, options.alpha));

/** a − alpha·b */
export function sub(a: Tensor, b: Operand, options: { alpha?: number } = {}): Tensor {
  if (resultType(a) === 'bool' || resultType(b) === 'bool') fail('sub: a bool cannot be subtracted; use logicalXor or logicalNot, or convert with .to()');
  return two(ops.sub, a, scaled(b, options.alpha));
}

export const mul = (a: Tensor, b: Operand): Tensor => two(ops.mul, a, b);

export interface DivOptions {
  /** `'floor'` and `'trunc'` give whole numbers; integers then stay integers. */
  readonly roundingMode?: 'floor' | 'trunc' | null;
}

/** a / b; integers divide to float32 unless the quotient is rounded. */
export function div(a: Tensor, b: Operand, { roundingMode = null }: DivOptions = {}): Tensor {
  if (roundingMode === 'floor') return floorDivide(a, b);
  if (roundingMode === 'trunc') return two(ops.truncDivide, a, b);
  if (roundingMode !== null) fail(`div: unknown roundingMode '${String(roundingMode)}'; known are 'floor', 'trunc' and null`);
  return two(ops.div, a, b, floating(resultType(a, b)));
}

/** The largest whole number not above a / b. */
export const floorDivide = (a: Tensor, b: Operand): Tensor => two(ops.floorDivide, a, b);
/** What floorDivide leaves: it has the sign of b, as Python's %. */
export const remainder = (a: Tensor, b: Operand): Tensor => two(ops.remainder, a, b);
/** What division towards zero leaves: it has the sign of a, as in C. */
export const fmod = (a: Tensor, b: Operand): Tensor => two(ops.fmod, a, b);

/** a to the power b; integers stay integers. */
export function pow(a: Tensor, b: Operand): Tensor {
  const dtype = resultType(a, b);
  if (dtype !== 'float32' && dtype !== 'float16' && typeof b === 'number' && b < 0) fail(`pow: an integer tensor to the negative power ${b} is no integer; convert it with .to('float32')`);
  return b === 0.5 ? one(ops.sqrt, a, {}, floating(dtype)) : two(ops.pow, a, b, dtype);
}

/** The larger of two, NaN where either is. */
export const maximum = (a: Tensor, b: Operand): Tensor => two(ops.maximum, a, b);
/** The smaller of two, NaN where either is. */
export const minimum = (a: Tensor, b: Operand): Tensor => two(ops.minimum, a, b);

/** Not below `min` and not above `max`; either may be left out, and either may be a tensor. */
export function clamp(a: Tensor, min?: Operand | null, max?: Operand | null): Tensor {
  if (min == null && max == null) fail('clamp: give min, max or both');
  if (max == null) return clampMin(a, min!);
  if (min == null) return clampMax(a, max);
  return several(ops.clamp, [a, min, max], {});
}
export const clampMin = (a: Tensor, min: Operand): Tensor => two(ops.clampMin, a, min);
export const clampMax = (a: Tensor, max: Operand): Tensor => two(ops.clampMax, a, max);

/** From a to b by the weight. */
export const lerp = (a: Tensor, b: Tensor, weight: Tensor | number): Tensor => several(ops.lerp, [a, b, weight], {});
/** a + value·b·c */
export const addcmul = (a: Tensor, b: Tensor, c: Tensor, { value = 1 }: { value?: number } = {}): Tensor => several(ops.addcmul, [a, b, c], { value });
/** a + value·b/c */
export const addcdiv = (a: Tensor, b: Tensor, c: Tensor, { value = 1 }: { value?: number } = {}): Tensor => several(ops.addcdiv, [a, b, c], { value });

const realPair = (op: typeof ops.atan2) => (a: Tensor, b: Operand): Tensor => two(op, a, b, floating(resultType(a, b)));

/** The angle of the point (b, a) from the first axis. */
export const atan2 = realPair(ops.atan2);
/** The length of the vector (a, b). */
export const hypot = realPair(ops.hypot);
/** a·log(b), and 0 where a is 0. */
export const xlogy = realPair(ops.xlogy);
/** log(exp(a) + exp(b)) */
export const logaddexp = realPair(ops.logaddexp);

const pointwise = { add, sub, mul, div, floorDivide, remainder, fmod, pow, maximum, minimum, clamp, clampMin, clampMax, lerp, addcmul, addcdiv, atan2, hypot, xlogy, logaddexp };
/** The options that each knows. */
export const options = { add: ['alpha'], sub: ['alpha'], div: ['roundingMode'], addcmul: ['value'], addcdiv: ['value'] };

/** As programs call them. */
export const called = attach(pointwise, {
  clamp: 'torch.clamp',
  clampMin: ['torch.clamp', (a, min) => [a, { min }]],
  clampMax: ['torch.clamp', (a, max) => [a, { max }]],
}, options);

declare module '../tensor.ts' {
  interface Tensor extends Methods<typeof pointwise> {}
}
