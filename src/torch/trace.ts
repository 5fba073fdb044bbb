/**
 * @file The last outermost call of a model, and how the program trained it: what a program that exports nothing shows,
 * and what the remote job sends.
 */
import { sizeOf } from '../base/shape.ts';
import { fullOp } from '../graph/ops/full.ts';
import { recordingNow } from '../graph/recording.ts';
import type { Node, OptimizerOption, Scope, TracedModel, TracedOptimizer } from '../graph/types.ts';
import { byAge, reached } from '../graph/walk.ts';
import type { Module } from './nn/module.ts';
import { Tensor } from './tensor.ts';

let last: TracedModel | undefined;
/** The last call that the program went backward from; it may have called a model since, to see what was learnt. */
let lastTrained: TracedModel | undefined;

/** The class's name, which a program may have made anything. */
export function nameOf(module: Module): string {
  const { name } = module.constructor as { name: unknown };
  return typeof name === 'string' && name !== '' ? name : 'Module';
}

/** Outermost calls in which autocast was switched. */
const switched = new WeakSet<Scope>();

/** Notes that autocast is switched within a call. */
export function noteSwitch(scope: Scope): void {
  let root = scope;
  while (root.parent) root = root.parent;
  switched.add(root);
}

export function recordCall(module: Module, inputs: readonly Node[], output: unknown): void {
  const nodes = tensorsIn(output).map((t) => t.node);
  if (nodes.length === 0) return;
  const { autocast, scope } = recordingNow();
  last = {
    name: nameOf(module),
    inputs,
    state: new Map([...module.stateDict()].map(([key, tensor]): [string, Node] => [key, tensor.node])),
    outputs: nodes,
    ...(autocast && !(scope && switched.has(scope)) && { autocast: autocast.dtype }),
  };
}

/** The last outermost call of a model so far; none after it was asked for by `takeTrace`. */
export const lastTraced = (): TracedModel | undefined => last;

/** Notes a call of a model that was played again. */
export function recordTraced(traced: TracedModel): void {
  last = traced;
}

/**
 * The last outermost model call since the last time that this was asked for, and the last that was trained; they may be
 * one.
 */
export function takeTrace(): { readonly model?: TracedModel; readonly trained?: TracedModel } {
  const trace = { ...(last && { model: last }), ...(lastTrained && { trained: lastTrained }) };
  last = undefined;
  lastTrained = undefined;
  return trace;
}

/** A loss takes few operations; what takes more is another model's work. */
const maxLossNodes = 1000;

/**
 * Notes what the program goes backward from, where that is one number made of the last call's outputs and of data
 * alone. The nodes are copied, since those outside of modules lose their history when they are computed.
 */
export function recordLoss(loss: Node): void {
  if (!last || sizeOf(loss.shape) !== 1) return;
  const outputs = new Set(last.outputs);
  const isGiven = (node: Node): boolean => outputs.has(node) || node.op === fullOp;
  const order: Node[] = [];
  const targets: Node[] = [];
  let isOfOutputs = false;
  for (const node of reached([loss], (n) => (isGiven(n) ? [] : n.inputs))) {
    if (outputs.has(node)) isOfOutputs = true;
    if (isGiven(node)) continue;
    if (node.inputs.length > 0) order.push(node);
    else if (node.requiresGrad) return; // it reads weights too, so it is no function of the outputs
    else targets.push(node);
    if (order.length > maxLossNodes) return;
  }
  if (!isOfOutputs) return;
  const copies = new Map<Node, Node>();
  // A node is always younger than its inputs. What another module did for the targets is printed as plain operations.
  for (const node of byAge(order))
    copies.set(node, {
      ...node,
      inputs: node.inputs.map((input) => copies.get(input) ?? input),
      value: undefined,
      scope: undefined,
    });
  last = { ...last, training: { loss: copies.get(loss) ?? loss, targets: byAge(targets) } };
  lastTrained = last;
}

/** Optimizers whose step torch.optim repeats with the same options. */
const repeatable = new Set(['SGD', 'Adam', 'AdamW', 'RMSprop', 'Adadelta', 'Adagrad']);

/** Notes the optimizer that is about to update the last call's parameters; one with several groups is not repeated. */
export function recordStep(name: string, groups: readonly (object & { readonly params: readonly Tensor[] })[]): void {
  if (!last?.training || !repeatable.has(name) || groups.length !== 1) return;
  const [{ params, ...rest }] = groups;
  const updated = new Set(params.map((p) => p.node));
  const parameters = [...last.state].filter(([, node]) => node.requiresGrad);
  const frozen = parameters.filter(([, node]) => !updated.has(node)).map(([key]) => key);
  if (frozen.length === parameters.length) return;
  const optimizer: TracedOptimizer = { name, options: rest as Record<string, OptimizerOption>, frozen };
  last = { ...last, training: { ...last.training, optimizer } };
  lastTrained = last;
}

/** The tensors of a value: itself, or the elements of an array or object, in order. */
export function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.values(value).flatMap(tensorsIn);
  return [];
}
