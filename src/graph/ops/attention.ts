/**
 * @file scaledDotProductAttention: softmax(scale·q·kᵀ + mask)·v as one operation, so that it can be computed without
 * the matrix of scores. Its gradient makes the weights once more instead of keeping them, as FlashAttention does.
 *
 * A query that may look at no key takes nothing of any value: its row is 0, as in PyTorch since 2.5.
 */
import { isFloat } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { broadcastShapes, contiguousStrides, formatShape, sameShape, sizeOf } from '../../base/shape.ts';
import type { Shape } from '../../base/shape.ts';
import * as e from '../expr.ts';
import { leaf, record } from '../record.ts';
import { meansOf } from '../sums.ts';
import type { Attrs, Node, Op, Operand } from '../types.ts';
import { pythonNumber } from '../../base/python.ts';
import { matmul } from './matmul.ts';
import { softmax } from './softmax.ts';

/**
 * Inputs: query [..., L, E], key [..., S, E], value [..., S, Ev], and perhaps a mask that is added and broadcasts to
 * [..., L, S].
 */
export interface AttentionAttrs extends Attrs {
  readonly scale: number;
  /** A query sees no key behind its own place. */
  readonly isCausal: boolean;
  /** An algorithm asked for by name: it runs or the error says why it cannot. */
  readonly algo?: string;
}

const what = 'scaledDotProductAttention';

export const scaledDotProductAttention: Op<AttentionAttrs> = {
  name: what,
  infer: ([q, k, v, mask], { isCausal }) => {
    if (!isFloat(q.dtype)) fail(`${what}: query is ${q.dtype}; convert it with .to('float32')`);
    for (const [name, t] of Object.entries({ key: k, value: v, ...(mask && { attnMask: mask }) })) {
      if (t.dtype !== q.dtype) fail(`${what}: query is ${q.dtype} and ${name} is ${t.dtype}; convert one with .to()`);
    }
    for (const [name, t] of Object.entries({ query: q, key: k, value: v })) {
      if (t.shape.length < 2)
        fail(`${what}: ${name} has shape ${formatShape(t.shape)}; expected at least 2 dimensions`);
    }
    if (q.shape.at(-1) !== k.shape.at(-1))
      fail(
        `${what}: query ${formatShape(q.shape)} and key ${formatShape(k.shape)} differ in their last size; they must be equal`,
      );
    if (k.shape.at(-2) !== v.shape.at(-2))
      fail(
        `${what}: there are ${k.shape.at(-2)} keys ${formatShape(k.shape)} and ${v.shape.at(-2)} values ${formatShape(v.shape)}; they must be as many`,
      );
    if (mask && isCausal) fail(`${what}: attnMask and isCausal exclude each other`);
    const batch = broadcastShapes(what, ...[q, k, v].map((t) => t.shape.slice(0, -2)));
    const scores = [...batch, q.shape.at(-2)!, k.shape.at(-2)!];
    if (mask && !sameShape(broadcastShapes(what, scores, mask.shape), scores))
      fail(`${what}: attnMask ${formatShape(mask.shape)} does not broadcast to the scores ${formatShape(scores)}`);
    return { shape: [...batch, q.shape.at(-2)!, v.shape.at(-1)!], dtype: q.dtype };
  },
  reference: ([q, k, v, mask], { scale, isCausal }, { shape }) => {
    const [L, S, E, Ev] = [q.shape.at(-2)!, k.shape.at(-2)!, q.shape.at(-1)!, v.shape.at(-1)!];
    const batch = shape.slice(0, -2);
    const out = new Float64Array(sizeOf(shape));
    const [qs, ks, vs] = [q, k, v].map((t) => places(t, [...batch, ...t.shape.slice(-2)]));
    const ms = mask && places(mask, [...batch, L, S]);
    const weights = new Float64Array(S);
    for (let row = 0; row < sizeOf(batch) * L; row++) {
      const [b, l] = [Math.floor(row / L), row % L];
      for (let s = 0; s < S; s++) {
        let sum = 0;
        for (let i = 0; i < E; i++) sum += q.data[qs((b * L + l) * E + i)] * k.data[ks((b * S + s) * E + i)];
        weights[s] = isCausal && s > l ? -Infinity : scale * sum + (ms ? mask.data[ms(row * S + s)] : 0);
      }
      const top = weights.reduce((a, w) => Math.max(a, w), -Infinity);
      if (top === -Infinity) continue;
      const total = weights.reduce((a, w) => a + Math.exp(w - top), 0);
      for (let s = 0; s < S; s++) {
        const weight = Math.exp(weights[s] - top) / total;
        if (weight !== 0) for (let i = 0; i < Ev; i++) out[row * Ev + i] += weight * v.data[vs((b * S + s) * Ev + i)];
      }
    }
    return out;
  },
  gradient: ({ inputs: [q, k, v, mask], attrs, grad, needs }) => {
    const weights = weightsOf(q, k, mask, attrs);
    // What the softmax passes on: each weight times how far its own gradient is above the row's mean by weight.
    const above = product(grad, e.transpose(v));
    const mean = e.sum(e.mul(above, weights), [weights.shape.length - 1], true);
    const scores = e.mul(weights, e.sub(above, mean));
    const scaled = e.mul(scores, attrs.scale);
    return [
      needs(0) ? e.sumTo(product(scaled, k), q.shape) : undefined,
      needs(1) ? e.sumTo(product(e.transpose(scaled), q), k.shape) : undefined,
      needs(2) ? e.sumTo(product(e.transpose(weights), grad), v.shape) : undefined,
      mask && needs(3) ? e.sumTo(scores, mask.shape) : undefined,
    ];
  },
  // A score for each query and key, and with each score a product for each of the query's values; the weights add up to
  // 1.
  sums: meansOf(
    3,
    ([q, k, v], _, { shape }) => sizeOf(shape.slice(0, -1)) * k.shape.at(-2)! * (q.shape.at(-1)! + v.shape.at(-1)!),
  ),
  python: ([q, k, v, mask], { scale, isCausal }) => {
    const options = [
      ...(mask ? [`attn_mask=${mask}`] : []),
      ...(isCausal ? ['is_causal=True'] : []),
      `scale=${pythonNumber(scale)}`,
    ];
    return `F.scaled_dot_product_attention(${[q, k, v, ...options].join(', ')})`;
  },
};

