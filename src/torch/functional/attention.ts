/**
 * @file torch.nn.functional: attention (Vaswani and others, NeurIPS 2017), of products, a softmax and a dropout.
 */
import { fail } from '../../base/errors.ts';
import { leaf } from '../../graph/record.ts';
import { Tensor } from '../tensor.ts';
import { where } from '../ops/compare.ts';
import { softmax } from '../ops/softmax.ts';
import { dropout } from './activation.ts';

export interface AttentionOptions {
  /** Broadcasts to [..., L, S]: a bool is true where a query may look, a number is added to the score. */
  readonly attnMask?: Tensor | null;
  readonly dropoutP?: number;
  /** A query sees no key behind its own place. */
  readonly isCausal?: boolean;
  /** 1/√E unless given. */
  readonly scale?: number;
}

/** What each of L queries [..., L, E] makes of S keys [..., S, E] and values [..., S, Ev]: [..., L, Ev]. */
export function scaledDotProductAttention(query: Tensor, key: Tensor, value: Tensor, options: AttentionOptions = {}): Tensor {
  const { dropoutP = 0 } = options;
  const weights = dropout(attentionWeights(query, key, options), dropoutP, dropoutP > 0);
  return weights.matmul(value);
}

/** How much of each value a query takes, [..., L, S]; every row adds up to 1. */
export function attentionWeights(query: Tensor, key: Tensor, { attnMask, isCausal = false, scale }: Omit<AttentionOptions, 'dropoutP'> = {}): Tensor {
  if (attnMask && isCausal) fail('scaledDotProductAttention: attnMask and isCausal exclude each other');
  const scores = query.mul(scale ?? 1 / Math.sqrt(query.shape.at(-1)!)).matmul(key.transpose(-2, -1));
  const [rows, columns] = scores.shape.slice(-2);
  return softmax(masked(scores, isCausal ? triangle(rows, columns, scores) : attnMask), -1);
}

function masked(scores: Tensor, mask: Tensor | null | undefined): Tensor {
  if (!mask) return scores;
  return mask.dtype === 'bool' ? where(mask, scores, -Infinity) : scores.add(mask);
}

function triangle(rows: number, columns: number, like: Tensor): Tensor {
  const allowed = Uint8Array.from({ length: rows * columns }, (_, i) => Number(i % columns <= Math.floor(i / columns)));
  return new Tensor(leaf({ shape: [rows, columns], dtype: 'bool' }, like.node.device, allowed));
}
