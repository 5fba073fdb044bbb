/**
 * @file A region: the part of the graph that is computed in one go, and what tells one such part from another.
 */
import { fail } from '../base/errors.ts';
import { fullOp } from '../graph/ops/full.ts';
import type { Node } from '../graph/types.ts';

export interface Region {
  /** Nodes to compute, inputs before readers. */
  readonly order: readonly Node[];
  /** Nodes that have a value, in the order in which they are met. */
  readonly leaves: readonly Node[];
  /** All of them by number, in the order in which they are met. */
  readonly numbers: ReadonlyMap<Node, number>;
}

/** Equal keys, equal schedules for these targets, which must be nodes of the region. */
export function scheduleKey({ numbers }: Region, targets: readonly Node[]): string {
  let key = '';
  for (const [node] of numbers) {
    if (isGiven(node)) key += `leaf ${node.dtype} ${node.shape.join(',')}\n`;
    else {
      key += `${node.key}(`;
      for (const input of node.inputs) key += `${numbers.get(input)} `;
      key += node.compiled ? (node.requiresGrad ? ')cg\n' : ')c\n') : ')\n';
    }
  }
  return `${key}=> ${targets.map((t) => numbers.get(t)).join(' ')}`;
}

/** A constant is part of the kernels, so its number must be part of the key, value or not. */
const isGiven = (node: Node): boolean => node.value !== undefined && node.op !== fullOp;

/** What must be computed for the targets, found without recursion, since graphs get deep. */
export function collectRegion(targets: readonly Node[]): Region {
  const numbers = new Map<Node, number>();
  const order: Node[] = [];
  const leaves: Node[] = [];
  const stack: { node: Node; next: number }[] = [];
  const open = (node: Node): void => {
    if (numbers.has(node)) return;
    if (node.lost && !node.value) fail(node.lost);
    if (isGiven(node)) {
      numbers.set(node, numbers.size);
      leaves.push(node);
    } else stack.push({ node, next: 0 });
  };
  for (const target of targets) {
    open(target);
    while (stack.length) {
      const top = stack[stack.length - 1];
      if (top.next < top.node.inputs.length) {
        open(top.node.inputs[top.next++]);
        continue;
      }
      stack.pop();
      if (numbers.has(top.node)) continue;
      numbers.set(top.node, numbers.size);
      order.push(top.node);
    }
  }
  return { order, leaves, numbers };
}

/** The region of the nodes that are asked for, and of what is computed together with nodes in it; the targets are all of these. */
export function regionOf(asked: readonly Node[]): { readonly region: Region; readonly targets: readonly Node[] } {
  let targets = asked;
  for (;;) {
    const region = collectRegion(targets);
    const together = new Set(region.order.flatMap((n) => n.together ?? []));
    for (const n of region.order) n.together = undefined;
    const more = [...together].flatMap((nodes) => nodes()).filter((n) => !n.value && !n.lost);
    if (more.length === 0) return { region, targets };
    targets = [...new Set([...targets, ...more])];
  }
}

/** So many nodes are planned and submitted in one go: each is a launch or two, and a driver's room for launches has an end. */
const mostNodes = 4096;

/**
 * The targets' region in parts that can be submitted, one after the other; the caller computes each before it asks for the next. Values that
 * only carry from one part to a later one are noted in `passing`. The region of all targets may be known already.
 */
export function* partsOf(
  targets: readonly Node[],
  passing: Set<Node>,
  known?: Region,
): Generator<{ readonly region: Region; readonly targets: readonly Node[] }> {
  for (let open = targets; open.length > 0; open = open.filter((n) => !n.value)) {
    const region = open === targets && known ? known : collectRegion(open);
    if (region.order.length <= mostNodes) {
      yield { region, targets: open };
      return;
    }
    const first = carriedFrom(region, open);
    for (const node of first) if (!targets.includes(node)) passing.add(node);
    yield { region: collectRegion(first), targets: first };
  }
}

/** Of a region's first nodes, those that are targets or that later ones read. */
function carriedFrom({ order }: Region, targets: readonly Node[]): Node[] {
  const first = new Set(order.slice(0, mostNodes));
  const wanted = new Set([...targets, ...order.slice(mostNodes).flatMap(({ inputs }) => inputs)]);
  return [...wanted].filter((node) => first.has(node) && node.inputs.length > 0);
}
