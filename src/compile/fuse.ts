/**
 * @file Fusion, for what was recorded inside a compiled module: a convolution takes what follows it as its epilogue.
 *
 * conv2d → add residual → activation becomes one conv2dFused. A link is fused only where nobody else reads what lies
 * between, since then the intermediate need never exist. (Chains of pointwise operations are fused later, when the
 * schedule makes kernels of them.)
 */
import type { Conv2dAttrs } from '../graph/ops/conv2d.ts';
import type { Conv2dFusedAttrs } from '../graph/ops/conv2d-fused.ts';
import { activationOf, conv2dFused } from '../graph/ops/conv2d-fused.ts';
import { createNode } from '../graph/record.ts';
import type { Node } from '../graph/types.ts';
import { sameShape } from '../base/shape.ts';

/** Maps each node that fusion replaced to what stands for it; nodes without an entry stand for themselves. */
export function fuseConvolutions(order: readonly Node[], keep: ReadonlySet<Node>): Map<Node, Node> {
  const readers = new Map<Node, number>();
  for (const node of order) for (const input of node.inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
  const replaced = new Map<Node, Node>();
  const onlyReader = (node: Node): boolean => node.compiled && readers.get(node) === 1 && !keep.has(node);
  for (const node of order) {
    if (!node.compiled) continue;
    const fused = fuseActivation(node, replaced, onlyReader) ?? fuseResidual(node, replaced, onlyReader);
    if (fused) replaced.set(node, fused);
  }
  return replaced;
}

type Test = (node: Node) => boolean;

function fuseActivation(node: Node, replaced: ReadonlyMap<Node, Node>, onlyReader: Test): Node | undefined {
  const activation = activationOf(node);
  const before = node.inputs[0];
  if (!activation || !onlyReader(before)) return undefined;
  const conv = convolutionOf(replaced.get(before) ?? before);
  return conv?.attrs.epilogue.activation === 'identity' ? withEpilogue(conv.inputs, { ...conv.attrs, epilogue: { ...conv.attrs.epilogue, activation } }, node) : undefined;
}

function fuseResidual(node: Node, replaced: ReadonlyMap<Node, Node>, onlyReader: Test): Node | undefined {
  if (node.op.name !== 'add') return undefined;
  for (const [before, residual] of [node.inputs, node.inputs.toReversed()]) {
    if (!onlyReader(before) || !sameShape(before.shape, residual.shape)) continue;
    const conv = convolutionOf(replaced.get(before) ?? before);
    if (!conv || conv.attrs.epilogue.activation !== 'identity' || conv.attrs.epilogue.residual) continue;
    return withEpilogue([...conv.inputs, residual], { ...conv.attrs, epilogue: { ...conv.attrs.epilogue, residual: true } }, node);
  }
  return undefined;
}

/** A convolution's inputs and its epilogue so far. */
function convolutionOf(node: Node): { inputs: readonly Node[]; attrs: Conv2dFusedAttrs } | undefined {
  if (node.op.name === 'conv2dFused') return { inputs: node.inputs, attrs: node.attrs as Conv2dFusedAttrs };
  if (node.op.name !== 'conv2d') return undefined;
  return { inputs: node.inputs, attrs: { ...(node.attrs as Conv2dAttrs), epilogue: { bias: node.inputs.length === 3, residual: false, activation: 'identity' } } };
}

const withEpilogue = (inputs: readonly Node[], attrs: Conv2dFusedAttrs, like: Node): Node => createNode(conv2dFused, inputs, attrs, like, like.device, false);
