/**
 * @file Where memory is short, cheap values are computed again for those who read them late, and not kept for them.
 *
 *     before    y = gelu(h)    loss of matmul(y, v)    gradients of y, h        y is kept until its gradients
 *     after     y = gelu(h)    loss of matmul(y, v)    gradients of gelu(h), h  h is kept, as before
 *
 * Looked at is where the most bytes are in use, in training between the forward pass and the gradients. A value that is
 * in memory there only for later readers, and that few pointwise operations make of what is in memory later all the
 * same, is dropped: its late readers get it from operations of their own. Earlier values go first, since gradients read
 * them last. Nothing happens where the values have room.
 */
import { fullOp } from '../../graph/ops/full.ts';
import { record } from '../../graph/record.ts';
import { recordingWith } from '../../graph/recording.ts';
import type { Node } from '../../graph/types.ts';
import type { Graph } from '../graph.ts';
import type { Lifetime } from '../lifetimes.ts';
import { Lifetimes, behindViews } from '../lifetimes.ts';
import { isView } from '../views.ts';
import type { Where } from './pass.ts';
import { pointwise } from './pointwise.ts';
import { reductions } from './reductions.ts';
import { Rewrite } from './rewrite.ts';

/** A value of more operations is kept, and those after it are computed from it. */
const mostOperations = 16;

/** Each moves the peak to another place; a network's gradients have a few. */
const mostRounds = 16;

export function recompute(graph: Graph, where: Where): Graph {
  const { room } = where;
  let now = graph;
  for (let round = 0; room !== undefined && round < mostRounds; round++) {
    const lifetimes = new Lifetimes(reductions(pointwise(now), where));
    const dropped = new Dropping(now, lifetimes).until(lifetimes.peak.bytes - room);
    if (dropped.size === 0) break;
    now = replaced(now, lifetimes, dropped);
  }
  return now;
}

/** A pointwise operation that gives the same whenever it runs. */
const isCheap = ({ op, inputs, attrs, compiled }: Node): boolean =>
  compiled !== false &&
  op.elementwise !== undefined &&
  !op.elementwise.holds &&
  !op.random &&
  !op.assertion?.(inputs, attrs);

/** By each value that is not kept, what computes it again: pointwise operations, it among them. */
type Dropped = ReadonlyMap<Node, ReadonlySet<Node>>;

/** Which values at the peak are not kept. */
class Dropping {
  private readonly graph: Graph;
  private readonly lifetimes: Lifetimes;
  private readonly dropped = new Map<Node, ReadonlySet<Node>>();
  /** What is kept for longer instead. */
  private readonly longer = new Set<Node>();

  constructor(graph: Graph, lifetimes: Lifetimes) {
    this.graph = graph;
    this.lifetimes = lifetimes;
  }

  /** Drops values until so many bytes are free at the peak, or no more can be. */
  until(bytes: number): Dropped {
    let open = bytes;
    const { all, peak } = this.lifetimes;
    for (const [node, lifetime] of all) {
      if (open <= 0) break;
      if (lifetime.from >= peak.at || lifetime.to <= peak.at || lifetime.to === Infinity) continue;
      open -= this.tryToDrop(node, lifetime);
    }
    return this.dropped;
  }

  /** The bytes that it frees. */
  private tryToDrop(node: Node, { bytes }: Lifetime): number {
    if (!isCheap(node)) return 0;
    const late = lateReaders(this.graph, this.lifetimes, node);
    if (late.some(({ compiled }) => !compiled)) return 0;
    const at = Math.min(...late.map((reader) => this.lifetimes.runsAt(reader)!));
    const again = this.again(node, at);
    const cost = again?.longer.reduce((sum, each) => sum + this.lifetimes.all.get(each)!.bytes, 0);
    if (!again || bytes <= cost!) return 0;
    this.dropped.set(node, again.operations);
    for (const each of again.longer) this.longer.add(each);
    return bytes - cost!;
  }

  /** What computes a node again at a time, and what is kept for longer for that; `undefined` where nothing can. */
  private again(node: Node, at: number): { operations: ReadonlySet<Node>; longer: readonly Node[] } | undefined {
    const operations = new Set([node]);
    const longer = new Set<Node>();
    for (const operation of operations) {
      for (const input of this.graph.inputsOf(operation)) {
        const base = behindViews(this.graph, input);
        if (this.isThere(base, at) || longer.has(base)) continue;
        if (isCheap(base)) operations.add(base);
        else if (this.lifetimes.all.has(base)) longer.add(base);
        else return undefined;
        if (operations.size > mostOperations) return undefined;
      }
    }
    return { operations, longer: [...longer] };
  }

  /** Whether a value is in memory at a time all the same. */
  private isThere(base: Node, at: number): boolean {
    if (this.graph.leaves.has(base) || base.op === fullOp || this.graph.isTarget(base)) return true;
    if (this.dropped.has(base)) return false;
    return this.longer.has(base) || (this.lifetimes.all.get(base)?.to ?? -1) >= at;
  }
}

/** Who reads a value, be it through views, after the peak. */
function lateReaders(graph: Graph, lifetimes: Lifetimes, node: Node): Node[] {
  const found = new Set<Node>();
  const open = [node];
  for (let read = open.pop(); read; read = open.pop()) {
    for (const reader of graph.readersOf(read)) {
      if (isView(reader)) open.push(reader);
      else if (lifetimes.runsAt(reader)! > lifetimes.peak.at) found.add(reader);
    }
  }
  return [...found];
}

/** Has late readers read copies of what was dropped. */
function replaced(graph: Graph, lifetimes: Lifetimes, dropped: Dropped): Graph {
  const rewrite = new Rewrite(graph);
  /** By value, of it, of what it is computed from and of views. */
  const copies = new Map<Node, Map<Node, Node>>();
  const copied = (node: Node, value: Node, operations: ReadonlySet<Node>): Node => {
    const base = behindViews(graph, node);
    if (!operations.has(base)) return node;
    const known = copies.get(value) ?? new Map<Node, Node>();
    copies.set(value, known);
    const copy =
      known.get(node) ??
      like(
        node,
        graph.inputsOf(node).map((input) => copied(input, value, operations)),
      );
    if (!known.has(node)) rewrite.copy(node, copy);
    known.set(node, copy);
    return copy;
  };
  const late = new Set([...dropped.keys()].flatMap((node) => lateReaders(graph, lifetimes, node)));
  for (const reader of graph.order) {
    if (!late.has(reader)) continue;
    const inputs = graph.inputsOf(reader).map((input) => {
      const value = behindViews(graph, input);
      const operations = dropped.get(value);
      return operations ? copied(input, value, operations) : input;
    });
    rewrite.replace(reader, like(reader, inputs));
  }
  return rewrite.result();
}

/** A node like another one, of other inputs. */
const like = ({ op, attrs, scope, compiled }: Node, inputs: readonly Node[]): Node =>
  recordingWith({ gradMode: false, scope, compiled }, () => record(op, inputs, attrs));
