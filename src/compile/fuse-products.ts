/**
 * @file Fusion of matrix products, for what was recorded inside a compiled module: a product takes what follows it.
 *
 * matmul → add bias → add residual → activation becomes one matmulFused. As with convolutions, a link is fused only where nobody else
 * reads what lies between.
 */
import { sameShape } from '../base/shape.ts';
import { add } from '../graph/ops/elementwise/index.ts';
import type { Epilogue } from '../graph/ops/conv2d-fused.ts';
import { activationOf } from '../graph/ops/conv2d-fused.ts';
import { matmul } from '../graph/ops/matmul.ts';
import type { MatmulFusedAttrs } from '../graph/ops/matmul-fused.ts';
import { matmulFused } from '../graph/ops/matmul-fused.ts';
import { reshape } from '../graph/ops/views.ts';
import { record } from '../graph/record.ts';
import { recordingWith } from '../graph/recording.ts';
import type { Node } from '../graph/types.ts';

/** A product as it stands so far, and its epilogue. */
interface Product {
  readonly node: Node;
  readonly epilogue: Epilogue;
}

/** Maps each node that fusion replaced to what stands for it; nodes without an entry stand for themselves. */
export function fuseProducts(
  order: readonly Node[],
  keep: ReadonlySet<Node>,
  others: ReadonlyMap<Node, Node>,
): Map<Node, Node> {
  const readers = new Map<Node, number>();
  for (const node of order) for (const input of node.inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  const replaced = new Map<Node, Node>();
  const before = (node: Node): Product | undefined =>
    node.compiled && readers.get(node) === 1 && !keep.has(node) ? productOf(replaced.get(node) ?? node) : undefined;
  for (const node of order) {
    if (!node.compiled || others.has(node)) continue;
    const fused = takeTerm(node, before) ?? takeActivation(node, before);
    if (fused) replaced.set(node, fused);
  }
  return replaced;
}

function productOf(node: Node): Product | undefined {
  if (node.op === matmulFused) return { node, epilogue: (node.attrs as MatmulFusedAttrs).epilogue };
  const isSum = node.op === matmul && node.inputs[0].shape.at(-1) !== 0;
  return isSum ? { node, epilogue: { bias: false, residual: false, activation: 'identity' } } : undefined;
}

/** What is added to a product: one number a column, or as many numbers as it has. */
function takeTerm(node: Node, before: (node: Node) => Product | undefined): Node | undefined {
  if (node.op !== add) return undefined;
  for (const [y, term] of [node.inputs, node.inputs.toReversed()]) {
    if (!sameShape(y.shape, node.shape) || term.dtype !== y.dtype) continue;
    const product = before(y);
    if (!product || product.epilogue.activation !== 'identity' || product.epilogue.residual) continue;
    if (isOneRow(term, y) && !product.epilogue.bias) return withEpilogue(product, { bias: true }, asVector(term));
    if (sameShape(term.shape, y.shape)) return withEpilogue(product, { residual: true }, term);
  }
  return undefined;
}

function takeActivation(node: Node, before: (node: Node) => Product | undefined): Node | undefined {
  const activation = activationOf(node);
  const product = activation && before(node.inputs[0]);
  return product?.epilogue.activation === 'identity' ? withEpilogue(product, { activation }) : undefined;
}

/** Whether the term has a number for each column of the product, and repeats over all rows. */
const isOneRow = (term: Node, y: Node): boolean =>
  term.shape.at(-1) === y.shape.at(-1) && term.shape.slice(0, -1).every((size) => size === 1);

const asVector = (term: Node): Node =>
  term.shape.length === 1 ? term : record(reshape, [term], { shape: [term.shape.at(-1)!] });

/** The product with more in its epilogue, as a part of the layer that recorded it. */
const withEpilogue = ({ node, epilogue }: Product, more: Partial<Epilogue>, ...operands: readonly Node[]): Node =>
  recordingWith({ gradMode: false, scope: node.scope, compiled: true }, () =>
    record(matmulFused, [...node.inputs, ...operands], { epilogue: { ...epilogue, ...more } }),
  );
