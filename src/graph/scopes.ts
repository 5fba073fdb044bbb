/**
 * @file Scopes as text: in which module's call a node was recorded.
 */
import type { Node, Scope } from './types.ts';

/** A scope and those around it, the outermost first. */
export function scopeChain(scope: Scope): Scope[] {
  const scopes: Scope[] = [];
  for (let one: Scope | undefined = scope; one; one = one.parent) scopes.unshift(one);
  return scopes;
}

/** `'SimpleCNN.features.0 (Conv2d)'`; of the outermost its class. */
export function scopeName(scope: Scope): string {
  const [root] = scopeChain(scope);
  return root === scope ? root.type : `${root.type}.${scope.path} (${scope.type})`;
}

/** Whether a node was recorded for a gradient; a function of PyTorch's may be one formula too. */
export const isOfGradient = ({ formula, call }: Node): boolean => formula !== undefined && call === undefined;

/** The innermost module's call or the range that a node is a part of; of a gradient that of its forward call. */
export function layerOf({ scope, part }: Node): string | undefined {
  if (scope) return scopeName(scope);
  if (!part) return undefined;
  return 'range' in part ? part.range : `${scopeName(part.backwardOf)}, backward`;
}
