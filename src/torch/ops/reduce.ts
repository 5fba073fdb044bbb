/**
 * @file Reductions over any dims. No dims means all of them; results with values and indices are over one.
 */
import { dtypes, isFloat } from '../../base/dtype.ts';
import type { DType } from '../../base/dtype.ts';
import { normalizeDim, normalizeDims, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { gather } from '../../graph/ops/indexing.ts';
import * as norms from '../../graph/ops/norm.ts';
import * as ops from '../../graph/ops/reduce.ts';
import { cumprod as cumprodOp, cumsum as cumsumOp } from '../../graph/ops/scan.ts';
import { record } from '../../graph/record.ts';
import type { Attrs, Op } from '../../graph/types.ts';
import type { Methods } from '../tensor.ts';
import { Tensor, attach } from '../tensor.ts';
import { requireFloat } from './apply.ts';
import { maximum, minimum } from './pointwise.ts';
import type { Ordered } from './sort.ts';
import { foundIn, ordered } from './sort.ts';
import { writtenAs } from '../written.ts';

export interface ReduceOptions {
  /** Keeps reduced dimensions with size 1. */
  readonly keepdim?: boolean;
}

export interface SumOptions extends ReduceOptions {
  /** The operands are converted to it first. */
  readonly dtype?: DType;
}

/** One dimension or several; negative ones count from the end. */
export type Dims = number | readonly number[];

/** PyTorch takes an empty list for all dims, as none. */
const dimsOf = (what: string, self: Tensor, dims: Dims | null | undefined): number[] => normalizeDims(what, dims === null || (Array.isArray(dims) && dims.length === 0) ? undefined : (dims ?? undefined), self.ndim);

/** A tensor without dimensions has one of size 1 when a dim is named. */
const lined = (self: Tensor): Tensor['node'] => (self.ndim === 0 ? e.reshape(self.node, [1]) : self.node);

function over<A extends Attrs>(op: Op<A>, self: Tensor, dims: Dims | null | undefined, options: ReduceOptions, more: Omit<A, 'dims' | 'keepdim'>): Tensor {
  const { keepdim = false } = options;
  if (self.ndim === 0) return new Tensor(record(op, [lined(self)], { ...more, dims: [0], keepdim: false } as unknown as A));
  return new Tensor(record(op, [self.node], { ...more, dims: dimsOf(op.name, self, dims), keepdim } as unknown as A));
}

const converted = (self: Tensor, dtype: DType | undefined): Tensor => (dtype ? new Tensor(e.cast(self.node, dtype)) : self);

/** The sum; integers and bools sum to int32. */
export const sum = (self: Tensor, dims?: Dims | null, options: SumOptions = {}): Tensor => over(ops.sum, converted(self, options.dtype), dims, options, {});
/** The product; integers and bools give int32. */
export const prod = (self: Tensor, dims?: Dims | null, options: SumOptions = {}): Tensor => over(ops.prod, converted(self, options.dtype), dims, options, {});
export const amax = (self: Tensor, dims?: Dims | null, options: ReduceOptions = {}): Tensor => over(ops.amax, self, dims, options, {});
export const amin = (self: Tensor, dims?: Dims | null, options: ReduceOptions = {}): Tensor => over(ops.amin, self, dims, options, {});
/** Whether any element is not 0; bool. */
export const any = (self: Tensor, dims?: Dims | null, options: ReduceOptions = {}): Tensor => over(ops.any, self, dims, options, {});
/** Whether no element is 0; bool. */
export const all = (self: Tensor, dims?: Dims | null, options: ReduceOptions = {}): Tensor => over(ops.all, self, dims, options, {});
/** How many elements are not 0; int32. */
export const countNonzero = (self: Tensor, dims?: Dims | null): Tensor => sum(self.ne(0), dims);

/** The arithmetic mean of a floating tensor; NaN of nothing. */
export function mean(self: Tensor, dims?: Dims | null, options: SumOptions = {}): Tensor {
  const x = converted(self, options.dtype);
  requireFloat('mean', x);
  return over(ops.mean, x, dims, options, {});
}

export interface VarOptions extends ReduceOptions {
  /** Taken from the count before dividing: 1, the default, for a sample, 0 for a population. */
  readonly correction?: number;
  /** PyTorch's older way to say the same. */
  readonly unbiased?: boolean;
}

const correctionOf = ({ correction, unbiased = true }: VarOptions): number => correction ?? (unbiased ? 1 : 0);

/** The mean squared distance from the mean. (`var` is a word of JavaScript; the method is `x.var()`.) */
export function variance(self: Tensor, dims?: Dims | null, options: VarOptions = {}): Tensor {
  requireFloat('var', self);
  return over(ops.variance, self, dims, options, { correction: correctionOf(options) });
}

/** The square root of the variance. */
export const std = (self: Tensor, dims?: Dims | null, options: VarOptions = {}): Tensor => {
  requireFloat('std', self);
  return over(norms.std, self, dims, options, { correction: correctionOf(options) });
};

/** Variance and mean. */
export const varMean = writtenAs('torch.var_mean', (self: Tensor, dims?: Dims | null, options: VarOptions = {}): [Tensor, Tensor] => [variance(self, dims, options), mean(self, dims, options)]);
/** Standard deviation and mean. */
export const stdMean = writtenAs('torch.std_mean', (self: Tensor, dims?: Dims | null, options: VarOptions = {}): [Tensor, Tensor] => [std(self, dims, options), mean(self, dims, options)]);

function place(op: typeof ops.argmax, self: Tensor, dim: number | null | undefined, { keepdim = false }: ReduceOptions): Tensor {
  if (dim == null) {
    const flat = record(op, [e.reshape(self.node, [sizeOf(self.node.shape)])], { dims: [0], keepdim: false });
    return new Tensor(keepdim ? e.reshape(flat, self.node.shape.map(() => 1)) : flat);
  }
  return over(op, self, normalizeDim(op.name, dim, self.ndim), { keepdim }, {});
}

/** Where the largest element is, the first of equal ones; of all elements in a row without a dim. int32. */
export const argmax = (self: Tensor, dim?: number | null, options: ReduceOptions = {}): Tensor => place(ops.argmax, self, dim, options);
/** Where the smallest element is, the first of equal ones; of all elements in a row without a dim. int32. */
export const argmin = (self: Tensor, dim?: number | null, options: ReduceOptions = {}): Tensor => place(ops.argmin, self, dim, options);

function extremum(op: typeof ops.argmax, self: Tensor, dim: number, { keepdim = false }: ReduceOptions): Ordered {
  const x = lined(self);
  const d = normalizeDim(op.name.slice(3), dim, self.ndim);
  const places = record(op, [x], { dims: [d], keepdim: true });
  const values = record(gather, [x, places], { dim: d });
  const shape = self.ndim === 0 ? [] : keepdim ? places.shape : places.shape.toSpliced(d, 1);
  return ordered(new Tensor(e.reshape(values, shape)), new Tensor(e.reshape(places, shape)));
}

/** The largest of all elements; along a dim, with where it is; of two tensors, the larger of each pair. */
export function max(self: Tensor): Tensor;
export function max(self: Tensor, other: Tensor): Tensor;
export function max(self: Tensor, dim: number, options?: ReduceOptions): Ordered;
export function max(self: Tensor, by?: Tensor | number, options: ReduceOptions = {}): Tensor | Ordered {
  if (by === undefined) return foundIn(self, amax(self));
  return typeof by === 'number' ? extremum(ops.argmax, self, by, options) : maximum(self, by);
}

/** The smallest of all elements; along a dim, with where it is; of two tensors, the smaller of each pair. */
export function min(self: Tensor): Tensor;
export function min(self: Tensor, other: Tensor): Tensor;
export function min(self: Tensor, dim: number, options?: ReduceOptions): Ordered;
export function min(self: Tensor, by?: Tensor | number, options: ReduceOptions = {}): Tensor | Ordered {
  if (by === undefined) return foundIn(self, amin(self));
  return typeof by === 'number' ? extremum(ops.argmin, self, by, options) : minimum(self, by);
}

/** The p-norm over dims: 2 or `'fro'` unless given, ±Infinity for the extremes, 0 for the count of what is not 0. */
export function norm(self: Tensor, p: number | 'fro' = 2, dims?: Dims | null, options: ReduceOptions = {}): Tensor {
  requireFloat('norm', self);
  return over(norms.norm, self, dims, options, { p: p === 'fro' ? 2 : p });
}

/** log(Σ exp(x)), without overflow. */
export function logsumexp(self: Tensor, dims: Dims, options: ReduceOptions = {}): Tensor {
  const x = isFloat(self.dtype) ? self : converted(self, 'float32');
  return over(norms.logsumexp, x, dims, options, {});
}

function running(op: typeof cumsumOp, self: Tensor, dim: number): Tensor {
  const d = normalizeDim(op.name, dim, self.ndim);
  const x = dtypes[self.dtype].kind === 'float' ? lined(self) : e.cast(lined(self), 'int32');
  return new Tensor(e.reshape(record(op, [x], { dim: d, reverse: false }), self.node.shape));
}

/** The sums of the first 1, 2, 3, … elements along a dimension. */
export const cumsum = (self: Tensor, dim: number): Tensor => running(cumsumOp, self, dim);
/** The products of the first 1, 2, 3, … elements along a dimension. */
export const cumprod = (self: Tensor, dim: number): Tensor => running(cumprodOp, self, dim);

const withoutNull = (self: Tensor, dim?: number | null, options?: ReduceOptions): unknown[] => (dim == null ? [self, options] : [self, dim, options]);

const reductions = { sum, prod, amax, amin, any, all, countNonzero, mean, var: variance, std, argmax, argmin, max, min, norm, logsumexp, cumsum, cumprod };
const keepdim = ['keepdim'];
const typed = [...keepdim, 'dtype'];
const spread = [...keepdim, 'correction', 'unbiased'];
/** The options that each knows. */
export const options = {
  sum: typed, prod: typed, mean: typed, amax: keepdim, amin: keepdim, any: keepdim, all: keepdim, argmax: keepdim, argmin: keepdim, max: keepdim, min: keepdim,
  norm: keepdim, logsumexp: keepdim, var: spread, variance: spread, std: spread, varMean: spread, stdMean: spread,
};

/** As programs call them. */
export const called = attach(reductions, {
  std: 'torch.std',
  argmax: ['torch.argmax', withoutNull],
  argmin: ['torch.argmin', withoutNull],
  countNonzero: 'torch.count_nonzero',
  max: 'torch.max',
  min: 'torch.min',
}, options);

declare module '../tensor.ts' {
  interface Tensor extends Omit<Methods<typeof reductions>, 'max' | 'min'> {
    max(): Tensor;
    max(other: Tensor): Tensor;
    max(dim: number, options?: ReduceOptions): Ordered;
    min(): Tensor;
    min(other: Tensor): Tensor;
    min(dim: number, options?: ReduceOptions): Ordered;
  }
}
