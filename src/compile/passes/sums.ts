/**
 * @file Sums of products as fusion sees them: convolutions and matrix products, and what their kernels do to a sum
 * before they store it.
 */
import type { Epilogue } from '../../graph/ops/conv2d-fused.ts';
import { conv2dFused } from '../../graph/ops/conv2d-fused.ts';
import { assignOp } from '../../graph/ops/identity.ts';
import type { OpName } from '../../graph/ops/index.ts';
import { matmulFused } from '../../graph/ops/matmul-fused.ts';
import { record } from '../../graph/record.ts';
import { recordingWith } from '../../graph/recording.ts';
import type { Node, Op } from '../../graph/types.ts';
import type { Graph } from '../graph.ts';
import type { Verdict } from '../refusals.ts';

/** A convolution or product as it stands so far. */
export interface Sum {
  readonly node: Node;
  readonly epilogue: Epilogue;
  /** The operation of it with an epilogue. */
  readonly fused: Op;
  /** Counted from the end: the dimension that a bias has a number for each element of. */
  readonly channel: -1 | -3;
}

const bare = (bias: boolean): Epilogue => ({ bias, residual: false, activation: 'identity' });
const ofNode = ({ attrs }: Node): Epilogue => attrs.epilogue as Epilogue;

const kinds: Readonly<Partial<Record<OpName, (node: Node) => Sum | undefined>>> = {
  conv2d: (node) => ({ node, epilogue: bare(node.inputs.length === 3), fused: conv2dFused, channel: -3 }),
  conv2dFused: (node) => ({ node, epilogue: ofNode(node), fused: conv2dFused, channel: -3 }),
  // The sum of nothing has a kernel of its own, which fills.
  matmul: (node) =>
    node.inputs[0].shape.at(-1) === 0 ? undefined : { node, epilogue: bare(false), fused: matmulFused, channel: -1 },
  matmulFused: (node) => ({ node, epilogue: ofNode(node), fused: matmulFused, channel: -1 }),
};

export const sumOf = (node: Node): Sum | undefined => kinds[node.op.name as OpName]?.(node);

/** Nothing has been done to the sum yet that could not follow a bias or residual. */
export const isBare = ({ epilogue }: Sum): boolean => isLinear({ epilogue }) && !epilogue.residual;
export const isLinear = ({ epilogue }: Pick<Sum, 'epilogue'>): boolean =>
  epilogue.activation === 'identity' && !epilogue.pool;

/** The sum with more in its epilogue, and perhaps one more operand for it. */
export const withEpilogue = (sum: Sum, more: Partial<Epilogue>, ...operands: readonly Node[]): Verdict =>
  inPlaceOf(sum, () =>
    record(sum.fused, [...sum.node.inputs, ...operands], { ...sum.node.attrs, epilogue: { ...sum.epilogue, ...more } }),
  );

/** What stands in a sum's place. */
export const inPlaceOf = (sum: Sum, make: () => Node): Verdict => ({ by: recordedFor(sum, make), took: [sum.node] });

/** Records as a part of the layer that recorded the sum. */
export const recordedFor = ({ node }: Sum, make: () => Node): Node =>
  recordingWith({ gradMode: false, scope: node.scope, compiled: node.compiled }, make);

/** Why a kernel cannot take up the only reader of what it computes; `undefined` where it is the only one. */
export function whyRead(graph: Graph, node: Node, reader: Node): string | undefined {
  if (!node.compiled) return `${node.op.name} is not inside torch.compile`;
  if (graph.isTarget(node)) return 'the value is a result of the program';
  if (graph.inputsOf(reader).filter((input) => input === node).length > 1)
    return `${reader.op.name} reads the value twice`;
  const others = graph.readersOf(node).filter((other) => other !== reader);
  if (others.length === 0) return undefined;
  if (others.some(({ op }) => op === assignOp)) return 'a tensor of the program is overwritten with the value';
  const names = [...new Set(others.map(({ op }) => op.name))];
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ' and others' : ''} ${others.length > 1 ? 'read' : 'reads'} the value too`;
}
