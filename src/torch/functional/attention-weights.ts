/**
 * @file The weights of attention as a matrix, where they are asked for or dropped.
 */
import { fail } from '../../base/errors.ts';
import { leaf } from '../../graph/record.ts';
import { where } from '../ops/compare.ts';
import { softmax } from '../ops/softmax.ts';
import { Tensor } from '../tensor.ts';

/** How much of each value a query takes, [..., L, S]; every row adds up to 1. */
export function attentionWeights(
  query: Tensor,
  key: Tensor,
  { attnMask, isCausal = false, scale }: { attnMask?: Tensor | null; isCausal?: boolean; scale?: number | null } = {},
): Tensor {
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
