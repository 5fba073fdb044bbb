/**
 * @file Autograd: walks the graph backward from a result and records each operation's gradient as more nodes, so that
 * gradients are tensors like others and can be differentiated again.
 */
import { fail } from '../base/errors.ts';
import { formatShape, sameShape, sizeOf } from '../base/shape.ts';
import * as e from '../graph/expr.ts';
import { detached, isLeafNode } from '../graph/ops/identity.ts';
import { recording } from '../graph/record.ts';
import type { Node } from '../graph/types.ts';
import { Tensor } from './tensor.ts';

export interface BackwardOptions {
  /** Keeps the graph for another backward; on by default where `createGraph` is. */
  readonly retainGraph?: boolean;
  /** Records the gradients so that they can be differentiated. */
  readonly createGraph?: boolean;
}

/** Which tensor a leaf node's gradient belongs to. */
export const leafTensors = new WeakMap<Node, Tensor>();
/** Tensors that are no leaves but keep their gradient. */
export const retained = new WeakMap<Node, Tensor>();
/** Functions of a gradient, by node; what one returns takes the gradient's place. */
export const hooks = new WeakMap<Node, Set<(grad: Tensor) => Tensor | void>>();

/** Runs `body` with gradient recording on or off; a promise keeps the mode until it settles. */
export function withGradMode<T>(mode: boolean, body: () => T): T {
  const before = recording.gradMode;
  recording.gradMode = mode;
  const restore = (): void => {
    recording.gradMode = before;
  };
  let result: T;
  try {
    result = body();
  } catch (error) {
    restore();
    throw error;
  }
  if (result instanceof Promise) return result.finally(restore) as T;
  restore();
  return result;
}

/** Accumulates into `grad` of every leaf below `outputs`. */
export function runBackward(outputs: readonly Tensor[], gradients: readonly Tensor[] | undefined, options: BackwardOptions): void {
  const order = backwardOrder(outputs.map((t) => t.node));
  const grads = propagate(outputs, gradients, options, order);
  for (const node of order) {
    const owner = isLeafNode(node) ? leafTensors.get(node) : retained.get(node);
    const grad = grads.get(node);
    if (!owner || !grad) continue;
    const plain = options.createGraph ? grad : detached(grad);
    owner.grad = new Tensor(owner.grad ? withGradMode(options.createGraph ?? false, () => e.add(owner.grad!.node, plain)) : plain);
  }
}

/** The gradients of `outputs` by `inputs`, without touching anybody's `grad`; `null` where none flows and it is allowed. */
export function gradientsOf(outputs: readonly Tensor[], inputs: readonly Tensor[], gradients: readonly Tensor[] | undefined, options: BackwardOptions & { allowUnused?: boolean }): (Tensor | null)[] {
  for (const input of inputs) if (!input.requiresGrad) fail('grad: an input does not require a gradient; set requiresGrad before it is used');
  const grads = propagate(outputs, gradients, options, backwardOrder(outputs.map((t) => t.node)));
  return inputs.map((input, i) => {
    const grad = grads.get(input.node);
    if (grad) return new Tensor(options.createGraph ? grad : detached(grad));
    return options.allowUnused ? null : fail(`grad: input ${i} was not used to compute the outputs; pass { allowUnused: true } if that is meant`);
  });
}

/** Nodes that gradients flow through, readers before what they read. */
function backwardOrder(outputs: readonly Node[]): Node[] {
  const seen = new Set<Node>();
  const order: Node[] = [];
  const stack: { node: Node; next: number }[] = [];
  for (const output of outputs) {
    if (output.requiresGrad && !seen.has(output)) stack.push({ node: output, next: 0 });
    while (stack.length) {
      const top = stack[stack.length - 1];
      if (top.next === 0) {
        if (seen.has(top.node)) {
          stack.pop();
          continue;
        }
        seen.add(top.node);
      }
      const inputs = isLeafNode(top.node) ? [] : top.node.inputs;
      if (top.next < inputs.length) {
        const input = inputs[top.next++];
        if (input.requiresGrad && !seen.has(input)) stack.push({ node: input, next: 0 });
        continue;
      }
      stack.pop();
      order.push(top.node);
    }
  }
  return order.reverse();
}

function propagate(outputs: readonly Tensor[], gradients: readonly Tensor[] | undefined, options: BackwardOptions, order: readonly Node[]): Map<Node, Node> {
  const createGraph = options.createGraph ?? false;
  const retainGraph = options.retainGraph ?? createGraph;
  const grads = new Map<Node, Node>();
  const accumulate = (node: Node, grad: Node): void => {
    const before = grads.get(node);
    grads.set(node, before ? e.add(before, grad) : grad);
  };
  withGradMode(createGraph, () => {
    outputs.forEach((output, i) => accumulate(output.node, seedGradient(output, gradients?.[i])));
    for (const node of order) {
      let grad = grads.get(node);
      if (!grad) continue;
      for (const hook of hooks.get(node) ?? []) grad = hook(new Tensor(grad))?.node ?? grad;
      grads.set(node, grad);
      if (isLeafNode(node)) continue;
      if (node.freed) fail('backward: the graph was freed by an earlier backward; pass { retainGraph: true } to that one to go through it again');
      const rule = node.op.gradient;
      if (rule === 'none') continue;
      const results = rule({ node, inputs: node.inputs, attrs: node.attrs, grad, needs: (k) => node.inputs[k]?.requiresGrad ?? false });
      results.forEach((g, k) => {
        if (g && node.inputs[k].requiresGrad) accumulate(node.inputs[k], g);
      });
      if (!retainGraph) node.freed = true;
    }
  });
  return grads;
}

function seedGradient(output: Tensor, given: Tensor | undefined): Node {
  if (!output.requiresGrad) fail('backward: this tensor does not require a gradient and has no history; was it computed under noGrad, or from tensors without requiresGrad?');
  if (!given) {
    if (sizeOf(output.node.shape) !== 1) fail(`backward: the gradient is implied only for a tensor of one element, this one has shape ${formatShape(output.node.shape)}; pass a gradient, or reduce it first`);
    return e.fullLike(output.node, 1);
  }
  if (!sameShape(given.node.shape, output.node.shape)) fail(`backward: the gradient has shape ${formatShape(given.node.shape)}, the tensor ${formatShape(output.node.shape)}`);
  return given.node;
}
