/**
 * @file How much work a graph is: how long its sums are, which decides how far rounding carries, and how many products it takes, which
 * decides whether the float64 machine can follow.
 */
import { sizeOf } from '../../base/shape.ts';
import type { Node } from '../../graph/types.ts';

/** The nodes that the targets need, each after its inputs: a node is always younger than those. */
export function inOrder(targets: readonly Node[], given: ReadonlySet<Node> = new Set()): Node[] {
  const seen = new Set<Node>();
  const stack = [...targets];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (!given.has(node)) stack.push(...node.inputs);
  }
  return [...seen].toSorted((a, b) => a.id - b.id);
}

/** All products that the node's sums are made of; 0 where it sums none. */
function productsOf({ op, inputs, shape, attrs }: Node): number {
  const filter = (sizes: readonly number[]): number => sizeOf(sizes.slice(1));
  switch (op.name) {
    case 'conv2d':
      return sizeOf(shape) * filter(inputs[1].shape);
    case 'conv2dBackwardData':
      return sizeOf(inputs[0].shape) * filter(inputs[1].shape);
    case 'conv2dBackwardFilter':
      return sizeOf(inputs[1].shape) * filter(attrs['shape'] as readonly number[]);
    case 'matmul':
      return sizeOf(shape) * inputs[0].shape.at(-1)!;
    case 'sum':
    case 'mean':
      return sizeOf(inputs[0].shape);
    default:
      return 0;
  }
}

/** Products, or terms, in one element of what the node computes. */
export const lengthOf = (node: Node): number =>
  Math.max(1, Math.ceil(productsOf(node) / Math.max(1, sizeOf(node.shape))));

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
const ELEMENT = 10;

const costOfOne = (node: Node): number => productsOf(node) + ELEMENT * sizeOf(node.shape);

/** What one run of the float64 machine takes, in products. */
export const costOf = (targets: readonly Node[]): number =>
  inOrder(targets).reduce((sum, node) => sum + costOfOne(node), 0);

/** The products that a comparison may ask of the float64 machine, which does some hundred millions a second. */
export const MAX_PRODUCTS = 4e9;

/** As many of the targets as the float64 machine can compute within the budget, the first ones first; what they share is counted once. */
export function affordable(targets: readonly Node[], budget = MAX_PRODUCTS): Set<Node> {
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
