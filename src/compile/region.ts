/**
 * @file A region: the part of the graph that is computed in one go, and what tells one such part from another.
 */
import { fail } from '../base/errors.ts';
import { fullOp } from '../graph/ops/full.ts';
import type { CompileMode, Node } from '../graph/types.ts';

export interface Region {
  /** Nodes to compute, inputs before readers. */
  readonly order: readonly Node[];
  /** Nodes that have a value, in the order in which they are met. */
  readonly leaves: readonly Node[];
  /** All of them by number, in the order in which they are met. */
  readonly numbers: ReadonlyMap<Node, number>;
}

/** What a key says of code that is compiled. */
const marks: Readonly<Record<`${CompileMode}`, string>> = { false: '', true: 'c', 'max-autotune': 'ca' };

/** Equal keys, equal schedules for these targets, which must be nodes of the region. */
export function scheduleKey({ numbers }: Region, targets: readonly Node[]): string {
  let key = '';
  const formulas = new Map<number, number>();
  for (const [node] of numbers) {
    if (isGiven(node)) key += `leaf ${node.dtype} ${node.shape.join(',')}\n`;
    else {
      key += `${node.key}(`;
      for (const input of node.inputs) key += `${numbers.get(input)} `;
      key += `)${marks[String(node.compiled) as `${CompileMode}`]}${node.compiled && node.requiresGrad ? 'g' : ''}`;
      if (node.formula !== undefined && !formulas.has(node.formula)) formulas.set(node.formula, formulas.size);
      key += node.formula === undefined ? '\n' : `f${formulas.get(node.formula)}\n`;
    }
  }
  return `${key}=> ${targets.map((t) => numbers.get(t)).join(' ')}`;
}

/** A constant is part of the kernels, so its number must be part of the key, value or not. */
export const isGiven = (node: Node): boolean => node.value !== undefined && node.op !== fullOp;

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

/**
 * The region of the nodes that are asked for, and of what is computed together with nodes in it; the targets are all of
 * these.
 */
export function regionOf(asked: readonly Node[]): { readonly region: Region; readonly targets: readonly Node[] } {
  let targets = asked;
  for (;;) {
    const region = collectRegion(targets);
    const together = new Set<() => readonly Node[]>();
    for (const n of region.order) {
      if (!n.together) continue;
      together.add(n.together);
      n.together = undefined;
    }
    if (together.size === 0) return { region, targets };
    const more = [...together].flatMap((nodes) => nodes()).filter((n) => !n.value && !n.lost);
    if (more.length === 0) return { region, targets };
    targets = [...new Set([...targets, ...more])];
  }
}

/**
 * So many nodes are planned and submitted in one go: each is a launch or two, and a driver's room for launches has an
 * end.
 */
const mostNodes = 4096;

/**
 * The targets' region in parts that can be submitted, one after the other; the caller computes each before it asks for
 * the next. Values that only carry from one part to a later one are noted in `passing`. The region of all targets may
 * be known already.
 */
export function* partsOf(
  targets: readonly Node[],
  passing: Set<Node>,
  known?: Region,
): Generator<{ readonly region: Region; readonly targets: readonly Node[] }> {
  if (targets.length === 0) return;
  const region = known ?? collectRegion(targets);
  const { order } = region;
  if (order.length <= mostNodes) {
    yield { region, targets };
    return;
  }
  const wanted = new Set(targets);
  const lastRead = new Map<Node, number>();
  order.forEach((node, at) => node.inputs.forEach((input) => lastRead.set(input, at)));
  for (let end = mostNodes; end < order.length + mostNodes; end += mostNodes) {
    const isCarried = (node: Node): boolean => node.inputs.length > 0 && (lastRead.get(node) ?? -1) >= end;
    const part = order.slice(end - mostNodes, end).filter((node) => wanted.has(node) || isCarried(node));
    const open = part.filter((node) => !node.value);
    if (open.length === 0) continue;
    for (const node of open) if (!wanted.has(node)) passing.add(node);
    yield { region: collectRegion(open), targets: open };
  }
}
