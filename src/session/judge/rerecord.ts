/**
 * @file A recorded graph, recorded once more over other leaves: to compute it again, to differentiate it, or to compute
 * it another way.
 */
import { isFloat } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import type { RunSettings } from '../../compare/why.ts';
import { plainAlgorithms } from '../../compare/why.ts';
import * as e from '../../graph/expr.ts';
import { isConvolution } from '../../graph/ops/conv2d.ts';
import { full, fullOp } from '../../graph/ops/full.ts';
import { createNode } from '../../graph/record.ts';
import { recordingWith } from '../../graph/recording.ts';
import type { Attrs, NamedAlgorithms, Node } from '../../graph/types.ts';
import { inOrder } from './sum-length.ts';

/** How the copy differs from the original. */
export interface Variation {
  /** The algorithms of convolutions, and of their gradients, instead of the original's. */
  readonly algorithms?: NamedAlgorithms;
  /** Computes in float32 what the original computes in 16 bits. */
  readonly widened?: boolean;
}

/** Those that can compute anything, and sum the products as the definition does. */
const withoutTransforms: NamedAlgorithms = {
  forward: 'IMPLICIT_GEMM',
  backwardData: 'ALGO_1',
  backwardFilter: 'ALGO_1',
};

/** What a suspect's change (compare/why.ts) means for a graph. */
export function variationOf({ algorithms, dtype, ...others }: RunSettings): Variation {
  if (Object.keys(others).length > 0) fail(`compare: this side has no switch ${Object.keys(others).join(', ')}`);
  return {
    ...(algorithms === plainAlgorithms && { algorithms: withoutTransforms }),
    ...(dtype === 'float32' && { widened: true }),
  };
}

/**
 * The copies by their originals. `given` says what stands for the leaves and inputs; other leaves stand for themselves.
 */
export function rerecord(
  targets: readonly Node[],
  given: ReadonlyMap<Node, Node>,
  variation: Variation = {},
): Map<Node, Node> {
  const copies = new Map<Node, Node>([...given].map(([node, stands]) => [node, widened(stands, variation)]));
  for (const node of inOrder(targets, new Set(given.keys()))) {
    if (!copies.has(node))
      copies.set(node, node.inputs.length === 0 ? widened(node, variation) : copyOf(node, copies, variation));
  }
  return copies;
}

/** Gradients flow through the copy wherever its inputs need them, whether or not they were recorded the first time. */
function copyOf(node: Node, copies: ReadonlyMap<Node, Node>, variation: Variation): Node {
  const { op, device } = node;
  return recordingWith({ scope: node.scope, compiled: node.compiled, gradMode: true }, () => {
    const inputs = node.inputs.map((input) => copies.get(input)!);
    const attrs = changed(node, variation);
    const type = attrs === node.attrs && !variation.widened ? node : op.infer(inputs, attrs);
    return createNode(
      op,
      inputs,
      attrs,
      { shape: type.shape, dtype: type.dtype },
      device,
      op.gradient !== 'none' && isFloat(type.dtype) && inputs.some((input) => input.requiresGrad),
    );
  });
}

const isBrief = (dtype: unknown): boolean => dtype === 'float16' || dtype === 'bfloat16';

function changed(node: Node, { algorithms, widened: wide }: Variation): Attrs {
  if (algorithms && isConvolution(node)) return { ...node.attrs, algorithms, config: undefined, mathType: undefined };
  return wide && isBrief(node.attrs['dtype']) ? { ...node.attrs, dtype: 'float32' } : node.attrs;
}

function widened(node: Node, { widened: wide }: Variation): Node {
  if (!wide || !isBrief(node.dtype)) return node;
  return node.op === fullOp
    ? full(node.shape, 'float32', node.attrs['value'] as number, node.device)
    : e.cast(node, 'float32');
}
