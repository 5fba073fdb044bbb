/**
 * @file Tensors laid out in a larger one: beside and above each other, as a grid's coordinates, on a diagonal.
 */
import { fail } from '../../base/errors.ts';
import { sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { cat } from './combine.ts';
import { diagonal } from './views.ts';

/** The tensor with at least two dimensions: a number as [1, 1], a vector [n] as a row [1, n]. */
const asRows = ({ node }: Tensor): Tensor =>
  new Tensor(node.shape.length < 2 ? e.reshape(node, [1, sizeOf(node.shape)]) : node);

/** The tensors one above the other, along the first dimension; vectors are rows. */
export const vstack = fn('torch.vstack', [p.tensors('tensors')], (tensors): Tensor => cat(tensors.map(asRows)), {
  pythonCall: true,
});

/** The tensors side by side, along the second dimension; vectors along their only one. */
export const hstack = fn(
  'torch.hstack',
  [p.tensors('tensors')],
  (tensors): Tensor => {
    const rows = tensors.map((x) => (x.ndim === 0 ? new Tensor(e.reshape(x.node, [1])) : x));
    return cat(rows, rows[0]?.ndim === 1 ? 0 : 1);
  },
  { pythonCall: true },
);

/** The grid of vectors, which `indexing` lays out. */
function gridOf(tensors: readonly Tensor[], indexing: 'ij' | 'xy' | null): Tensor[] {
  if (tensors.length === 0) fail('meshgrid: expected at least one tensor, got none');
  const other = tensors.find((x) => x.ndim > 1);
  if (other) fail(`meshgrid: a tensor has shape ${other.shape}; expected vectors`);
  const differs = tensors.find((x) => x.dtype !== tensors[0].dtype);
  if (differs) fail(`meshgrid: the tensors are ${tensors[0].dtype} and ${differs.dtype}; convert one with .to()`);
  const dims = tensors.map((_, i) => (indexing === 'xy' && i < 2 && tensors.length > 1 ? 1 - i : i));
  const shape = dims.map((_, d) => sizeOf(tensors[dims.indexOf(d)].node.shape));
  return tensors.map(
    ({ node }, i) =>
      new Tensor(
        e.expand(
          e.reshape(
            node,
            shape.map((size, d) => (d === dims[i] ? size : 1)),
          ),
          shape,
        ),
      ),
  );
}

/** `'ij'`: the first vector runs down, the second across, as matrices count; `'xy'`: the other way, as pictures do. */
const indexing = p.choice(['ij', 'xy'])('indexing', null);

/**
 * The coordinates of a grid: for vectors [n], [m], … one tensor [n, m, …] each, which changes along its vector's
 * dimension alone.
 */
export const meshgrid = fn(
  'torch.meshgrid',
  [p.operands('tensors'), '*', indexing],
  (tensors, indexing): Tensor[] => gridOf(tensors, indexing),
  { pythonCall: true },
);

/**
 * Of a vector [n], the matrix with it on a diagonal, `offset` right of the main one, and zeros elsewhere; of a matrix,
 * that diagonal.
 */
export const diag = fn(
  'torch.diag',
  [p.tensor('input'), p.int('diagonal', 0)],
  (self, offset): Tensor => {
    if (self.ndim !== 1 && self.ndim !== 2) fail(`diag: expected a vector or a matrix, got shape ${self.shape}`);
    if (self.ndim === 2) return new Tensor(e.copy(diagonal(self, offset).node));
    const [n] = self.node.shape;
    // Each element with n zeros behind it: read in rows of n, they step one to the right from row to row.
    const spread = e.reshape(e.padZeros(e.reshape(self.node, [n, 1]), 1, 0, n), [n * (n + 1)]);
    const main = e.reshape(e.slice(spread, 0, 0, n * n), [n, n]);
    const [right, down] = [Math.max(0, offset), Math.max(0, -offset)];
    const matrix = e.padZeros(e.padZeros(main, 1, right, down), 0, down, right);
    return new Tensor(matrix === self.node ? e.copy(matrix) : matrix);
  },
  { pythonCall: true },
);

const arrangements = { diag };
methods(arrangements);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof arrangements> {}
}
