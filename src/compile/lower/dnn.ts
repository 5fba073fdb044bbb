/**
 * @file Convolutions and matrix products: each becomes a descriptor, the chooser answers with a plan.
 */
import { fail } from '../../base/errors.ts';
import type { DType } from '../../base/dtype.ts';
import { sizeOf } from '../../base/shape.ts';
import type { ConvDescriptor } from '../../dnn/conv2d/descriptor.ts';
import { convDescriptor } from '../../dnn/conv2d/descriptor.ts';
import { convProblem } from '../../dnn/conv2d/problem.ts';
import type { Epilogue, FloatType } from '../../dnn/kernels/epilogue.ts';
import { noEpilogue } from '../../dnn/kernels/epilogue.ts';
import { gemmDescriptor } from '../../dnn/gemm/descriptor.ts';
import type { MatrixLayout } from '../../dnn/gemm/descriptor.ts';
import { gemmProblem } from '../../dnn/gemm/problem.ts';
import type { Direction } from '../../dnn/choice/records.ts';
import { launchesOf } from '../../dnn/solution.ts';
import * as e from '../../graph/expr.ts';
import type { Conv2dAttrs } from '../../graph/ops/conv2d.ts';
import type { Conv2dFusedAttrs } from '../../graph/ops/conv2d-fused.ts';
import type { MatmulFusedAttrs } from '../../graph/ops/matmul-fused.ts';
import type { Layout, NamedAlgorithms, Node } from '../../graph/types.ts';
import { broadcastLayout, contiguousLayout } from '../layout.ts';
import type { LowerContext, Lowering } from './context.ts';
import { lowerFill } from './move.ts';

/** A dtype that kernels compute in; throws for others. */
export function floatType(what: string, dtype: DType): FloatType {
  if (dtype !== 'float32' && dtype !== 'float16')
    fail(`${what}: dtype ${dtype} has no kernel; convert with .to(torch.float32)`);
  return dtype;
}

/** Under which name a program asks for an algorithm of the direction. */
const nameOf = {
  forward: 'forward',
  'backward data': 'backwardData',
  'backward filter': 'backwardFilter',
} as const satisfies Record<Direction, keyof NamedAlgorithms>;

/** The roles of a convolution's three tensors; a bias and a residual follow them among the node's inputs. */
interface Roles {
  readonly x: Node;
  readonly w: Node;
  readonly y: Node;
}

/** The descriptor of a convolution of x by w; its dtype is x's. */
export function descriptorOf(
  what: string,
  x: Node,
  w: Node,
  attrs: Conv2dAttrs,
  direction: Direction,
  epilogue: Epilogue,
): ConvDescriptor {
  const { stride, padding, dilation, groups } = attrs;
  return convDescriptor(
    { x: x.shape as never, w: w.shape as never, stride, padding, dilation, groups },
    { direction, dtype: floatType(what, x.dtype), epilogue },
  );
}

function convolve(node: Node, roles: Roles, direction: Direction, epilogue: Epilogue, context: LowerContext): void {
  // Gradients of an empty batch are sums of nothing; there is no descriptor of one.
  if (direction !== 'forward' && node.inputs.some(({ shape }) => sizeOf(shape) === 0))
    return lowerFill(node, 0, context);
  const attrs = node.attrs as Conv2dAttrs;
  const desc = descriptorOf(node.op.name, roles.x, roles.w, attrs, direction, epilogue);
  const problem = convProblem(desc);
  const plan = context.choose(problem, node, {
    algo: attrs.algorithms?.[nameOf[direction]],
    config: attrs.config,
    mathType: attrs.mathType,
  });
  const slot = (n: Node): number => (n === node ? context.result(n) : context.contiguous(n));
  const extra = node.inputs.slice(2).map(slot);
  const slots = {
    x: slot(roles.x),
    w: slot(roles.w),
    y: slot(roles.y),
    workspace: plan.workspace.map((bytes) => context.temporary(bytes)),
    bias: epilogue.bias ? extra[0] : undefined,
    residual: epilogue.residual ? extra.at(-1) : undefined,
  };
  context.emit(...launchesOf(problem, plan, slots));
}

export const lowerConv2d: Lowering = (node, context) => {
  const [x, w, bias] = node.inputs;
  return convolve(node, { x, w, y: node }, 'forward', { ...noEpilogue, bias: bias !== undefined }, context);
};

export const lowerConv2dFused: Lowering = (node, context) => {
  const [x, w] = node.inputs;
  return convolve(node, { x, w, y: node }, 'forward', (node.attrs as Conv2dFusedAttrs).epilogue, context);
};

