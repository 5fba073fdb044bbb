/**
 * @file What is known of tensors and nodes for a backward pass: whose gradient is kept, who wants to hear of one, and
 * which values have been overwritten.
 */
import { fail } from '../base/errors.ts';
import type { Node } from '../graph/types.ts';
import type { Tensor } from './tensor.ts';

/** What `registerHook` returns. */
export interface HookHandle {
  /** The hook is not called again. */
  remove(): void;
}

export type GradientHook = (grad: Tensor) => Tensor | void;

/** Which tensor a leaf node's gradient belongs to. */
export const leafTensors = new WeakMap<Node, Tensor>();
/** Tensors that are no leaves but keep their gradient. */
export const retained = new WeakMap<Node, Tensor>();
/** Nodes whose memory has been given another value in place, and by what. */
export const overwritten = new WeakMap<Node, Update>();

/** An in-place update: its name for people, and the nodes that it recorded itself, which may read what it overwrote. */
export interface Update {
  readonly what: string;
  readonly firstNode: number;
  readonly lastNode: number;
}
/** Hooks of a leaf go by its tensor, which in-place updates leave what it is; those of others by their node. */
export const hooks = new WeakMap<Node | Tensor, Set<GradientHook>>();

/** Calls `hook` with every gradient of the tensor; what it returns replaces the gradient. */
export function registerHook(tensor: Tensor, hook: GradientHook): HookHandle {
  if (!tensor.requiresGrad)
    fail(
      'registerHook: this tensor does not require a gradient, so the hook would never be called; set requiresGrad first',
    );
  const key = tensor.isLeaf ? tensor : tensor.node;
  const known = hooks.get(key) ?? new Set();
  hooks.set(key, known.add(hook));
  return { remove: () => void known.delete(hook) };
}
