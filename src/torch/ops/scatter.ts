/**
 * @file Writing by index tensors: scatter, indexAdd, indexFill, masks. Each gives a copy; ops/inplace.ts writes back.
 */
import { fail } from '../../base/errors.ts';
import { normalizeDim, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import * as ops from '../../graph/ops/elementwise/index.ts';
import { gather as gatherOp, lastPlace } from '../../graph/ops/indexing.ts';
import { record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { inOwnMemory } from '../memory.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, overloads, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { dim, cutToIndex, indexFromEnd, indexNode, input, overRows, places } from './index-nodes.ts';
import { mul } from './pointwise.ts';
import { toNodes } from './promote.ts';
import { expand } from './shape.ts';
import type { Index } from './subscript.ts';
import { counted, put } from './subscript-write.ts';
import type { MethodsAndForms } from './inplace-forms.ts';
import { methodsAndForms } from './inplace-forms.ts';
import { recordWhole, scatterSumOf } from './int64.ts';

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

/**
 * A copy with a tensor or one number written at the index: out[index[i][j]][j] = src[i][j] for dim 0. Of several
 * writers the last wins.
 */
export const scatter = overloads(
  fn(
    'torch.scatter',
    [input, dim, places, p.tensor('src')],
    (self, dim, index, source): Tensor => scattered(self, dim, index, source),
    { pythonCall: true },
  ),
  fn(
    'torch.scatter',
    [input, dim, places, p.scalar('value')],
    (self, dim, index, value): Tensor => scattered(self, dim, index, Number(value)),
    { pythonCall: true },
  ),
);

/**
 * A copy with `source` written at the index: out[index[i][j]][j] = source[i][j] for dim 0. Of several writers the last
 * wins.
 */
function scattered(self: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
  const d = normalizeDim('scatter', dim, self.ndim);
  cutToIndex('scatter', self.node, index, d);
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
    cutToIndex('scatterAdd', self.node, index, d);
    const size = self.node.shape[d];
    const added = scatterSumOf(
      sourceNode('scatterAdd', self, index, source),
      indexNode('scatterAdd', index, size),
      d,
      size,
    );
    return new Tensor(inOwnMemory(recordWhole(ops.add, [self.node, widened(added, self.node.shape)], {})));
  },
  { pythonCall: true },
);

/** A copy with alpha · source added to the parts of a dimension that the vector names. */
export const indexAdd = fn(
  'torch.index_add',
  [input, dim, p.tensor('index'), p.tensor('source'), '*', p.float('alpha', 1)],
  (self, dim, index, source, alpha): Tensor => {
    const { d, size, over } = partsOf('indexAdd', self, dim, index, source);
    const scaled = alpha === 1 ? source : mul(source, alpha);
    return new Tensor(
      inOwnMemory(recordWhole(ops.add, [self.node, scatterSumOf(e.cast(scaled.node, self.dtype), over, d, size)], {})),
    );
  },
  { pythonCall: true },
);

/**
 * A copy with the parts of a dimension that the vector names replaced by the source's. Of several writers the last
 * wins.
 */
export const indexCopy = fn(
  'torch.index_copy',
  [input, dim, places, p.tensor('source')],
  (self, dim, index, source): Tensor => {
    const { d, over } = partsOf('indexCopy', self, dim, index, source);
    return scatter(self, d, new Tensor(over), source);
  },
  { pythonCall: true },
);

/** A copy with one value in the parts of a dimension that the vector names; numbers below 0 count from the end. */
export const indexFill = fn(
  'torch.index_fill',
  [input, dim, places, p.operand('value')],
  (self, dim, index, value): Tensor => {
    const d = normalizeDim('indexFill', dim, self.ndim);
    if (typeof value === 'object' && value.ndim > 0)
      fail(`indexFill: the value has shape ${value.shape}; expected a number or a tensor without dimensions`);
    const over = overRows(indexFromEnd('indexFill', index, self.node.shape[d]), self.node.shape, d);
    const filled = scattered(
      self,
      d,
      new Tensor(over),
      new Tensor(e.expand(toNodes([value, self], self.dtype)[0], over.shape)),
    );
    return new Tensor(inOwnMemory(filled.node, self.node));
  },
  { pythonCall: true },
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

/** A copy with `value` wherever the mask is true; the mask broadcasts. */
export const maskedFill = fn(
  'torch.masked_fill',
  [input, p.tensor('mask'), p.operand('value')],
  (self, mask, value): Tensor => {
    if (mask.dtype !== 'bool') fail(`maskedFill: the mask is ${mask.dtype}; expected bool, as comparisons give`);
    if (typeof value === 'object' && value.ndim > 0)
      fail(`maskedFill: the value has shape ${value.shape}; expected a number or a tensor without dimensions`);
    return new Tensor(inOwnMemory(e.where(mask.node, toNodes([value, self], self.dtype)[0], self.node)));
  },
  { pythonCall: true },
);

/**
 * A copy with the source's elements, one after another, where the mask is true; the mask broadcasts, and the source
 * needs at least as many elements.
 */
export const maskedScatter = fn(
  'torch.masked_scatter',
  [input, p.tensor('mask'), p.tensor('source')],
  (self, mask, source): Tensor => {
    if (mask.dtype !== 'bool') fail(`maskedScatter: the mask is ${mask.dtype}; expected bool, as comparisons give`);
    if (source.dtype !== self.dtype)
      fail(`maskedScatter: the tensor is ${self.dtype} and the source ${source.dtype}; convert one with .to()`);
    const held = expand(mask, self.shape);
    const values = e.reshape(source.node, [sizeOf(source.node.shape)]);
    const [count] = values.shape;
    const message = `maskedScatter: the mask holds in {value} places, more than the source has elements, ${count}; give one for each`;
    const spread = counted(held.node, values, { least: 0, greatest: count }, message);
    return new Tensor(inOwnMemory(e.where(held.node, spread, self.node)));
  },
);

const many = p.kind<readonly Index[]>(
  'an array of indices',
  'them in an array, as in x[0, 1:]: [0, [1, null]]; a mask or index tensor alone is [mask]',
  Array.isArray,
);
const putting = [input, many('indices'), p.operand('values'), p.flag('accumulate', false)] as const;
/**
 * Writes values to the elements at an index, as PyTorch's x[…] = values, or adds them; they broadcast to the index's
 * shape.
 */
const indexPut_ = fn('.index_put_', putting, (self, indices, values, accumulate): Tensor =>
  put(self, 'indexPut_', indices, values, accumulate),
);
/** A copy with values at an index. */
export const indexPut = fn('torch.index_put', putting, (self, indices, values, accumulate): Tensor =>
  put(new Tensor(e.copy(self.node)), 'indexPut', indices, values, accumulate),
);

const puts = { indexPut, indexPut_ };
methods(puts);

const writing = { scatter, scatterAdd, indexAdd, indexCopy, indexFill, maskedFill, maskedScatter };
methodsAndForms(writing);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof puts>, MethodsAndForms<typeof writing> {}
}
