/**
 * @file Pooling and its gradients: each becomes a descriptor, the chooser answers with a plan.
 */
import type { PoolDescriptor } from '../../dnn/pool/descriptor.ts';
import { poolProblem } from '../../dnn/pool/problem.ts';
import type { AvgPool2dAttrs, Pool2dAttrs } from '../../graph/ops/pool2d.ts';
import { maxPool2d, maxPool2dIndices } from '../../graph/ops/pool2d.ts';
import type { Node } from '../../graph/types.ts';
import type { LowerContext, Lowering } from './context.ts';
import { floatType } from './dnn.ts';

/**
 * x and y as nodes, of which one is the result, and the places that a maximum keeps beside its value, or that its
 * gradient reads.
 */
interface Roles {
  readonly x: Node;
  readonly y: Node;
  readonly places?: Node;
}

function pool(
  node: Node,
  { x, y, places }: Roles,
  kind: Pick<PoolDescriptor, 'direction' | 'mode' | 'keeps'>,
  context: LowerContext,
): void {
  const { kernel, stride, padding, dilation } = node.attrs as Pool2dAttrs;
  const desc: PoolDescriptor = {
    ...kind,
    N: x.shape[0],
    C: x.shape[1],
    H: x.shape[2],
    W: x.shape[3],
    P: y.shape[2],
    Q: y.shape[3],
    R: kernel[0],
    S: kernel[1],
    strideH: stride[0],
    strideW: stride[1],
    padH: padding[0],
    padW: padding[1],
    dilationH: dilation[0],
    dilationW: dilation[1],
    dtype: floatType('pool2d', x.dtype),
  };
  const plan = context.choose(poolProblem(desc), node);
  const isResult = (n: Node): boolean => n === node || n === context.twin(node);
  const slot = (n: Node): number => (isResult(n) ? context.result(n) : context.contiguous(n));
  const slots = {
    x: slot(x),
    y: slot(y),
    places: places && slot(places),
    workspace: plan.workspace.map((bytes) => context.temporary(bytes)),
  };
  context.emit(...plan.algorithm.launches(desc, plan.config, slots));
}

const averageMode = (node: Node) =>
  (node.attrs as AvgPool2dAttrs).countIncludePad ? 'average count include padding' : 'average count exclude padding';

/** Maxima, their places, or by one kernel both. */
export const lowerMaxPool2d: Lowering = (node, context) => {
  const wanted = [node, context.twin(node)];
  const values = wanted.find((n) => n?.op === maxPool2d);
  const places = wanted.find((n) => n?.op === maxPool2dIndices);
  const kind = { direction: 'forward', mode: 'max', keeps: values ? 'value' : 'place' } as const;
  pool(node, { x: node.inputs[0], y: values ?? node, ...(values && { places }) }, kind, context);
};

export const lowerMaxPool2dBackward: Lowering = (node, context) =>
  pool(
    node,
    { x: node, y: node.inputs[0], places: node.inputs[1] },
    { direction: 'backward data', mode: 'max', keeps: 'place' },
    context,
  );

export const lowerAvgPool2d: Lowering = (node, context) =>
  pool(
    node,
    { x: node.inputs[0], y: node },
    { direction: 'forward', mode: averageMode(node), keeps: 'value' },
    context,
  );

export const lowerAvgPool2dBackward: Lowering = (node, context) =>
  pool(
    node,
    { x: node, y: node.inputs[0] },
    { direction: 'backward data', mode: averageMode(node), keeps: 'value' },
    context,
  );
