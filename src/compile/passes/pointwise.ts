/**
 * @file Which pointwise operations share a kernel: chains, several readers of one value, and several results.
 *
 *     before    y = exp(x)    z = y / (y + 1)    s = sum(y)        four kernels
 *     after     [y, z] = one kernel over x       s = sum(y)        two
 *
 * A group is computed by one kernel, where its last node stands in the order. What somebody outside of the group reads,
 * or the program asked for, the kernel writes too; the rest stays in registers. A value joins the kernel of a reader
 * only where everybody else who reads it runs later than that kernel, so groups never wait for one another. In eager
 * code too the operations of one gradient's formula share kernels, as PyTorch has one kernel for each.
 */
import type { Shape } from '../../base/shape.ts';
import { formatShape, sizeOf } from '../../base/shape.ts';
import { fullOp } from '../../graph/ops/full.ts';
import type { Node } from '../../graph/types.ts';
import type { Graph } from '../graph.ts';
import { RefusalList } from '../refusals.ts';
import { maxBuffers, maxSteps } from './pass.ts';

/** What a check finds wrong takes a buffer; the findings of two at once would overwrite each other. */
const maxChecks = 1;

/** Nodes that one kernel computes, inputs before readers, and those of them that it writes. */
export interface PointwiseGroup {
  readonly nodes: readonly Node[];
  readonly outputs: readonly Node[];
  /** Where reductions are among them: what they bring together. */
  readonly rows?: Rows;
}

/** Rows of a shape along some of its dimensions. */
export interface Rows {
  readonly shape: Shape;
  readonly dims: readonly number[];
  /** The shape of what has one number a row, where there is such. */
  readonly narrow?: Shape;
}

export function pointwise(graph: Graph): Graph {
  const grouping = new Grouping(graph);
  return graph.grouped(grouping.result(), grouping.refusals.all);
}

/** Every pointwise node by itself, as eager code runs it. */
export const alone = (graph: Graph): ReadonlyMap<Node, PointwiseGroup> =>
  new Map(
    graph.order.flatMap((node) => (node.op.elementwise ? [[node, { nodes: [node], outputs: [node] }] as const] : [])),
  );

interface Growing {
  /** Where the kernel runs: the index of its last node. */
  readonly at: number;
  readonly nodes: Set<Node>;
  inputs: Set<Node>;
  readonly outputs: Set<Node>;
}

/** Walks from the results to the beginning, so that a node's readers are known when its turn comes. */
class Grouping {
  readonly refusals = new RefusalList();
  private readonly graph: Graph;
  private readonly indices: ReadonlyMap<Node, number>;
  private readonly groupOf = new Map<Node, Growing>();
  /**
   * When a node's value is first needed. A view computes nothing itself, so it needs its input when its first reader
   * runs.
   */
  private readonly neededAt = new Map<Node, number>();

  constructor(graph: Graph) {
    this.graph = graph;
    this.indices = new Map(graph.order.map((node, i) => [node, i]));
    for (const node of graph.order.toReversed()) this.place(node);
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
    const first = this.firstNeeded(node);
    if (!node.op.elementwise) {
      this.neededAt.set(node, node.op.view ? first : at);
      return;
    }
    const why = this.tryToJoin(node, first);
    if (why === undefined) return;
    this.noteRefusals(node, why);
    const inputs = new Set(this.buffersOf(node));
    this.groupOf.set(node, { at, nodes: new Set([node]), inputs, outputs: new Set([node]) });
    this.neededAt.set(node, at);
  }

  private firstNeeded(node: Node): number {
    let first = Infinity;
    for (const reader of this.readersOf(node)) first = Math.min(first, this.neededAt.get(reader)!);
    return first;
  }

  /**
   * Joins the kernel that needs the node first, if it is the group of a reader; else says why not. Other groups run
   * after that kernel, so they could not give it the value.
   */
  private tryToJoin(node: Node, first: number): string | undefined {
    const readers = this.readersOf(node);
    const soonest = readers.filter((reader) => this.neededAt.get(reader) === first);
    const group = soonest.map((reader) => this.groupOf.get(reader)).find((found) => found !== undefined);
    const outside = soonest.find((reader) => !group || this.groupOf.get(reader) !== group);
    if (!group || outside) return `${outside?.op.name ?? 'the program'} needs the value first`;
    return soonest.some((reader) => whyApart(node, reader) === undefined)
      ? this.join(group, node)
      : `${soonest[0].op.name} needs the value first`;
  }

