/**
 * @file Walks through the graph, without recursion, since graphs get deep.
 */
import type { Node } from './types.ts';

type Next = (node: Node) => readonly Node[];

const inputsOf: Next = (node) => node.inputs;

/** Every node that some lead to, they too, each once; `next` says where a node leads, by default to its inputs. */
export function* reached(from: readonly Node[], next: Next = inputsOf): Generator<Node> {
  const seen = new Set<Node>();
  const stack = [...from];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    yield node;
    stack.push(...next(node));
  }
}

/** The same nodes, each after all that it leads to. */
export function inputsFirst(from: readonly Node[], next: Next = inputsOf): Node[] {
  const seen = new Set<Node>();
  const order: Node[] = [];
  const stack: { readonly node: Node; readonly nexts: readonly Node[]; at: number }[] = [];
  const enter = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    stack.push({ node, nexts: next(node), at: 0 });
  };
  for (const node of from) {
    enter(node);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      if (top.at < top.nexts.length) enter(top.nexts[top.at++]);
      else order.push(stack.pop()!.node);
    }
  }
  return order;
}

/** In the order in which they were recorded: a node is younger than its inputs. */
export const byAge = (nodes: Iterable<Node>): Node[] => [...nodes].toSorted((a, b) => a.id - b.id);