export const lowerConv2dBackwardData: Lowering = (node, context) => {
  const [y, w] = node.inputs;
  return convolve(node, { x: node, w, y }, 'backward data', noEpilogue, context);
};

export const lowerConv2dBackwardFilter: Lowering = (node, context) => {
  const [x, y] = node.inputs;
  return convolve(node, { x, w: node, y }, 'backward filter', noEpilogue, context);
};

export const lowerMatmul: Lowering = (node, context) => {
  const [a, b, ...more] = node.inputs;
  const { epilogue = noEpilogue } = node.attrs as Partial<MatmulFusedAttrs>;
  const [M, N, K] = [node.shape.at(-2)!, node.shape.at(-1)!, a.shape.at(-1)!];
  if (K === 0) return lowerFill(node, 0, context);
  const batch = node.shape.slice(0, -2);
  const left = operand(a, batch, context);
  const right = operand(b, batch, context);
  if (N % 4 === 0 && right.layout.strides.at(-1) !== 1 && context.isSteady(b)) packed(b, batch, context, right);
  // The two levels of the descriptor's batch; more levels than that, after merging what lies together, are copied
  // apart.
  const levels =
    batchLevels(batch, left.layout, right.layout) ??
    batchLevels(batch, expanded(a, batch, context, left), expanded(b, batch, context, right))!;
  const matrix = (m: { layout: Layout }, strides: readonly [number, number]): MatrixLayout => ({
    offset: m.layout.offset,
    outer: strides[0],
    inner: strides[1],
    row: m.layout.strides.at(-2)!,
    column: m.layout.strides.at(-1)!,
  });
  const desc = gemmDescriptor(M, N, K, {
    outer: levels.sizes[0],
    inner: levels.sizes[1],
    a: matrix(left, levels.a),
    b: matrix(right, levels.b),
    dtype: floatType('matmul', node.dtype),
    epilogue,
  });
  const problem = gemmProblem(desc);
  const plan = context.choose(problem, node);
  const slots = {
    a: left.slot,
    b: right.slot,
    c: context.result(node),
    bias: epilogue.bias ? context.contiguous(more[0]) : undefined,
    residual: epilogue.residual ? context.contiguous(more.at(-1)!) : undefined,
    workspace: plan.workspace.map((bytes) => context.temporary(bytes)),
  };
  context.emit(...launchesOf(problem, plan, slots));
};

interface StridedOperand {
  slot: number;
  layout: Layout;
}

function operand(node: Node, batch: readonly number[], context: LowerContext): StridedOperand {
  const { slot, layout } = context.view(node);
  return { slot, layout: broadcastLayout(layout, [...batch, ...node.shape.slice(-2)]) };
}

/** Writes out an operand's repeated batch dimensions; its batch is then one level. */
function expanded(node: Node, batch: readonly number[], context: LowerContext, into: StridedOperand): Layout {
  const shape = [...batch, ...node.shape.slice(-2)];
  into.slot = context.contiguous(e.expand(node, shape));
  into.layout = contiguousLayout(shape);
  return into.layout;
}

/** Writes a weight out row by row, once, so that kernels can read four columns at a time. */
function packed(node: Node, batch: readonly number[], context: LowerContext, into: StridedOperand): void {
  into.slot = context.contiguous(node);
  into.layout = broadcastLayout(contiguousLayout(node.shape), [...batch, ...node.shape.slice(-2)]);
}

/** The batch as two levels (outer, inner) with one stride each for both operands; `undefined` where it has more. */
function batchLevels(
  batch: readonly number[],
  a: Layout,
  b: Layout,
): { sizes: [number, number]; a: [number, number]; b: [number, number] } | undefined {
  const levels: { size: number; a: number; b: number }[] = [];
  batch.forEach((size, d) => {
    if (size === 1) return;
    const last = levels.at(-1);
    if (last && last.a === a.strides[d] * size && last.b === b.strides[d] * size)
      Object.assign(last, { size: last.size * size, a: a.strides[d], b: b.strides[d] });
    else levels.push({ size, a: a.strides[d], b: b.strides[d] });
  });
  while (levels.length < 2) levels.unshift({ size: 1, a: 0, b: 0 });
  if (levels.length > 2) return undefined;
  const [outer, inner] = levels;
  return { sizes: [outer.size, inner.size], a: [outer.a, inner.a], b: [outer.b, inner.b] };
}
