/**
 * @file Which tensors share memory. The graph has values, not memory; PyTorch's views see what is written through
 * others, so here every tensor has a place in a memory: the views that lead to it from the memory's whole value.
 *
 * An in-place operation writes its result back along those views and counts the memory's version up; a tensor whose
 * place has an older version looks itself up again the next time that it is used.
 *
 * A layout here is the one that the tensor would have in PyTorch, which decides what can be viewed and what must be
 * copied. Kernels have layouts of their own (compile/plan.ts).
 */
import type { Shape } from '../base/shape.ts';
import { contiguousStrides, sizeOf } from '../base/shape.ts';
import { engine } from '../compile/engine.ts';
import { assignOp, detach } from '../graph/ops/identity.ts';
import { record } from '../graph/record.ts';
import type { Attrs, Layout, Node, Op } from '../graph/types.ts';

export interface Memory {
  /** Computes the whole memory's present value. */
  node: Node;
  /** How often it has been written to in place. */
  version: number;
}

/** One view on the way from the memory's value to a tensor. */
interface Step {
  readonly op: Op;
  readonly attrs: Attrs;
}

export interface Place {
  readonly memory: Memory;
  readonly steps: readonly Step[];
  /** Where the tensor's elements lie in the memory. */
  readonly layout: Layout;
  /** The memory's version that the tensor's node stands for. */
  readonly version: number;
}

const roots = new WeakMap<Node, Place>();
const views = new WeakMap<Node, Place | WeakRef<Place>>();

/** A view that has been cut off from what it was computed from must not keep it alive once its tensor is gone. */
engine.onForgotten = (node) => {
  const place = views.get(node);
  if (place && !(place instanceof WeakRef)) views.set(node, new WeakRef(place));
};

function viewOf(node: Node): Place | undefined {
  const place = views.get(node);
  return place instanceof WeakRef ? place.deref() : place;
}

/**
 * So far an order of dimensions is followed through operations that no tensor stood for on the way, as a gradient's.
 */
const followed = 50;

/** The place of a node: in the memory of what it is a view of, or in one of its own. */
export function placeOf(node: Node, depth = 0): Place {
  const known = roots.get(node) ?? viewOf(node);
  if (known) return known;
  const place = viewPlace(node, depth + 1) ?? {
    memory: { node, version: 0 },
    steps: [],
    layout: ownLayout(node, depth + 1),
    version: 0,
  };
  putAt(node, place);
  return place;
}

/**
 * The layout of new memory: a pointwise result keeps the order of its operands' dimensions in memory, everything else
 * is row-major.
 */
function ownLayout({ op, inputs, shape }: Node, depth: number): Layout {
  const operands =
    op.elementwise && depth < followed
      ? inputs.filter((input) => input.shape.length > 0).map((input) => placeOf(input, depth).layout)
      : [];
  const strides = operands.every(isContiguous) ? contiguousStrides(shape) : stridesInOrder(shape, operands);
  return { shape, strides, offset: 0 };
}

/**
 * PyTorch's TensorIterator: the dimensions sorted by the operands' strides, the first operand that tells two apart
 * deciding, without gaps.
 */
function stridesInOrder(shape: Shape, operands: readonly Layout[]): number[] {
  const strided = operands.map((layout) =>
    shape.map((size, d) => {
      const own = d - (shape.length - layout.shape.length);
      return own < 0 || (layout.shape[own] === 1 && size !== 1) ? 0 : Math.abs(layout.strides[own]);
    }),
  );
  /** Above 0 where dimension a lies outside of b, below 0 where inside; 0 where no operand tells. */
  const compare = (a: number, b: number): number => {
    for (const strides of strided) {
      if (strides[a] === 0 || strides[b] === 0) continue; // repeated elements lie nowhere
      if (strides[a] !== strides[b]) return strides[a] - strides[b];
      if (shape[a] > shape[b]) return 1;
    }
    return 0;
  };
  const inner = shape.map((_, i) => shape.length - 1 - i);
  for (let i = 1; i < inner.length; i++) {
    for (let at = i, before = i - 1; before >= 0; before--) {
      const order = compare(inner[before], inner[at]);
      if (order < 0) break;
      if (order === 0) continue;
      [inner[before], inner[at]] = [inner[at], inner[before]];
      at = before;
    }
  }
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (const d of inner) {
    strides[d] = step;
    step *= shape[d];
  }
  return strides;
}

/**
 * Gives a node that was just recorded memory of its own: a result that PyTorch puts into new memory, though the graph
 * makes it by views or point by point. It is row-major, or has its dimensions in the order of `like`, a node or
 * layouts.
 */
export function inOwnMemory(node: Node, like?: Node | readonly Layout[]): Node {
  const strides = like
    ? stridesInOrder(node.shape, 'op' in like ? [placeOf(like).layout] : like)
    : contiguousStrides(node.shape);
  putAt(node, {
    memory: { node, version: 0 },
    steps: [],
    layout: { shape: node.shape, strides, offset: 0 },
    version: 0,
  });
  return node;
}

/** Gives a node that was just recorded row-major memory of its own, or memory in another order. */
export function putInMemory(node: Node, layout: Layout): void {
  roots.set(node, { memory: { node, version: 0 }, steps: [], layout, version: 0 });
}

/** Whether the node's memory is that of what it is a view of. */
export const isView = (node: Node): boolean => node.inputs.length === 1 && placeOf(node).steps.length > 0;

/** Whether the elements lie in row-major order without gaps; strides of dimensions of size 1 do not matter. */
export function isContiguous({ shape, strides }: Layout): boolean {
  const expected = contiguousStrides(shape);
  return shape.every((size, d) => size === 1 || strides[d] === expected[d]) || sizeOf(shape) === 0;
}

/** From now on the node stands for the place. */
export function putAt(node: Node, place: Place): void {
  roots.delete(node);
  if (place.steps.length === 0) roots.set(node, place);
  else views.set(node, place);
}

/** A view's place; `undefined` for a reshape that PyTorch too would make by copying. */
function viewPlace(node: Node, depth: number): Place | undefined {
  const { op, attrs } = node;
  if (!op.view || op === assignOp || node.inputs.length !== 1) return undefined;
  const under = placeOf(node.inputs[0], depth);
  const layout = op.view(under.layout, attrs, node);
  return (
    layout && { memory: under.memory, steps: [...under.steps, { op, attrs }], layout, version: under.memory.version }
  );
}

/** The tensor at a place of the memory as it is now. */
export const look = ({ memory, steps }: Place): Node =>
  steps.reduce<Node>((node, { op, attrs }) => record(op, [node], attrs), memory.node);

export const isDetached = ({ steps }: Place): boolean => steps.some(({ op }) => op === detach);

/** Whether two elements of the place may be one element of the memory: then nothing can be written there. */
export function overlaps({ layout: { shape, strides } }: Place): boolean {
  if (sizeOf(shape) === 0) return false;
  const dims = shape
    .flatMap((size, d) => (size > 1 ? [{ size, stride: Math.abs(strides[d]) }] : []))
    .sort((a, b) => a.stride - b.stride);
  let reach = 0;
  for (const { size, stride } of dims) {
    if (stride <= reach) return true;
    reach += (size - 1) * stride;
  }
  return false;
}
