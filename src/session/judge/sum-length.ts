/**
 * @file How much work a graph is: how long its sums are, which decides how far rounding carries, and how many products
 * it takes, which decides whether the float64 machine can follow.
 */
import { sizeOf } from '../../base/shape.ts';
import type { Node } from '../../graph/types.ts';
import { byAge, reached } from '../../graph/walk.ts';

/** The nodes that the targets need, each after its inputs. */
export function inOrder(targets: readonly Node[], given: ReadonlySet<Node> = new Set()): Node[] {
  return byAge(reached(targets, (node) => (given.has(node) ? [] : node.inputs)));
}

/** All products that the node's sums are made of; 0 where it sums none. */
const productsOf = (node: Node): number =>
  node.op.sums === 'none' ? 0 : node.op.sums.products(node.inputs, node.attrs, node);

/** Products, or terms, in the longest sum of the node; 1 where it sums none. */
export function lengthOf(node: Node): number {
  const { sums } = node.op;
  if (sums === 'none') return 1;
  return Math.max(
    1,
    sums.longest?.(node.inputs, node.attrs, node) ?? Math.ceil(productsOf(node) / Math.max(1, sizeOf(node.shape))),
  );
}

/** Whether the node sums products of two operands or more: those may be rounded, and an algorithm be chosen. */
export const sumsProducts = ({ op: { sums } }: Node): boolean => sums !== 'none' && sums.factors > 1;

export interface Extent {
  /** The longest sum in it. */
  readonly reductionLength: number;
  /** How many sums follow each other at most. */
  readonly depth: number;
}

/** The extent of each node: of it and of all that it is computed from. */
export function extentsOf(targets: readonly Node[]): Map<Node, Extent> {
  const extents = new Map<Node, Extent>();
  for (const node of inOrder(targets)) {
    const length = lengthOf(node);
    const before = node.inputs.map((input) => extents.get(input)!);
    extents.set(node, {
      reductionLength: Math.max(length, ...before.map(({ reductionLength }) => reductionLength)),
      depth: Math.max(0, ...before.map(({ depth }) => depth)) + Number(length > 1),
    });
  }
  return extents;
}

/** What one element of any other operation costs the float64 machine, in products. */
const elementCost = 10;

const costOfOne = (node: Node): number => productsOf(node) + elementCost * sizeOf(node.shape);

/** What one run of the float64 machine takes, in products. */
export const costOf = (targets: readonly Node[]): number =>
  inOrder(targets).reduce((sum, node) => sum + costOfOne(node), 0);

/** The products that a comparison may ask of the float64 machine, which does some hundred millions a second. */
const maxProducts = 4e9;

/**
 * As many of the targets as the float64 machine can compute within the budget, the first ones first; what they share is
 * counted once.
 */
export function affordable(targets: readonly Node[], budget = maxProducts): Set<Node> {
  const counted = new Set<Node>();
  const found = new Set<Node>();
  let left = budget;
  for (const target of targets) {
    const more = inOrder([target], counted).filter((node) => !counted.has(node));
    const cost = more.reduce((sum, node) => sum + costOfOne(node), 0);
    if (cost > left) continue;
    left -= cost;
    for (const node of more) counted.add(node);
    found.add(target);
  }
  return found;
}
