/**
 * @file Pointwise functions and methods: arithmetic, comparison, activation. Operands broadcast and promote as in PyTorch.
 */
import type { DType } from '../../base/dtype.ts';
import { isFloat } from '../../base/dtype.ts';
import * as e from '../../graph/expr.ts';
import * as binary from '../../graph/ops/elementwise/binary.ts';
import * as unary from '../../graph/ops/elementwise/unary.ts';
import { record } from '../../graph/record.ts';
import type { Attrs, Op } from '../../graph/types.ts';
import { Tensor } from '../tensor.ts';
import type { Methods } from '../tensor.ts';
import { attach } from '../tensor.ts';
import type { Operand } from './promote.ts';
import { resultType, toNodes } from './promote.ts';

const two = (op: Op<Attrs>, a: Tensor, b: Operand, dtype = resultType(a, b)): Tensor => new Tensor(record(op, toNodes([a, b], dtype), {}));

/** Integers and bools become float32 first. */
const floating = (a: Tensor, dtype: DType = a.dtype): DType => (isFloat(dtype) ? dtype : 'float32');
const one = (op: Op<Attrs>, a: Tensor, dtype = a.dtype): Tensor => new Tensor(record(op, [e.cast(a.node, dtype)], {}));

/** a + alpha·b */
export function add(a: Tensor, b: Operand, options: { alpha?: number } = {}): Tensor {
  return two(binary.add, a, options.alpha === undefined ? b : typeof b === 'object' ? mul(b, options.alpha) : Number(b) * options.alpha);
}
/** a − alpha·b */
export function sub(a: Tensor, b: Operand, options: { alpha?: number } = {}): Tensor {
  return two(binary.sub, a, options.alpha === undefined ? b : typeof b === 'object' ? mul(b, options.alpha) : Number(b) * options.alpha);
}
export const mul = (a: Tensor, b: Operand): Tensor => two(binary.mul, a, b);
/** a / b; integers divide to float32. */
export const div = (a: Tensor, b: Operand): Tensor => two(binary.div, a, b, floating(a, resultType(a, b)));
export const pow = (a: Tensor, b: Operand): Tensor => two(binary.pow, a, b, floating(a, resultType(a, b)));
export const eq = (a: Tensor, b: Operand): Tensor => two(binary.eq, a, b);
export const ne = (a: Tensor, b: Operand): Tensor => two(binary.ne, a, b);
export const lt = (a: Tensor, b: Operand): Tensor => two(binary.lt, a, b);
export const le = (a: Tensor, b: Operand): Tensor => two(binary.le, a, b);
export const gt = (a: Tensor, b: Operand): Tensor => two(binary.gt, a, b);
export const ge = (a: Tensor, b: Operand): Tensor => two(binary.ge, a, b);

export const neg = (a: Tensor): Tensor => one(unary.neg, a);
export const abs = (a: Tensor): Tensor => one(unary.abs, a);
export const exp = (a: Tensor): Tensor => one(unary.exp, a, floating(a));
export const log = (a: Tensor): Tensor => one(unary.log, a, floating(a));
export const sqrt = (a: Tensor): Tensor => one(unary.sqrt, a, floating(a));
export const rsqrt = (a: Tensor): Tensor => one(unary.rsqrt, a, floating(a));
export const sin = (a: Tensor): Tensor => one(unary.sin, a, floating(a));
export const cos = (a: Tensor): Tensor => one(unary.cos, a, floating(a));
export const tanh = (a: Tensor): Tensor => one(unary.tanh, a, floating(a));
export const sigmoid = (a: Tensor): Tensor => one(unary.sigmoid, a, floating(a));
/** max(a, 0) */
export const relu = (a: Tensor): Tensor => one(unary.relu, a);

/** a where the condition holds, else b. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const dtype = resultType(a, b);
  const [x, y] = toNodes([a, b, condition], dtype);
  return new Tensor(record(binary.where, [condition.node, x, y], {}));
}

const pointwise = { add, sub, mul, div, pow, eq, ne, lt, le, gt, ge, neg, abs, exp, log, sqrt, rsqrt, sin, cos, tanh, sigmoid, relu };
attach(pointwise);

declare module '../tensor.ts' {
  interface Tensor extends Methods<typeof pointwise> {}
}