  private noteRefusals(node: Node, why: string): void {
    for (const reader of this.readersOf(node))
      if (reader.op.elementwise) this.refusals.note(reader, node, whyApart(node, reader) ?? why);
  }

  /**
   * Takes the node up, or says why the kernel would become too large. Where the node alone binds too many buffers, it
   * may still fit together with what is computed for this kernel only.
   */
  private join(group: Growing, node: Node): string | undefined {
    const taken = new Set([node]);
    let inputs = this.without(group.inputs, node);
    const outputs = new Set(this.isWritten(node, group, taken) ? [node] : []);
    const checks = (): number => [...group.nodes, ...taken].filter(({ op }) => op.elementwise!.holds).length;
    const bound = (): number => inputs.size + group.outputs.size + outputs.size + checks();
    const least = bound();
    for (const open of taken) {
      if (bound() <= maxBuffers) break;
      for (const input of this.graph.inputsOf(open)) {
        const isOwn = this.readersOf(input).every((reader) => taken.has(reader) || group.nodes.has(reader));
        if (!isOwn || !input.op.elementwise || !this.indices.has(input) || whyApart(input, open) !== undefined)
          continue;
        taken.add(input);
        inputs = this.without(inputs, input);
        if (this.graph.isResult(input)) outputs.add(input);
      }
    }
    if (bound() > maxBuffers) return `the kernel would bind ${least} buffers; WebGPU guarantees ${maxBuffers}`;
    if (checks() > maxChecks) return `the kernel would make ${checks()} checks, and ${maxChecks} is the most`;
    if (group.nodes.size + taken.size > maxSteps)
      return `the kernel would compute ${group.nodes.size + taken.size} operations, and ${maxSteps} are the most`;
    group.inputs = inputs;
    for (const output of outputs) group.outputs.add(output);
    for (const each of taken) {
      group.nodes.add(each);
      this.groupOf.set(each, group);
      this.neededAt.set(each, group.at);
      this.noteElsewhere(each, group);
    }
    return undefined;
  }

  /** Readers in other kernels find the value in memory. */
  private noteElsewhere(node: Node, group: Growing): void {
    for (const reader of this.readersOf(node))
      if (reader.op.elementwise && this.groupOf.get(reader) !== group)
        this.refusals.note(reader, node, whyApart(node, reader) ?? 'a kernel that runs earlier computes and writes it');
  }

  /** The buffers that a kernel reads once it computes a node itself. */
  private without(inputs: ReadonlySet<Node>, node: Node): Set<Node> {
    const rest = new Set([...inputs, ...this.buffersOf(node)]);
    rest.delete(node);
    return rest;
  }

  private isWritten(node: Node, group: Growing, taken: ReadonlySet<Node>): boolean {
    const isInside = (reader: Node): boolean => taken.has(reader) || group.nodes.has(reader);
    return this.graph.isResult(node) || !this.readersOf(node).every(isInside);
  }

  /** Whose buffers a node is read from, which for a view is another's. Constants are numbers of the kernel. */
  private buffersOf(node: Node): Node[] {
    return this.graph.inputsOf(node).flatMap((input) => {
      const { base } = this.graph.lookedAt(input);
      return base.op === fullOp ? [] : [base];
    });
  }

  private readersOf(node: Node): readonly Node[] {
    return this.graph.readersOf(node);
  }
}

/** Why a node and its reader cannot share a kernel, whatever else there is; `undefined` where they can. */
function whyApart(node: Node, reader: Node): string | undefined {
  const isFormula = node.formula !== undefined && node.formula === reader.formula;
  const eager = [node, reader].find(({ compiled }) => !compiled);
  if (eager && !isFormula) return `${eager.op.name} is not inside torch.compile`;
  return sizeOf(node.shape) === sizeOf(reader.shape)
    ? undefined
    : `sizes differ: ${formatShape(node.shape)} and ${formatShape(reader.shape)}`;
}
