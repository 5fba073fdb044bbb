/**
 * @file Products of one left operand with several weights become one product with all of them side by side.
 *
 *     before    q = x · A + a        k = x · B + b        v = x · C + c
 *     after     y = x · [A B C] + [a b c]        q, k, v are its columns, as views
 *
 * The weights lie side by side once, as long as they stay, and take the memory that each would take laid out by rows.
 * So this is for inference: gradients want each product by itself. Whoever reads the columns must take them as they
 * lie, since writing them out would cost what the merging saves.
 */
import * as e from '../../graph/expr.ts';
import { cat } from '../../graph/ops/cat.ts';
import { fullOp } from '../../graph/ops/full.ts';
import type { KernelOpName } from '../../graph/ops/index.ts';
import { matmul } from '../../graph/ops/matmul.ts';
import { matmulFused } from '../../graph/ops/matmul-fused.ts';
import { record } from '../../graph/record.ts';
import type { Layout, Node } from '../../graph/types.ts';
import type { Graph } from '../graph.ts';
import { collapse, contiguousLayout } from '../layout.ts';
import { lowerReduction } from '../lower/reduce.ts';
import { lowerings } from '../lower/index.ts';
import { deviceBytes } from '../lower/move.ts';
import { isView } from '../views.ts';
import type { Where } from './pass.ts';
import { Rewrite } from './rewrite.ts';
import type { Sum } from './sums.ts';
import { recordedFor, sumOf } from './sums.ts';

export function mergeProducts(graph: Graph, where: Where): Graph {
  const rewrite = new Rewrite(graph);
  const ofWeights = madeOfWeights(graph);
  for (const sums of siblings(graph)) {
    const apart = new Map<Sum, string>();
    const keepApart = (sum: Sum, reason: string | undefined): void => {
      if (reason !== undefined) apart.set(sum, reason);
    };
    for (const sum of sums) keepApart(sum, whyApart(graph, sum, ofWeights, where));
    for (const group of alike(sums.filter((sum) => !apart.has(sum)))) {
      const columns = columnsOf(group);
      group.forEach((sum, i) => keepApart(sum, whyInOnePiece(graph, sum, columns[i])));
      const rest = group.filter((sum) => !apart.has(sum));
      const reason = whyNotTogether(graph, rest, where);
      if (reason === undefined) merge(rewrite, rest);
      for (const sum of rest) keepApart(sum, reason);
    }
    for (const [{ node }, reason] of apart) {
      const other = sums.find((sum) => sum.node !== node)!.node;
      rewrite.refusals.note(node, other, `both multiply one operand, and are no columns of one product: ${reason}`);
    }
  }
  return rewrite.result();
}

/** Products in compiled code by what they have on the left, where there are several. */
function siblings(graph: Graph): Sum[][] {
  const byLeft = new Map<Node, Sum[]>();
  for (const node of graph.order) {
    const sum = node.compiled ? sumOf(node) : undefined;
    if (sum?.fused !== matmulFused) continue;
    const left = graph.of(node.inputs[0]);
    const known = byLeft.get(left);
    if (known) known.push(sum);
    else byLeft.set(left, [sum]);
  }
  return [...byLeft.values()].filter((sums) => sums.length > 1);
}

/** In groups that can be columns of one product: they end in the same, and are measured or not measured alike. */
function alike(sums: readonly Sum[]): Sum[][] {
  const groups = new Map<string, Sum[]>();
  for (const sum of sums) {
    const { bias, activation } = sum.epilogue;
    const kind = `${bias} ${activation} ${sum.node.compiled}`;
    const known = groups.get(kind);
    if (known) known.push(sum);
    else groups.set(kind, [sum]);
  }
  return [...groups.values()];
}

/** Why a product is computed by itself; `undefined` where nothing speaks against another beside it. */
function whyApart(
  graph: Graph,
  { node, epilogue }: Sum,
  ofWeights: ReadonlySet<Node>,
  where: Where,
): string | undefined {
  if (graph.partsOf(node).some(({ requiresGrad }) => requiresGrad)) return 'gradients flow through it';
  if (where.room !== undefined) return 'memory is short, and the weights would be kept a second time';
  const [, right, ...added] = graph.inputsOf(node);
  if (right.shape.length !== 2 || !ofWeights.has(right)) return 'what it multiplies by does not come of weights alone';
  if (epilogue.residual) return 'its kernel adds a residual';
  if (!added.every((bias) => ofWeights.has(bias))) return 'its bias does not come of weights alone';
  return undefined;
}

