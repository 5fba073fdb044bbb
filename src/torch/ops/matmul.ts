/**
 * @file Matrix products: matmul with all of PyTorch's cases of vectors, matrices and batches, and the named ones.
 */
import { fail } from '../../base/errors.ts';
import { sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import type { Node } from '../../graph/types.ts';
import { inOwnMemory } from '../memory.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { requireExpandable } from './apply.ts';
import type { MethodsAndForms } from './inplace-forms.ts';
import { methodsAndForms } from './inplace-forms.ts';
import { productOf } from './int64.ts';

/** Vectors count as a row on the left, as a column on the right; leading dimensions are a batch and broadcast. */
export const matmul = fn('torch.matmul', [p.tensor('input'), p.tensor('other')], (input, other): Tensor =>
  product(input, other),
);

function product(self: Tensor, other: Tensor): Tensor {
  const [a, b] = [self.node, other.node];
  if (a.shape.length === 0 || b.shape.length === 0)
    fail(
      `matmul: both operands need at least 1 dimension, got ${a.shape.length} and ${b.shape.length}; use mul for scalars`,
    );
  const left = a.shape.length === 1 ? e.reshape(a, [1, ...a.shape]) : a;
  const right = b.shape.length === 1 ? e.reshape(b, [...b.shape, 1]) : b;
  const y = productOf(left, right);
  const shape = [
    ...y.shape.slice(0, -2),
    ...(a.shape.length === 1 ? [] : [y.shape.at(-2)!]),
    ...(b.shape.length === 1 ? [] : [y.shape.at(-1)!]),
  ];
  return new Tensor(e.reshape(y, shape));
}

/** A product of operands with exactly these numbers of dimensions. */
function exact(what: string, self: Tensor, other: Tensor, ranks: readonly [number, number]): Tensor {
  if (self.ndim !== ranks[0] || other.ndim !== ranks[1])
    fail(
      `${what}: expects ${ranks[0]} and ${ranks[1]} dimensions, got shapes ${self.shape} and ${other.shape}; matmul takes others`,
    );
  return product(self, other);
}

/** [M, K] · [K, N] */
export const mm = fn(
  'torch.mm',
  [p.tensor('input'), p.tensor('mat2')],
  (input, mat2): Tensor => exact('mm', input, mat2, [2, 2]),
  { pythonCall: true },
);
/** [M, K] · [K] */
export const mv = fn(
  'torch.mv',
  [p.tensor('input'), p.tensor('vec')],
  (input, vec): Tensor => exact('mv', input, vec, [2, 1]),
  { pythonCall: true },
);
/** The sum of products of two vectors. */
export const dot = fn(
  'torch.dot',
  [p.tensor('input'), p.tensor('tensor')],
  (input, tensor): Tensor => exact('dot', input, tensor, [1, 1]),
  { pythonCall: true },
);

/** [B, M, K] · [B, K, N]; the batches do not broadcast. */
export const bmm = fn(
  'torch.bmm',
  [p.tensor('input'), p.tensor('mat2')],
  (input, mat2): Tensor => batched(input, mat2),
  { pythonCall: true },
);

function batched(self: Tensor, other: Tensor): Tensor {
  if (self.ndim === 3 && other.ndim === 3 && self.shape[0] !== other.shape[0])
    fail(`bmm: batches of ${self.shape[0]} and ${other.shape[0]}; they must be equal, matmul broadcasts`);
  return exact('bmm', self, other, [3, 3]);
}

/** Every product of an element of one vector with one of the other: [M, N]. */
export const outer = fn(
  'torch.outer',
  [p.tensor('input'), p.tensor('vec2')],
  (input, vec2): Tensor => {
    if (input.ndim !== 1 || vec2.ndim !== 1)
      fail(`outer: expects two vectors, got shapes ${input.shape} and ${vec2.shape}`);
    return input.reshape(-1, 1).mul(vec2.reshape(1, -1));
  },
  { pythonCall: true },
);

/** `beta` multiplies the tensor, `alpha` the product. */
const factors = [p.scalar('beta', 1), p.scalar('alpha', 1)] as const;

/** beta · self + alpha · product; a beta of 0 ignores self's numbers, even NaNs. */
function plusProduct(
  what: string,
  self: Tensor,
  product: Tensor,
  beta: number | boolean,
  alpha: number | boolean,
): Tensor {
  const [b, a] = [Number(beta), Number(alpha)];
  const scaled = a === 1 ? product : product.mul(a);
  requireExpandable(what, 'input', self, product);
  return b === 0 ? scaled : new Tensor(inOwnMemory((b === 1 ? self : self.mul(b)).add(scaled).node));
}

/** beta · self + alpha · a · b for matrices; self broadcasts. */
export const addmm = fn(
  'torch.addmm',
  [p.tensor('input'), p.tensor('mat1'), p.tensor('mat2'), '*', ...factors],
  (input, mat1, mat2, beta, alpha): Tensor =>
    plusProduct('addmm', input, exact('addmm', mat1, mat2, [2, 2]), beta, alpha),
  { pythonCall: true },
);
/** beta · self + alpha · a · b for a matrix and a vector. */
export const addmv = fn(
  'torch.addmv',
  [p.tensor('input'), p.tensor('mat'), p.tensor('vec'), '*', ...factors],
  (input, mat, vec, beta, alpha): Tensor => plusProduct('addmv', input, exact('addmv', mat, vec, [2, 1]), beta, alpha),
  { pythonCall: true },
);
/** beta · self + alpha · a · b for batches of matrices. */
export const baddbmm = fn(
  'torch.baddbmm',
  [p.tensor('input'), p.tensor('batch1'), p.tensor('batch2'), '*', ...factors],
  (input, batch1, batch2, beta, alpha): Tensor => plusProduct('baddbmm', input, batched(batch1, batch2), beta, alpha),
  { pythonCall: true },
);

/**
 * Sums over pairs of dimensions: the last `dims` of self with the first `dims` of other, or two lists of dimensions.
 */
const pairs = p.kind<number | readonly [readonly number[], readonly number[]]>(
  'a number of dimensions or two lists of them',
  'one of these',
  (v) =>
    Number.isSafeInteger(v) ||
    (Array.isArray(v) && v.length === 2 && v.every((list) => Array.isArray(list) && list.every(Number.isSafeInteger))),
);
/** Products summed over several dimensions: the last `dims` of a with the first of b, or two arrays of dimensions. */
export const tensordot = fn(
  'torch.tensordot',
  [p.tensor('a'), p.tensor('b'), pairs('dims', 2), p.refused('out', null, 'leave it out')],
  (self, other, dims): Tensor => {
    const [a, b] = [self.node, other.node];
    if (typeof dims === 'number' && dims < 0) fail(`tensordot: ${dims} dims; give a whole number from 0`);
    const [left, right] =
      typeof dims === 'number'
        ? [Array.from({ length: dims }, (_, i) => a.shape.length - dims + i), Array.from({ length: dims }, (_, i) => i)]
        : dims.map((list, i) => list.map((d) => (d < 0 ? d + [a, b][i].shape.length : d)));
    if (
      left.length !== right.length ||
      left.some((d, i) => a.shape[d] === undefined || a.shape[d] !== b.shape[right[i]])
    ) {
      fail(
        `tensordot: dims [${left.join(', ')}] of ${self.shape} and [${right.join(', ')}] of ${other.shape} do not have equal sizes`,
      );
    }
    const free = (node: Node, used: readonly number[]): number[] =>
      node.shape.map((_, d) => d).filter((d) => !used.includes(d));
    const [keptA, keptB] = [free(a, left), free(b, right)];
    const K = left.reduce((n, d) => n * a.shape[d], 1);
    const sizes = (node: Node, kept: readonly number[]): number[] => kept.map((d) => node.shape[d]);
    const [M, N] = [sizeOf(sizes(a, keptA)), sizeOf(sizes(b, keptB))];
    const product = productOf(
      e.reshape(e.permute(a, [...keptA, ...left]), [M, K]),
      e.reshape(e.permute(b, [...right, ...keptB]), [K, N]),
    );
    return new Tensor(e.reshape(product, [...sizes(a, keptA), ...sizes(b, keptB)]));
  },
  { pythonCall: true },
);

const products = { matmul, mm, mv, dot, bmm, outer };
methods(products);

const sums = { addmm, addmv, baddbmm };
methodsAndForms(sums);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof products>, MethodsAndForms<typeof sums> {}
}
