/**
 * @file Writing formulas with nodes: what gradient rules and decompositions are made of.
 *
 * A number stands for a scalar constant of the other operand's dtype.
 */
import type { DType } from '../base/dtype.ts';
import type { Shape } from '../base/shape.ts';
import { sameShape } from '../base/shape.ts';
import * as ops from './ops/elementwise/index.ts';
import { full } from './ops/full.ts';
import * as reduce from './ops/reduce.ts';
import {
  expand as expandOp,
  permute as permuteOp,
  reshape as reshapeOp,
  slice as sliceOp,
  sliceBackward,
} from './ops/views.ts';
import { record } from './record.ts';
import type { Node, Op } from './types.ts';

export type Term = Node | number;

const lift = (term: Term, like: Term): Node => {
  if (typeof term !== 'number') return term;
  if (typeof like === 'number') throw new Error('expr: at least one operand is a node');
  return full([], like.dtype, term, like.device);
};

// Operations and their gradients refer to each other through this file, so an operation is looked up when it is used.
const two =
  (op: () => Op) =>
  (a: Term, b: Term): Node =>
    record(op(), [lift(a, b), lift(b, a)], {});
const one =
  (op: () => Op) =>
  (a: Node): Node =>
    record(op(), [a], {});

export const add = two(() => ops.add);
export const sub = two(() => ops.sub);
export const mul = two(() => ops.mul);
export const div = two(() => ops.div);
export const pow = two(() => ops.pow);
export const eq = two(() => ops.eq);
export const ne = two(() => ops.ne);
export const lt = two(() => ops.lt);
export const le = two(() => ops.le);
export const gt = two(() => ops.gt);
export const ge = two(() => ops.ge);

export const neg = one(() => ops.neg);
export const exp = one(() => ops.exp);
export const log = one(() => ops.log);
export const sqrt = one(() => ops.sqrt);
export const rsqrt = one(() => ops.rsqrt);
export const sin = one(() => ops.sin);
export const cos = one(() => ops.cos);
export const tanh = one(() => ops.tanh);
export const sigmoid = one(() => ops.sigmoid);
export const abs = one(() => ops.abs);
export const sign = one(() => ops.sign);
export const logicalNot = one(() => ops.logicalNot);
export const logicalAnd = two(() => ops.logicalAnd);
export const logicalOr = two(() => ops.logicalOr);
export const isfinite = one(() => ops.isfinite);
export const isnan = one(() => ops.isnan);
export const square = one(() => ops.square);
export const sinh = one(() => ops.sinh);
export const cosh = one(() => ops.cosh);
export const round = one(() => ops.round);
export const floor = one(() => ops.floor);
export const floorDivide = two(() => ops.floorDivide);
export const trunc = one(() => ops.trunc);
export const log1p = one(() => ops.log1p);
export const maximum = two(() => ops.maximum);
export const minimum = two(() => ops.minimum);
export const xlogy = two(() => ops.xlogy);
export const geluSlope = one(() => ops.geluSlope);
export const siluSlope = one(() => ops.siluSlope);
export const logSigmoid = one(() => ops.logSigmoid);
/** log(1 + e^a), a itself above 20. */
export const softplus = (a: Node): Node => record(ops.softplus, [a], { beta: 1, threshold: 20 });
export const dropout = (a: Node, mask: Node, p: number): Node => record(ops.dropout, [a, mask], { p, training: true });

export const where = (condition: Node, a: Term, b: Term): Node => {
  const like = typeof a === 'number' ? b : a;
  return record(ops.where, [condition, lift(a, like), lift(b, like)], {});
};

export const cast = (a: Node, dtype: DType): Node => (a.dtype === dtype ? a : record(ops.cast, [a], { dtype }));

/** The same value as another node: what PyTorch returns as new memory. */
export const copy = (a: Node): Node => record(ops.cast, [a], { dtype: a.dtype });

export const reshape = (a: Node, shape: Shape): Node =>
  sameShape(a.shape, shape) ? a : record(reshapeOp, [a], { shape });
export const permute = (a: Node, dims: readonly number[]): Node => record(permuteOp, [a], { dims });
export const expand = (a: Node, shape: Shape): Node =>
  sameShape(a.shape, shape) ? a : record(expandOp, [a], { shape });

/** The elements from `start` to `end` (exclusive) along one dimension, every `step`-th; bounds are resolved. */
export const slice = (a: Node, dim: number, start: number, end: number, step = 1): Node =>
  start === 0 && end === a.shape[dim] && step === 1 ? a : record(sliceOp, [a], { dim, start, end, step });

/** Zeros before and behind, along one dimension. */
export function padZeros(a: Node, dim: number, before: number, after: number): Node {
  const size = before + a.shape[dim] + after;
  return size === a.shape[dim]
    ? a
    : record(sliceBackward, [a], { dim, start: before, end: before + a.shape[dim], step: 1, size });
}

/** Exchanges the last two dimensions. */
export const transpose = (a: Node): Node => {
  const r = a.shape.length;
  return permute(
    a,
    Array.from({ length: r }, (_, i) => (i === r - 2 ? r - 1 : i === r - 1 ? r - 2 : i)),
  );
};

export const sum = (a: Node, dims: readonly number[], keepdim = false): Node =>
  dims.length ? record(reduce.sum, [a], { dims, keepdim }) : a;
export const prod = (a: Node, dims: readonly number[], keepdim = false): Node =>
  dims.length ? record(reduce.prod, [a], { dims, keepdim }) : a;
export const mean = (a: Node, dims: readonly number[], keepdim = false): Node =>
  dims.length ? record(reduce.mean, [a], { dims, keepdim }) : a;
export const amax = (a: Node, dims: readonly number[], keepdim = false): Node =>
  dims.length ? record(reduce.amax, [a], { dims, keepdim }) : a;
export const amin = (a: Node, dims: readonly number[], keepdim = false): Node =>
  dims.length ? record(reduce.amin, [a], { dims, keepdim }) : a;

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
