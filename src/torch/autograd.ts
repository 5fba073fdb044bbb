/**
 * @file Autograd: walks the graph backward from a result and records each operation's gradient as more nodes, so that
 * gradients are tensors like others and can be differentiated again.
 *
 * What PyTorch calls a saved tensor is here a node that a gradient's formula refers to. Such nodes are looked for when
 * a formula has been written down: a graph that was freed, or a value that was overwritten in place, is an error only
 * where the formula needs it, as in PyTorch.
 */
import { fail } from '../base/errors.ts';
import { formatShape, sameShape, sizeOf } from '../base/shape.ts';
import { obstacle } from '../graph/capture.ts';
import * as e from '../graph/expr.ts';
import { cast } from '../graph/ops/elementwise/index.ts';
import { detached, isLeafNode } from '../graph/ops/identity.ts';
import { lastNodeId } from '../graph/record.ts';
import { recordingWith } from '../graph/recording.ts';
import type { Gradient, Node } from '../graph/types.ts';
import { inputsFirst, reached } from '../graph/walk.ts';
import type { GradientHook } from './gradient-records.ts';
import { hooks, leafTensors, overwritten, retained } from './gradient-records.ts';
import type { Recorded, Seed } from './gradient-templates.ts';
import { gradientsOf, partOfGradient } from './gradient-templates.ts';
import { takeUp } from './inplace.ts';
import { inOwnMemory, isView, overlaps, placeOf } from './memory.ts';
import { Tensor } from './tensor.ts';
import { recordLoss } from './trace.ts';

export interface BackwardOptions {
  /** Keeps the graph for another backward; on by default where `createGraph` is. */
  readonly retainGraph?: boolean;
  /** Records the gradients so that they can be differentiated. */
  readonly createGraph?: boolean;
}

export interface GradOptions extends BackwardOptions {
  /** Gradients of the outputs, for outputs of more than one element. */
  readonly gradOutputs?: Tensor | readonly Tensor[];
  /** Gives `null` for an input that the outputs do not depend on, instead of an error. */
  readonly allowUnused?: boolean;
}

/** Accumulates into `grad` of every leaf below `outputs`. */
export function backward(
  outputs: readonly Tensor[],
  gradients: readonly (Tensor | null | undefined)[] = [],
  options: BackwardOptions = {},
): void {
  const createGraph = options.createGraph ?? false;
  obstacle('goes backward', true);
  if (outputs.length === 1 && !gradients[0]) recordLoss(outputs[0].node);
  const order = backwardOrder(outputs.map((t) => t.node));
  const grads = propagate(outputs, gradients, options, order);
  const owners: Tensor[] = [];
  for (const node of order) {
    const owner = isLeafNode(node) ? leafTensors.get(node) : retained.get(node);
    const grad = grads.get(node);
    if (!owner || !grad) continue;
    owner.gradient = accumulated(owner.gradient, createGraph ? grad : apart(grad, node), createGraph);
    owners.push(owner);
  }
  // Whoever computes one gradient has the others, and the loss, at hand; computed alone, each would need the forward
  // pass again.
  const losses = outputs.map(({ node }) => node).filter(({ shape }) => sizeOf(shape) === 1);
  const together = (): Node[] => [...owners.flatMap((owner) => owner.gradient?.node ?? []), ...losses];
  for (const owner of owners) owner.gradient!.node.together = together;
}

/**
 * As in PyTorch, a gradient that is there already takes up the new one in place, unless both are to be differentiated.
 */
function accumulated(before: Tensor | null, grad: Node, createGraph: boolean): Tensor {
  if (!before) return hidden(grad);
  const sum = recordingWith({ gradMode: createGraph }, () => e.add(before.node, grad));
  if (createGraph) return hidden(sum);
  takeUp(before, sum);
  sum.visible = false;
  return before;
}

/**
 * A gradient in memory of its own, since it may also be another tensor's, or what the program gave backward() to begin
 * with. As in PyTorch, its elements lie as those of the tensor that it is of where they would lie upon each other.
 */
function apart(grad: Node, owner: Node): Node {
  return inOwnMemory(detached(grad), overlaps(placeOf(grad)) ? owner : grad);
}

