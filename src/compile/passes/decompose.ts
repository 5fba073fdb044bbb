/**
 * @file Operations that have no kernel: what is defined by simpler ones becomes those, and what no kernel reads or
 * writes in its dtype is computed in float32 (widen.ts).
 *
 *     before    norm(x)
 *     after     sqrt(sum(square(x)))
 *
 * They are defined in one more step where a definition uses such operations itself. What a definition does not read,
 * such as the tensor that a maximum was found in, is dead then.
 */
import { recordingWith } from '../../graph/recording.ts';
import { inputsFirst } from '../../graph/walk.ts';
import type { Node } from '../../graph/types.ts';
import type { Graph } from '../graph.ts';
import { packsOn } from '../packed.ts';
import type { Where } from './pass.ts';
import { Rewrite } from './rewrite.ts';
import { needsWidening, widened } from './widen.ts';

export function decompose(graph: Graph, { device }: Where): Graph {
  const rewrite = new Rewrite(graph);
  const packs = packsOn(device.features);
  const wide = new Map<Node, Node>();
  const known = new Set([...graph.leaves, ...graph.order]);
  const open = graph.order.toReversed();
  for (let node = open.pop(); node; node = open.pop()) {
    const { op, inputs, attrs, scope, compiled, formula } = node;
    const widens = needsWidening(node, packs);
    if (!widens && !op.decompose) continue;
    const simple = recordingWith({ gradMode: false, scope, compiled, formula }, () =>
      widens ? widened(node, packs, wide) : op.decompose!(inputs, attrs),
    );
    const made = known.has(simple) ? [] : inputsFirst([simple], (n) => n.inputs.filter((input) => !known.has(input)));
    for (const each of made) known.add(each);
    rewrite.replace(node, simple);
    open.push(...made.toReversed());
  }
  return rewrite.result();
}
