/**
 * @file torch.nn.functional: attention (Vaswani and others, NeurIPS 2017), as one operation where that is all the same,
 * of products, a softmax and a dropout where its weights are dropped or asked for. And torch.nn.attention, which says
 * how it is computed.
 */
import { fail } from '../../base/errors.ts';
import * as e from '../../graph/expr.ts';
import { scaledDotProductAttention as attentionOp } from '../../graph/ops/attention.ts';
import { full } from '../../graph/ops/full.ts';
import { record } from '../../graph/record.ts';
import { recordingNow } from '../../graph/recording.ts';
import { fn, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { dropout } from './activation.ts';
import { attentionWeights } from './attention-weights.ts';

/**
 * Attention of L queries [..., L, E] to S keys [..., S, E] and values [..., S, Ev]: [..., L, Ev]. A query whose keys
 * are all masked gives zeros. With dropout, the weights are made and dropped as a matrix, whatever the backend.
 *
 * `attnMask` broadcasts to [..., L, S]: a bool is true where a query may look, a number is added to the score. With
 * `isCausal` a query sees no key behind its own place. `scale` is 1/√E unless given.
 */
export const scaledDotProductAttention = fn(
  'F.scaled_dot_product_attention',
  [
    p.tensor('query'),
    p.tensor('key'),
    p.tensor('value'),
    p.tensor('attnMask', null),
    p.float('dropoutP', 0),
    p.flag('isCausal', false),
    '*',
    p.float('scale', null),
    p.refused('enableGqa', false, 'repeat the heads of key and value'),
  ],
  (query, key, value, attnMask, dropoutP, isCausal, scale): Tensor => {
    const backend = recordingNow().attention;
    if (dropoutP > 0 && backend !== undefined && backend !== 'MATH')
      fail(`scaledDotProductAttention: ${backend} keeps no weights to drop, and dropoutP is ${dropoutP}; use MATH`);
    if (dropoutP > 0 || query.shape.at(-1) === 0)
      return dropout(attentionWeights(query, key, { attnMask, isCausal, scale }), dropoutP, dropoutP > 0).matmul(value);
    const mask = attnMask && (attnMask.dtype === 'bool' ? allowance(attnMask, query) : attnMask.node);
    const attrs = { scale: scale ?? 1 / Math.sqrt(query.shape.at(-1) ?? 1), isCausal, algo: backend };
    return new Tensor(record(attentionOp, [query.node, key.node, value.node, ...(mask ? [mask] : [])], attrs));
  },
);

/** A bool mask as numbers to add. */
function allowance(mask: Tensor, { node: { dtype, device } }: Tensor) {
  return e.where(mask.node, full([], dtype, 0, device), full([], dtype, -Infinity, device));
}
