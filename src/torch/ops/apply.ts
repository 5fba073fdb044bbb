/**
 * @file From an operation of the graph to a function of tensors: promotion first, then one node.
 */
import type { DType } from '../../base/dtype.ts';
import { isFloat } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { broadcastShapes, sameShape } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import type { Attrs, Op } from '../../graph/types.ts';
import { Tensor } from '../tensor.ts';
import type { Operand } from './promote.ts';
import { resultType, toNodes } from './promote.ts';
import { recordWhole } from './int64.ts';

/** Integers and bools become float32 first. */
export const floating = (dtype: DType): DType => (isFloat(dtype) ? dtype : 'float32');

/** An operation of one tensor, converted to the dtype first. */
export const one = <A extends Attrs>(op: Op<A>, a: Tensor, attrs: A, dtype = a.dtype): Tensor =>
  new Tensor(recordWhole(op, [e.cast(a.node, dtype)], attrs));

/** An operation of several operands, converted to their common dtype first. */
export const several = <A extends Attrs>(
  op: Op<A>,
  operands: readonly Operand[],
  attrs: A,
  dtype = resultType(...operands),
): Tensor => new Tensor(recordWhole(op, toNodes(operands, dtype), attrs));

export const two = (op: Op<Attrs>, a: Tensor, b: Operand, dtype = resultType(a, b)): Tensor =>
  several(op, [a, b], {}, dtype);

/** Throws where the operation has no meaning for the dtype. */
export function requireFloat(what: string, ...tensors: readonly Tensor[]): void {
  for (const t of tensors)
    if (!isFloat(t.dtype)) fail(`${what}: needs a floating dtype, got ${t.dtype}; convert with .to('float32')`);
}

/** Throws where a tensor does not expand to the shape of what it is added to. */
export function requireExpandable(what: string, role: string, tensor: Tensor, to: Tensor): void {
  const expanded = broadcastShapes(what, tensor.node.shape, to.node.shape);
  if (!sameShape(expanded, to.node.shape))
    fail(
      `${what}: the ${role} has shape ${tensor.shape}, the product ${to.shape}; the ${role} broadcasts to the product alone`,
    );
}

/** Throws where bits are asked of floats. */
export function requireInteger(what: string, ...operands: readonly Operand[]): void {
  for (const o of operands) {
    const dtype = resultType(o);
    if (isFloat(dtype)) fail(`${what}: needs an integer or bool dtype, got ${dtype}; convert with .long()`);
  }
}
