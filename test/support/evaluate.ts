/**
 * @file A graph's value by the operations' references: float64 throughout, node by node.
 */
import { decode } from '../../src/base/dtype.ts';
import type { Node } from '../../src/graph/types.ts';

export function evaluate(node: Node, known = new Map<Node, Float64Array>()): Float64Array {
  const found = known.get(node);
  if (found) return found;
  const host = node.value?.host;
  const value = host ? decode(node.dtype, host) : compute(node, known);
  known.set(node, value);
  return value;
}

function compute(node: Node, known: Map<Node, Float64Array>): Float64Array {
  const { op, inputs, attrs } = node;
  if (op.decompose) return evaluate(op.decompose(inputs, attrs), known);
  return op.reference!(inputs.map((input) => ({ shape: input.shape, dtype: input.dtype, data: evaluate(input, known) })), attrs, node);
}

/** max |a − b|; NaN where either holds one, so that no comparison passes by it. */
export function largestDifference(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) throw new Error(`${a.length} numbers against ${b.length}`);
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i] - b[i]);
    if (Number.isNaN(d)) return NaN;
    worst = Math.max(worst, d);
  }
  return worst;
}
