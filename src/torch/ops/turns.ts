/**
 * @file Tensors turned, stacked, split and laid on diagonals; all of them are made of views, joins and choices.
 */
import { fail } from '../../base/errors.ts';
import { broadcastShapes, normalizeDim, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { leaf } from '../../graph/record.ts';
import { fromHost, optionsOf } from '../creation.ts';
import { inOwnMemory } from '../memory.ts';
import type { Dims, MethodsOf } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { diag, meshgrid } from './arrange.ts';
import { cat, stack } from './combine.ts';
import { sum } from './reduce.ts';
import { expand, reshape } from './shape.ts';
import { diagonal, flip, movedim } from './views.ts';
import { transpose } from './shape.ts';

const input = p.tensor('input');

/** The tensor as a vector; a view where its elements lie in row-major order without gaps. */
export const ravel = fn('torch.ravel', [input], (self): Tensor => reshape(self.contiguous(), -1), { pythonCall: true });

/** The tensor expanded to a shape: sizes of 1 repeat, and new dimensions come in front. A view. */
export const broadcastTo = fn(
  'torch.broadcast_to',
  [input, p.ints('size')],
  (self, size): Tensor => expand(self, size),
  { pythonCall: true },
);

/** All tensors expanded to the shape that they have in common. Views. */
export const broadcastTensors = fn('torch.broadcast_tensors', [p.operands('tensors')], (tensors): Tensor[] => {
  const shape = broadcastShapes('broadcastTensors', ...tensors.map(({ node }) => node.shape));
  return tensors.map((x) => expand(x, shape));
});

/** The tensors side by side as columns: a vector [n] is one column [n, 1]. */
export const columnStack = fn(
  'torch.column_stack',
  [p.tensors('tensors')],
  (tensors): Tensor =>
    cat(
      tensors.map((x) => (x.ndim < 2 ? reshape(x, [sizeOf(x.node.shape), 1]) : x)),
      1,
    ),
  { pythonCall: true },
);

/** The tensors one behind the other, along the third dimension: a matrix [m, n] is [m, n, 1], a vector [1, n, 1]. */
export const dstack = fn(
  'torch.dstack',
  [p.tensors('tensors')],
  (tensors): Tensor =>
    cat(
      tensors.map((x) => {
        const { shape } = x.node;
        return shape.length > 2 ? x : reshape(x, shape.length === 2 ? [...shape, 1] : [1, sizeOf(shape), 1]);
      }),
      2,
    ),
  { pythonCall: true },
);

/** Left and right exchanged: the second dimension backwards. */
export const fliplr = fn(
  'torch.fliplr',
  [input],
  (self): Tensor =>
    self.ndim < 2 ? fail(`fliplr: expects at least 2 dimensions, got shape ${self.shape}`) : flip(self, [1]),
  { pythonCall: true },
);
/** Up and down exchanged: the first dimension backwards. */
export const flipud = fn(
  'torch.flipud',
  [input],
  (self): Tensor => (self.ndim < 1 ? fail('flipud: expects at least 1 dimension, got none') : flip(self, [0])),
  { pythonCall: true },
);

const two = p.kind<readonly number[]>(
  'two dimensions',
  'them in an array',
  (v) => Array.isArray(v) && v.length === 2 && v.every(Number.isSafeInteger),
);

/** The plane of two dimensions turned by k times 90°, from the first towards the second. */
export const rot90 = fn(
  'torch.rot90',
  [input, p.int('k', 1), two('dims', [0, 1])],
  (self, k, dims): Tensor => {
    const [a, b] = dims.map((dim) => normalizeDim('rot90', dim, self.ndim));
    if (self.ndim < 2 || a === b)
      fail(`rot90: dims [${dims.join(', ')}] of shape ${self.shape}; give two different ones`);
    const turns = ((k % 4) + 4) % 4;
    if (turns === 0) return new Tensor(e.copy(self.node));
    if (turns === 2) return flip(self, [a, b]);
    return transpose(flip(self, [turns === 1 ? b : a]), a, b);
  },
  { pythonCall: true },
);

/** The sum of a matrix's diagonal. */
export const trace = fn(
  'torch.trace',
  [input],
  (self): Tensor => (self.ndim === 2 ? sum(diagonal(self)) : fail(`trace: expects a matrix, got shape ${self.shape}`)),
  { pythonCall: true },
);

/** The last dimension on the diagonals of matrices of zeros, which are dimensions `dim1` and `dim2` of the result. */
export const diagEmbed = fn(
  'torch.diag_embed',
  [input, p.int('offset', 0), p.int('dim1', -2), p.int('dim2', -1)],
  (self, offset, dim1, dim2): Tensor => {
    if (self.ndim === 0) fail('diagEmbed: expects at least 1 dimension, got none');
    const ndim = self.ndim + 1;
    const [a, b] = [normalizeDim('diagEmbed', dim1, ndim), normalizeDim('diagEmbed', dim2, ndim)];
    if (a === b) fail(`diagEmbed: dim1 ${dim1} and dim2 ${dim2} are one dimension; give two`);
    const { shape, device } = self.node;
    const n = shape[shape.length - 1];
    const onDiagonal = leaf(
      { shape: [n, n], dtype: 'bool' },
      device,
      Uint8Array.from({ length: n * n }, (_, i) => Number(i % (n + 1) === 0)),
    );
    const square = e.where(onDiagonal, e.reshape(self.node, [...shape.slice(0, -1), 1, n]), 0);
    const [right, down] = [Math.max(0, offset), Math.max(0, -offset)];
    const matrix = e.padZeros(e.padZeros(square, ndim - 1, right, down), ndim - 2, down, right);
    return new Tensor(inOwnMemory(movedim(new Tensor(matrix), [-2, -1], [a, b]).node));
  },
  { pythonCall: true },
);

/** A matrix of zeros with all elements of the tensor on a diagonal. */
export const diagflat = fn(
  'torch.diagflat',
  [input, p.int('offset', 0)],
  (self, offset): Tensor => diag(reshape(self, -1), offset),
  { pythonCall: true },
);

const sections = p.kind<Dims>(
  'a number of parts or an array of places',
  'how many parts, or where they end',
  (v) => Number.isSafeInteger(v) || (Array.isArray(v) && v.every(Number.isSafeInteger)),
);

/** Parts along a dimension: so many, the first ones one longer where it does not divide; or cut at places. */
export const tensorSplit = fn(
  'torch.tensor_split',
  [input, sections('indicesOrSections'), p.int('dim', 0)],
  (self, given, dim): Tensor[] => {
    if (self.ndim === 0) fail('tensorSplit: a tensor without dimensions cannot be cut');
    const d = normalizeDim('tensorSplit', dim, self.ndim);
    const size = self.node.shape[d];
    if (typeof given === 'number' && given < 1) fail(`tensorSplit: ${given} parts; give at least 1`);
    const place = (at: number): number => Math.min(size, Math.max(0, at < 0 ? at + size : at));
    const ends =
      typeof given === 'number'
        ? Array.from({ length: given }, (_, i) => {
            const longer = Math.min(i + 1, size % given);
            return (i + 1) * Math.floor(size / given) + longer;
          })
        : [...given.map(place), size];
    return ends.map((end, i) => {
      const start = i === 0 ? 0 : ends[i - 1];
      return new Tensor(e.slice(self.node, d, start, Math.max(start, end)));
    });
  },
  { pythonCall: true },
);

/** Every combination of an element of each vector, a row each: [n·m·…, count]; one vector as it is. */
export const cartesianProd = fn('torch.cartesian_prod', [p.operands('tensors')], (tensors): Tensor => {
  const other = tensors.find(({ ndim }) => ndim !== 1);
  if (tensors.length === 0 || other)
    fail(`cartesianProd: ${other ? `a tensor has shape ${other.shape}` : 'got no tensors'}; expects vectors`);
  if (tensors.length === 1) return tensors[0];
  return stack(
    meshgrid([...tensors], { indexing: 'ij' }).map((grid) => reshape(grid, -1)),
    1,
  );
});

const ofTriangle = [
  p.int('row'),
  p.int('col'),
  p.int('offset', 0),
  '*',
  p.dtype('dtype', null),
  p.device('device', null),
  p.refused('requiresGrad', false, 'whole numbers have no gradient'),
] as const;

/** Places [2, count] of a triangle, row by row. */
function places(
  what: string,
  [rows, columns]: readonly [number, number],
  isIn: (row: number, column: number) => boolean,
  options: Parameters<typeof optionsOf>,
): Tensor {
  if (rows < 0 || columns < 0) fail(`${what}: ${rows} rows and ${columns} columns; sizes are at least 0`);
  const found = Array.from({ length: rows * columns }, (_, i) => [Math.floor(i / columns), i % columns]).filter(
    ([row, column]) => isIn(row, column),
  );
  const host = Int32Array.from([...found.map(([row]) => row), ...found.map(([, column]) => column)]);
  const { dtype, ...others } = optionsOf(...options);
  const made = fromHost(host, [2, found.length], 'int64', others);
  return dtype === 'int64' || !dtype ? made : made.to(dtype);
}

/** The rows and columns of a matrix's lower triangle, up to `offset` right of the diagonal: int64 [2, count]. */
export const trilIndices = fn('torch.tril_indices', ofTriangle, (row, col, offset, dtype, device): Tensor =>
  places('trilIndices', [row, col], (r, c) => c - r <= offset, [dtype, device, false]),
);
/** The rows and columns of a matrix's upper triangle, from `offset` right of the diagonal on: int64 [2, count]. */
export const triuIndices = fn('torch.triu_indices', ofTriangle, (row, col, offset, dtype, device): Tensor =>
  places('triuIndices', [row, col], (r, c) => c - r >= offset, [dtype, device, false]),
);

const turned = { ravel, broadcastTo, fliplr, flipud, rot90, trace, diagEmbed, diagflat, tensorSplit };
methods(turned);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof turned> {}
}
