/**
 * @file What is computed twice from the same values is computed once, in compiled code.
 *
 *     before    a = exp(x)    b = exp(x)    c = a / b
 *     after     a = exp(x)                  c = a / a
 *
 * Not what draws random numbers, which differ each time; not what an in-place update assigns, which is a value of its
 * own; not what may turn out wrong when it is computed (a sum beyond int32), as the error belongs to the line of each.
 */
import { assignOp } from '../../graph/ops/identity.ts';
import type { Node } from '../../graph/types.ts';
import type { Graph } from '../graph.ts';
import { Rewrite } from './rewrite.ts';

export function commonSubexpressions(graph: Graph): Graph {
  const rewrite = new Rewrite(graph);
  const first = new Map<string, Node>();
  const numbers = new Map<Node, number>();
  const numberOf = (node: Node): number => {
    const known = numbers.get(node) ?? numbers.size;
    numbers.set(node, known);
    return known;
  };
  for (const node of graph.order) {
    if (!isShareable(node)) continue;
    const inputs = node.inputs.map((input) => numberOf(rewrite.of(input)));
    const key = `${node.requiresGrad} ${node.device} ${node.key} ${inputs.join(' ')}`;
    const same = first.get(key);
    if (same) rewrite.replace(node, same);
    else first.set(key, node);
  }
  return rewrite.result();
}

const isShareable = ({ op, inputs, attrs, compiled }: Node): boolean =>
  compiled && !op.random && op !== assignOp && !op.assertion?.(inputs, attrs);
