/**
 * @file Matrix products: matmul with all of PyTorch's cases of vectors, matrices and batches, and the named ones.
 */
import { fail } from '../../base/errors.ts';
import { sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { matmul as matmulOp } from '../../graph/ops/matmul.ts';
import { record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { inOwnMemory } from '../memory.ts';
import type { Methods } from '../tensor.ts';
import { Tensor, attach } from '../tensor.ts';
import { writtenAs } from '../written.ts';

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

/** A product of operands with exactly these numbers of dimensions. */
function exact(what: string, self: Tensor, other: Tensor, ranks: readonly [number, number]): Tensor {
  if (self.ndim !== ranks[0] || other.ndim !== ranks[1]) fail(`${what}: expects ${ranks[0]} and ${ranks[1]} dimensions, got shapes ${self.shape} and ${other.shape}; matmul takes others`);
  return matmul(self, other);
}

/** [M, K] · [K, N] */
export const mm = (self: Tensor, other: Tensor): Tensor => exact('mm', self, other, [2, 2]);
/** [M, K] · [K] */
export const mv = (self: Tensor, other: Tensor): Tensor => exact('mv', self, other, [2, 1]);
/** The sum of products of two vectors. */
export const dot = (self: Tensor, other: Tensor): Tensor => exact('dot', self, other, [1, 1]);

/** [B, M, K] · [B, K, N]; the batches do not broadcast. */
export function bmm(self: Tensor, other: Tensor): Tensor {
  if (self.ndim === 3 && other.ndim === 3 && self.shape[0] !== other.shape[0]) fail(`bmm: batches of ${self.shape[0]} and ${other.shape[0]}; they must be equal, matmul broadcasts`);
  return exact('bmm', self, other, [3, 3]);
}

/** Every product of an element of one vector with one of the other: [M, N]. */
export function outer(self: Tensor, other: Tensor): Tensor {
  if (self.ndim !== 1 || other.ndim !== 1) fail(`outer: expects two vectors, got shapes ${self.shape} and ${other.shape}`);
  return self.reshape(-1, 1).mul(other.reshape(1, -1));
}

export interface AddProductOptions {
  /** Multiplies the tensor. */
  readonly beta?: number;
  /** Multiplies the product. */
  readonly alpha?: number;
}

/** beta · self + alpha · product; a beta of 0 ignores self, even its NaNs. */
function plusProduct(self: Tensor, product: Tensor, { beta = 1, alpha = 1 }: AddProductOptions): Tensor {
  const scaled = alpha === 1 ? product : product.mul(alpha);
  if (beta === 0) return scaled;
  return new Tensor(inOwnMemory((beta === 1 ? self : self.mul(beta)).add(scaled).node));
}

/** beta · self + alpha · a · b for matrices; self broadcasts. */
export const addmm = (self: Tensor, a: Tensor, b: Tensor, options: AddProductOptions = {}): Tensor => plusProduct(self, exact('addmm', a, b, [2, 2]), options);
/** beta · self + alpha · a · b for a matrix and a vector. */
export const addmv = (self: Tensor, a: Tensor, b: Tensor, options: AddProductOptions = {}): Tensor => plusProduct(self, exact('addmv', a, b, [2, 1]), options);
/** beta · self + alpha · a · b for batches of matrices. */
export const baddbmm = (self: Tensor, a: Tensor, b: Tensor, options: AddProductOptions = {}): Tensor => plusProduct(self, bmm(a, b), options);

/** Sums over pairs of dimensions: the last `dims` of self with the first `dims` of other, or two lists of dimensions. */
export const tensordot = writtenAs('torch.tensordot', (self: Tensor, other: Tensor, dims: number | readonly [readonly number[], readonly number[]] = 2): Tensor => {
  const [a, b] = [self.node, other.node];
  const [left, right] = typeof dims === 'number' ? [Array.from({ length: dims }, (_, i) => a.shape.length - dims + i), Array.from({ length: dims }, (_, i) => i)] : dims.map((list, i) => list.map((d) => (d < 0 ? d + [a, b][i].shape.length : d)));
  if (left.length !== right.length || left.some((d, i) => a.shape[d] === undefined || a.shape[d] !== b.shape[right[i]])) {
    fail(`tensordot: dims [${left.join(', ')}] of ${self.shape} and [${right.join(', ')}] of ${other.shape} do not have equal sizes`);
  }
  const free = (node: Node, used: readonly number[]): number[] => node.shape.map((_, d) => d).filter((d) => !used.includes(d));
  const [keptA, keptB] = [free(a, left), free(b, right)];
  const K = left.reduce((n, d) => n * a.shape[d], 1);
  const sizes = (node: Node, kept: readonly number[]): number[] => kept.map((d) => node.shape[d]);
  const [M, N] = [sizeOf(sizes(a, keptA)), sizeOf(sizes(b, keptB))];
  const product = record(matmulOp, [e.reshape(e.permute(a, [...keptA, ...left]), [M, K]), e.reshape(e.permute(b, [...right, ...keptB]), [K, N])], {});
  return new Tensor(e.reshape(product, [...sizes(a, keptA), ...sizes(b, keptB)]));
});

const products = { matmul, mm, mv, dot, bmm, outer, addmm, addmv, baddbmm };
const factors = ['beta', 'alpha'];
/** The options that each knows. */
export const options = { addmm: factors, addmv: factors, baddbmm: factors };

/** As programs call them. */
export const called = attach(products, {
  mm: 'torch.mm',
  mv: 'torch.mv',
  dot: 'torch.dot',
  bmm: 'torch.bmm',
  outer: 'torch.outer',
  addmm: 'torch.addmm',
  addmv: 'torch.addmv',
  baddbmm: 'torch.baddbmm',
}, options);

declare module '../tensor.ts' {
  interface Tensor extends Methods<typeof products> {}
}
