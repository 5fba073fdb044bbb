/**
 * @file An attention as a problem: its operands by role, and single output elements by the definition, in float64.
 */
import type { MatrixLayout } from '../gemm/descriptor.ts';
import { extentOf } from '../gemm/descriptor.ts';
import type { Operand, Problem } from '../problem.ts';
import type { AttentionSlots } from './algorithm.ts';
import type { AttentionDescriptor } from './descriptor.ts';
import { attentionFlops, describeAttention, queriesOf } from './descriptor.ts';
import { attentionAlgorithms } from './table.ts';

export function attentionProblem(d: AttentionDescriptor): Problem<AttentionDescriptor, AttentionSlots> {
  const read = (role: string, layout: MatrixLayout, rows: number, columns: number): Operand => ({
    role,
    elements: extentOf(layout, d, rows, columns),
    dtype: d.dtype,
    access: 'read',
  });
  const operands: Operand[] = [
    read('q', d.q, d.L, d.E),
    read('k', d.k, d.S, d.E),
    read('v', d.v, d.S, d.Ev),
    { role: 'y', elements: queriesOf(d) * d.Ev, shape: [d.outer, d.inner, d.L, d.Ev], dtype: d.dtype, access: 'write' },
  ];
  if (d.mask === 'added') {
    const mask = read('mask', d.maskLayout!, d.L, d.S);
    operands.push({ ...mask, example: () => exampleMask(mask.elements) });
  }
  return {
    operation: 'attention',
    direction: 'forward',
    desc: d,
    key: `attention ${JSON.stringify(d)}`,
    description: describeAttention(d),
    algorithms: attentionAlgorithms,
    operands,
    flops: attentionFlops(d),
    // One element needs the weights of its whole row.
    elementFlops: 2 * d.S * (d.E + 1),
    reference: (inputs, at) => Float64Array.from(at, elements(d, inputs)),
  };
}

/** Numbers, and now and then a pair that is forbidden. */
const exampleMask = (count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => (i % 5 === 4 ? -Infinity : ((i * 37) % 64) / 32 - 1));

/** y at a flat index; the weights of a row are kept for its other elements. */
function elements(d: AttentionDescriptor, inputs: Readonly<Record<string, Float64Array>>): (i: number) => number {
  let row = -1;
  let weights: Float64Array = new Float64Array(0);
  return (i) => {
    const [n, e] = [Math.floor(i / d.Ev), i % d.Ev];
    if (n !== row) weights = rowWeights(d, inputs, n);
    row = n;
    const first = begins(d, d.v, n);
    return weights.reduce((sum, weight, s) => sum + (weight === 0 ? 0 : weight * inputs.v[first + s * d.v.row + e]), 0);
  };
}

/** Where the matrix begins to which query n belongs. */
function begins({ L, inner }: AttentionDescriptor, m: MatrixLayout, n: number): number {
  const batch = Math.floor(n / L);
  return m.offset + Math.floor(batch / inner) * m.outer + (batch % inner) * m.inner;
}

/** How much query n takes of each value; nothing of any, where all pairs are forbidden. */
function rowWeights(
  d: AttentionDescriptor,
  { q, k, mask }: Readonly<Record<string, Float64Array>>,
  n: number,
): Float64Array {
  const l = n % d.L;
  const [q0, k0] = [begins(d, d.q, n) + l * d.q.row, begins(d, d.k, n)];
  const scores = Float64Array.from({ length: d.S }, (_, s) => {
    if (d.mask === 'causal' && s > l) return -Infinity;
    let product = 0;
    for (let e = 0; e < d.E; e++) product += q[q0 + e] * k[k0 + s * d.k.row + e];
    const added =
      d.mask === 'added' ? mask[begins(d, d.maskLayout!, n) + l * d.maskLayout!.row + s * d.maskLayout!.column] : 0;
    return d.scale * product + added;
  });
  const top = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  if (top === -Infinity) return scores.fill(0);
  const powers = scores.map((score) => Math.exp(score - top));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}
