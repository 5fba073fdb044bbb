/**
 * @file Why a launch is there: which recorded nodes it helps to compute, and how many operations those stand for.
 * Profiles tell it.
 */
import type { Launch, Purpose } from '../gpu/kernel.ts';
import { flopsOf } from '../graph/flops.ts';
import type { Node } from '../graph/types.ts';
import type { Graph } from './graph.ts';
import type { Region } from './region.ts';

/** The purpose of a kernel that computes some nodes of a graph. */
export function purposeOf(nodes: readonly Node[], graph: Graph, numbers: Region['numbers']): Purpose {
  const recorded = nodes.flatMap((node) => graph.partsOf(node));
  return {
    nodes: [...new Set(recorded.map((node) => numbers.get(node)!))].sort((a, b) => a - b),
    flops: nodes.reduce((sum, node) => sum + flopsIn(node, graph), 0),
  };
}

/** Those of what a pass made one of, or of a node by itself. */
function flopsIn(node: Node, graph: Graph): number {
  const parts = graph.partsOf(node);
  return (parts.length > 1 ? parts : [node]).reduce((sum, part) => sum + flopsOf(part), 0);
}

/**
 * Gives launches their common purpose. Its operations go, in equal shares, to those that multiply: they read two
 * buffers or more.
 */
export function withPurpose(launches: readonly Launch[], { nodes, flops }: Purpose): Launch[] {
  const multiply = launches.filter(
    ({ bindings }) => bindings.filter((b) => 'slot' in b && b.access === 'read').length >= 2,
  );
  const busy = new Set(multiply.length > 0 ? multiply : launches.slice(0, 1));
  return launches.map((launch) => ({ ...launch, purpose: { nodes, flops: busy.has(launch) ? flops / busy.size : 0 } }));
}
