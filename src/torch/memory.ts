/**
 * @file Which tensors share memory. The graph has values, not memory; PyTorch's views see what is written through others, so
 * here every tensor has a place in a memory: the views that lead to it from the memory's whole value.
 *
 * An in-place operation writes its result back along those views and counts the memory's version up; a tensor whose place
 * has an older version looks itself up again the next time that it is used.
 */
import { contiguousStrides } from '../base/shape.ts';
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
/** Weak on both sides: a computed view must not keep alive what it was computed from once its tensor is gone. */
const views = new WeakMap<Node, WeakRef<Place>>();

/** The place of a node: in the memory of what it is a view of, or in one of its own. */
export function placeOf(node: Node): Place {
  const known = roots.get(node) ?? views.get(node)?.deref();
  if (known) return known;
  const place = viewPlace(node) ?? { memory: { node, version: 0 }, steps: [], layout: { shape: node.shape, strides: contiguousStrides(node.shape), offset: 0 }, version: 0 };
  putAt(node, place);
  return place;
}

/** From now on the node stands for the place. */
export function putAt(node: Node, place: Place): void {
  roots.delete(node);
  if (place.steps.length === 0) roots.set(node, place);
  else views.set(node, new WeakRef(place));
}

/** A view's place; `undefined` for a reshape that PyTorch too would make by copying. */
function viewPlace(node: Node): Place | undefined {
  const { op, attrs } = node;
  if (!op.view || op === assignOp || node.inputs.length !== 1) return undefined;
  const under = placeOf(node.inputs[0]);
  const layout = op.view(under.layout, attrs, node);
  return layout && { memory: under.memory, steps: [...under.steps, { op, attrs }], layout, version: under.memory.version };
}

/** The tensor at a place of the memory as it is now. */
export const look = ({ memory, steps }: Place): Node => steps.reduce<Node>((node, { op, attrs }) => record(op, [node], attrs), memory.node);

export const isDetached = ({ steps }: Place): boolean => steps.some(({ op }) => op === detach);

/** Whether two elements of the place may be one element of the memory: then nothing can be written there. */
export function overlaps({ layout: { shape, strides } }: Place): boolean {
  const dims = shape.flatMap((size, d) => (size > 1 ? [{ size, stride: Math.abs(strides[d]) }] : [])).sort((a, b) => a.stride - b.stride);
  let reach = 0;
  for (const { size, stride } of dims) {
    if (stride <= reach) return true;
    reach += (size - 1) * stride;
  }
  return false;
}
