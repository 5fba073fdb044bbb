/**
 * @file The last outermost call of a model: what a program that exports nothing shows, and what the remote job sends.
 */
import type { Node, TracedModel } from '../graph/types.ts';
import type { Module } from './nn/module.ts';
import { Tensor } from './tensor.ts';

let last: TracedModel | undefined;

export function recordCall(module: Module, inputs: readonly unknown[], output: unknown): void {
  const nodes = tensorsIn(output).map((t) => t.node);
  if (nodes.length === 0) return;
  last = {
    name: module.constructor.name,
    inputs: tensorsIn(inputs).map((t) => t.node),
    state: new Map([...module.stateDict()].map(([key, tensor]): [string, Node] => [key, tensor.node])),
    outputs: nodes,
  };
}

/** The last outermost model call since the last time that this was asked for. */
export function takeTrace(): TracedModel | undefined {
  const trace = last;
  last = undefined;
  return trace;
}

/** The tensors of a value: itself, or the elements of an array or object, in order. */
export function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) return Object.values(value).flatMap(tensorsIn);
  return [];
}
