/**
 * @file Attention: a descriptor over the operands as they lie in memory, and the chooser's answer to it.
 */
import type { AttentionDescriptor } from '../../dnn/attention/descriptor.ts';
import { attentionProblem } from '../../dnn/attention/problem.ts';
import { launchesOf } from '../../dnn/solution.ts';
import type { MatrixLayout } from '../../dnn/gemm/descriptor.ts';
import * as e from '../../graph/expr.ts';
import type { AttentionAttrs } from '../../graph/ops/attention.ts';
import type { Layout, Node } from '../../graph/types.ts';
import { broadcastLayout, collapse, contiguousLayout } from '../layout.ts';
import type { LowerContext, Lowering } from './context.ts';
import { floatType } from './dnn.ts';
import { lowerFill } from './move.ts';

interface Operand {
  readonly slot: number;
  /** Over the whole batch and the operand's matrix. */
  readonly layout: Layout;
}

export const lowerAttention: Lowering = (node, context) => {
  const [q, k, v, mask] = node.inputs;
  const { scale, isCausal, algo } = node.attrs as AttentionAttrs;
  const [L, S, E, Ev] = [q.shape.at(-2)!, k.shape.at(-2)!, q.shape.at(-1)!, v.shape.at(-1)!];
  if (S === 0) return lowerFill(node, 0, context);
  const batch = node.shape.slice(0, -2);
  const matrices = [
    [q, q.shape.slice(-2)],
    [k, k.shape.slice(-2)],
    [v, v.shape.slice(-2)],
    ...(mask ? [[mask, [L, S]] as const] : []),
  ] as const;
  const seen = matrices.map(([operand, sizes], i) => strided(operand, [...batch, ...sizes], i < 3, context));
  // The batch as two levels; where it has more, operands that are repeated or interleaved are written out.
  const inPlace = levelsOf(batch, seen);
  const operands = inPlace
    ? seen
    : matrices.map(([operand, sizes]) => writtenOut(operand, [...batch, ...sizes], context));
  const {
    sizes: [outer, inner],
    layouts,
  } = inPlace ?? levelsOf(batch, operands)!;
  const desc: AttentionDescriptor = {
    outer,
    inner,
    L,
    S,
    E,
    Ev,
    q: layouts[0],
    k: layouts[1],
    v: layouts[2],
    mask: mask ? 'added' : isCausal ? 'causal' : 'none',
    maskLayout: layouts[3],
    scale,
    dtype: floatType(node.op.name, node.dtype),
  };
  const problem = attentionProblem(desc);
  const plan = context.choose(problem, node, { algo });
  const [qs, ks, vs, ms] = operands.map(({ slot }) => slot);
  const slots = {
    q: qs,
    k: ks,
    v: vs,
    mask: ms,
    y: context.result(node),
    workspace: plan.workspace.map((bytes) => context.temporary(bytes)),
  };
  context.emit(...launchesOf(problem, plan, slots));
};

/** An operand where it lies; `whole`: its rows must not be strided. */
function strided(node: Node, shape: readonly number[], whole: boolean, context: LowerContext): Operand {
  const { slot, layout } = context.view(node);
  const isWhole = node.shape.at(-1) === 1 || layout.strides.at(-1) === 1;
  if (whole && !isWhole)
    return { slot: context.contiguous(node), layout: broadcastLayout(contiguousLayout(node.shape), shape) };
  return { slot, layout: broadcastLayout(layout, shape) };
}

function writtenOut(node: Node, shape: readonly number[], context: LowerContext): Operand {
  return { slot: context.contiguous(e.expand(node, shape)), layout: contiguousLayout(shape) };
}

/** The two levels of the batch with each operand's layout; `undefined` where it takes more levels. */
function levelsOf(
  batch: readonly number[],
  operands: readonly Operand[],
): { sizes: [number, number]; layouts: MatrixLayout[] } | undefined {
  const { sizes, strides } = collapse(
    batch,
    operands.map(({ layout }) => layout.strides.slice(0, -2)),
  );
  if (sizes.length > 2) return undefined;
  const two = (values: readonly number[], fill: number): [number, number] => [
    values.at(-2) ?? fill,
    values.at(-1) ?? fill,
  ];
  const layouts = operands.map(({ layout }, i): MatrixLayout => {
    const [outer, inner] = two(strides[i], 0);
    return {
      offset: layout.offset,
      outer,
      inner,
      row: layout.strides.at(-2)!,
      column: layout.shape.at(-1) === 1 ? 1 : layout.strides.at(-1)!,
    };
  });
  return { sizes: two(sizes, 1), layouts };
}
