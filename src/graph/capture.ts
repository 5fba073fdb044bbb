/**
 * @file Capture: the nodes that one call of a function records, and what speaks against playing them again in place of
 * calling it. Code that reads a value, or changes something that outlives the call, says so here; while nothing is
 * captured that costs one comparison.
 */
import type { Node } from './types.ts';

/** Why a call cannot be played again. */
export interface Obstacle {
  /** `'draws random numbers'`, of the code at `place`. */
  readonly reason: string;
  /** Made where it was found. */
  readonly place: Error;
  /** What follows needs a value that has to be computed first, so the call is not one graph. */
  readonly breaks: boolean;
}

export interface Capture {
  readonly nodes: Node[];
  readonly obstacles: Obstacle[];
  /** A check asked for numbers that were not on the host: where they are, it would look at them. */
  asksHost: boolean;
}

/** Within another module's call, outside of all, or so and a model's, which the page shows and a remote runs. */
export type CallPlace = 'within' | 'outermost' | 'model';

/** Told of a module before its call. */
export type OnModule = (module: object, place: CallPlace) => void;

let current: (Capture & { readonly onModule?: OnModule }) | undefined;

/**
 * Runs `body`, which must not await, and notes what it records. A capture within a capture is part of the outer one
 * alone.
 */
export function capture<T>(body: () => T, onModule?: OnModule): { readonly result: T; readonly captured: Capture } {
  const before = current;
  const captured = { nodes: [], obstacles: [], asksHost: false, onModule };
  current = captured;
  try {
    return { result: body(), captured };
  } finally {
    current = before;
  }
}

export function noteNode(node: Node): void {
  current?.nodes.push(node);
}

/** To be told before a module's call. */
export function noteModule(module: object, place: CallPlace): void {
  current?.onModule?.(module, place);
}

/** To be told by whatever must happen anew in each call. */
export function obstacle(reason: string, breaks = false): void {
  current?.obstacles.push({ reason, place: new Error(reason), breaks });
}

/** Whether a call is being captured that is given the node, or finds it: in another call it may have other numbers. */
export const isGiven = ({ id }: Node): boolean =>
  current !== undefined && (current.nodes.length === 0 || id < current.nodes[0].id);

/**
 * To be told by checks that look at a node's numbers where they are on the host. Those of the call's own constants are
 * always the same, and what else it records is not computed yet, in each call.
 */
export function looksAtHost(node: Node): void {
  if (!current || !isGiven(node)) return;
  if (node.value?.host) obstacle('reads numbers of a tensor that are on the host');
  else current.asksHost = true;
}
