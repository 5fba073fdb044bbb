/**
 * @file Matrix products: matmul with all of PyTorch's cases of vectors, matrices and batches.
 */
import { fail } from '../../base/errors.ts';
import * as e from '../../graph/expr.ts';
import { matmul as matmulOp } from '../../graph/ops/matmul.ts';
import { record } from '../../graph/record.ts';
import type { Methods } from '../tensor.ts';
import { Tensor, attach } from '../tensor.ts';

/** Vectors count as a row on the left, as a column on the right; leading dimensions are a batch and broadcast. */
export function matmul(self: Tensor, other: Tensor): Tensor {
  const [a, b] = [self.node, other.node];
  if (a.shape.length === 0 || b.shape.length === 0) fail(`matmul: both operands need at least 1 dimension, got ${a.shape.length} and ${b.shape.length}; use mul for scalars`);
  const left = a.shape.length === 1 ? e.reshape(a, [1, ...a.shape]) : a;
  const right = b.shape.length === 1 ? e.reshape(b, [...b.shape, 1]) : b;
  const product = record(matmulOp, [left, right], {});
  const shape = [...product.shape.slice(0, -2), ...(a.shape.length === 1 ? [] : [product.shape.at(-2)!]), ...(b.shape.length === 1 ? [] : [product.shape.at(-1)!])];
  return new Tensor(e.reshape(product, shape));
}

const products = { matmul };
attach(products);

declare module '../tensor.ts' {
  interface Tensor extends Methods<typeof products> {}
}
