/**
 * @file Reading by index tensors: indexSelect, gather, masks. Indices are integers; one out of range is an error, at
 * once where their numbers are on the host, else when they are computed.
 */
import { fail } from '../../base/errors.ts';
import { broadcastShapes, normalizeDim, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { gather as gatherOp } from '../../graph/ops/indexing.ts';
import { record } from '../../graph/record.ts';
import { fromHost } from '../creation.ts';
import { Tensor, readTensor } from '../tensor.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import { dim, cutToIndex, indexNode, input, overRows, places, takeAlong } from './index-nodes.ts';
import type { Index, View } from './subscript.ts';
import { index } from './subscript.ts';
import { dataDecides, promiseOf } from './promises.ts';

/** The parts of a dimension at the indices of a vector. */
export const indexSelect = fn(
  'torch.index_select',
  [input, dim, p.tensor('index')],
  (self, dim, index): Tensor => {
    if (index.ndim > 1) fail(`indexSelect: the index has shape ${index.shape}; expected a vector`);
    const d = normalizeDim('indexSelect', dim, self.ndim);
    const x = self.ndim ? self.node : e.reshape(self.node, [1]);
    const taken = record(gatherOp, [x, overRows(indexNode('indexSelect', index, x.shape[d]), x.shape, d)], { dim: d });
    return new Tensor(self.ndim ? taken : e.reshape(taken, []));
  },
  { pythonCall: true },
);

/**
 * out[i][j] = self[index[i][j]][j] for dim 0, and so on: the result has the index's shape, which may be smaller than
 * the tensor's in other dims.
 */
export const gather = fn(
  'torch.gather',
  [input, dim, places, '*', p.refused('sparseGrad', false, 'gradients here are dense')],
  (self, dim, index): Tensor => {
    const d = normalizeDim('gather', dim, self.ndim);
    return new Tensor(
      record(gatherOp, [cutToIndex('gather', self.node, index, d), indexNode('gather', index, self.node.shape[d])], {
        dim: d,
      }),
    );
  },
);

/** As gather; the other dimensions broadcast. */
export const takeAlongDim = fn(
  'torch.take_along_dim',
  [input, p.indices('indices'), p.int('dim', null)],
  (self, index, dim): Tensor => {
    if (dim === null) return takeAlongDim(self.reshape(-1), index.reshape(-1), 0);
    const d = normalizeDim('takeAlongDim', dim, self.ndim);
    if (self.ndim !== index.ndim)
      fail(`takeAlongDim: the index has ${index.ndim} dimensions and the tensor ${self.ndim}; they must be as many`);
    const shape = broadcastShapes('takeAlongDim', self.node.shape.with(d, 1), index.node.shape.with(d, 1));
    return gather(self.expand(shape.with(d, self.node.shape[d])), d, index.expand(shape.with(d, index.node.shape[d])));
  },
  { pythonCall: true },
);

/** The elements where the mask is true, as a vector; a promise, because their number depends on the mask. */
export const maskedSelect = fn('torch.masked_select', [input, p.tensor('mask')], (self, mask): Promise<Tensor> => {
  if (mask.dtype !== 'bool') fail(`maskedSelect: the mask is ${mask.dtype}; expected bool, as comparisons give`);
  const shape = broadcastShapes('maskedSelect', self.node.shape, mask.node.shape);
  // The tensor as it is now, not when the mask is there.
  const flat = e.reshape(e.expand(self.node, shape), [sizeOf(shape)]);
  return promiseOf(
    'maskedSelect',
    readTensor(mask.expand(shape)).then((held) => {
      const places = Int32Array.from(Array.from(held.keys()).filter((i) => held[i] !== 0));
      return new Tensor(takeAlong(flat, 0, places));
    }),
    dataDecides,
  );
});

/**
 * The indices of the elements that are not 0, a row each, int64 [count, ndim]; a promise, since their number depends on
 * the data.
 */
export const nonzero = fn(
  'torch.nonzero',
  [input, '*', p.refused('asTuple', false, 'take (await x.nonzero()).unbind(1)')],
  async (self): Promise<Tensor> => {
    const shape = self.node.shape;
    const rows: number[] = [];
    (await self.data()).forEach((v, i) => {
      if (v === 0) return;
      const at = shape.map((size, d) => Math.floor(i / sizeOf(shape.slice(d + 1))) % size);
      rows.push(...at);
    });
    return fromHost(
      Int32Array.from(rows),
      [self.ndim ? rows.length / self.ndim : Number((await self.item()) !== 0), self.ndim],
      'int64',
      { device: self.device },
    );
  },
);

const reading = { indexSelect, gather, takeAlongDim, maskedSelect, nonzero };
methods(reading);
methods({ index, at: index });

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof reading> {
    /**
     * The elements at an index, like PyTorch's x[…]: a view if the index has only numbers and ranges, otherwise a copy;
     * with a mask, a promise.
     */
    index(...indices: View[]): Tensor;
    index(...indices: Index[]): Tensor & Promise<Tensor>;
    /** The same as `index`: `x.at(0)`, `x.at(-1)`. */
    at(...indices: View[]): Tensor;
    at(...indices: Index[]): Tensor & Promise<Tensor>;
  }
}
