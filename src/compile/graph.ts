/**
 * @file The graph that passes transform: what the program recorded, and what stands for it by now.
 *
 * A program's own nodes never change, since gradients and the remote job read them as they were recorded. So a graph
 * says beside them which node has the value of another, and whoever follows it asks for a node's inputs here. It holds
 * what its targets need and nothing else: code that is dead once a pass has run is gone from its order.
 */
import { fullOp } from '../graph/ops/full.ts';
import type { Layout, Node } from '../graph/types.ts';
import { byAge, inputsFirst, reached } from '../graph/walk.ts';
import type { PointwiseGroup } from './passes/pointwise.ts';
import type { Refusals } from './refusals.ts';
import { isIdentity, isView, lookedAt } from './views.ts';

interface State {
  /** Nodes that have a value. */
  readonly leaves: ReadonlySet<Node>;
  /** What the program asked for, as it recorded it. */
  readonly targets: readonly Node[];
  readonly stands: ReadonlyMap<Node, Node>;
  readonly parts: ReadonlyMap<Node, readonly Node[]>;
  readonly copies: ReadonlyMap<Node, Node>;
  readonly groups: ReadonlyMap<Node, PointwiseGroup>;
  readonly refusals: Refusals;
}

export class Graph {
  /** What is computed, inputs before readers. */
  readonly order: readonly Node[];
  private readonly state: State;
  private readonly results: ReadonlySet<Node>;
  private readersByNode: ReadonlyMap<Node, readonly Node[]> | undefined;

  private constructor(state: State, order?: readonly Node[], before?: readonly Node[]) {
    this.state = state;
    this.order = order ?? this.needed(before);
    this.results = new Set(state.targets.flatMap((target) => [this.of(target), this.resultOf(target)]));
  }

  /** The graph as it was recorded. */
  static recorded(leaves: Iterable<Node>, targets: readonly Node[]): Graph {
    return new Graph({
      leaves: new Set(leaves),
      targets,
      stands: new Map(),
      parts: new Map(),
      copies: new Map(),
      groups: new Map(),
      refusals: new Map(),
    });
  }

  get targets(): readonly Node[] {
    return this.state.targets;
  }

  get leaves(): ReadonlySet<Node> {
    return this.state.leaves;
  }

  /** The groups of pointwise nodes that share a kernel, by the last of each. */
  get groups(): ReadonlyMap<Node, PointwiseGroup> {
    return this.state.groups;
  }

  /** Nodes that compute again what others do, by these. */
  get copies(): ReadonlyMap<Node, Node> {
    return this.state.copies;
  }

  /** Why nodes were not fused with what they read. */
  get refusals(): Refusals {
    return this.state.refusals;
  }

  /** What has the value of a node. */
  of(node: Node): Node {
    return this.state.stands.get(node) ?? node;
  }

  inputsOf(node: Node): Node[] {
    return node.inputs.map((input) => this.of(input));
  }

  /** Who reads a node, each once. */
  readersOf(node: Node): readonly Node[] {
    this.readersByNode ??= readers(this);
    return this.readersByNode.get(node) ?? [];
  }

  /** The node whose result a target is: `assign` and `detach` compute nothing. */
  resultOf(target: Node): Node {
    let node = this.of(target);
    while (!this.leaves.has(node) && isIdentity(node)) node = this.of(node.inputs[0]);
    return node;
  }

  /** Whether the program asked for a node's value. */
  isTarget(node: Node): boolean {
    return this.results.has(node);
  }

  /** Whether a node's value is written where a target's goes. */
  isResult(node: Node): boolean {
    return this.leaves.has(node) || (this.results.has(node) && !isView(node) && node.op !== fullOp);
  }

  /** The node whose storage a view looks at, and how, before any is written out. */
  lookedAt(node: Node): { readonly base: Node; readonly layout: Layout } {
    return lookedAt(
      node,
      (view) => this.of(view.inputs[0]),
      (base) => this.leaves.has(base),
    );
  }

  /** The recorded nodes that a node computes. */
  partsOf(node: Node): readonly Node[] {
    return this.state.parts.get(node) ?? [node];
  }

  /** With pointwise nodes grouped. */
  grouped(groups: ReadonlyMap<Node, PointwiseGroup>, refusals: Refusals): Graph {
    return new Graph({ ...this.state, groups, refusals: both(this.refusals, refusals) }, this.order);
  }

  /** With others in the place of nodes. */
  rewritten({ stands, parts, copies, refusals }: Omit<State, 'leaves' | 'targets' | 'groups'>): Graph {
    const last = (node: Node): Node => {
      let by = node;
      for (let next = stands.get(by); next; next = stands.get(by)) by = next;
      return by;
    };
    const composed = new Map([...this.state.stands].map(([node, by]) => [node, last(by)]));
    for (const node of stands.keys()) composed.set(node, last(node));
    const state = {
      ...this.state,
      stands: composed,
      parts: new Map([...this.state.parts, ...parts]),
      copies: new Map([...this.state.copies, ...copies]),
      refusals: both(this.refusals, refusals),
    };
    return new Graph(state, undefined, this.order);
  }

  /**
   * What the targets need, in the order in which it was recorded, so that a gradient by a weight comes as soon as what
   * it is made of is there. `before` is what stood in the graph, whose places others take that stand for it.
   */
  private needed(before: readonly Node[] | undefined): Node[] {
    const open = (nodes: readonly Node[]): Node[] =>
      nodes.map((node) => this.of(node)).filter((node) => !this.leaves.has(node));
    const next = ({ inputs }: Node): Node[] => open(inputs);
    const needed = new Set(reached(open(this.targets), next));
    const places = before ?? byAge(needed);
    return inputsFirst(
      open(places).filter((node) => needed.has(node)),
      next,
    );
  }
}

function readers(graph: Graph): Map<Node, Node[]> {
  const found = new Map<Node, Node[]>();
  for (const node of graph.order) {
    for (const input of new Set(graph.inputsOf(node))) {
      const known = found.get(input);
      if (known) known.push(node);
      else found.set(input, [node]);
    }
  }
  return found;
}

/** The reasons of two passes; a later pass knows better. */
function both(earlier: Refusals, later: Refusals): Refusals {
  const all = new Map(earlier);
  for (const [reader, reasons] of later) all.set(reader, new Map([...(earlier.get(reader) ?? []), ...reasons]));
  return all;
}