const product = (a: Node, b: Node): Node => record(matmul, [a, b], {});

/** How much of each value a query takes, by simpler operations. */
function weightsOf(q: Node, k: Node, mask: Node | undefined, { scale, isCausal }: AttentionAttrs): Node {
  const scores = e.mul(product(q, e.transpose(k)), scale);
  const dim = scores.shape.length - 1;
  if (isCausal) return record(softmax, [e.where(triangle(scores), scores, -Infinity)], { dim });
  if (!mask) return record(softmax, [scores], { dim });
  const masked = e.add(scores, mask);
  return e.where(e.eq(e.amax(masked, [dim], true), -Infinity), 0, record(softmax, [masked], { dim }));
}

/** [L, S], true where a key is not behind the query. */
function triangle(scores: Node): Node {
  const [rows, columns] = scores.shape.slice(-2);
  const allowed = Uint8Array.from({ length: rows * columns }, (_, i) => Number(i % columns <= Math.floor(i / columns)));
  return leaf({ shape: [rows, columns], dtype: 'bool' }, scores.device, allowed);
}

/** Where the elements of a shape lie in an operand that broadcasts to it, by flat index. */
function places({ shape: own }: Operand, shape: Shape): (i: number) => number {
  const lead = shape.length - own.length;
  const strides = contiguousStrides(own);
  const steps = shape.map((_, d) => (d < lead || own[d - lead] === 1 ? 0 : strides[d - lead]));
  return (i) => {
    let at = 0;
    for (let d = shape.length - 1; d >= 0; d--) {
      at += (i % shape[d]) * steps[d];
      i = Math.floor(i / shape[d]);
    }
    return at;
  };
}
