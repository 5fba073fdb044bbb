/**
 * @file A graph as plain data, to be drawn: what the program recorded, or what a pass made of it.
 */
import type { Launch } from '../gpu/kernel.ts';
import { flopsOf } from '../graph/flops.ts';
import { fullOp } from '../graph/ops/full.ts';
import { layerOf } from '../graph/scopes.ts';
import type { Node } from '../graph/types.ts';
import type { GraphNode, KernelPlace } from './compilation.ts';
import { placeOf } from './doubts.ts';
import type { Graph } from './graph.ts';
import type { LineOf } from './record.ts';
import { isView } from './views.ts';

/** More nodes than a person looks at are not recorded. */
export const mostGraphNodes = 2000;

/** Numbers nodes, equal ones after each pass. */
export class NodeNumbers {
  private readonly recorded: ReadonlyMap<Node, number>;
  private readonly made = new Map<Node, number>();

  /** Those that the program recorded have their numbers already. */
  constructor(recorded: ReadonlyMap<Node, number>) {
    this.recorded = recorded;
  }

  of(node: Node): number {
    const known = this.recorded.get(node) ?? this.made.get(node);
    if (known !== undefined) return known;
    const number = this.recorded.size + this.made.size;
    this.made.set(node, number);
    return number;
  }

  /** The recorded ones among the nodes. */
  among(nodes: readonly Node[]): number[] {
    return nodes.flatMap((node) => this.recorded.get(node) ?? []);
  }
}

/** A graph, once somebody can tell lines. */
export type PendingGraph = (lineOf: LineOf) => readonly GraphNode[];

/** The nodes of a graph and the leaves that it reads, inputs before readers; nothing where they are too many. */
export function recordGraph(graph: Graph, numbers: NodeNumbers): PendingGraph {
  if (graph.order.length > mostGraphNodes) return () => [];
  const groupOf = new Map<Node, number>();
  for (const [last, { nodes }] of graph.groups)
    if (nodes.length > 1) for (const node of nodes) groupOf.set(node, numbers.of(last));
  const targets = new Set(graph.targets.map((target) => graph.of(target)));
  const read = new Set(graph.order.flatMap((node) => graph.inputsOf(node)));
  const leaves = [...graph.leaves].filter((leaf) => read.has(leaf));
  const all = [...leaves, ...graph.order].map((node) => {
    const parts = graph.partsOf(node);
    const names = graph.leaves.has(node) ? [] : parts.map(({ op }) => op.name);
    const inputs = graph.leaves.has(node) ? [] : [...new Set(graph.inputsOf(node))];
    return {
      stacks: parts.map((part) => placeOf(part)?.stack),
      node: {
        id: numbers.of(node),
        kind: kindOf(graph, node),
        name: names.join('+') || node.op.name,
        shape: node.shape,
        dtype: node.dtype,
        inputs: inputs.map((input) => numbers.of(input)),
        parts: numbers.among(parts),
        flops: graph.leaves.has(node) ? 0 : parts.reduce((sum, part) => sum + flopsOf(part), 0),
        layer: layerOf(parts.at(-1) ?? node),
        group: groupOf.get(node),
        isTarget: targets.has(node),
      },
    };
  });
  return (lineOf) =>
    all.map(({ node, stacks }) => ({ ...node, lines: [...new Set(stacks.flatMap((stack) => lineOf(stack) ?? []))] }));
}

function kindOf(graph: Graph, node: Node): GraphNode['kind'] {
  if (node.op === fullOp) return 'constant';
  if (graph.leaves.has(node)) return node.isState ? 'weight' : 'input';
  return isView(node) ? 'view' : 'computed';
}

/** By the launches of a schedule, where the first of them stands in the records. */
const placesOfLaunches = new WeakMap<readonly Launch[], KernelPlace>();

export const placeOfLaunches = (launches: readonly Launch[]): KernelPlace | undefined => placesOfLaunches.get(launches);

export function placeLaunches(launches: readonly Launch[], place: KernelPlace): void {
  placesOfLaunches.set(launches, place);
}
