/**
 * @file Copies of a graph.
 */
import type { Node } from './types.ts';

/** The same computation from the same leaves, with nothing computed yet and with a history of its own. */
export function withoutValues(targets: readonly Node[]): Node[] {
  const copies = new Map<Node, Node>();
  const stack = [...targets];
  while (stack.length) {
    const node = stack[stack.length - 1];
    const missing = node.inputs.filter((input) => !copies.has(input));
    if (missing.length && !copies.has(node)) {
      stack.push(...missing);
      continue;
    }
    stack.pop();
    if (copies.has(node)) continue;
    copies.set(node, node.inputs.length ? { ...node, inputs: node.inputs.map((input) => copies.get(input)!), value: undefined, visible: false } : node);
  }
  return targets.map((target) => copies.get(target)!);
}
