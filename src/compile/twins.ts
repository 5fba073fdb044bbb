/**
 * @file Twins: two operations that are two results of the same work, as a maximum and its place. The one that comes
 * first in the order is lowered for both.
 */
import type { Node } from '../graph/types.ts';
import type { Graph } from './graph.ts';

/** The second of each pair, by the first. */
export function twinsIn(graph: Graph): Map<Node, Node> {
  const twins = new Map<Node, Node>();
  const alone = new Map<string, Node>();
  for (const node of graph.order) {
    if (!node.op.twin) continue;
    const work = `${graph.inputsOf(node).map(({ id }) => id)} ${JSON.stringify(node.attrs)}`;
    const first = alone.get(`${node.op.twin} ${work}`);
    if (first && !twins.has(first)) twins.set(first, node);
    else alone.set(`${node.op.name} ${work}`, node);
  }
  return twins;
}
