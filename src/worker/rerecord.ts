/**
 * @file A recorded graph, recorded once more over other leaves: to compute it again, to differentiate it, or to compute it another way.
 */
import { isFloat } from '../base/dtype.ts';
import { fail } from '../base/errors.ts';
import type { RunSettings } from '../compare/why.ts';
import type { AlgorithmChoice } from '../dnn/records.ts';
import * as e from '../graph/expr.ts';
import { full, fullOp } from '../graph/ops/full.ts';
import { createNode, recording } from '../graph/record.ts';
import type { Attrs, NamedAlgorithms, Node } from '../graph/types.ts';
import { inOrder } from './extent.ts';
import { isOf } from './layer-sides.ts';

/** How the copy differs from the original. */
export interface Variation {
  /** The algorithm of a forward convolution, by name, where another than the original's is meant. */
  readonly algorithm?: (node: Node) => string | undefined;
  /** Computes in float32 what the original computes in float16. */
  readonly widened?: boolean;
}

/** What a suspect's change (compare/why.ts) means for a graph whose convolutions were chosen so. */
export function variationOf(change: RunSettings, choices: readonly AlgorithmChoice[]): Variation {
  const { algorithm, dtype, ...others } = change;
  if (Object.keys(others).length > 0) fail(`compare: this side has no switch ${Object.keys(others).join(', ')}`);
  const transformed = choices.filter(({ chosen }) => /WINOGRAD|FFT/.test(chosen));
  return {
    ...(typeof algorithm === 'string' && { algorithm: (node) => (node.op.name === 'conv2d' && transformed.some((choice) => isOf(choice, node.scope?.path || undefined)) ? algorithm : undefined) }),
    ...(dtype === 'float32' && { widened: true }),
  };
}

/** The copies by their originals. `given` says what stands for the leaves and inputs; other leaves stand for themselves. */
export function rerecord(targets: readonly Node[], given: ReadonlyMap<Node, Node>, variation: Variation = {}): Map<Node, Node> {
  const copies = new Map<Node, Node>([...given].map(([node, stands]) => [node, widened(stands, variation)]));
  for (const node of inOrder(targets, new Set(given.keys()))) {
    if (!copies.has(node)) copies.set(node, node.inputs.length === 0 ? widened(node, variation) : copyOf(node, copies, variation));
  }
  return copies;
}

/** Gradients flow through the copy wherever its inputs need them, whether or not they were recorded the first time. */
function copyOf(node: Node, copies: ReadonlyMap<Node, Node>, variation: Variation): Node {
  const { op, device } = node;
  const before = { ...recording };
  Object.assign(recording, { scope: node.scope, compiled: node.compiled, gradMode: true });
  try {
    const inputs = node.inputs.map((input) => copies.get(input)!);
    const attrs = changed(node, variation);
    const type = attrs === node.attrs && !variation.widened ? node : op.infer(inputs, attrs);
    return createNode(op, inputs, attrs, { shape: type.shape, dtype: type.dtype }, device, op.gradient !== 'none' && isFloat(type.dtype) && inputs.some((input) => input.requiresGrad));
  } finally {
    Object.assign(recording, before);
  }
}

function changed(node: Node, { algorithm, widened: wide }: Variation): Attrs {
  const named = algorithm?.(node);
  if (named !== undefined) return { ...node.attrs, algorithms: { ...(node.attrs['algorithms'] as NamedAlgorithms | undefined), forward: named }, config: undefined };
  return wide && node.attrs['dtype'] === 'float16' ? { ...node.attrs, dtype: 'float32' } : node.attrs;
}

function widened(node: Node, { widened: wide }: Variation): Node {
  if (!wide || node.dtype !== 'float16') return node;
  return node.op === fullOp ? full(node.shape, 'float32', node.attrs['value'] as number, node.device) : e.cast(node, 'float32');
}
