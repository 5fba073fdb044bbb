/**
 * @file Writing formulas with nodes: what gradient rules and decompositions are made of.
 *
 * A number stands for a scalar constant of the other operand's dtype.
 */
import type { DType } from '../base/dtype.ts';
import type { Shape } from '../base/shape.ts';
import { sameShape } from '../base/shape.ts';
import * as binary from './ops/elementwise/binary.ts';
import * as unary from './ops/elementwise/unary.ts';
import { full } from './ops/full.ts';
import { prod as prodOp, sum as sumOp } from './ops/reduce.ts';
import { expand as expandOp, permute as permuteOp, reshape as reshapeOp } from './ops/views.ts';
import { record } from './record.ts';
import type { Node, Op } from './types.ts';

export type Term = Node | number;

const lift = (term: Term, like: Term): Node => {
  if (typeof term !== 'number') return term;
  if (typeof like === 'number') throw new Error('expr: at least one operand is a node');
  return full([], like.dtype, term, like.device);
};

// Operations and their gradients refer to each other through this file, so an operation is looked up when it is used.
const two = (op: () => Op) => (a: Term, b: Term): Node => record(op(), [lift(a, b), lift(b, a)], {});
const one = (op: () => Op) => (a: Node): Node => record(op(), [a], {});

export const add = two(() => binary.add);
export const sub = two(() => binary.sub);
export const mul = two(() => binary.mul);
export const div = two(() => binary.div);
export const pow = two(() => binary.pow);
export const eq = two(() => binary.eq);
export const ne = two(() => binary.ne);
export const lt = two(() => binary.lt);
export const le = two(() => binary.le);
export const gt = two(() => binary.gt);
export const ge = two(() => binary.ge);

export const neg = one(() => unary.neg);
export const exp = one(() => unary.exp);
export const log = one(() => unary.log);
export const sqrt = one(() => unary.sqrt);
export const rsqrt = one(() => unary.rsqrt);
export const sin = one(() => unary.sin);
export const cos = one(() => unary.cos);
export const tanh = one(() => unary.tanh);
export const sigmoid = one(() => unary.sigmoid);
export const abs = one(() => unary.abs);
export const sign = one(() => unary.sign);
export const logicalNot = one(() => unary.logicalNot);

export const where = (condition: Node, a: Term, b: Term): Node => {
  const like = typeof a === 'number' ? b : a;
  return record(binary.where, [condition, lift(a, like), lift(b, like)], {});
};

export const cast = (a: Node, dtype: DType): Node => (a.dtype === dtype ? a : record(unary.cast, [a], { dtype }));

export const reshape = (a: Node, shape: Shape): Node => (sameShape(a.shape, shape) ? a : record(reshapeOp, [a], { shape }));
export const permute = (a: Node, dims: readonly number[]): Node => record(permuteOp, [a], { dims });
export const expand = (a: Node, shape: Shape): Node => (sameShape(a.shape, shape) ? a : record(expandOp, [a], { shape }));

/** Exchanges the last two dimensions. */
export const transpose = (a: Node): Node => {
  const r = a.shape.length;
  return permute(a, Array.from({ length: r }, (_, i) => (i === r - 2 ? r - 1 : i === r - 1 ? r - 2 : i)));
};

export const sum = (a: Node, dims: readonly number[], keepdim = false): Node => (dims.length ? record(sumOp, [a], { dims, keepdim }) : a);
export const prod = (a: Node, dims: readonly number[], keepdim = false): Node => (dims.length ? record(prodOp, [a], { dims, keepdim }) : a);

/** Undoes broadcasting: sums a gradient over what was repeated, down to `shape`. */
export function sumTo(a: Node, shape: Shape): Node {
  if (sameShape(a.shape, shape)) return a;
  const lead = a.shape.length - shape.length;
  const dims = a.shape.flatMap((size, d) => (d < lead || (shape[d - lead] === 1 && size !== 1) ? [d] : []));
  return reshape(sum(a, dims, true), shape);
}

/** A constant of the same shape, dtype and device. */
export const fullLike = (a: Node, value: number): Node => full(a.shape, a.dtype, value, a.device);

/** 1 where the condition holds, else 0, as the dtype. */
export const indicator = (condition: Node, dtype: DType): Node => cast(condition, dtype);
