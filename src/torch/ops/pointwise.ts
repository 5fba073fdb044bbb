/**
 * @file Arithmetic, element by element. Operands broadcast and promote as in PyTorch.
 */
import { isFloat } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import * as ops from '../../graph/ops/elementwise/index.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import type { Attrs, Op } from '../../graph/types.ts';
import { Tensor } from '../tensor.ts';
import { floating, one, several, two } from './apply.ts';
import type { Operand } from './promote.ts';
import { withoutZero } from './checks.ts';
import { resultType, toNodes } from './promote.ts';
import { recordWhole } from './int64.ts';
import type { MethodsAndForms } from './inplace-forms.ts';
import { methodsAndForms } from './inplace-forms.ts';

/** a + alpha·b or a − alpha·b, in the dtype of a and b: −2·1.5 is a whole number, and 1.5 is none. */
function withScaled(what: string, op: typeof ops.add, a: Tensor, b: Operand, alpha: number): Tensor {
  if (alpha === 1) return two(op, a, b);
  const dtype = resultType(a, b);
  if (!Number.isInteger(alpha) && !isFloat(dtype))
    fail(
      `${what}: alpha is ${alpha}, and whole numbers have no such part; give a whole number, or convert with .float()`,
    );
  const scaled = typeof b === 'object' ? two(ops.mul, b, alpha) : Number(b) * alpha;
  return two(op, a, dtype === 'bool' && typeof scaled === 'number' ? scaled !== 0 : scaled, dtype);
}

const [input, other] = [p.tensor('input'), p.operand('other')];
const binary = (name: string, body: (a: Tensor, b: Operand) => Tensor) =>
  fn(name, [input, other], (input, other): Tensor => body(input, other));

/** a + alpha·b */
export const add = fn('torch.add', [input, other, '*', p.float('alpha', 1)], (input, other, alpha): Tensor =>
  withScaled('add', ops.add, input, other, alpha),
);

/** a − alpha·b */
export const sub = fn('torch.sub', [input, other, '*', p.float('alpha', 1)], (input, other, alpha): Tensor => {
  if (resultType(input) === 'bool' || resultType(other) === 'bool')
    fail('sub: a bool cannot be subtracted; use logicalXor or logicalNot, or convert with .to()');
  return withScaled('sub', ops.sub, input, other, alpha);
});

/** a · b; the shapes broadcast. */
export const mul = binary('torch.mul', (a, b) => two(ops.mul, a, b));

/** A whole quotient or what it leaves, which of integers divided by 0 is nothing. */
function divided(what: string, op: Op<Attrs>, a: Tensor, b: Operand): Tensor {
  const dtype = resultType(a, b);
  const [x, y] = toNodes([a, b], dtype);
  const message = `${what}: a whole number divided by 0{place} is none; convert one with .float(), or replace the 0`;
  return new Tensor(recordWhole(op, [x, isFloat(dtype) ? y : withoutZero(y, message)], {}));
}

/**
 * a / b; integers divide to float32 unless the quotient is rounded: `'floor'` and `'trunc'` give whole numbers, and
 * integers then stay integers.
 */
export const div = fn(
  'torch.div',
  [input, other, '*', p.choice(['floor', 'trunc'])('roundingMode', null)],
  (input, other, roundingMode): Tensor => {
    if (roundingMode === 'floor') return divided('div', ops.floorDivide, input, other);
    return roundingMode === 'trunc'
      ? divided('div', ops.truncDivide, input, other)
      : two(ops.div, input, other, floating(resultType(input, other)));
  },
);

/** The largest integer not above a / b. */
export const floorDivide = binary('torch.floor_divide', (a, b) => divided('floorDivide', ops.floorDivide, a, b));
/** The remainder of floorDivide; it has the sign of b, like Python's %. */
export const remainder = binary('torch.remainder', (a, b) => divided('remainder', ops.remainder, a, b));
/** The remainder of division rounded towards zero; it has the sign of a, as in C. */
export const fmod = binary('torch.fmod', (a, b) => divided('fmod', ops.fmod, a, b));

