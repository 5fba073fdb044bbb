/**
 * @file In-place updates on a lazy graph: the tensor gets a new node, and the value before stays readable until the update
 * after next, for results that were recorded from it and are not computed yet. A training loop therefore holds each
 * parameter twice at most, and needs no dispose.
 */
import { engine } from '../compile/engine.ts';
import { assigned } from '../graph/ops/identity.ts';
import type { Node } from '../graph/types.ts';
import { overwritten } from './autograd.ts';
import type { Tensor } from './tensor.ts';

/** Of losses that no update follows, so many are remembered. */
const lossesKept = 16;

/** Tensors whose new value is recorded but not computed; it is computed with the next value that anybody asks for. */
class PendingUpdates {
  private readonly tensors = new Set<Tensor>();
  private losses: Node[] = [];

  add(tensor: Tensor): void {
    this.tensors.add(tensor);
  }

  /** Has a loss computed with the updates that its gradients feed; computed alone, it would need its forward pass again. */
  along(loss: Node): void {
    this.losses.push(loss);
    if (this.losses.length > lossesKept) this.losses.shift();
  }

  /** The nodes to compute; afterwards none is pending. */
  take(): Node[] {
    if (this.tensors.size === 0) return [];
    const nodes = [...[...this.tensors].map((t) => t.node), ...this.losses].filter((n) => !n.value);
    this.tensors.clear();
    this.losses = [];
    return nodes;
  }
}

export const pendingUpdates = new PendingUpdates();

/** The value before last, which nobody can need but a result that two updates have overtaken. */
const previous = new WeakMap<Tensor, Node>();

/** Puts a new value in a tensor's place, outside autograd: what optimizers and running statistics do; `update` names it in errors. */
export function replaceValue(tensor: Tensor, value: Node, update = 'an update'): void {
  const old = tensor.node;
  overwritten.set(old, update);
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

/** Puts data in a tensor's place: a leaf that has its value already, as initialisations and loaded weights do. */
export function replaceLeaf(tensor: Tensor, data: Node, update: string): void {
  overwritten.set(tensor.node, update);
  tensor.setNode(data);
}
