/**
 * @file Operations that are defined by simpler ones, which have kernels.
 *
 *     before    norm(x)
 *     after     sqrt(sum(square(x)))
 *
 * They are defined in one more step where a definition uses such operations itself. What a definition does not read,
 * such as the tensor that a maximum was found in, is dead then.
 */
import { recordingWith } from '../../graph/recording.ts';
import { inputsFirst } from '../../graph/walk.ts';
import type { Graph } from '../graph.ts';
import { Rewrite } from './rewrite.ts';

export function decompose(graph: Graph): Graph {
  const rewrite = new Rewrite(graph);
  const known = new Set([...graph.leaves, ...graph.order]);
  const open = graph.order.toReversed();
  for (let node = open.pop(); node; node = open.pop()) {
    const { op, inputs, attrs, scope, compiled } = node;
    if (!op.decompose) continue;
    const simple = recordingWith({ gradMode: false, scope, compiled }, () => op.decompose!(inputs, attrs));
    const made = known.has(simple) ? [] : inputsFirst([simple], (n) => n.inputs.filter((input) => !known.has(input)));
    for (const each of made) known.add(each);
    rewrite.replace(node, simple);
    open.push(...made.toReversed());
  }
  return rewrite.result();
}
