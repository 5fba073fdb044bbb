/**
 * @file When the values of a graph are in memory, as far as that shows before any kernel is planned: what each holds,
 * from the kernel that writes it to the last one that reads it, and where they are most together.
 */
import { fullOp } from '../graph/ops/full.ts';
import type { Node } from '../graph/types.ts';
import { sizeClass } from '../gpu/pool.ts';
import type { Graph } from './graph.ts';
import { deviceBytes } from './lower/move.ts';
import { isView } from './views.ts';

/** Of a value that no result holds. Times are places in the graph's order. */
export interface Lifetime {
  readonly bytes: number;
  readonly from: number;
  /** Infinite where the program asked for a view of it, which is copied at the end. */
  readonly to: number;
}

export class Lifetimes {
  /** Of what is written to memory, in the order of the graph. */
  readonly all: ReadonlyMap<Node, Lifetime>;
  /** When the most bytes are in use, and how many. */
  readonly peak: { readonly at: number; readonly bytes: number };
  private readonly runs = new Map<Node, number>();

  /** `graph` has its groups. */
  constructor(graph: Graph) {
    this.all = this.lifetimes(graph);
    this.peak = peakOf(this.all.values(), graph.order.length);
  }

  /** When the kernel runs that computes a node; of a leaf or view, nothing. */
  runsAt(node: Node): number | undefined {
    return this.runs.get(node);
  }

  private lifetimes(graph: Graph): Map<Node, Lifetime> {
    const index = new Map(graph.order.map((node, i) => [node, i]));
    const inKernel = new Set<Node>();
    for (const [last, { nodes, outputs }] of graph.groups) {
      for (const node of nodes) {
        this.runs.set(node, index.get(last)!);
        if (!outputs.includes(node)) inKernel.add(node);
      }
    }
    const computed = graph.order.filter((node) => !isView(node) && node.op !== fullOp);
    const last = new Map<Node, number>();
    for (const node of computed) {
      const at = this.runs.get(node) ?? index.get(node)!;
      this.runs.set(node, at);
      for (const input of graph.inputsOf(node)) {
        const base = behindViews(graph, input);
        last.set(base, Math.max(last.get(base) ?? 0, at));
      }
    }
    for (const target of graph.targets) {
      const by = graph.resultOf(target);
      if (isView(by)) last.set(behindViews(graph, by), Infinity);
    }
    const inMemory = computed.filter((node) => !inKernel.has(node) && !graph.isResult(node));
    return new Map(
      inMemory.map((node) => {
        const from = this.runs.get(node)!;
        return [node, { bytes: sizeClass(Math.max(4, deviceBytes(node))), from, to: last.get(node) ?? from }];
      }),
    );
  }
}

/** What a view is one of, and at last what computes that. */
export function behindViews(graph: Graph, node: Node): Node {
  let base = node;
  while (isView(base) && !graph.leaves.has(base)) base = graph.of(base.inputs[0]);
  return base;
}

function peakOf(lifetimes: Iterable<Lifetime>, length: number): { at: number; bytes: number } {
  const changes = new Float64Array(length + 1);
  for (const { bytes, from, to } of lifetimes) {
    changes[from] += bytes;
    if (to < length) changes[to + 1] -= bytes;
  }
  let [now, peak] = [0, { at: 0, bytes: 0 }];
  for (let at = 0; at < length; at++) {
    now += changes[at];
    if (now > peak.bytes) peak = { at, bytes: now };
  }
  return peak;
}
