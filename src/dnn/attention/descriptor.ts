/**
 * @file The attention descriptor: y = softmax(scale·q·kᵀ + mask)·v for a batch of L×E queries, S×E keys and S×Ev
 * values, the softmax along the keys.
 *
 * Operands keep their own strides, as in a matrix product: heads that lie interleaved in memory need no copy. Rows of
 * q, k and v are whole (column stride 1); y is contiguous.
 */
import type { Binding } from '../../gpu/kernel.ts';
import { float, params } from '../../gpu/kernel.ts';
import type { FloatType } from '../kernels/epilogue.ts';
import type { MatrixLayout } from '../gemm/descriptor.ts';

/** Nothing, the triangle of pairs where the key is not behind the query, or an L×S matrix that is added. */
export type MaskKind = 'none' | 'causal' | 'added';

export interface AttentionDescriptor {
  /** Sizes of the two levels of the batch: images and heads, say. */
  readonly outer: number;
  readonly inner: number;
  readonly L: number;
  readonly S: number;
  readonly E: number;
  readonly Ev: number;
  readonly q: MatrixLayout;
  readonly k: MatrixLayout;
  readonly v: MatrixLayout;
  readonly mask: MaskKind;
  /** Where an added mask lies; strides of 0 where it is the same for all. */
  readonly maskLayout?: MatrixLayout;
  readonly scale: number;
  readonly dtype: FloatType;
}

/** Queries in all. */
export const queriesOf = (d: AttentionDescriptor): number => d.outer * d.inner * d.L;

/** Pairs of a query and a key that it looks at. */
export function pairsOf(d: AttentionDescriptor): number {
  if (d.mask !== 'causal') return queriesOf(d) * d.S;
  const triangle = Math.min(d.L, d.S);
  return d.outer * d.inner * ((triangle * (triangle + 1)) / 2 + (d.L - triangle) * d.S);
}

/** Multiplications and additions of both products over all pairs: 2·batch·L·S·(E + Ev). */
export const attentionFlops = (d: AttentionDescriptor): number => 2 * queriesOf(d) * d.S * (d.E + d.Ev);

/** One line for people: `8×128×64 queries, 128 keys, values of 64, causal, float32`. */
export function describeAttention(d: AttentionDescriptor): string {
  const batch = d.outer * d.inner === 1 ? '' : `${d.outer * d.inner}×`;
  const parts = [`${batch}${d.L}×${d.E} queries`, `${d.S} keys`];
  if (d.Ev !== d.E) parts.push(`values of ${d.Ev}`);
  if (d.mask !== 'none') parts.push(d.mask === 'causal' ? 'causal' : 'masked');
  return [...parts, d.dtype].join(', ');
}

/** The uniform `struct Attention` of shaders/lib/attention.wgsl. */
export function attentionParams(d: AttentionDescriptor): Binding {
  const { offset = 0, outer = 0, inner = 0, row = 0, column = 0 } = d.maskLayout ?? {};
  return params(
    d.L,
    d.S,
    d.E,
    d.Ev,
    d.outer,
    d.inner,
    ...[d.q, d.k, d.v].flatMap((m) => [m.offset, m.outer, m.inner, m.row]),
    offset,
    outer,
    inner,
    row,
    column,
    float(d.scale),
  );
}