/** A gradient as a tensor; few are ever read, so it is computed for those who ask, not on the way. */
function hidden(node: Node): Tensor {
  const tensor = new Tensor(node);
  tensor.isShown = false;
  node.visible = false;
  return tensor;
}

/**
 * The gradients of `outputs` by `inputs`, without touching anybody's `grad`; `null` where none flows and that is
 * allowed.
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions = {},
): (Tensor | null)[] {
  const from = outputs instanceof Tensor ? [outputs] : outputs;
  obstacle('takes gradients', true);
  const to = inputs instanceof Tensor ? [inputs] : inputs;
  const { gradOutputs = [] } = options;
  to.forEach((input, i) => {
    if (!input.requiresGrad) fail(`grad: input ${i} does not require a gradient; set requiresGrad before it is used`);
  });
  const order = backwardOrder(
    from.map((t) => t.node),
    new Set(to.map((t) => t.node)),
  );
  const grads = propagate(from, gradOutputs instanceof Tensor ? [gradOutputs] : gradOutputs, options, order);
  return to.map((input, i) => {
    const found = grads.get(input.node);
    if (found) return new Tensor(options.createGraph ? found : detached(found));
    return options.allowUnused
      ? null
      : fail(`grad: input ${i} was not used to compute the outputs; pass { allowUnused: true } if that is meant`);
  });
}

/** Nodes that gradients flow through, readers before what they read; with `goals`, only those on the way to one. */
function backwardOrder(outputs: readonly Node[], goals?: ReadonlySet<Node>): Node[] {
  const needsGrad = (node: Node): boolean => node.requiresGrad;
  const behind = (node: Node): Node[] => (isLeafNode(node) ? [] : node.inputs.filter(needsGrad));
  const order = inputsFirst(outputs.filter(needsGrad), behind);
  if (goals === undefined) return order.reverse();
  const leading = new Set<Node>();
  for (const node of order) if (goals.has(node) || behind(node).some((n) => leading.has(n))) leading.add(node);
  return [...leading].reverse();
}

function propagate(
  outputs: readonly Tensor[],
  gradients: readonly (Tensor | null | undefined)[],
  options: BackwardOptions,
  order: readonly Node[],
): Map<Node, Node> {
  const createGraph = options.createGraph ?? false;
  const retainGraph = options.retainGraph ?? createGraph;
  return recordingWith({ gradMode: createGraph }, () => {
    const seeds = outputs.map(({ node }, i): Seed => ({ node, grad: seedGradient(outputs[i], gradients[i]) }));
    const walk = (): Recorded => recordGradients(seeds, order, retainGraph);
    if (createGraph || order.some((node) => node.freed || hooksOf(node))) return walk().grads;
    const grads = gradientsOf(order, seeds, walk, (saved, by) => overwrittenBy(saved, by) === undefined);
    if (!retainGraph) for (const node of order) if (grads.has(node) && hasGradient(node)) node.freed = true;
    return grads;
  });
}

const hasGradient = (node: Node): boolean => !isLeafNode(node) && node.op.gradient !== 'none';

/** Has each node's formula recorded. */
function recordGradients(seeds: readonly Seed[], order: readonly Node[], retainGraph: boolean): Recorded {
  const onTheWay = new Set(order);
  const grads = new Map<Node, Node>();
  const saved: (readonly [Node, Node])[] = [];
  const formulas = new Map<number, Node>();
  const accumulate = (node: Node, grad: Node): void => {
    const before = grads.get(node);
    grads.set(node, before ? e.add(before, grad) : grad);
  };
  for (const { node, grad } of seeds) accumulate(node, grad);
  for (const node of order) {
    const known = grads.get(node);
    if (!known) continue;
    const grad = hooked(node, known);
    grads.set(node, grad);
    const { gradient } = node.op;
    if (isLeafNode(node) || gradient === 'none') continue;
    const before = lastNodeId();
    const needs = (k: number): boolean => onTheWay.has(node.inputs[k]);
    formulas.set(before, node);
    recordingWith({ compiled: node.compiled, formula: before, part: partOfGradient(node) }, () => {
      const results = gradientsBy(gradient, node, grad, needs);
      for (const each of checkedSaved(node, results, before)) saved.push([each, node]);
      results.forEach((g, k) => {
        if (g && needs(k)) accumulate(node.inputs[k], g);
      });
    });
    if (!retainGraph) node.freed = true;
  }
  return { grads, saved, formulas };
}

