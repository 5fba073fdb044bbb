/**
 * @file Reductions over any dims. No dims means all of them; results with values and indices are over one.
 */
import { isFloat } from '../../base/dtype.ts';
import type { DType } from '../../base/dtype.ts';
import { normalizeDim, normalizeDims, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { gather } from '../../graph/ops/indexing.ts';
import * as norms from '../../graph/ops/norm.ts';
import * as ops from '../../graph/ops/reduce.ts';
import { cumprod as cumprodOp, cumsum as cumsumOp } from '../../graph/ops/scan.ts';
import { record } from '../../graph/record.ts';
import type { Attrs, Op } from '../../graph/types.ts';
import type { Dims, MethodsOf } from '../signature.ts';
import { fn, methods, overloads, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { requireFloat } from './apply.ts';
import { maximum, minimum } from './pointwise.ts';
import { convertedTo } from './int64.ts';
import type { ValuesAndIndices } from './values-and-indices.ts';
import { readFrom, valuesAndIndices } from './values-and-indices.ts';

/** PyTorch takes an empty list for all dims, as none. */
const dimsOf = (what: string, self: Tensor, dims: Dims | null): number[] =>
  normalizeDims(what, dims === null || (Array.isArray(dims) && dims.length === 0) ? undefined : dims, self.ndim);

/** A tensor without dimensions has one of size 1 when a dim is named. */
const lined = (self: Tensor): Tensor['node'] => (self.ndim === 0 ? e.reshape(self.node, [1]) : self.node);

function over<A extends Attrs>(
  op: Op<A>,
  self: Tensor,
  dim: Dims | null,
  keepdim: boolean,
  more: Omit<A, 'dims' | 'keepdim'>,
): Tensor {
  const dims = dimsOf(op.name, self, dim);
  if (self.ndim === 0)
    return new Tensor(record(op, [lined(self)], { ...more, dims: [0], keepdim: false } as unknown as A));
  return new Tensor(record(op, [self.node], { ...more, dims, keepdim } as unknown as A));
}

const converted = (self: Tensor, dtype: DType | null): Tensor =>
  dtype ? new Tensor(convertedTo(self.node, dtype)) : self;

const input = p.tensor('input');
const dim = p.dims('dim', null);
/** Whether reduced dimensions are kept, with size 1. */
const keepdim = p.flag('keepdim', false);
/** The operands are converted to it first, and the result is of it. */
const dtype = p.dtype('dtype', null);

/** The sum; integers and bools sum to int64, and what 32 bits do not hold is an error. */
export const sum = fn('torch.sum', [input, dim, keepdim, '*', dtype], (self, dim, keepdim, dtype): Tensor =>
  converted(over(ops.sum, converted(self, dtype), dim, keepdim, {}), dtype),
);
/** The product; integers and bools give int64, and what 32 bits do not hold is an error. */
export const prod = fn(
  'torch.prod',
  [input, p.int('dim', null), keepdim, '*', dtype],
  (self, dim, keepdim, dtype): Tensor => converted(over(ops.prod, converted(self, dtype), dim, keepdim, {}), dtype),
);
/** The largest element over dims, or over all; equal ones share the gradient. */
export const amax = fn('torch.amax', [input, p.dims('dim', []), keepdim], (self, dim, keepdim): Tensor =>
  over(ops.amax, self, dim, keepdim, {}),
);
/** The smallest element over dims, or over all; equal ones share the gradient. */
export const amin = fn('torch.amin', [input, p.dims('dim', []), keepdim], (self, dim, keepdim): Tensor =>
  over(ops.amin, self, dim, keepdim, {}),
);
/** Whether any element is not 0; bool. */
export const any = fn('torch.any', [input, dim, keepdim], (self, dim, keepdim): Tensor =>
  over(ops.any, self, dim, keepdim, {}),
);
/** Whether no element is 0; bool. */
export const all = fn('torch.all', [input, dim, keepdim], (self, dim, keepdim): Tensor =>
  over(ops.all, self, dim, keepdim, {}),
);
/** How many elements are not 0; int64. */
export const countNonzero = fn(
  'torch.count_nonzero',
  [input, dim],
  (self, dim): Tensor => over(ops.sum, self.ne(0), dim, false, {}),
  { pythonCall: true },
);

/** The arithmetic mean of a floating tensor; NaN if it is empty. */
export const mean = fn('torch.mean', [input, dim, keepdim, '*', dtype], (self, dim, keepdim, dtype): Tensor =>
  meanOf(converted(self, dtype), dim, keepdim),
);

function meanOf(x: Tensor, dim: Dims | null, keepdim: boolean): Tensor {
  requireFloat('mean', x);
  return over(ops.mean, x, dim, keepdim, {});
}

/**
 * A spread as PyTorch's three signatures have it. `correction` is taken from the count before dividing: 1, the default,
 * for a sample, 0 for a population; `unbiased` says the same in an older way.
 */
function ofSpread<R>(
  name: string,
  body: (self: Tensor, dim: Dims | null, correction: number, keepdim: boolean) => R,
  options: { pythonCall?: boolean } = {},
) {
  const [unbiased, someDim, correction] = [
    p.flag('unbiased', true),
    p.nullable(p.dims('dim')),
    p.float('correction', null),
  ];
  return overloads(
    fn(name, [input, unbiased], (self, unbiased): R => body(self, null, Number(unbiased), false), options),
    fn(
      name,
      [input, someDim, unbiased, keepdim],
      (self, dim, unbiased, keepdim): R => body(self, dim, Number(unbiased), keepdim),
      options,
    ),
    fn(
      name,
      [input, dim, '*', correction, keepdim],
      (self, dim, correction, keepdim): R => body(self, dim, correction ?? 1, keepdim),
      options,
    ),
  );
}

function varianceOf(self: Tensor, dim: Dims | null, correction: number, keepdim: boolean): Tensor {
  requireFloat('var', self);
  return over(ops.variance, self, dim, keepdim, { correction });
}

function stdOf(self: Tensor, dim: Dims | null, correction: number, keepdim: boolean): Tensor {
  requireFloat('std', self);
  return over(norms.std, self, dim, keepdim, { correction });
}

/** The mean squared distance from the mean. (`var` is a word of JavaScript; the method is `x.var()`.) */
export const variance = ofSpread('torch.var', varianceOf);
/** The square root of the variance. */
export const std = ofSpread('torch.std', stdOf, { pythonCall: true });
/** Variance and mean. */
export const varMean = ofSpread(
  'torch.var_mean',
  (self, dim, correction, keepdim): [Tensor, Tensor] => [
    varianceOf(self, dim, correction, keepdim),
    meanOf(self, dim, keepdim),
  ],
  { pythonCall: true },
);
/** Standard deviation and mean. */
export const stdMean = ofSpread(
  'torch.std_mean',
  (self, dim, correction, keepdim): [Tensor, Tensor] => [
    stdOf(self, dim, correction, keepdim),
    meanOf(self, dim, keepdim),
  ],
  { pythonCall: true },
);

function place(op: typeof ops.argmax, self: Tensor, dim: number | null, keepdim: boolean): Tensor {
  if (dim === null) {
    const flat = record(op, [e.reshape(self.node, [sizeOf(self.node.shape)])], { dims: [0], keepdim: false });
    return new Tensor(
      keepdim
        ? e.reshape(
            flat,
            self.node.shape.map(() => 1),
          )
        : flat,
    );
  }
  return over(op, self, normalizeDim(op.name, dim, self.ndim), keepdim, {});
}

const oneDim = p.int('dim', null);
/** The index of the largest element, the first of equal ones; without a dim, in the flattened tensor. int64. */
export const argmax = fn(
  'torch.argmax',
  [input, oneDim, keepdim],
  (self, dim, keepdim): Tensor => place(ops.argmax, self, dim, keepdim),
  { pythonCall: true },
);
/** The index of the smallest element, the first of equal ones; without a dim, in the flattened tensor. int64. */
export const argmin = fn(
  'torch.argmin',
  [input, oneDim, keepdim],
  (self, dim, keepdim): Tensor => place(ops.argmin, self, dim, keepdim),
  { pythonCall: true },
);

function extremum(op: typeof ops.argmax, self: Tensor, dim: number, keepdim: boolean): ValuesAndIndices {
  const x = lined(self);
  const d = normalizeDim(op.name.slice(3), dim, self.ndim);
  const places = record(op, [x], { dims: [d], keepdim: true });
  const values = record(gather, [x, places], { dim: d });
  const shape = self.ndim === 0 ? [] : keepdim ? places.shape : places.shape.toSpliced(d, 1);
  return valuesAndIndices(new Tensor(e.reshape(values, shape)), new Tensor(e.reshape(places, shape)));
}

/** Of all elements; of two tensors, for each pair; along a dim, with where it is. */
const extreme = (name: string, ofAll: typeof ops.amax, ofPairs: typeof maximum, along: typeof ops.argmax) =>
  overloads(
    fn(name, [input], (self): Tensor => readFrom(self, over(ofAll, self, null, false, {})), { pythonCall: true }),
    fn(name, [input, p.tensor('other')], (self, other): Tensor => ofPairs(self, other), { pythonCall: true }),
    fn(
      name,
      [input, p.int('dim'), keepdim],
      (self, dim, keepdim): ValuesAndIndices => extremum(along, self, dim, keepdim),
      { pythonCall: true },
    ),
  );

/** The largest of all elements; along a dim, with its index; of two tensors, the larger of each pair. */
export const max = extreme('torch.max', ops.amax, maximum, ops.argmax);
/** The smallest of all elements; along a dim, with its index; of two tensors, the smaller of each pair. */
export const min = extreme('torch.min', ops.amin, minimum, ops.argmin);

const order = p.kind<number | 'fro'>(
  'a number',
  "a number, or 'fro' for 2",
  (v) => typeof v === 'number' || v === 'fro',
);
/**
 * The p-norm over dims: 2 or `'fro'` unless given, ±Infinity for the extremes, 0 for the number of elements that are
 * not 0.
 */
export const norm = fn(
  'torch.norm',
  [input, order('p', 'fro'), dim, keepdim, p.refused('out', null, 'leave it out'), dtype],
  (self, p, dim, keepdim, _out, dtype): Tensor => {
    const x = converted(self, dtype);
    requireFloat('norm', x);
    return over(norms.norm, x, dim, keepdim, { p: p === 'fro' ? 2 : p });
  },
);

/** log(Σ exp(x)), without overflow. */
export const logsumexp = fn('torch.logsumexp', [input, p.dims('dim'), keepdim], (self, dim, keepdim): Tensor =>
  over(norms.logsumexp, isFloat(self.dtype) ? self : converted(self, 'float32'), dim, keepdim, {}),
);

function running(op: typeof cumsumOp, self: Tensor, dim: number): Tensor {
  const d = normalizeDim(op.name, dim, self.ndim);
  return new Tensor(e.reshape(record(op, [lined(self)], { dim: d, reverse: false }), self.node.shape));
}

/** The sums of the first 1, 2, 3, … elements along a dimension. */
export const cumsum = fn('torch.cumsum', [input, p.int('dim'), '*', dtype], (self, dim, dtype): Tensor =>
  converted(running(cumsumOp, converted(self, dtype), dim), dtype),
);
/** The products of the first 1, 2, 3, … elements along a dimension. */
export const cumprod = fn('torch.cumprod', [input, p.int('dim'), '*', dtype], (self, dim, dtype): Tensor =>
  converted(running(cumprodOp, converted(self, dtype), dim), dtype),
);

/** The norm's method has no `out`. */
const ofMethod = fn('.norm', [input, order('p', 'fro'), dim, keepdim, dtype], (self, p, dim, keepdim, dtype): Tensor =>
  norm(self, p, dim, keepdim, null, dtype),
);

const reductions = {
  sum,
  prod,
  amax,
  amin,
  any,
  all,
  countNonzero,
  mean,
  /** The mean squared distance from the mean. */
  var: variance,
  std,
  argmax,
  argmin,
  max,
  min,
  /**
   * The p-norm over dims: 2 or `'fro'` unless given, ±Infinity for the extremes, 0 for the number of elements that are
   * not 0.
   */
  norm: ofMethod,
  logsumexp,
  cumsum,
  cumprod,
};
methods(reductions);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof reductions> {}
}