/** Who wants a product's result in one piece; `undefined` where columns of a wider one do. */
function whyInOnePiece(graph: Graph, { node }: Sum, columns: Layout): string | undefined {
  if (graph.isTarget(node)) return 'a result of the program lies in one piece';
  const reader = whoCopies(graph, node, columns);
  return reader && `${reader.op.name} reads it in one piece`;
}

/** Why products that could be columns of one are not; `undefined` where they become it. */
function whyNotTogether(graph: Graph, sums: readonly Sum[], { device }: Where): string | undefined {
  if (sums.length < 2) return 'the others cannot be, or end in something else';
  const bytes = (nodes: readonly Node[]): number => nodes.reduce((sum, node) => sum + deviceBytes(node), 0);
  const rights = sums.map(({ node }) => graph.of(node.inputs[1]));
  const most = device.limits.maxStorageBufferBindingSize;
  const isTooLarge = bytes(rights) > most || bytes(sums.map(({ node }) => node)) > most;
  return isTooLarge ? 'together they are larger than a buffer' : undefined;
}

/** How the results lie in memory as columns of one. */
function columnsOf(sums: readonly Sum[]): Layout[] {
  const shapes = sums.map(({ node }) => node.shape);
  const width = shapes.reduce((sum, shape) => sum + shape.at(-1)!, 0);
  const { strides } = contiguousLayout([...shapes[0].slice(0, -1), width]);
  let offset = 0;
  return shapes.map((shape) => {
    const layout = { shape, strides, offset };
    offset += shape.at(-1)!;
    return layout;
  });
}

/** The reader for whom a value of this layout would have to be written out; `undefined` where there is none. */
function whoCopies(graph: Graph, value: Node, columns: Layout): Node | undefined {
  const open = [{ node: value, layout: columns }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, layout } = next;
    for (const reader of graph.readersOf(node)) {
      const isLooking = isView(reader) && !graph.isTarget(reader);
      const seen = isLooking ? reader.op.view!(layout, reader.attrs, reader) : undefined;
      if (seen) open.push({ node: reader, layout: seen });
      else if (graph.inputsOf(reader).some((input, i) => input === node && !takes(reader, i, layout))) return reader;
    }
  }
  return undefined;
}

/** Whether a kernel reads its operand as it lies. */
function takes({ op }: Node, operand: number, { shape, strides }: Layout): boolean {
  if (op.elementwise) return true;
  const name = op.name as KernelOpName;
  if (lowerings[name] === lowerReduction) return true;
  const isBatched = collapse(shape.slice(0, -2), [strides.slice(0, -2)]).sizes.length <= 2;
  if (name === 'scaledDotProductAttention') return isBatched && (operand === 3 || strides.at(-1) === 1);
  return isBatched && operand < 2 && (name === 'matmul' || name === 'matmulFused');
}

/** What is computed of parameters and buffers of modules, and of nothing else. */
function madeOfWeights(graph: Graph): ReadonlySet<Node> {
  const found = new Set([...graph.leaves].filter(({ isState }) => isState));
  const isConstant = ({ op }: Node): boolean => op === fullOp;
  for (const node of graph.order) {
    const inputs = graph.inputsOf(node);
    if (node.op.random || node.op.assertion?.(inputs, node.attrs) || inputs.every(isConstant)) continue;
    if (inputs.every((input) => found.has(input) || isConstant(input))) found.add(node);
  }
  return found;
}

/** Has columns of one product stand for several. */
function merge(rewrite: Rewrite, sums: readonly Sum[]): void {
  const [first] = sums;
  const { node, epilogue } = first;
  const beside = (operand: number, dim: number): Node => {
    const all = record(
      cat,
      sums.map((sum) => sum.node.inputs[operand]),
      { dim },
    );
    rewrite.made(all, rewrite.partsOf(node).slice(0, 1));
    return all;
  };
  const isPlain = !epilogue.bias && epilogue.activation === 'identity';
  const product = recordedFor(first, () => {
    const operands = [node.inputs[0], beside(1, 1), ...(epilogue.bias ? [beside(2, 0)] : [])];
    return isPlain ? record(matmul, operands, {}) : record(matmulFused, operands, { epilogue });
  });
  for (const weights of product.inputs.slice(1))
    rewrite.refusals.note(product, weights, 'weights are laid side by side once, and calls find them so');
  rewrite.made(
    product,
    sums.flatMap((sum) => rewrite.partsOf(sum.node)),
  );
  let start = 0;
  for (const sum of sums) {
    const end = start + sum.node.shape.at(-1)!;
    const column = recordedFor(sum, () => e.slice(product, product.shape.length - 1, start, end));
    rewrite.replace(sum.node, column);
    start = end;
  }
}
