/**
 * @file Views by position: slice, select, index, squeeze, diagonal, windows, split and their kin. They share the
 * tensor's memory; nothing is copied, except by flip, as in PyTorch, which has no negative strides.
 */
import { fail } from '../../base/errors.ts';
import { normalizeDim, normalizeDims } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { diagonal as diagonalOp, flip as flipOp, windows } from '../../graph/ops/strides.ts';
import { record } from '../../graph/record.ts';
import { inOwnMemory } from '../memory.ts';
import type { MethodsOf } from '../signature.ts';
import { viewOf } from './view-shapes.ts';
import { fn, methods, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { expand, permute, reshape, transpose } from './shape.ts';

const input = p.tensor('input');
const isWhole = (v: unknown): boolean => Number.isSafeInteger(v);
const sizes = p.kind<readonly number[]>(
  'an array of whole numbers',
  'them in an array',
  (v) => Array.isArray(v) && v.every(isWhole),
);
const bound = p.kind<number>(
  'a whole number',
  'one, or Infinity for the end',
  (v) => isWhole(v) || v === Infinity || v === -Infinity,
);

/** A size along a dimension, and that dimension from 0; a tensor without dimensions has none to cut. */
function along(what: string, self: Tensor, dim: number): [dim: number, size: number] {
  if (self.ndim === 0) fail(`${what}: a tensor without dimensions cannot be cut`);
  const d = normalizeDim(what, dim, self.ndim);
  return [d, self.node.shape[d]];
}

/**
 * Every `step`-th element from `start` to `end` (exclusive) along `dim`. Negative bounds count from the end; bounds
 * beyond the ends are cut, as in Python.
 */
const slice = fn(
  'ours.slice',
  [input, p.int('dim'), bound('start', 0), bound('end', Infinity), p.int('step', 1)],
  (self, dim, start, end, step): Tensor => {
    const [d, size] = along('slice', self, dim);
    if (!Number.isInteger(step) || step < 1)
      fail(`slice: step ${step} is not a whole number of at least 1; flip() walks backwards`);
    const bound = (at: number): number => Math.min(size, Math.max(0, at < 0 ? at + size : at));
    return new Tensor(e.slice(self.node, d, bound(start), Math.max(bound(start), bound(end)), step));
  },
);

/** One element of a dimension, which disappears. */
export const select = fn(
  'torch.select',
  [input, p.int('dim'), p.int('index')],
  (self, dim, index): Tensor => {
    const [d, size] = along('select', self, dim);
    if (!Number.isInteger(index) || index < -size || index >= size)
      fail(`select: index ${index} is out of range for dim ${d} of size ${size}`);
    const at = index < 0 ? index + size : index;
    return new Tensor(e.reshape(e.slice(self.node, d, at, at + 1), self.node.shape.toSpliced(d, 1)));
  },
  { pythonCall: true },
);

/** `length` elements of a dimension from `start`. */
export const narrow = fn(
  'torch.narrow',
  [input, p.int('dim'), p.int('start'), p.int('length')],
  (self, dim, start, length): Tensor => {
    const [d, size] = along('narrow', self, dim);
    const at = start < 0 ? start + size : start;
    if (at < 0 || length < 0 || at + length > size)
      fail(`narrow: ${length} elements from ${start} do not lie in dim ${d} of size ${size}`);
    return new Tensor(e.slice(self.node, d, at, at + length));
  },
  { pythonCall: true },
);

/** Without the dimensions of size 1, or without those given that are of size 1. */
export const squeeze = fn('torch.squeeze', [input, p.dims('dim', null)], (self, dims): Tensor => {
  const chosen = normalizeDims('squeeze', dims ?? undefined, self.ndim);
  return reshape(
    self,
    self.node.shape.filter((size, d) => size !== 1 || !chosen.includes(d)),
  );
});

/** With a new dimension of size 1 at `dim`. */
export const unsqueeze = fn(
  'torch.unsqueeze',
  [input, p.int('dim')],
  (self, dim): Tensor => {
    const d = normalizeDim('unsqueeze', dim, self.ndim + 1);
    return reshape(self, self.node.shape.toSpliced(d, 0, 1));
  },
  { pythonCall: true },
);

/** The tensor expanded to another's shape. A view. */
const expandAs = fn('.expand_as', [input, p.tensor('other')], (self, other): Tensor => expand(self, other.node.shape), {
  pythonCall: true,
});
/** The tensor viewed in another's shape. */
const viewAs = fn(
  '.view_as',
  [input, p.tensor('other')],
  (self, other): Tensor => viewOf('viewAs', self, other.node.shape),
  { pythonCall: true },
);

/** Dimension `dim` as several of the given sizes, one of which may be −1. */
export const unflatten = fn(
  'torch.unflatten',
  [input, p.int('dim'), sizes('sizes')],
  (self, dim, sizes): Tensor => {
    if (sizes.length === 0) fail('unflatten: sizes is empty; give at least one');
    const [d, size] = along('unflatten', self, dim);
    const known = sizes.filter((s) => s !== -1).reduce((a, b) => a * b, 1);
    const whole = sizes.map((s) => (s === -1 ? size / known : s));
    if (whole.reduce((a, b) => a * b, 1) !== size || !whole.every(Number.isInteger))
      fail(`unflatten: sizes [${sizes.join(', ')}] do not multiply to ${size}, the size of dim ${d}`);
    return viewOf('unflatten', self, self.node.shape.toSpliced(d, 1, ...whole));
  },
  { pythonCall: true },
);

/** A copy with dimensions in reverse order of their elements. */
export const flip = fn('torch.flip', [input, p.ints('dims')], (self, dims): Tensor => {
  const chosen = normalizeDims('flip', dims, self.ndim);
  return new Tensor(
    chosen.length && self.ndim
      ? inOwnMemory(record(flipOp, [self.node], { dims: chosen }), self.node)
      : e.copy(self.node),
  );
});

/** Dimensions `from` moved to the places `to`; the others keep their order. */
export const movedim = fn(
  'torch.movedim',
  [input, p.dims('source'), p.dims('destination')],
  (self, from, to): Tensor => {
    const listed = (dims: number | readonly number[]): number[] =>
      (typeof dims === 'number' ? [dims] : dims).map((d) => normalizeDim('movedim', d, self.ndim));
    const [sources, targets] = [listed(from), listed(to)];
    if (
      sources.length !== targets.length ||
      new Set(sources).size !== sources.length ||
      new Set(targets).size !== targets.length
    ) {
      fail(
        `movedim: [${sources.join(', ')}] to [${targets.join(', ')}] does not name as many different dims on both sides`,
      );
    }
    const rest = Array.from({ length: self.ndim }, (_, d) => d).filter((d) => !sources.includes(d));
    const order = Array.from({ length: self.ndim }, (_, d) =>
      targets.includes(d) ? sources[targets.indexOf(d)] : rest.shift()!,
    );
    return permute(self, order);
  },
  { pythonCall: true },
);

/** The transpose of a tensor of at most two dimensions. */
export const t = fn(
  'torch.t',
  [input],
  (self): Tensor => {
    if (self.ndim > 2) fail(`t: expects at most 2 dimensions, got ${self.ndim}; use transpose(dim0, dim1) or mT`);
    return self.ndim < 2 ? self : transpose(self, 0, 1);
  },
  { pythonCall: true },
);

/** The elements where two dimensions are equal (or `offset` apart), as a new last dimension. */
export const diagonal = fn(
  'torch.diagonal',
  [input, p.int('offset', 0), p.int('dim1', 0), p.int('dim2', 1)],
  (self, offset, dim1, dim2): Tensor => {
    const dims = [normalizeDim('diagonal', dim1, self.ndim), normalizeDim('diagonal', dim2, self.ndim)] as const;
    return new Tensor(record(diagonalOp, [self.node], { dims, offset }));
  },
);

/** Windows of `size` elements, `step` apart, along a dimension; they become a new last dimension. */
const unfold = fn(
  '.unfold',
  [input, p.int('dimension'), p.int('size'), p.int('step')],
  (self, dim, size, step): Tensor => {
    return new Tensor(record(windows, [self.node], { dim: along('unfold', self, dim)[0], size, step, dilation: 1 }));
  },
);

/** Pieces of `size` elements along a dimension (the last may be shorter), or pieces of the sizes given. */
export const split = fn(
  'torch.split',
  [p.tensor('tensor'), p.dims('splitSizeOrSections'), p.int('dim', 0)],
  (self, size, dim): Tensor[] => {
    const [d, total] = along('split', self, dim);
    if (typeof size === 'number' && !(size > 0) && !(size === 0 && total === 0))
      fail(`split: pieces of ${size} elements do not cover dim ${d} of size ${total}`);
    const sizes =
      typeof size === 'number'
        ? Array.from({ length: Math.max(1, Math.ceil(total / size)) }, (_, i) => Math.min(size, total - i * size))
        : size;
    if (sizes.reduce((a, b) => a + b, 0) !== total)
      fail(`split: sizes [${sizes.join(', ')}] do not add up to ${total}, the size of dim ${d}`);
    let end = 0;
    return sizes.map((length) => narrow(self, d, (end += length) - length, length));
  },
  { pythonCall: true },
);

/** At most `count` pieces of equal size along a dimension; the last may be shorter. */
export const chunk = fn(
  'torch.chunk',
  [input, p.int('chunks'), p.int('dim', 0)],
  (self, count, dim): Tensor[] => {
    if (!Number.isInteger(count) || count < 1) fail(`chunk: ${count} pieces; give a whole number of at least 1`);
    const [d, total] = along('chunk', self, dim);
    return total === 0
      ? Array.from({ length: count }, () => narrow(self, d, 0, 0))
      : split(self, Math.ceil(total / count), d);
  },
  { pythonCall: true },
);

/** The parts of a dimension, without it. */
export const unbind = fn(
  'torch.unbind',
  [input, p.int('dim', 0)],
  (self, dim): Tensor[] => {
    const [d, size] = along('unbind', self, dim);
    return Array.from({ length: size }, (_, i) => select(self, d, i));
  },
  { pythonCall: true },
);

const views = {
  slice,
  select,
  narrow,
  squeeze,
  unsqueeze,
  expandAs,
  viewAs,
  unflatten,
  flip,
  movedim,
  t,
  diagonal,
  unfold,
  split,
  chunk,
  unbind,
};
methods(views);

/** The transpose of a tensor of at most two dimensions; the last two dimensions exchanged. */
Object.defineProperty(Tensor.prototype, 'T', {
  configurable: true,
  get(this: Tensor) {
    return t(this);
  },
});
Object.defineProperty(Tensor.prototype, 'mT', {
  configurable: true,
  get(this: Tensor) {
    return transpose(this, -2, -1);
  },
});

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof views> {
    /** The transpose of a tensor of at most two dimensions. */
    readonly T: Tensor;
    /** The last two dimensions exchanged. */
    readonly mT: Tensor;
  }
}
