/**
 * @file Tensors that the program has and that are not computed yet. When an in-place update is computed, so are results that nothing
 * in the graph reads: they are for the program to read, perhaps many updates later. What they were recorded from can be let go then.
 */
import { fullOp } from '../graph/ops/full.ts';
import { isLeafNode } from '../graph/ops/identity.ts';
import { cast } from '../graph/ops/elementwise/unary.ts';
import type { Node } from '../graph/types.ts';
import type { Tensor } from './tensor.ts';

/** Of one turn of the program, which cannot tell what it has let go of, so many are remembered. */
const mostOfOneTurn = 8192;

class Handles {
  /** Made in this turn of the program, perhaps gone by now. A weak reference would keep them until the turn ends all the same. */
  private made: Tensor[] = [];
  /** Made in earlier turns, since the last update. */
  private since: WeakRef<Tensor>[] = [];
  /** Not computed with an update, as other nodes read them. */
  private read: WeakRef<Tensor>[] = [];
  private turn = 0;

  /** Notes a tensor as it is made. */
  add(tensor: Tensor): void {
    if (this.made.length === 0) {
      const { turn } = this;
      void Promise.resolve().then(() => this.turn === turn && this.endTurn());
    } else if (this.made.length >= mostOfOneTurn) this.made.splice(0, mostOfOneTurn / 2);
    this.made.push(tensor);
  }

  /**
   * The nodes to compute before what they were recorded from is overwritten: results, and copies, which are made to be kept. Others are
   * watched on, unless the turn goes on, as a weak reference that is made now would keep them until it ends.
   */
  take(watch = true): Node[] {
    const results: Node[] = [];
    const open = [...alive(this.since), ...this.made].filter((tensor) => {
      const node = nodeToCompute(tensor);
      if (node && (!node.read || isCopy(node))) results.push(node);
      else return node !== undefined;
      return false;
    });
    if (watch) for (const tensor of open) if (isOutside(tensor.node)) this.read.push(new WeakRef(tensor));
    this.since = [];
    this.made = [];
    this.turn++;
    return results;
  }

  /** Nodes that the program holds itself, outside of its modules' calls, and that need one of `given` to be computed. */
  dependentsOf(given: ReadonlySet<Node>): Node[] {
    return this.open().filter((node) => uncomputed([node]).some((needed) => given.has(needed)));
  }

  /** Those of `given` that such nodes need. */
  neededAmong(given: ReadonlySet<Node>): Set<Node> {
    return new Set(uncomputed(this.open()).filter((node) => given.has(node)));
  }

  private open(): Node[] {
    this.read = this.read.filter((ref) => nodeToCompute(ref.deref()) !== undefined);
    return [...alive(this.read), ...alive(this.since), ...this.made].flatMap((tensor) => {
      const node = nodeToCompute(tensor);
      return node && isOutside(node) ? [node] : [];
    });
  }

  /** Forgets them, as between two programs. */
  clear(): void {
    [this.made, this.since, this.read] = [[], [], []];
    this.turn++;
  }

  private endTurn(): void {
    this.since.push(...this.made.map((tensor) => new WeakRef(tensor)));
    this.made = [];
    this.turn++;
    if (this.since.length > 2 * mostOfOneTurn)
      this.since = this.since.filter((ref) => nodeToCompute(ref.deref()) !== undefined);
  }
}

export const handles = new Handles();

const alive = (refs: readonly WeakRef<Tensor>[]): Tensor[] => refs.flatMap((ref) => ref.deref() ?? []);

/** The tensor's node, where it has no value and is not one with a memory that has: such a tensor shows the newest value. */
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

/** Whether the program made it itself, or was given it, outside of its modules' calls: what is made inside is seldom kept. */
const isOutside = ({ scope, visible }: Node): boolean => scope === undefined || visible;

const isCopy = ({ op, dtype, inputs: [input] }: Node): boolean => op === cast && input?.dtype === dtype;

/** The nodes, and what must be there to compute them. */
function uncomputed(nodes: readonly Node[]): Node[] {
  const found = new Set(nodes);
  for (const node of found) if (!node.value) for (const input of node.inputs) found.add(input);
  return [...found];
}
