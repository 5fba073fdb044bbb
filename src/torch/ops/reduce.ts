/**
 * @file Reductions over any dims: sum, mean, amax, amin, prod, any, all. No dims means all of them.
 */
import { isFloat } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { normalizeDims } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import * as ops from '../../graph/ops/reduce.ts';
import { record } from '../../graph/record.ts';
import type { Methods } from '../tensor.ts';
import { Tensor, attach } from '../tensor.ts';

export interface ReduceOptions {
  /** Keeps reduced dimensions with size 1. */
  readonly keepdim?: boolean;
}

type Dims = number | readonly number[];

function reduce(name: keyof typeof ops.reductions, self: Tensor, dims: Dims | undefined, { keepdim = false }: ReduceOptions): Tensor {
  return new Tensor(record(ops[name], [self.node], { dims: normalizeDims(name, dims, self.ndim), keepdim }));
}

/** The sum; integers and bools sum to int32. */
export const sum = (self: Tensor, dims?: Dims, options: ReduceOptions = {}): Tensor => reduce('sum', self, dims, options);
export const prod = (self: Tensor, dims?: Dims, options: ReduceOptions = {}): Tensor => reduce('prod', self, dims, options);
export const amax = (self: Tensor, dims?: Dims, options: ReduceOptions = {}): Tensor => reduce('amax', self, dims, options);
export const amin = (self: Tensor, dims?: Dims, options: ReduceOptions = {}): Tensor => reduce('amin', self, dims, options);
/** Whether any element is not 0; bool. */
export const any = (self: Tensor, dims?: Dims, options: ReduceOptions = {}): Tensor => reduce('any', self, dims, options);
/** Whether no element is 0; bool. */
export const all = (self: Tensor, dims?: Dims, options: ReduceOptions = {}): Tensor => reduce('all', self, dims, options);

/** The arithmetic mean of a floating tensor; NaN of nothing. */
export function mean(self: Tensor, dims?: Dims, options: ReduceOptions = {}): Tensor {
  if (!isFloat(self.dtype)) fail(`mean: dtype ${self.dtype} has no mean; convert with .to('float32')`);
  const over = normalizeDims('mean', dims, self.ndim);
  const count = over.reduce((n, d) => n * self.node.shape[d], 1);
  return new Tensor(e.div(sum(self, dims, options).node, count));
}

const reductions = { sum, prod, amax, amin, any, all, mean };
attach(reductions);

declare module '../tensor.ts' {
  interface Tensor extends Methods<typeof reductions> {}
}
