/**
 * @file A convolution or matrix product takes what follows it as its epilogue, which its kernel computes before it
 * stores a sum.
 *
 *     before    maxPool2d(relu(add(conv2d(x, w, b), skip)))
 *     after     conv2dFused(x, w, b, skip)    with bias, residual, ReLU, 2×2 max pool
 *
 * A link is fused only where nobody else reads what lies between, since then the intermediate need never exist. Whether
 * the pool really is a part of the same kernel, the chooser decides.
 */
import { formatShape, sameShape, sizeOf } from '../../base/shape.ts';
import { candidates } from '../../dnn/choice/candidates.ts';
import { convProblem } from '../../dnn/conv2d/problem.ts';
import type { Conv2dAttrs } from '../../graph/ops/conv2d.ts';
import type { Pool } from '../../graph/ops/conv2d-fused.ts';
import { activationNames, activationOf, poolOf } from '../../graph/ops/conv2d-fused.ts';
import { add } from '../../graph/ops/elementwise/index.ts';
import { maxPool2d } from '../../graph/ops/pool2d.ts';
import { reshape } from '../../graph/ops/views.ts';
import { record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import type { Graph } from '../graph.ts';
import { descriptorOf } from '../lower/dnn.ts';
import type { Verdict } from '../refusals.ts';
import { refuse } from '../refusals.ts';
import type { Where } from './pass.ts';
import { Rewrite } from './rewrite.ts';
import type { Sum } from './sums.ts';
import { isBare, isLinear, recordedFor, sumOf, whyRead, withEpilogue } from './sums.ts';

/** What one step after a sum becomes. */
interface Rule {
  /** Whether a node that reads the sum as its operand `i` is such a step. */
  readonly concerns: (node: Node, sum: Sum, i: number) => boolean;
  readonly take: (node: Node, sum: Sum, i: number, where: Where) => Verdict;
}

/** The first that concerns a node decides. */
const rules: Readonly<Record<'takeBias' | 'takeResidual' | 'takeActivation' | 'takePool', Rule>> = {
  takeBias: {
    concerns: (node, sum, i) =>
      node.op === add && sameShape(node.shape, sum.node.shape) && isVector(node.inputs[1 - i], sum),
    take: (node, sum, i) => {
      if (!isBare(sum)) return refuse(alreadyEndsIn(sum));
      if (sum.epilogue.bias) return refuse('the kernel adds a bias already');
      const term = node.inputs[1 - i];
      const shape = [sum.node.shape.at(sum.channel)!];
      const vector = term.shape.length === 1 ? term : recordedFor(sum, () => record(reshape, [term], { shape }));
      return withEpilogue(sum, { bias: true }, vector);
    },
  },
  takeResidual: {
    concerns: ({ op }) => op === add,
    take: (node, sum, i) => {
      const residual = node.inputs[1 - i];
      if (!sameShape(sum.node.shape, residual.shape))
        return refuse(`sizes differ: ${formatShape(sum.node.shape)} and ${formatShape(residual.shape)}`);
      return isBare(sum) ? withEpilogue(sum, { residual: true }, residual) : refuse(alreadyEndsIn(sum));
    },
  },
  takeActivation: {
    concerns: (node) => activationOf(node) !== undefined,
    take: (node, sum) =>
      isLinear(sum) ? withEpilogue(sum, { activation: activationOf(node)! }) : refuse(alreadyEndsIn(sum)),
  },
  takePool: {
    concerns: ({ op }, { channel }) => op === maxPool2d && channel === -3,
    take: (node, sum, _, where) => {
      const pool = poolOf(node);
      if (!pool) return refuse('a convolution ends in a pool of 2×2 windows alone, side by side and without padding');
      if (node.requiresGrad) return refuse("the pool's gradient needs the plane that the maxima are found in");
      if (sum.epilogue.pool) return refuse(alreadyEndsIn(sum));
      return canPool(sum, pool, where)
        ? withEpilogue(sum, { pool })
        : refuse('the algorithm that was asked for by name cannot end in a pool');
    },
  },
};

export function epilogues(graph: Graph, where: Where): Graph {
  const rewrite = new Rewrite(graph);
  for (const node of graph.order) {
    if (!node.compiled || !(node.op.elementwise || node.op === maxPool2d)) continue;
    for (const [i, input] of node.inputs.entries()) {
      const sum = sumOf(rewrite.of(input));
      if (!sum) continue;
      const read = graph.of(input);
      const verdict = judge(graph, node, read, sum, i, where);
      if ('by' in verdict) {
        rewrite.replace(node, verdict.by, verdict.took);
        break;
      }
      if (!graph.refusals.get(node)?.has(read)) rewrite.refusals.note(node, read, verdict.refusal);
    }
  }
  return rewrite.result();
}

function judge(graph: Graph, node: Node, read: Node, sum: Sum, i: number, where: Where): Verdict {
  const rule = Object.values(rules).find(({ concerns }) => concerns(node, sum, i));
  if (!rule) return refuse(`${node.op.name} is nothing that its kernel can end in: ${endings(sum)}`);
  const why = whyRead(graph, read, node);
  return why === undefined ? rule.take(node, sum, i, where) : refuse(why);
}

const endings = ({ channel }: Sum): string =>
  ['bias', 'residual', ...activationNames.slice(1), ...(channel === -3 ? ['max pool 2×2'] : [])].join(', ');

function alreadyEndsIn({ epilogue: { residual, activation, pool } }: Sum): string {
  const last = pool ? 'a pool' : activation !== 'identity' ? activation : residual ? 'a residual' : 'a bias';
  return `the kernel ends in ${last} already`;
}

/** Whether a term has a number for each channel, and repeats over everything else. */
function isVector(term: Node, { node, channel }: Sum): boolean {
  const at = term.shape.length + channel;
  return term.shape[at] === node.shape.at(channel) && term.shape.every((size, d) => d === at || size === 1);
}

/**
 * Whether what was asked for by name can pool, be it in a launch of its own: not where it is a configuration without a
 * pool, or where the limit leaves no room for the planes between. The chooser finds something where no name was given.
 */
function canPool({ node, epilogue }: Sum, pool: Pool, { device, limits }: Where): boolean {
  const attrs = node.attrs as Conv2dAttrs;
  const { algorithms, config, mathType } = attrs;
  if (algorithms?.forward === undefined || sizeOf(node.shape) === 0) return true;
  const [x, w] = node.inputs;
  const desc = descriptorOf(node.op.name, x, w, attrs, 'forward', { ...epilogue, pool });
  return (
    candidates(convProblem(desc), device, {
      ...limits,
      algo: algorithms.forward,
      config,
      ...(mathType && { mathTypes: [mathType] }),
    }).plans.length > 0
  );
}
