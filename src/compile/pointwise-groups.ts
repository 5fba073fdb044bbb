/**
 * @file Which pointwise operations share a kernel: chains, several readers of one value, and several results.
 *
 * A group is computed by one kernel, where its last node stands in the order. What somebody outside of the group reads, or the program
 * asked for, the kernel writes too; the rest stays in registers. A value joins the kernel of a reader only where everybody else
 * who reads it runs later than that kernel, so groups never wait for one another.
 */
import { sizeOf } from '../base/shape.ts';
import type { Node } from '../graph/types.ts';

/** WebGPU guarantees eight storage buffers a stage. */
const maxBuffers = 8;

/** Longer kernels take long to compile and gain nothing. */
const maxSteps = 64;

/** Nodes that one kernel computes, inputs before readers, and those of them that it writes. */
export interface PointwiseGroup {
  readonly nodes: readonly Node[];
  readonly outputs: readonly Node[];
}

/** A live part of the graph. */
export interface Order {
  /** Inputs before readers. */
  readonly nodes: readonly Node[];
  /** What a node reads, as the nodes that stand for it. */
  readonly inputsOf: (node: Node) => readonly Node[];
  /** Whether a node's value is asked for. */
  readonly isTarget: (node: Node) => boolean;
  /** Whose buffer a node is read from, which for a view is another's; `undefined` for a number that travels as a kernel's parameter. */
  readonly storageOf: (node: Node) => Node | undefined;
}

/** The group of each pointwise node, by the group's last node. */
export function groupPointwise(order: Order): Map<Node, PointwiseGroup> {
  return new Grouping(order).result();
}

interface Growing {
  /** Where the kernel runs: the index of its last node. */
  readonly at: number;
  readonly nodes: Set<Node>;
  inputs: Set<Node>;
  readonly outputs: Set<Node>;
}

/** Walks from the results to the beginning, so that a node's readers are known when its turn comes. */
class Grouping {
  private readonly order: Order;
  private readonly indices: ReadonlyMap<Node, number>;
  private readonly readers = new Map<Node, Node[]>();
  private readonly groupOf = new Map<Node, Growing>();
  /** When a node's value is first needed. A view computes nothing itself, so it needs its input when its first reader runs. */
  private readonly neededAt = new Map<Node, number>();

  constructor(order: Order) {
    this.order = order;
    this.indices = new Map(order.nodes.map((node, i) => [node, i]));
    for (const node of order.nodes) {
      for (const input of new Set(order.inputsOf(node))) {
        const known = this.readers.get(input);
        if (known) known.push(node);
        else this.readers.set(input, [node]);
      }
    }
    for (const node of order.nodes.toReversed()) this.place(node);
  }

  result(): Map<Node, PointwiseGroup> {
    const at = (node: Node): number => this.indices.get(node)!;
    return new Map(
      [...new Set(this.groupOf.values())].map((group) => {
        const nodes = [...group.nodes].sort((a, b) => at(a) - at(b));
        return [nodes[nodes.length - 1], { nodes, outputs: [...group.outputs] }];
      }),
    );
  }

  private place(node: Node): void {
    if (this.groupOf.has(node)) return;
    const at = this.indices.get(node)!;
    if (!node.op.elementwise) {
      const first = Math.min(Infinity, ...this.readersOf(node).map((reader) => this.neededAt.get(reader)!));
      this.neededAt.set(node, node.op.view ? first : at);
      return;
    }
    if (this.hosts(node).some((group) => this.join(group, node))) return;
    const inputs = new Set(this.buffersOf(node));
    this.groupOf.set(node, { at, nodes: new Set([node]), inputs, outputs: new Set([node]) });
    this.neededAt.set(node, at);
  }

  /** The groups of compiled readers that have as many elements as the node, where nobody else reads it before they run. */
  private hosts(node: Node): Growing[] {
    const readers = this.readersOf(node);
    const groups = new Set(
      readers.flatMap((reader) => (this.canShare(node, reader) ? (this.groupOf.get(reader) ?? []) : [])),
    );
    const isLater = (reader: Node, group: Growing): boolean =>
      this.groupOf.get(reader) === group || this.neededAt.get(reader)! > group.at;
    return [...groups].filter((group) => readers.every((reader) => isLater(reader, group)));
  }

  private canShare(node: Node, reader: Node): boolean {
    return node.compiled && reader.compiled && sizeOf(node.shape) === sizeOf(reader.shape);
  }

  /**
   * Takes the node up unless the kernel would become too large. Where the node alone binds too many buffers, it may still fit together
   * with what is computed for this kernel only.
   */
  private join(group: Growing, node: Node): boolean {
    const taken = new Set([node]);
    let inputs = this.without(group.inputs, node);
    const outputs = new Set(this.isWritten(node, group, taken) ? [node] : []);
    const fits = (): boolean => inputs.size + group.outputs.size + outputs.size <= maxBuffers;
    for (const open of taken) {
      if (fits()) break;
      for (const input of this.order.inputsOf(open)) {
        const isOwn = this.readersOf(input).every((reader) => taken.has(reader) || group.nodes.has(reader));
        if (!isOwn || !input.op.elementwise || !this.indices.has(input) || !this.canShare(input, open)) continue;
        taken.add(input);
        inputs = this.without(inputs, input);
        if (this.order.isTarget(input)) outputs.add(input);
      }
    }
    if (!fits() || group.nodes.size + taken.size > maxSteps) return false;
    group.inputs = inputs;
    for (const output of outputs) group.outputs.add(output);
    for (const each of taken) {
      group.nodes.add(each);
      this.groupOf.set(each, group);
      this.neededAt.set(each, group.at);
    }
    return true;
  }

  /** The buffers that a kernel reads once it computes a node itself. */
  private without(inputs: ReadonlySet<Node>, node: Node): Set<Node> {
    const rest = new Set([...inputs, ...this.buffersOf(node)]);
    rest.delete(node);
    return rest;
  }

  private isWritten(node: Node, group: Growing, taken: ReadonlySet<Node>): boolean {
    const isInside = (reader: Node): boolean => taken.has(reader) || group.nodes.has(reader);
    return this.order.isTarget(node) || !this.readersOf(node).every(isInside);
  }

  private buffersOf(node: Node): Node[] {
    return this.order.inputsOf(node).flatMap((input) => this.order.storageOf(input) ?? []);
  }

  private readersOf(node: Node): readonly Node[] {
    return this.readers.get(node) ?? [];
  }
}
