/**
 * @file Tensors laid out in a larger one: beside and above each other, as a grid's coordinates, on a diagonal.
 */
import { fail } from '../../base/errors.ts';
import { sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import type { Methods } from '../tensor.ts';
import { Tensor, attach } from '../tensor.ts';
import { writtenAs } from '../written.ts';
import { cat } from './combine.ts';
import { diagonal } from './views.ts';

/** The tensor with at least two dimensions: a number as [1, 1], a vector [n] as a row [1, n]. */
const asRows = ({ node }: Tensor): Tensor => new Tensor(node.shape.length < 2 ? e.reshape(node, [1, sizeOf(node.shape)]) : node);

/** The tensors one above the other, along the first dimension; vectors are rows. */
export const vstack = writtenAs('torch.vstack', (tensors: readonly Tensor[]): Tensor => cat(tensors.map(asRows)));

/** The tensors side by side, along the second dimension; vectors along their only one. */
export const hstack = writtenAs('torch.hstack', (tensors: readonly Tensor[]): Tensor => {
  const rows = tensors.map((x) => (x.ndim === 0 ? new Tensor(e.reshape(x.node, [1])) : x));
  return cat(rows, rows[0]?.ndim === 1 ? 0 : 1);
});

export interface MeshgridOptions {
  /** `'ij'`: the first vector runs down, the second across, as matrices count; `'xy'`: the other way, as pictures do. */
  readonly indexing?: 'ij' | 'xy';
}

/** The coordinates of a grid: for vectors [n], [m], … one tensor [n, m, …] each, which changes along its vector's dimension alone. */
export const meshgrid = writtenAs('torch.meshgrid', (tensors: readonly Tensor[], { indexing = 'ij' }: MeshgridOptions = {}): Tensor[] => {
  if (tensors.length === 0) fail('meshgrid: expected at least one tensor, got none');
  if (indexing !== 'ij' && indexing !== 'xy') fail(`meshgrid: unknown indexing '${String(indexing)}'; known are 'ij' and 'xy'`);
  const other = tensors.find((x) => x.ndim > 1);
  if (other) fail(`meshgrid: a tensor has shape ${other.shape}; expected vectors`);
  const differs = tensors.find((x) => x.dtype !== tensors[0].dtype);
  if (differs) fail(`meshgrid: the tensors are ${tensors[0].dtype} and ${differs.dtype}; convert one with .to()`);
  const dims = tensors.map((_, i) => (indexing === 'xy' && i < 2 && tensors.length > 1 ? 1 - i : i));
  const shape = dims.map((_, d) => sizeOf(tensors[dims.indexOf(d)].node.shape));
  return tensors.map(({ node }, i) => new Tensor(e.expand(e.reshape(node, shape.map((size, d) => (d === dims[i] ? size : 1))), shape)));
});

/** Of a vector [n], the matrix with it on a diagonal, `offset` right of the main one, and zeros elsewhere; of a matrix, that diagonal. */
export function diag(self: Tensor, offset = 0): Tensor {
  if (self.ndim !== 1 && self.ndim !== 2) fail(`diag: expected a vector or a matrix, got shape ${self.shape}`);
  if (!Number.isInteger(offset)) fail(`diag: the diagonal ${offset} is not a whole number`);
  if (self.ndim === 2) return new Tensor(e.copy(diagonal(self, offset).node));
  const [n] = self.node.shape;
  // Each element with n zeros behind it: read in rows of n, they step one to the right from row to row.
  const spread = e.reshape(e.padZeros(e.reshape(self.node, [n, 1]), 1, 0, n), [n * (n + 1)]);
  const main = e.reshape(e.slice(spread, 0, 0, n * n), [n, n]);
  const [right, down] = [Math.max(0, offset), Math.max(0, -offset)];
  const matrix = e.padZeros(e.padZeros(main, 1, right, down), 0, down, right);
  return new Tensor(matrix === self.node ? e.copy(matrix) : matrix);
}

const arrangements = { diag };
/** The options that each knows. */
export const options = { meshgrid: ['indexing'] };

/** As programs call them. */
export const called = attach(arrangements, { diag: 'torch.diag' });

declare module '../tensor.ts' {
  interface Tensor extends Methods<typeof arrangements> {}
}
