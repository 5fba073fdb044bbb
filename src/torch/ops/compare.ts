/**
 * @file Comparison, logic, bits, and choosing by a condition, element by element.
 */
import { sameShape } from '../../base/shape.ts';
import * as ops from '../../graph/ops/elementwise/index.ts';
import { record } from '../../graph/record.ts';
import type { Attrs, Op } from '../../graph/types.ts';
import type { Methods } from '../tensor.ts';
import { Tensor, attach } from '../tensor.ts';
import { floating, one, requireInteger, two } from './apply.ts';
import type { Operand } from './promote.ts';
import { resultType, toNodes } from './promote.ts';

const compared = (op: Op<Attrs>) => (a: Tensor, b: Operand): Tensor => two(op, a, b);

export const eq = compared(ops.eq);
export const ne = compared(ops.ne);
export const lt = compared(ops.lt);
export const le = compared(ops.le);
export const gt = compared(ops.gt);
export const ge = compared(ops.ge);

export interface CloseOptions {
  readonly rtol?: number;
  readonly atol?: number;
  /** Whether NaN is close to NaN. */
  readonly equalNan?: boolean;
}

/** Whether |a − b| ≤ atol + rtol·|b|. */
export function isclose(a: Tensor, b: Tensor, { rtol = 1e-5, atol = 1e-8, equalNan = false }: CloseOptions = {}): Tensor {
  const [x, y] = toNodes([a, b], floating(resultType(a, b))).map((node) => new Tensor(node)); // bytes would wrap around
  const near = le(x.sub(y).abs(), y.abs().mul(rtol).add(atol));
  // Infinities are close to themselves only: their distance is no number, or within an infinite tolerance.
  const close = logicalOr(eq(a, b), logicalAnd(near, y.isfinite()));
  return equalNan ? logicalOr(close, logicalAnd(a.isnan(), b.isnan())) : close;
}

/** Whether all elements are close, as `isclose` tells; a promise, since the data decides. */
export const allclose = async (a: Tensor, b: Tensor, options: CloseOptions = {}): Promise<boolean> => (await isclose(a, b, options).all().item()) !== 0;

/** Whether two tensors have one shape and the same elements; a promise, since the data decides. */
export async function equal(a: Tensor, b: Tensor): Promise<boolean> {
  return sameShape(a.node.shape, b.node.shape) && (await eq(a, b).all().item()) !== 0;
}

export const logicalAnd = compared(ops.logicalAnd);
export const logicalOr = compared(ops.logicalOr);
export const logicalXor = compared(ops.logicalXor);
export const logicalNot = (a: Tensor): Tensor => one(ops.logicalNot, a, {});

const ofBits = (what: string, op: Op<Attrs>) => (a: Tensor, b: Operand): Tensor => {
  requireInteger(what, a, b);
  return two(op, a, b);
};

export const bitwiseAnd = ofBits('bitwiseAnd', ops.bitwiseAnd);
export const bitwiseOr = ofBits('bitwiseOr', ops.bitwiseOr);
export const bitwiseXor = ofBits('bitwiseXor', ops.bitwiseXor);
export function bitwiseNot(a: Tensor): Tensor {
  requireInteger('bitwiseNot', a);
  return a.dtype === 'bool' ? logicalNot(a) : one(ops.bitwiseNot, a, {});
}

/** a where the condition holds, else b. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const [x, y] = toNodes([a, b, condition], resultType(a, b));
  return new Tensor(record(ops.where, [condition.node, x, y], {}));
}

const comparisons = { eq, ne, lt, le, gt, ge, isclose, allclose, equal, logicalAnd, logicalOr, logicalXor, logicalNot, bitwiseAnd, bitwiseOr, bitwiseXor, bitwiseNot };
const closeness = ['rtol', 'atol', 'equalNan'];
/** The options that each knows. */
export const options = { isclose: closeness, allclose: closeness };

/** As programs call them. */
export const called = attach(comparisons, {
  isclose: 'torch.isclose',
}, options);

declare module '../tensor.ts' {
  interface Tensor extends Methods<typeof comparisons> {}
}
