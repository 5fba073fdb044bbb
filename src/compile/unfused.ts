/**
 * @file Pairs of producer and consumer in compiled code that are not one kernel, each with its reason.
 *
 * A rule that could have fused them says why it did not (refusals.ts). Where no rule concerns them, the reason lies in
 * what the operation that has a kernel of its own does.
 */
import { fullOp } from '../graph/ops/full.ts';
import type { KernelOpName } from '../graph/ops/index.ts';
import type { Node } from '../graph/types.ts';
import type { Graph } from './graph.ts';
import { sumOf } from './passes/sums.ts';
import { isView } from './views.ts';

export interface Pair {
  readonly producer: Node;
  readonly consumer: Node;
  readonly reason: string;
}

export function unfusedPairs(graph: Graph): Pair[] {
  const kernelOf = new Map<Node, Node>();
  for (const [last, { nodes }] of graph.groups) for (const node of nodes) kernelOf.set(node, last);
  const isComputed = (node: Node): boolean => !isView(node) && node.op !== fullOp && !graph.leaves.has(node);
  return graph.order.filter(isComputed).flatMap((consumer) => {
    const read = new Map<Node, Node>();
    for (const input of graph.inputsOf(consumer)) {
      const producer = behindViews(graph, input);
      if (isComputed(producer)) read.set(producer, input);
    }
    const pairs = [...read].flatMap(([producer, input]): Pair[] => {
      const isOne = kernelOf.has(producer) && kernelOf.get(producer) === kernelOf.get(consumer);
      if (isOne || !(producer.compiled || consumer.compiled)) return [];
      return [{ producer, consumer, reason: reasonOf(graph, producer, consumer, input) }];
    });
    return [...pairs, ...besideIt(graph, consumer)];
  });
}

/** Products of the same operand that are not one. */
function besideIt(graph: Graph, product: Node): Pair[] {
  const left = (node: Node): Node | undefined => (sumOf(node) ? graph.of(node.inputs[0]) : undefined);
  return Array.from(graph.refusals.get(product) ?? []).flatMap(([read, reason]): Pair[] => {
    const producer = behindViews(graph, graph.of(read)); // it may have become columns of another
    return left(producer) && left(producer) === left(product) ? [{ producer, consumer: product, reason }] : [];
  });
}

/** What a view looks at, and at last what computes that. */
function behindViews(graph: Graph, node: Node): Node {
  let base = node;
  while (isView(base) && !graph.leaves.has(base)) base = graph.of(base.inputs[0]);
  return base;
}

function reasonOf(graph: Graph, producer: Node, consumer: Node, input: Node): string {
  const eager = [producer, consumer].find(({ compiled }) => !compiled);
  if (eager) return `${eager.op.name} is not inside torch.compile`;
  for (const [read, reason] of graph.refusals.get(consumer) ?? []) if (graph.of(read) === producer) return reason;
  const reads = alone[consumer.op.name as KernelOpName];
  if (reads) return `${called(consumer)} ${reads.before}`;
  const gives = alone[producer.op.name as KernelOpName];
  if (gives && !(sumOf(producer) && input !== producer)) return `${called(producer)} ${gives.after}`;
  return `${input.op.name} lies between, and a kernel ends where its values are arranged anew`;
}

/** The name that the program knows. */
const called = ({ op }: Node): string => op.name.replace(/Fused$/, '');

interface Sentences {
  /** Why the kernel does not compute what it reads. */
  readonly before: string;
  /** Why it does not go on with what it gives. */
  readonly after: string;
}

const both = (sentence: string): Sentences => ({ before: sentence, after: sentence });

const sums: Sentences = {
  before: 'reads each operand many times, so its kernel finds them in memory',
  after: 'stores its sums as they are; its kernels have no epilogue',
};
const reduction = both('brings many elements together, so its kernel is its own');
const rows = both('goes along whole rows, so its kernel is its own');
const windows = both('reads windows that overlap, so its kernel is its own');
const moves = both('moves elements to other places, so its kernel is its own');
const leaf = both('has its value in memory');

/** Why an operation neither computes what it reads nor goes on with what it gives. */
const alone: Readonly<Record<KernelOpName, Sentences>> = {
  all: reduction,
  amax: reduction,
  amin: reduction,
  any: reduction,
  argmax: reduction,
  argmin: reduction,
  argsort: rows,
  avgPool2d: windows,
  avgPool2dBackward: windows,
  cat: moves,
  classLoss: rows,
  classLossBackward: rows,
  classTotal: reduction,
  conv2d: sums,
  conv2dBackwardData: sums,
  conv2dBackwardFilter: sums,
  conv2dFused: sums,
  cumprod: rows,
  cumsum: rows,
  data: leaf,
  full: leaf,
  gather: moves,
  intConv2d: sums,
  intMatmul: sums,
  lastPlace: moves,
  logSoftmax: rows,
  matmul: sums,
  matmulFused: sums,
  maxPool2d: windows,
  maxPool2dBackward: windows,
  maxPool2dIndices: windows,
  mean: reduction,
  prod: reduction,
  scaledDotProductAttention: sums,
  scatterSum: moves,
  sliceBackward: moves,
  softmax: rows,
  sum: reduction,
  takeFromPlanes: moves,
  toDevice: leaf,
  variance: reduction,
};
