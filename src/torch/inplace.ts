/**
 * @file In-place updates on a lazy graph: the tensor gets a new node, and the value before stays readable until the update
 * after next, for results that were recorded from it and are not computed yet. A training loop therefore holds each
 * parameter twice at most, and needs no dispose.
 */
import { engine } from '../compile/engine.ts';
import { assigned } from '../graph/ops/identity.ts';
import type { Node } from '../graph/types.ts';
import type { Tensor } from './tensor.ts';

/** Tensors whose new value is recorded but not computed; it is computed with the next value that anybody asks for. */
class PendingUpdates {
  private readonly tensors = new Set<Tensor>();

  add(tensor: Tensor): void {
    this.tensors.add(tensor);
  }

  /** The nodes to compute; afterwards none is pending. */
  take(): Node[] {
    const nodes = [...this.tensors].map((t) => t.node).filter((n) => !n.value);
    this.tensors.clear();
    return nodes;
  }
}

export const pendingUpdates = new PendingUpdates();

/** The value before last, which nobody can need but a result that two updates have overtaken. */
const previous = new WeakMap<Tensor, Node>();

/** Puts a new value in a tensor's place, outside autograd: what optimizers and running statistics do. */
export function replaceValue(tensor: Tensor, value: Node): void {
  const old = tensor.node;
  if (old.value) {
    const before = previous.get(tensor);
    if (before) {
      engine.drop(before, 'a value that this result was recorded from has been overwritten twice by in-place updates since; read the result (await t.data()) before the second update');
    }
    previous.set(tensor, old);
  }
  tensor.setNode(assigned(value, old.requiresGrad));
  pendingUpdates.add(tensor);
}
