/**
 * @file Where the program recorded what may turn out not to be computable: tensors beyond the largest buffer,
 * integers beyond int32, indices out of range. That is known when they are computed, lines later, if at all: what is
 * fused away needs no buffer.
 */
import { DeviceLostError } from '../base/errors.ts';
import type { Device } from '../gpu/device.ts';
import { AssertionError } from '../graph/assertion.ts';
import { recordHook } from '../graph/record.ts';
import type { Node } from '../graph/types.ts';
import { deviceBytes } from './lower/move.ts';

/** By node, an error that was made where it was recorded. */
const places = new WeakMap<Node, Error>();
/** Whether the device may refuse a node. */
let isRefused = (_: Node): boolean => false;

/** Every node remembers its place, for a record of its compilation. */
let keepsAll = false;

recordHook.listener = (node) => {
  if (keepsAll || isRefused(node) || node.op.assertion?.(node.inputs, node.attrs))
    places.set(node, new Error(node.op.name));
};

/** From here on, nodes that the device may refuse remember their place. */
export function doubtOn({ limits }: Device): void {
  const largest = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  isRefused = (node) => node.device === 'webgpu' && deviceBytes(node) > largest;
}

/** From here on, every node remembers its place, or no longer. */
export function keepPlaces(all: boolean): void {
  keepsAll = all;
}

/** Where a node was recorded that may turn out not to be computable. */
export const placeOf = (node: Node): Error | undefined => places.get(node);

/** Gives a node the place of another that was recorded before, where it has one. */
export function placeLike(node: Node, place: Error | undefined): void {
  if (place) places.set(node, place);
}

/** The error, placed where another was made. */
export function placeAt<E extends Error>(error: E, place: Error | undefined): E {
  const frames = place?.stack?.split('\n').slice(1);
  if (frames) error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
  return error;
}

/**
 * The error of computing nodes, placed where the one was recorded that is to blame: else the first that the device may
 * refuse.
 */
export function placed(error: unknown, nodes: Iterable<Node>): unknown {
  if (!(error instanceof Error) || error instanceof DeviceLostError) return error;
  if (error instanceof AssertionError) return error.node ? placeAt(error, placeOf(error.node)) : error;
  for (const node of nodes) if (places.has(node) && isRefused(node)) return placeAt(error, placeOf(node));
  return error;
}
