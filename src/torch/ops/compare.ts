/**
 * @file Comparison, logic, bits, and choosing by a condition, element by element.
 */
import { fail } from '../../base/errors.ts';
import { sameShape } from '../../base/shape.ts';
import * as ops from '../../graph/ops/elementwise/index.ts';
import { record } from '../../graph/record.ts';
import type { Attrs, Op } from '../../graph/types.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { floating, one, requireInteger, two } from './apply.ts';
import { resultType, toNodes } from './promote.ts';

const [input, other] = [p.tensor('input'), p.operand('other')];
const compared = (name: string, op: Op<Attrs>) =>
  fn(name, [input, other], (input, other): Tensor => two(op, input, other));

/** Whether a = b, element by element, as bool. */
export const eq = compared('torch.eq', ops.eq);
/** Whether a ≠ b, element by element, as bool. */
export const ne = compared('torch.ne', ops.ne);
/** Whether a < b, element by element, as bool. */
export const lt = compared('torch.lt', ops.lt);
/** Whether a ≤ b, element by element, as bool. */
export const le = compared('torch.le', ops.le);
/** Whether a > b, element by element, as bool. */
export const gt = compared('torch.gt', ops.gt);
/** Whether a ≥ b, element by element, as bool. */
export const ge = compared('torch.ge', ops.ge);

/** The one that is wanted, the first of equal ones; the other where it is NaN. */
const ignoringNan = (name: string, isWanted: (a: Tensor, b: Tensor) => Tensor) =>
  fn(name, [input, p.tensor('other')], (a, b): Tensor => where(logicalOr(isWanted(a, b), b.isnan()), a, b), {
    pythonCall: true,
  });
/** The larger of two; where one is NaN, the other. */
export const fmax = ignoringNan('torch.fmax', (a, b) => ge(a, b));
/** The smaller of two; where one is NaN, the other. */
export const fmin = ignoringNan('torch.fmin', (a, b) => le(a, b));

/** `equalNan`: whether NaN is close to NaN. */
const closeness = [
  input,
  p.tensor('other'),
  p.float('rtol', 1e-5),
  p.float('atol', 1e-8),
  p.flag('equalNan', false),
] as const;

function close(what: string, a: Tensor, b: Tensor, rtol: number, atol: number, equalNan: boolean): Tensor {
  if (a.dtype !== b.dtype)
    fail(`${what}: ${a.dtype} and ${b.dtype}; both tensors need one dtype, convert with .to(dtype)`);
  for (const [name, value] of Object.entries({ rtol, atol }))
    if (!(value >= 0)) fail(`${what}: ${name} is ${value}; a tolerance is at least 0`);
  const [x, y] = toNodes([a, b], floating(resultType(a, b))).map((node) => new Tensor(node)); // bytes would wrap around
  const near = le(x.sub(y).abs(), y.abs().mul(rtol).add(atol));
  // Infinities are close to themselves only: their distance is no number, or within an infinite tolerance.
  const equalOrNear = logicalOr(eq(a, b), logicalAnd(near, y.isfinite()));
  return equalNan ? logicalOr(equalOrNear, logicalAnd(a.isnan(), b.isnan())) : equalOrNear;
}

/** Whether |a − b| ≤ atol + rtol·|b|. */
export const isclose = fn(
  'torch.isclose',
  closeness,
  (input, other, rtol, atol, equalNan): Tensor => close('isclose', input, other, rtol, atol, equalNan),
  { pythonCall: true },
);

/** Whether all elements are close, by `isclose`; a promise, because it depends on the data. */
export const allclose = fn(
  'torch.allclose',
  closeness,
  async (input, other, rtol, atol, equalNan): Promise<boolean> =>
    (await close('allclose', input, other, rtol, atol, equalNan).all().item()) !== 0,
);

/** Whether two tensors have the same shape and elements; a promise, because it depends on the data. */
export const equal = fn(
  'torch.equal',
  [input, p.tensor('other')],
  async (input, other): Promise<boolean> =>
    sameShape(input.node.shape, other.node.shape) && (await eq(input, other).all().item()) !== 0,
);

/** Whether both are other than 0, as bool. */
export const logicalAnd = compared('torch.logical_and', ops.logicalAnd);
/** Whether at least one is not 0, as bool. */
export const logicalOr = compared('torch.logical_or', ops.logicalOr);
/** Whether exactly one is not 0, as bool. */
export const logicalXor = compared('torch.logical_xor', ops.logicalXor);
/** Whether each element is 0, as bool. */
export const logicalNot = fn('torch.logical_not', [input], (input): Tensor => one(ops.logicalNot, input, {}));

const ofBits = (name: string, what: string, op: Op<Attrs>) =>
  fn(name, [input, other], (input, other): Tensor => {
    requireInteger(what, input, other);
    return two(op, input, other);
  });

/** The bits that both have, of integers or bools. */
export const bitwiseAnd = ofBits('torch.bitwise_and', 'bitwiseAnd', ops.bitwiseAnd);
/** The bits that at least one has, of integers or bools. */
export const bitwiseOr = ofBits('torch.bitwise_or', 'bitwiseOr', ops.bitwiseOr);
/** The bits that exactly one has, of integers or bools. */
export const bitwiseXor = ofBits('torch.bitwise_xor', 'bitwiseXor', ops.bitwiseXor);
/** All bits inverted, of integers or bools. */
export const bitwiseNot = fn('torch.bitwise_not', [input], (input): Tensor => {
  requireInteger('bitwiseNot', input);
  return input.dtype === 'bool' ? logicalNot(input) : one(ops.bitwiseNot, input, {});
});

/** a where the condition holds, else b. */
export const where = fn(
  'torch.where',
  [p.tensor('condition'), p.operand('input'), other],
  (condition, input, other): Tensor => {
    if (condition.dtype !== 'bool' && condition.dtype !== 'uint8')
      fail(`where: condition is ${condition.dtype}, not bool; compare it, as x.ne(0) does`);
    const [x, y] = toNodes([input, other, condition], resultType(input, other));
    return new Tensor(record(ops.where, [condition.node, x, y], {}));
  },
);

const comparisons = {
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  fmax,
  fmin,
  isclose,
  allclose,
  equal,
  logicalAnd,
  logicalOr,
  logicalXor,
  logicalNot,
  bitwiseAnd,
  bitwiseOr,
  bitwiseXor,
  bitwiseNot,
};
methods(comparisons);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof comparisons> {}
}
