/**
 * @file Batch norm by running statistics, folded into the filters of the convolution before it.
 *
 *     before    normalized(conv2d(x, w, b), mean, variance, scale, shift)
 *     after     conv2d(x, w · scale / √(variance + eps), (b − mean) · scale / √(variance + eps) + shift)
 *
 * The filters become what the norm makes of an image whose mean is 0, the bias what it makes of one pixel. Only where
 * no gradient is asked for, since that would need the filters as they were.
 */
import { sameShape } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import type { Conv2dAttrs } from '../../graph/ops/conv2d.ts';
import { conv2d } from '../../graph/ops/conv2d.ts';
import { normalized } from '../../graph/ops/elementwise/index.ts';
import { full } from '../../graph/ops/full.ts';
import { record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import type { Graph } from '../graph.ts';
import type { Verdict } from '../refusals.ts';
import { refuse } from '../refusals.ts';
import { Rewrite } from './rewrite.ts';
import type { Sum } from './sums.ts';
import { inPlaceOf, sumOf, whyRead } from './sums.ts';

export function batchNorm(graph: Graph): Graph {
  const rewrite = new Rewrite(graph);
  for (const node of graph.order) {
    if (!node.compiled || node.op !== normalized) continue;
    const y = graph.of(node.inputs[0]);
    const sum = sumOf(y);
    if (!sum || y.op !== conv2d) continue;
    const verdict = takeNorm(node, sum, graph);
    if ('by' in verdict) rewrite.replace(node, verdict.by, verdict.took);
    else rewrite.refusals.note(node, y, verdict.refusal);
  }
  return rewrite.result();
}

function takeNorm(node: Node, sum: Sum, graph: Graph): Verdict {
  const [y, mean, ...rest] = node.inputs;
  const { shape } = sum.node;
  if (node.attrs.training) return refuse('the norm is by the statistics of this batch, which come of all of the sums');
  if (node.requiresGrad) return refuse('the gradient of the norm needs the filters as they are');
  if (![mean, ...rest].every((each) => sameShape(each.shape, [shape[1], 1, 1])))
    return refuse('the norm is not by channel');
  const read = whyRead(graph, graph.of(y), node);
  if (read !== undefined) return refuse(read);
  const [x, w, bias] = sum.node.inputs;
  const [variance, scale] = rest;
  return inPlaceOf(sum, () => {
    const ofFilter = (t: Node): Node => e.reshape(t, [shape[1], 1, 1, 1]);
    const ofChannel = (t: Node): Node => e.reshape(t, [shape[1]]);
    const zero = full([], 'float32', 0, w.device);
    const statistics = [ofFilter(variance), ...(scale ? [ofFilter(scale)] : [])];
    const filters = record(normalized, [w, zero, ...statistics], node.attrs as never);
    const pixel = bias ?? full([], w.dtype, 0, w.device);
    const shift = record(normalized, [pixel, ...[mean, ...rest].map(ofChannel)], node.attrs as never);
    return record(conv2d, [x, filters, shift], sum.node.attrs as Conv2dAttrs);
  });
}