/** a to the power b; integers stay integers. */
export const pow = fn('torch.pow', [input, p.operand('exponent')], (input, exponent): Tensor => {
  const dtype = resultType(input, exponent);
  if (!isFloat(dtype) && typeof exponent === 'number' && exponent < 0)
    fail(`pow: an integer tensor to the negative power ${exponent} is not an integer; convert it with .to('float32')`);
  return exponent === 0.5 ? one(ops.sqrt, input, {}, floating(dtype)) : two(ops.pow, input, exponent, dtype);
});

/** The larger of two, NaN where either is. */
export const maximum = binary('torch.maximum', (a, b) => two(ops.maximum, a, b));
/** The smaller of two, NaN where either is. */
export const minimum = binary('torch.minimum', (a, b) => two(ops.minimum, a, b));

/** Not below `min` and not above `max`; either may be left out, and either may be a tensor. */
export const clamp = fn(
  'torch.clamp',
  [input, p.operand('min', null), p.operand('max', null)],
  (input, min, max): Tensor => {
    if (min === null) return max === null ? fail('clamp: give min, max or both') : two(ops.clampMax, input, max);
    return max === null ? two(ops.clampMin, input, min) : several(ops.clamp, [input, min, max], {});
  },
  { pythonCall: true },
);
/** max(a, min). */
export const clampMin = fn(
  'torch.clamp_min',
  [input, p.operand('min')],
  (input, min): Tensor => two(ops.clampMin, input, min),
  { pythonCall: true },
);
/** min(a, max). */
export const clampMax = fn(
  'torch.clamp_max',
  [input, p.operand('max')],
  (input, max): Tensor => two(ops.clampMax, input, max),
  { pythonCall: true },
);

/** From a to b by the weight. */
export const lerp = fn('torch.lerp', [input, p.tensor('end'), p.operand('weight')], (input, end, weight): Tensor =>
  several(ops.lerp, [input, end, weight], {}),
);

const factors = [input, p.tensor('tensor1'), p.tensor('tensor2'), '*', p.scalar('value', 1)] as const;
/** a + value·b·c */
export const addcmul = fn('torch.addcmul', factors, (input, tensor1, tensor2, value): Tensor =>
  several(ops.addcmul, [input, tensor1, tensor2], { value: Number(value) }),
);
/** a + value·b/c */
export const addcdiv = fn('torch.addcdiv', factors, (input, tensor1, tensor2, value): Tensor => {
  if (!isFloat(tensor1.dtype) && !isFloat(tensor2.dtype))
    fail(
      `addcdiv: ${tensor1.dtype} by ${tensor2.dtype} is an integer division, which PyTorch does not have; convert one with .float(), or round by div`,
    );
  return several(ops.addcdiv, [input, tensor1, tensor2], { value: Number(value) });
});

const real =
  (op: typeof ops.atan2) =>
  (a: Tensor, b: Operand): Tensor =>
    two(op, a, b, floating(resultType(a, b)));

/** The angle of the point (b, a) from the first axis. */
export const atan2 = binary('torch.atan2', real(ops.atan2));
/** The length of the vector (a, b). */
export const hypot = binary('torch.hypot', real(ops.hypot));
/** a·log(b), and 0 where a is 0. */
export const xlogy = binary('torch.xlogy', real(ops.xlogy));
/** log(exp(a) + exp(b)) */
export const logaddexp = binary('torch.logaddexp', real(ops.logaddexp));

const choices = { maximum, minimum, logaddexp };
methods(choices);

const pointwise = {
  add,
  sub,
  mul,
  div,
  floorDivide,
  remainder,
  fmod,
  pow,
  clamp,
  clampMin,
  clampMax,
  lerp,
  addcmul,
  addcdiv,
  atan2,
  hypot,
  xlogy,
};
methodsAndForms(pointwise);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof choices>, MethodsAndForms<typeof pointwise> {}
}