/**
 * The gradients by a node's inputs. Those of bfloat16 are computed in float32 and rounded once, as PyTorch's kernels
 * do it: the steps of a formula would each lose what eight bits cannot hold.
 */
function gradientsBy(
  gradient: Gradient<any>,
  node: Node,
  grad: Node,
  needs: (k: number) => boolean,
): readonly (Node | undefined)[] {
  const { inputs, attrs, op } = node;
  const isBrief = ({ dtype }: Node): boolean => dtype === 'bfloat16';
  if (op.view || op === cast || ![node, ...inputs].some(isBrief)) return gradient({ node, inputs, attrs, grad, needs });
  const wide = (n: Node): Node => (isBrief(n) ? e.cast(n, 'float32') : n);
  const results = gradient({ node: wide(node), inputs: inputs.map(wide), attrs, grad: wide(grad), needs });
  return results.map((g, k) => g && (isBrief(inputs[k]) ? e.cast(g, 'bfloat16') : g));
}

const hooksOf = (node: Node): ReadonlySet<GradientHook> | undefined => {
  const key = isLeafNode(node) ? leafTensors.get(node) : node;
  return key && hooks.get(key);
};

function hooked(node: Node, grad: Node): Node {
  const registered = hooksOf(node);
  if (!registered) return grad;
  let current = grad;
  for (const hook of registered) {
    const result = hook(new Tensor(current));
    if (!result) continue;
    if (!sameShape(result.node.shape, grad.shape))
      fail(
        `registerHook: a hook returned a gradient of shape ${formatShape(result.node.shape)} for a tensor of shape ${formatShape(grad.shape)}`,
      );
    current = result.node;
  }
  return current;
}

/** What a gradient's formula needs; throws where that was given up, or is another value by now. */
function checkedSaved(node: Node, results: readonly (Node | undefined)[], before: number): readonly Node[] {
  const all = [...savedBy(node, results, before)];
  for (const saved of all) {
    if (node.freed)
      fail(
        `backward: ${node.op.name} is gone through a second time, and its values were freed by the first; pass { retainGraph: true } to the first backward`,
      );
    const update = overwrittenBy(saved, node);
    if (update) {
      fail(
        `backward: ${node.op.name} needs a tensor of shape ${formatShape(saved.shape)} that ${update} has changed in place since; change a copy (x.clone()), or go backward first`,
      );
    }
  }
  return all;
}

/** What has changed a value, or what it is a view of, since `reader` was recorded. */
function overwrittenBy(saved: Node, reader: Node): string | undefined {
  for (let node: Node | undefined = saved; node; node = isView(node) ? node.inputs[0] : undefined) {
    const update = overwritten.get(node);
    if (update && !(reader.id >= update.firstNode && reader.id <= update.lastNode)) return update.what;
  }
  return undefined;
}

/** The node's operands and its own value, as far as the formulas of its gradients refer to them. */
function* savedBy(node: Node, results: readonly (Node | undefined)[], before: number): Generator<Node> {
  const own = new Set([node, ...node.inputs]);
  const terms = results.filter((g) => g !== undefined);
  for (const term of reached(terms, (t) => (!own.has(t) && t.id > before ? t.inputs : [])))
    if (own.has(term)) yield term;
}

function seedGradient(output: Tensor, given: Tensor | null | undefined): Node {
  if (!output.requiresGrad)
    fail(
      'backward: this tensor does not require a gradient and has no history; was it computed under noGrad (or, in a browser, while an async callback of noGrad had not settled), or from tensors without requiresGrad?',
    );
  if (!given) {
    if (sizeOf(output.node.shape) !== 1)
      fail(
        `backward: the gradient is implied only for a tensor of one element, this one has shape ${formatShape(output.node.shape)}; pass a gradient, or reduce it first`,
      );
    return e.fullLike(output.node, 1);
  }
  if (!sameShape(given.node.shape, output.node.shape))
    fail(
      `backward: the gradient has shape ${formatShape(given.node.shape)}, the tensor ${formatShape(output.node.shape)}`,
    );
  return given.node;
}
