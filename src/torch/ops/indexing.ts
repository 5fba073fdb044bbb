/**
 * @file Reading by index tensors: indexSelect, gather, embedding, masks. Indices are integers; where their numbers are on the host,
 * one out of range is an error at once, else the kernels give NaN for it.
 */
import { dtypes } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { broadcastShapes, normalizeDim, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { embedding as embeddingOp, gather as gatherOp } from '../../graph/ops/indexing.ts';
import { leaf, record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { fromHost } from '../creation.ts';
import { inOwnMemory } from '../memory.ts';
import { Tensor, readTensor } from '../tensor.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import { hostOf } from './known.ts';
import type { Index, View } from './subscript.ts';
import { index } from './subscript.ts';
import { dataDecides, promised } from './promised.ts';

export const [input, dim, places] = [p.tensor('input'), p.int('dim'), p.indices('index')];

/** The index as a node on the data's device, after the checks that its host value allows. */
export function indexNode(
  what: string,
  index: Tensor,
  size: number,
  things: Things = { one: 'index', many: 'elements' },
): Node {
  if (dtypes[index.dtype].kind !== 'int')
    fail(`${what}: the index is ${index.dtype}; indices are whole numbers, convert with .to('int32')`);
  checkPlaces(what, index, size, things);
  return e.cast(index.node, 'int32');
}

/** What the program calls a place and what there is at places: a `class` of 10 `classes`. */
export interface Things {
  readonly one: string;
  readonly many: string;
}

/** Throws where the index is on the host and has a number below 0, or not below `size`; `allowed` may be there too. */
export function checkPlaces(what: string, index: Tensor, size: number, { one, many }: Things, allowed?: number): void {
  const host = hostOf(index.node);
  const at = host?.findIndex((i) => i !== allowed && !(i >= 0 && i < size)) ?? -1;
  if (at < 0) return;
  const { shape } = index.node;
  const place = shape.map((n, d) => Math.floor(at / sizeOf(shape.slice(d + 1))) % n);
  fail(
    `${what}: ${one} ${host![at]}${place.length ? ` at [${place.join(', ')}]` : ''} is out of range; there are ${size} ${many}${size > 0 ? `, from 0 to ${size - 1}` : ''}`,
  );
}

/** An index along `dim` of a tensor, expanded over the other dimensions. */
export function overRows(index: Node, shape: readonly number[], dim: number): Node {
  const count = sizeOf(index.shape);
  return e.expand(
    e.reshape(
      index,
      shape.map((_, d) => (d === dim ? count : 1)),
    ),
    shape.with(dim, count),
  );
}

/** Elements of x along a dimension at places known beforehand. */
export function takeAlong(x: Node, dim: number, places: Int32Array): Node {
  return record(
    gatherOp,
    [x, overRows(leaf({ shape: [places.length], dtype: 'int32' }, x.device, places), x.shape, dim)],
    { dim },
  );
}

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

/** out[i][j] = self[index[i][j]][j] for dim 0, and so on: the result has the index's shape, which may be smaller than the tensor's in other dims. */
export const gather = fn(
  'torch.gather',
  [input, dim, places, '*', p.refused('sparseGrad', false, 'gradients here are dense')],
  (self, dim, index): Tensor => {
    const d = normalizeDim('gather', dim, self.ndim);
    return new Tensor(
      record(gatherOp, [fitted('gather', self.node, index, d), indexNode('gather', index, self.node.shape[d])], {
        dim: d,
      }),
    );
  },
);

/** A tensor cut to the index's sizes in the dimensions other than `dim`. */
export function fitted(what: string, x: Node, index: Tensor, dim: number): Node {
  if (x.shape.length !== index.ndim)
    fail(`${what}: the index has ${index.ndim} dimensions and the tensor ${x.shape.length}; they must be as many`);
  return index.node.shape.reduce((node, size, d) => {
    if (d === dim) return node;
    if (size > x.shape[d])
      fail(`${what}: index ${index.shape} is larger than the tensor [${x.shape.join(', ')}] in dim ${d}`);
    return e.slice(node, d, 0, size);
  }, x);
}

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

/** How many elements there are is known only when the mask is; hence a promise. */
export const maskedSelect = fn('torch.masked_select', [input, p.tensor('mask')], (self, mask): Promise<Tensor> => {
  if (mask.dtype !== 'bool') fail(`maskedSelect: the mask is ${mask.dtype}; expected bool, as comparisons give`);
  const shape = broadcastShapes('maskedSelect', self.node.shape, mask.node.shape);
  const flat = e.reshape(e.expand(self.node, shape), [sizeOf(shape)]); // the tensor as it is now, not when the mask is there
  return promised(
    'maskedSelect',
    readTensor(mask.expand(shape)).then((held) => {
      const places = Int32Array.from(Array.from(held.keys()).filter((i) => held[i] !== 0));
      return new Tensor(takeAlong(flat, 0, places));
    }),
    dataDecides,
  );
});

/** The indices of the elements that are not 0, a row each, int32 [count, ndim]; a promise, since their number depends on the data. */
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
      'int32',
      { device: self.device },
    );
  },
);

/** The rows of weight [V, D] at the indices […]: […, D]. */
export const embedding = fn(
  'F.embedding',
  [
    p.tensor('input'),
    p.tensor('weight'),
    p.int('paddingIdx', null),
    p.refused('maxNorm', null, 'divide the rows before'),
    p.refused('normType', 2, 'leave it out'),
    p.refused('scaleGradByFreq', false, 'leave it out'),
    p.refused('sparse', false, 'gradients here are dense'),
  ],
  (index, weight, paddingIdx): Tensor => {
    const rows = weight.node.shape[0];
    if (paddingIdx !== null && (paddingIdx < -rows || paddingIdx >= rows))
      fail(`embedding: paddingIdx ${paddingIdx} is out of range for ${rows} rows`);
    const at = paddingIdx === null ? undefined : paddingIdx >= 0 ? paddingIdx : paddingIdx + rows;
    return new Tensor(
      record(
        embeddingOp,
        [weight.node, indexNode('embedding', index, rows, { one: 'row', many: 'rows in the table' })],
        { paddingIdx: at },
      ),
    );
  },
);

/** A new last dimension with a 1 at the index and 0 elsewhere, int32. Without `numClasses` the indices must be on the host. */
export const oneHot = fn('F.one_hot', [p.indices('input'), p.int('numClasses', -1)], (index, numClasses): Tensor => {
  const host = index.node.value?.host;
  const classes =
    numClasses >= 0
      ? numClasses
      : host
        ? Math.max(-1, ...host) + 1
        : fail('oneHot: the largest index is not known before it is computed; pass numClasses');
  const every = leaf(
    { shape: [classes], dtype: 'int32' },
    index.node.device,
    Int32Array.from({ length: classes }, (_, i) => i),
  );
  const at = indexNode('oneHot', index, classes, { one: 'class', many: 'classes' });
  return new Tensor(inOwnMemory(e.cast(e.eq(e.reshape(at, [...at.shape, 1]), every), 'int32')));
});

const reading = { indexSelect, gather, takeAlongDim, maskedSelect, nonzero };
methods(reading);
methods({ index, at: index });

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof reading> {
    /** The elements at an index, as PyTorch's x[…]: a view where the index has places and ranges alone, else a copy; of a mask a promise. */
    index(...indices: View[]): Tensor;
    index(...indices: Index[]): Tensor & Promise<Tensor>;
    at(...indices: View[]): Tensor;
    at(...indices: Index[]): Tensor & Promise<Tensor>;
  }
}
