/**
 * @file How a pass replaces nodes: it notes what stands for what, and why others stay; the graph with all of that comes
 * at the end.
 */
import { lastNodeId } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import { reached } from '../../graph/walk.ts';
import type { Graph } from '../graph.ts';
import { RefusalList } from '../refusals.ts';

export class Rewrite {
  readonly refusals = new RefusalList();
  private readonly before: Graph;
  private readonly stands = new Map<Node, Node>();
  private readonly parts = new Map<Node, readonly Node[]>();
  private readonly copies = new Map<Node, Node>();
  /** Later nodes are this pass's. */
  private readonly lastBefore = lastNodeId();

  constructor(before: Graph) {
    this.before = before;
  }

  /** What stands for a node by now. */
  of(node: Node): Node {
    const by = this.before.of(node);
    return this.stands.get(by) ?? by;
  }

  /** The recorded nodes that a node computes. */
  partsOf(node: Node): readonly Node[] {
    return this.parts.get(node) ?? this.before.partsOf(node);
  }

  /** Has `by` stand for a node; it also computes what nodes did that it `took` up. */
  replace(node: Node, by: Node, took: readonly Node[] = []): void {
    this.stands.set(node, by);
    if (!this.isNew(by)) return;
    const own = this.partsOf(node);
    for (const made of reached([by], ({ inputs }) => inputs.filter((input) => this.isNew(input))))
      if (!this.parts.has(made)) this.parts.set(made, own);
    this.parts.set(by, [...took.flatMap((taken) => this.partsOf(taken)), ...own]);
  }

  /** Notes which recorded nodes a new one computes. */
  made(by: Node, parts: readonly Node[]): void {
    this.parts.set(by, parts);
  }

  /** Notes that `by` computes again what a node does. */
  copy(node: Node, by: Node): void {
    this.copies.set(by, node);
    this.parts.set(by, this.partsOf(node));
  }

  result(): Graph {
    const { stands, parts, copies, refusals } = this;
    return this.before.rewritten({ stands, parts, copies, refusals: refusals.all });
  }

  private isNew(node: Node): boolean {
    return node.id > this.lastBefore;
  }
}
