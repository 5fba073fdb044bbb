/**
 * @file The grammar of a graph, executable: what must hold between passes. Tests check it after each, over models and
 * random programs.
 */
import { sameShape, formatShape, sizeOf } from '../base/shape.ts';
import type { Epilogue } from '../graph/ops/conv2d-fused.ts';
import { conv2dFused } from '../graph/ops/conv2d-fused.ts';
import { fullOp } from '../graph/ops/full.ts';
import { matmulFused } from '../graph/ops/matmul-fused.ts';
import { dataOp } from '../graph/record.ts';
import type { Node, TensorType } from '../graph/types.ts';
import { reached } from '../graph/walk.ts';
import type { Graph } from './graph.ts';
import { packsOn } from './packed.ts';
import type { PassName } from './passes/index.ts';
import type { Rows } from './passes/pointwise.ts';
import { rowsOf } from './passes/reductions.ts';
import { needsWidening } from './passes/widen.ts';

/** What shares words on every device. */
const packsEverywhere = packsOn(new Set(['shader-f16']));

/** Throws an `Error` that names the rule that a graph breaks, and the node; `after` is the pass that made it. */
export function checkGraph(graph: Graph, after?: PassName): void {
  const wrong = (node: Node, what: string): never => {
    throw new Error(`grammar: after ${after ?? 'recording'}: ${node.op.name} ${formatShape(node.shape)} ${what}`);
  };
  const isThere = (node: Node): boolean => graph.leaves.has(node) || seen.has(node);
  const seen = new Set<Node>();
  for (const node of graph.order) {
    if (seen.has(node)) wrong(node, 'is there twice');
    if (graph.leaves.has(node)) wrong(node, 'has a value and is computed all the same');
    if (graph.of(node) !== node) wrong(node, 'is computed though another stands for it');
    if (node.op === dataOp) wrong(node, 'is a leaf that the graph does not have');
    if (after !== undefined && node.op.decompose) wrong(node, 'is defined by simpler operations and has no kernel');
    if (after !== undefined && needsWidening(node, packsEverywhere))
      wrong(node, 'shares words, which its kernel does not read');
    for (const input of graph.inputsOf(node))
      if (!isThere(input)) wrong(node, `reads ${input.op.name}, which does not come before it`);
    const wanted = node.op === fullOp ? node : typeOf(graph, node);
    if (!sameType(wanted, node)) wrong(node, `is ${typeText(node)} where its inputs make ${typeText(wanted)}`);
    if (node.op === conv2dFused || node.op === matmulFused) checkFused(graph, node, wrong);
    seen.add(node);
  }
  for (const target of graph.targets) {
    const by = graph.of(target);
    if (!isThere(by)) wrong(target, 'is asked for and not computed');
    if (!sameType(by, target)) wrong(target, `has ${typeText(by)} standing for it`);
  }
  const needed = new Set(
    reached(
      graph.targets.map((target) => graph.of(target)),
      (node) => (graph.leaves.has(node) ? [] : graph.inputsOf(node)),
    ),
  );
  for (const node of graph.order) if (!needed.has(node)) wrong(node, 'is computed for nobody');
  if (graph.groups.size > 0) checkGroups(graph, wrong);
}

type Wrong = (node: Node, what: string) => never;

const typeOf = (graph: Graph, node: Node): TensorType => node.op.infer(graph.inputsOf(node), node.attrs);
const typeText = ({ dtype, shape }: TensorType): string => `${dtype} ${formatShape(shape)}`;
const sameType = (a: TensorType, b: TensorType): boolean => a.dtype === b.dtype && sameShape(a.shape, b.shape);

/** An operand for each thing that the epilogue says it has, of the right size. */
function checkFused(graph: Graph, node: Node, wrong: Wrong): void {
  const { bias, residual, pool } = node.attrs.epilogue as Epilogue;
  const operands = graph.inputsOf(node);
  if (operands.length !== 2 + Number(bias) + Number(residual))
    wrong(node, `has ${operands.length} operands with ${bias ? 'a' : 'no'} bias and ${residual ? 'a' : 'no'} residual`);
  if (pool && node.op === matmulFused) wrong(node, 'is a product that pools');
  const channels = node.op === matmulFused ? node.shape.at(-1)! : node.shape[1];
  if (bias && !sameShape(operands[2].shape, [channels])) wrong(node, `has a bias ${formatShape(operands[2].shape)}`);
  const added = operands.at(-1)!;
  if (residual && !pool && !sameShape(added.shape, node.shape))
    wrong(node, `has a residual ${formatShape(added.shape)}`);
}

/**
 * A node of a group along rows has an element for each of theirs, or one for each row; it reads others of the group as
 * they are.
 */
function checkAlong(graph: Graph, node: Node, nodes: readonly Node[], rows: Rows, wrong: Wrong): void {
  const along = node.op.elementwise ? rows : rowsOf(node, graph);
  if (!along || !sameShape(along.shape, rows.shape) || !sameShape(along.dims, rows.dims))
    wrong(node, `goes along other rows than ${formatShape(rows.dims)} of ${formatShape(rows.shape)}`);
  const isNarrow = rows.narrow !== undefined && sameShape(node.shape, rows.narrow);
  if (!sameShape(node.shape, rows.shape) && !isNarrow)
    wrong(node, `is in a group along rows of ${formatShape(rows.shape)}`);
  for (const input of graph.inputsOf(node))
    if (!nodes.includes(input) && nodes.includes(graph.lookedAt(input).base))
      wrong(node, `reads ${input.op.name} of a node of its own group`);
}

/** Each pointwise node is in one group, after everything that its group reads; what others read is written. */
function checkGroups(graph: Graph, wrong: Wrong): void {
  const index = new Map(graph.order.map((node, i) => [node, i]));
  const lastOf = new Map<Node, Node>();
  for (const [last, { nodes, outputs, rows }] of graph.groups) {
    if (nodes.at(-1) !== last) wrong(last, 'is not the last of its group');
    for (const node of nodes) {
      if (!node.op.elementwise && !(rows && rowsOf(node, graph))) wrong(node, 'is in a group and not pointwise');
      if (lastOf.has(node)) wrong(node, 'is in two groups');
      const isFormula = node.formula !== undefined && node.formula === last.formula;
      if (nodes.length > 1 && !node.compiled && !isFormula) wrong(node, 'is grouped and not inside torch.compile');
      if (rows) checkAlong(graph, node, nodes, rows, wrong);
      else if (sizeOf(node.shape) !== sizeOf(last.shape)) wrong(node, `is in a group of ${formatShape(last.shape)}`);
      lastOf.set(node, last);
    }
    for (const output of outputs) if (lastOf.get(output) !== last) wrong(output, 'is written by another group');
  }
  for (const node of graph.order) {
    const last = lastOf.get(node);
    if (node.op.elementwise && !last) wrong(node, 'is pointwise and in no group');
    const runsAt = index.get(last ?? node)!;
    for (const input of graph.inputsOf(node)) {
      const { base } = graph.lookedAt(input);
      const madeBy = lastOf.get(base);
      if (!madeBy || madeBy === last) continue;
      if (!graph.groups.get(madeBy)!.outputs.includes(base)) wrong(node, `reads ${base.op.name}, which nobody writes`);
      if (!node.op.view && index.get(madeBy)! > runsAt) wrong(node, `reads ${base.op.name} before it is computed`);
    }
    if (last && graph.isResult(node) && !graph.groups.get(last)!.outputs.includes(node))
      wrong(node, 'is asked for and not written');
  }
}
