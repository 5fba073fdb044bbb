/**
 * @file Tensors that the program has and that are not computed yet. When an in-place update is computed, so are results
 * that nothing in the graph reads: they are for the program to read, perhaps many updates later. What they were
 * recorded from can be let go then.
 */
import { fullOp } from '../graph/ops/full.ts';
import { isLeafNode } from '../graph/ops/identity.ts';
import { cast } from '../graph/ops/elementwise/unary.ts';
import { lastNodeId } from '../graph/record.ts';
import type { Node } from '../graph/types.ts';
import type { Tensor } from './tensor.ts';

/** Of one turn of the program, which cannot tell what it has let go of, so many are remembered. */
const mostOfOneTurn = 8192;

/** A tensor, and the last node when it was noted: nothing recorded later is needed to compute the tensor. */
interface Handle {
  readonly ref: WeakRef<Tensor>;
  readonly lastNode: number;
}

class Handles {
  /**
   * Made in this turn of the program, perhaps gone by now. A weak reference would keep them until the turn ends all the
   * same.
   */
  private made: Tensor[] = [];
  /** Made in earlier turns, since the last update. */
  private since: WeakRef<Tensor>[] = [];
  /** So long it was when it was last cleared: looking through it costs what it has grown by, not what it holds. */
  private sinceCleared = 0;
  /** Not computed with an update, as other nodes read them. */
  private read: Handle[] = [];
  /** So long it was when it was last cleared of what is gone or computed. */
  private cleared = 0;
  private isEnding = false;

  /** Notes a tensor as it is made, or given another node. */
  add(tensor: Tensor): void {
    if (!this.isEnding) void Promise.resolve().then(() => this.endTurn());
    this.isEnding = true;
    if (this.made.length >= mostOfOneTurn) this.made.splice(0, mostOfOneTurn / 2);
    this.made.push(tensor);
  }

  /**
   * The nodes to compute before what they were recorded from is overwritten: results, and copies, which are made to be
   * kept. Others are watched on, unless the turn goes on, as a weak reference that is made now would keep them until it
   * ends. What a result is a view of is computed with it then, so that the view need not keep how to compute it.
   */
  take(midTurn: boolean): Node[] {
    const results: Node[] = [];
    const open = [...new Set([...alive(this.since), ...this.made])].filter((tensor) => {
      const node = nodeToCompute(tensor);
      if (!node || (node.read && !isCopy(node))) return node !== undefined;
      results.push(node);
      if (midTurn && tensor.isShown) results.push(tensor.place.memory.node);
      return false;
    });
    if (!midTurn) this.watch(open.filter((tensor) => isOutside(tensor.node)));
    [this.since, this.sinceCleared, this.made] = [[], 0, []];
    return results;
  }

  private watch(tensors: readonly Tensor[]): void {
    const lastNode = lastNodeId();
    for (const tensor of tensors) this.read.push({ ref: new WeakRef(tensor), lastNode });
    if (this.read.length < 2 * this.cleared + mostOfOneTurn) return;
    this.read = this.read.filter(({ ref }) => nodeToCompute(ref.deref()) !== undefined);
    this.cleared = this.read.length;
  }

  /**
   * Nodes that the program holds itself, outside of its modules' calls, and that need one of `given` to be computed.
   */
  dependentsOf(given: ReadonlySet<Node>): Node[] {
    const first = firstOf(given);
    const open = this.openSince(first);
    const dependent = new Set(given);
    for (const node of uncomputed(open, first).sort((a, b) => a.id - b.id))
      if (!node.value && node.inputs.some((input) => dependent.has(input))) dependent.add(node);
    return open.filter((node) => dependent.has(node));
  }

  /** Those of `given` that such nodes need. */
  neededAmong(given: ReadonlySet<Node>): Set<Node> {
    const first = firstOf(given);
    return new Set(uncomputed(this.openSince(first), first).filter((node) => given.has(node)));
  }

  /** Those to be computed that may have been recorded after the node `first`. */
  private openSince(first: number): Node[] {
    const earlier = this.read.findLastIndex(({ lastNode }) => lastNode < first) + 1;
    const read = this.read.slice(earlier).map(({ ref }) => ref);
    return [...alive(read), ...alive(this.since), ...this.made].flatMap((tensor) => {
      const node = nodeToCompute(tensor);
      return node && isOutside(node) ? [node] : [];
    });
  }

  /** Forgets them, as between two programs. */
  clear(): void {
    [this.made, this.since, this.sinceCleared] = [[], [], 0];
    [this.read, this.cleared] = [[], 0];
  }

  private endTurn(): void {
    this.since.push(...this.made.map((tensor) => new WeakRef(tensor)));
    this.made = [];
    this.isEnding = false;
    if (this.since.length < 2 * this.sinceCleared + mostOfOneTurn) return;
    this.since = this.since.filter((ref) => nodeToCompute(ref.deref()) !== undefined);
    this.sinceCleared = this.since.length;
  }
}

export const handles = new Handles();

const alive = (refs: readonly WeakRef<Tensor>[]): Tensor[] => refs.flatMap((ref) => ref.deref() ?? []);

/**
 * The tensor's node, where it has no value and is not one with a memory that has: such a tensor shows the newest value.
 */
function nodeToCompute(tensor: Tensor | undefined): Node | undefined {
  if (!tensor || tensor.isStale) return undefined;
  const {
    node,
    place: { memory },
  } = tensor;
  return node.value ||
    node.lost ||
    node.op === fullOp ||
    isLeafNode(node) ||
    memory.node.value ||
    isLeafNode(memory.node)
    ? undefined
    : node;
}

/**
 * Whether the program made it itself, or was given it, outside of its modules' calls: what is made inside is seldom
 * kept.
 */
const isOutside = ({ scope, visible }: Node): boolean => scope === undefined || visible;

const isCopy = ({ op, dtype, inputs: [input] }: Node): boolean => op === cast && input?.dtype === dtype;

/** Which of the nodes was recorded first: nothing recorded before it can need any of them. */
const firstOf = (nodes: Iterable<Node>): number => {
  let first = Infinity;
  for (const { id } of nodes) first = Math.min(first, id);
  return first;
};

/** The nodes, and what must be there to compute them, as far as it was recorded after the node `first`. */
function uncomputed(nodes: readonly Node[], first: number): Node[] {
  const found = new Set(nodes);
  for (const node of found) {
    if (node.value) continue;
    for (const input of node.inputs) if (input.id >= first) found.add(input);
  }
  return [...found];
}
