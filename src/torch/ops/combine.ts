/**
 * @file Tensors put together and spread out: cat, stack, roll, repeat, triangles.
 */
import { fail } from '../../base/errors.ts';
import { normalizeDim, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { cat as catOp } from '../../graph/ops/cat.ts';
import { leaf, record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { inOwnMemory } from '../memory.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { takeAlong } from './index-nodes.ts';
import { resultType, toNodes } from './promote.ts';
import { unsqueeze } from './views.ts';
import type { MethodsAndForms } from './inplace-forms.ts';
import { methodsAndForms } from './inplace-forms.ts';

const input = p.tensor('input');

/**
 * The tensors one after another along a dimension, in their common dtype. Tensors of shape [0] add nothing, whatever
 * the others' shape.
 */
export const cat = fn('torch.cat', [p.tensors('tensors'), p.int('dim', 0)], (tensors, dim): Tensor => {
  if (tensors.length === 0) fail('cat: expected at least one tensor, got none');
  if (tensors.some((t) => t.ndim === 0)) fail('cat: a tensor without dimensions cannot be joined; use stack');
  const dtype = resultType(...tensors);
  const isVoid = (t: Tensor): boolean => t.ndim === 1 && t.node.shape[0] === 0;
  const { shape } = (tensors.find((t) => !isVoid(t)) ?? tensors[0]).node;
  const d = normalizeDim('cat', dim, shape.length);
  const nodes = toNodes(tensors, dtype).map((node, i) =>
    isVoid(tensors[i]) ? e.reshape(node, shape.with(d, 0)) : node,
  );
  return new Tensor(join(nodes, d));
});

/** The tensors side by side along a new dimension. */
export const stack = fn(
  'torch.stack',
  [p.tensors('tensors'), p.int('dim', 0)],
  (tensors, dim): Tensor => {
    if (tensors.length === 0) fail('stack: expected at least one tensor, got none');
    const other = tensors.find((t) => String(t.shape) !== String(tensors[0].shape));
    if (other) fail(`stack: shapes ${tensors[0].shape} and ${other.shape} differ; all must be equal`);
    const d = normalizeDim('stack', dim, tensors[0].ndim + 1);
    return cat(
      tensors.map((t) => unsqueeze(t, d)),
      d,
    );
  },
  { pythonCall: true },
);

function join(nodes: readonly Node[], dim: number): Node {
  return record(catOp, nodes, { dim });
}

/**
 * Elements shifted by `shifts` along `dims`; those pushed past the end return at the beginning. Without dims, along the
 * flattened tensor.
 */
export const roll = fn(
  'torch.roll',
  [input, p.dims('shifts'), p.dims('dims', null)],
  (self, shifts, dims): Tensor => {
    const by = typeof shifts === 'number' ? [shifts] : shifts;
    const over = typeof dims === 'number' ? [dims] : (dims ?? []);
    if (by.length === 1 && over.length === 0) {
      const flat = e.reshape(self.node, [sizeOf(self.node.shape)]);
      return new Tensor(e.reshape(rolled(flat, 0, by[0]), self.node.shape));
    }
    if (by.length === 0 || by.length !== over.length)
      fail(`roll: ${by.length} shifts for ${over.length} dims; give one for each`);
    return new Tensor(over.reduce((x, dim, i) => rolled(x, normalizeDim('roll', dim, self.ndim), by[i]), self.node));
  },
  { pythonCall: true },
);

function rolled(x: Node, dim: number, shift: number): Node {
  const size = x.shape[dim];
  const at = size === 0 ? 0 : ((-shift % size) + size) % size;
  return at === 0 ? inOwnMemory(e.copy(x)) : join([e.slice(x, dim, at, size), e.slice(x, dim, 0, at)], dim);
}

/** The tensor laid out `sizes` times along each dimension; more sizes than dimensions add new ones in front. */
const repeat = fn(
  '.repeat',
  [input, p.ints('repeats')],
  (self, repeats): Tensor => {
    const times = typeof repeats === 'number' ? [repeats] : repeats;
    const lead = times.length - self.ndim;
    if (lead < 0) fail(`repeat: ${times.length} numbers for ${self.ndim} dimensions; give at least one for each`);
    if (times.some((n) => !Number.isInteger(n) || n < 0))
      fail(`repeat: [${times.join(', ')}] are not whole numbers from 0`);
    const shape = [...new Array<number>(lead).fill(1), ...self.node.shape];
    const apart = e.reshape(
      self.node,
      shape.flatMap((size) => [1, size]),
    );
    const wide = e.expand(
      apart,
      shape.flatMap((size, d) => [times[d], size]),
    );
    return new Tensor(
      e.copy(
        e.reshape(
          wide,
          shape.map((size, d) => size * times[d]),
        ),
      ),
    );
  },
  { pythonCall: true },
);

/** As `repeat`; fewer numbers than dimensions count for the last ones. */
export const tile = fn(
  'torch.tile',
  [input, p.ints('dims')],
  (self, dims): Tensor => {
    const times = typeof dims === 'number' ? [dims] : dims;
    return repeat(self, [...new Array<number>(Math.max(0, self.ndim - times.length)).fill(1), ...times]);
  },
  { pythonCall: true },
);

/**
 * Each element `repeats` times in a row along a dimension (or of the flattened tensor); an array gives each its own
 * number.
 */
export const repeatInterleave = fn(
  'torch.repeat_interleave',
  [input, p.dims('repeats'), p.int('dim', null), '*', p.refused('outputSize', null, 'leave it out; it is worked out')],
  (self, repeats, dim): Tensor => {
    if (dim === null) return repeatInterleave(new Tensor(e.reshape(self.node, [sizeOf(self.node.shape)])), repeats, 0);
    const d = normalizeDim('repeatInterleave', dim, self.ndim);
    const size = self.node.shape[d];
    const times = typeof repeats === 'number' ? new Array<number>(size).fill(repeats) : repeats;
    if (times.length !== size)
      fail(`repeatInterleave: ${times.length} numbers for the ${size} elements of dim ${d}; give one for each`);
    if (times.some((n) => !Number.isInteger(n) || n < 0))
      fail(`repeatInterleave: repeats [${times.join(', ')}] are not whole numbers from 0`);
    return new Tensor(takeAlong(self.node, d, Int32Array.from(times.flatMap((n, i) => new Array<number>(n).fill(i)))));
  },
);

/** The lower triangle of the last two dimensions, up to `diagonal` above the main one; zeros elsewhere. */
export const tril = fn(
  'torch.tril',
  [input, p.int('diagonal', 0)],
  (self, diagonal): Tensor => triangle('tril', self, (apart) => e.le(apart, diagonal)),
  { pythonCall: true },
);
/** The upper triangle of the last two dimensions, from `diagonal` above the main one; zeros elsewhere. */
export const triu = fn(
  'torch.triu',
  [input, p.int('diagonal', 0)],
  (self, diagonal): Tensor => triangle('triu', self, (apart) => e.ge(apart, diagonal)),
  { pythonCall: true },
);

function triangle(what: string, self: Tensor, keep: (apart: Node) => Node): Tensor {
  if (self.ndim < 2) fail(`${what}: expects at least 2 dimensions, got ${self.ndim}`);
  const count = (n: number, shape: number[]): Node =>
    leaf(
      { shape, dtype: 'int32' },
      self.node.device,
      Int32Array.from({ length: n }, (_, i) => i),
    );
  const [rows, columns] = self.node.shape.slice(-2);
  const apart = e.sub(count(columns, [1, columns]), count(rows, [rows, 1]));
  return new Tensor(inOwnMemory(e.where(keep(apart), self.node, 0)));
}

const combinations = { roll, repeat, tile, repeatInterleave };
methods(combinations);

const triangles = { tril, triu };
methodsAndForms(triangles);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof combinations>, MethodsAndForms<typeof triangles> {}
}
