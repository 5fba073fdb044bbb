/**
 * @file Reading and writing by index tensors: indexSelect, gather, scatter, embedding, masks. Indices are integers; where their
 * numbers are on the host, one out of range is an error at once, else the kernels give NaN for it.
 */
import { dtypes } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { broadcastShapes, normalizeDim, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { embedding as embeddingOp, gather as gatherOp, lastPlace, scatterSum } from '../../graph/ops/indexing.ts';
import { leaf, record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { fromHost } from '../creation.ts';
import { inOwnMemory } from '../memory.ts';
import { Tensor, readTensor } from '../tensor.ts';
import { toNodes } from './promote.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, overloads, p } from '../signature.ts';
import { expand } from './shape.ts';
import { hostOf } from './known.ts';
import type { Index, View } from './subscript.ts';
import { index } from './subscript.ts';
import { dataDecides, promised } from './promised.ts';
import { counted, put } from './subscript-write.ts';

const [input, dim, places] = [p.tensor('input'), p.int('dim'), p.indices('index')];

/** The index as a node on the data's device, after the checks that its host value allows. */
function indexNode(
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
function overRows(index: Node, shape: readonly number[], dim: number): Node {
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
  { written: true },
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
function fitted(what: string, x: Node, index: Tensor, dim: number): Node {
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
  { written: true },
);

/** A source for a scatter: a number, or a tensor cut to the index's shape, in the tensor's dtype. */
function sourceNode(what: string, self: Tensor, index: Tensor, source: Tensor | number): Node {
  if (typeof source === 'number') return e.expand(toNodes([source, self], self.dtype)[0], index.node.shape);
  if (source.dtype !== self.dtype)
    fail(`${what}: the tensor is ${self.dtype} and the source ${source.dtype}; convert one with .to()`);
  return index.node.shape.reduce(
    (x, size, d) =>
      size > x.shape[d]
        ? fail(`${what}: index ${index.shape} is larger than the source ${source.shape} in dim ${d}`)
        : e.slice(x, d, 0, size),
    source.node,
  );
}

/** A result for part of a tensor's shape, with zeros (or −1) behind in the dimensions other than `dim`. */
const widened = (x: Node, shape: readonly number[], add = 0): Node => {
  const shifted = add ? e.add(x, add) : x;
  const wide = shape.reduce((node, size, d) => e.padZeros(node, d, 0, size - node.shape[d]), shifted);
  return add ? e.sub(wide, add) : wide;
};

/** A copy with a tensor or one number written at the index: out[index[i][j]][j] = src[i][j] for dim 0. Of several writers the last wins. */
export const scatter = overloads(
  fn(
    'torch.scatter',
    [input, dim, places, p.tensor('src')],
    (self, dim, index, source): Tensor => scattered(self, dim, index, source),
    { written: true },
  ),
  fn(
    'torch.scatter',
    [input, dim, places, p.scalar('value')],
    (self, dim, index, value): Tensor => scattered(self, dim, index, Number(value)),
    { written: true },
  ),
);

/** A copy with `source` written at the index: out[index[i][j]][j] = source[i][j] for dim 0. Of several writers the last wins. */
function scattered(self: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
  const d = normalizeDim('scatter', dim, self.ndim);
  fitted('scatter', self.node, index, d);
  if (sizeOf(index.node.shape) === 0)
    return typeof source === 'number' ? new Tensor(e.copy(self.node)) : scatterAdd(self, d, index, source);
  const size = self.node.shape[d];
  const written = sourceNode('scatter', self, index, source);
  const last = record(lastPlace, [indexNode('scatter', index, size)], { dim: d, size });
  const values = record(gatherOp, [written, e.where(e.lt(last, 0), 0, last)], { dim: d });
  return new Tensor(e.where(e.ge(widened(last, self.node.shape, 1), 0), widened(values, self.node.shape), self.node));
}

/** A copy with `source` added at the index; the same sum every time, on a GPU too. */
export const scatterAdd = fn(
  'torch.scatter_add',
  [input, dim, places, p.tensor('src')],
  (self, dim, index, source): Tensor => {
    const d = normalizeDim('scatterAdd', dim, self.ndim);
    fitted('scatterAdd', self.node, index, d);
    const size = self.node.shape[d];
    const added = record(
      scatterSum,
      [sourceNode('scatterAdd', self, index, source), indexNode('scatterAdd', index, size)],
      { dim: d, size },
    );
    return new Tensor(inOwnMemory(e.add(self.node, widened(added, self.node.shape))));
  },
  { written: true },
);

/** A copy with alpha · source added to the parts of a dimension that the vector names. */
export const indexAdd = fn(
  'torch.index_add',
  [input, dim, p.tensor('index'), p.tensor('source'), '*', p.float('alpha', 1)],
  (self, dim, index, source, alpha): Tensor => {
    const { d, size, over } = partsOf('indexAdd', self, dim, index, source);
    const scaled = alpha === 1 ? source.node : e.mul(source.node, alpha);
    return new Tensor(inOwnMemory(e.add(self.node, record(scatterSum, [scaled, over], { dim: d, size }))));
  },
  { written: true },
);

/** A copy with the parts of a dimension that the vector names replaced by the source's. Of several writers the last wins. */
export const indexCopy = fn(
  'torch.index_copy',
  [input, dim, places, p.tensor('source')],
  (self, dim, index, source): Tensor => {
    const { d, over } = partsOf('indexCopy', self, dim, index, source);
    return scatter(self, d, new Tensor(over), source);
  },
  { written: true },
);

/** A copy with one value in the parts of a dimension that the vector names. */
export const indexFill = fn(
  'torch.index_fill',
  [input, dim, places, p.operand('value')],
  (self, dim, index, value): Tensor => {
    const d = normalizeDim('indexFill', dim, self.ndim);
    if (typeof value === 'object' && value.ndim > 0)
      fail(`indexFill: the value has shape ${value.shape}; expected a number or a tensor without dimensions`);
    const over = overRows(indexNode('indexFill', index, self.node.shape[d]), self.node.shape, d);
    const filled = scattered(
      self,
      d,
      new Tensor(over),
      new Tensor(e.expand(toNodes([value, self], self.dtype)[0], over.shape)),
    );
    return new Tensor(inOwnMemory(filled.node, self.node));
  },
  { written: true },
);

function partsOf(what: string, self: Tensor, dim: number, index: Tensor, source: Tensor) {
  const d = normalizeDim(what, dim, self.ndim);
  const size = self.node.shape[d];
  const expected = self.node.shape.with(d, sizeOf(index.node.shape));
  if (String(source.shape) !== `[${expected.join(', ')}]`)
    fail(`${what}: the source has shape ${source.shape}, expected [${expected.join(', ')}]`);
  if (source.dtype !== self.dtype)
    fail(`${what}: the tensor is ${self.dtype} and the source ${source.dtype}; convert one with .to()`);
  return { d, size, over: overRows(indexNode(what, index, size), self.node.shape, d) };
}

/** A copy with `value` wherever the mask holds; the mask broadcasts. */
export const maskedFill = fn(
  'torch.masked_fill',
  [input, p.tensor('mask'), p.operand('value')],
  (self, mask, value): Tensor => {
    if (mask.dtype !== 'bool') fail(`maskedFill: the mask is ${mask.dtype}; expected bool, as comparisons give`);
    if (typeof value === 'object' && value.ndim > 0)
      fail(`maskedFill: the value has shape ${value.shape}; expected a number or a tensor without dimensions`);
    return new Tensor(inOwnMemory(e.where(mask.node, toNodes([value, self], self.dtype)[0], self.node)));
  },
  { written: true },
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

/** A copy with the source's elements, one after another, where the mask holds; the mask broadcasts, and the source has as many at least. */
export const maskedScatter = fn(
  'torch.masked_scatter',
  [input, p.tensor('mask'), p.tensor('source')],
  (self, mask, source): Tensor => {
    if (mask.dtype !== 'bool') fail(`maskedScatter: the mask is ${mask.dtype}; expected bool, as comparisons give`);
    if (source.dtype !== self.dtype)
      fail(`maskedScatter: the tensor is ${self.dtype} and the source ${source.dtype}; convert one with .to()`);
    const held = expand(mask, self.shape);
    const values = e.reshape(source.node, [sizeOf(source.node.shape)]);
    const host = hostOf(mask.node);
    if (
      host &&
      sizeOf(mask.node.shape) === sizeOf(self.node.shape) &&
      Array.from(host).filter(Boolean).length > values.shape[0]
    )
      fail(`maskedScatter: the mask holds in more places than the source's ${values.shape[0]} elements`);
    return new Tensor(
      inOwnMemory(
        e.where(
          held.node,
          counted(held.node, values, (total) => e.le(total, values.shape[0])),
          self.node,
        ),
      ),
    );
  },
);

const many = p.kind<readonly Index[]>(
  'an array of indices',
  'them in an array, as in x[0, 1:]: [0, [1, null]]; a mask or index tensor alone is [mask]',
  Array.isArray,
);
const putting = [input, many('indices'), p.operand('values'), p.flag('accumulate', false)] as const;
/** Writes values to the elements at an index, as PyTorch's x[…] = values, or adds them; they broadcast to the index's shape. */
export const indexPut_ = fn('.index_put_', putting, (self, indices, values, accumulate): Tensor =>
  put(self, 'indexPut_', indices, values, accumulate),
);
/** A copy with values at an index. */
export const indexPut = fn('torch.index_put', putting, (self, indices, values, accumulate): Tensor =>
  put(new Tensor(e.copy(self.node)), 'indexPut', indices, values, accumulate),
);

const indexing = {
  indexSelect,
  gather,
  takeAlongDim,
  scatter,
  scatterAdd,
  indexAdd,
  indexCopy,
  indexFill,
  maskedFill,
  maskedSelect,
  maskedScatter,
  nonzero,
  indexPut,
  indexPut_,
};
methods(indexing);
methods({ index, at: index });

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof indexing> {
    /** The elements at an index, as PyTorch's x[…]: a view where the index has places and ranges alone, else a copy; of a mask a promise. */
    index(...indices: View[]): Tensor;
    index(...indices: Index[]): Tensor & Promise<Tensor>;
    at(...indices: View[]): Tensor;
    at(...indices: Index[]): Tensor & Promise<Tensor>;
  }
}
