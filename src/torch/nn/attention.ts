/**
 * @file nn.MultiheadAttention. Fields that hold state have PyTorch's names, since they are the keys of the state dict.
 */
import { fail } from '../../base/errors.ts';
import * as F from '../functional.ts';
import { attentionWeights } from '../functional/attention-weights.ts';
import { fromHost } from '../creation.ts';
import { where } from '../ops/compare.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { atLeastOne } from './checks.ts';
import { Module } from './module.ts';
import { xavierUniform_, zeros_ } from './init.ts';
import { layer, placement, registerLayers } from './layer.ts';
import { Linear } from './linear.ts';
import { Parameter } from './parameter.ts';

export interface AttentionCall {
  /** [N, S], true for keys that nobody may look at. */
  readonly keyPaddingMask?: Tensor | null;
  /** Whether the attention weights are returned too. */
  readonly needWeights?: boolean;
  /** [L, S] or [N·heads, L, S]: true for what may not be looked at, or numbers that are added. */
  readonly attnMask?: Tensor | null;
  /** Returns the mean over the heads rather than each head's weights. */
  readonly averageAttnWeights?: boolean;
  /** Says of `attnMask` that it is causal, as a hint for kernels; the mask itself is needed. */
  readonly isCausal?: boolean;
}

type Sequences = [query: Tensor, key: Tensor, value: Tensor];
type Inputs =
  | [...Sequences, options?: AttentionCall]
  | [
      ...Sequences,
      keyPaddingMask: Tensor | null,
      needWeights?: boolean | AttentionCall,
      attnMask?: Tensor | null | AttentionCall,
      averageAttnWeights?: boolean | AttentionCall,
      isCausal?: boolean,
    ];

const call = [
  p.tensor('query'),
  p.tensor('key'),
  p.tensor('value'),
  p.tensor('keyPaddingMask', null),
  p.flag('needWeights', true),
  p.tensor('attnMask', null),
  p.flag('averageAttnWeights', true),
  p.flag('isCausal', false),
] as const;

/** The output's layer under the name by which PyTorch prints it. */
class NonDynamicallyQuantizableLinear extends Linear {}
registerLayers({ NonDynamicallyQuantizableLinear });

const lacking = [
  p.refused('addBiasKv', false, 'there is no such bias'),
  p.refused('addZeroAttn', false, 'append a row of zeros to key and value'),
  p.refused('kdim', null, 'project the keys to embedDim by nn.Linear first'),
  p.refused('vdim', null, 'project the values to embedDim by nn.Linear first'),
] as const;

/**
 * Attention by several heads side by side: `const [y, weights] = attention(query, key, value)`. `dropout` drops weights
 * while training;
 * `batchFirst`: sequences are [N, L, E] rather than PyTorch's older [L, N, E].
 */
export class MultiheadAttention extends layer(
  Module<Inputs, [output: Tensor, weights: Tensor | null]>,
  'nn.MultiheadAttention',
  [
    p.int('embedDim'),
    p.int('numHeads'),
    p.float('dropout', 0),
    p.flag('bias', true),
    ...lacking,
    p.flag('batchFirst', false),
    ...placement,
  ],
  (embedDim, numHeads, dropout, bias, _addBiasKv, _addZeroAttn, _kdim, _vdim, batchFirst) => {
    atLeastOne('MultiheadAttention', { embedDim, numHeads });
    if (embedDim % numHeads !== 0)
      fail(`MultiheadAttention: embedDim ${embedDim} does not divide into ${numHeads} heads`);
    const stacked = fromHost(new Float32Array(3 * embedDim * embedDim), [3 * embedDim, embedDim], 'float32');
    // PyTorch draws the output's weight first.
    const out: Linear = new NonDynamicallyQuantizableLinear(embedDim, embedDim, { bias });
    const weights = {
      in_proj_weight: new Parameter(xavierUniform_(stacked)),
      in_proj_bias: bias ? new Parameter(fromHost(new Float32Array(3 * embedDim), [3 * embedDim], 'float32')) : null,
      out_proj: out,
    };
    if (out.bias) zeros_(out.bias);
    return { embedDim, numHeads, dropout, batchFirst, ...weights };
  },
  call,
) {
  override forward(...inputs: Inputs): [Tensor, Tensor | null];
  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    keyPaddingMask: Tensor | null,
    needWeights: boolean,
    attnMask: Tensor | null,
    averageAttnWeights: boolean,
    isCausal: boolean,
  ): [Tensor, Tensor | null] {
    if (isCausal && !attnMask)
      fail('MultiheadAttention: isCausal is only a hint; give attnMask too, as torch.triu(torch.ones(n, n), 1).bool()');
    if (query.ndim !== 3)
      fail(
        `MultiheadAttention: the query has shape ${query.shape}; expected ${this.batchFirst ? '[N, L, E]' : '[L, N, E]'}`,
      );
    const inBatches = (t: Tensor): Tensor => (this.batchFirst ? t : t.transpose(0, 1));
    const [q, k, v] = [query, key, value].map((t, part) => this.heads(this.projected(inBatches(t), part)));
    const mask = this.mask(attnMask, keyPaddingMask, q, k);
    const joined = (heads: Tensor): Tensor => inBatches(this.out_proj(heads.transpose(1, 2).flatten(2)));
    if (!needWeights)
      return [
        joined(F.scaledDotProductAttention(q, k, v, { attnMask: mask, dropoutP: this.training ? this.dropout : 0 })),
        null,
      ];
    const weights = F.dropout(attentionWeights(q, k, { attnMask: mask }), this.dropout, this.training);
    return [joined(weights.matmul(v)), averageAttnWeights ? weights.mean(1) : weights];
  }

  /** A third of the stacked projection: 0 for queries, 1 for keys, 2 for values. */
  private projected(t: Tensor, part: number): Tensor {
    const rows = (p: Tensor): Tensor => p.narrow(0, part * this.embedDim, this.embedDim);
    return F.linear(t, rows(this.in_proj_weight), this.in_proj_bias && rows(this.in_proj_bias));
  }

  /** [N, L, E] as [N, heads, L, E / heads] */
  private heads(t: Tensor): Tensor {
    const [batch, length] = t.shape;
    return t.reshape(batch, length, this.numHeads, this.embedDim / this.numHeads).transpose(1, 2);
  }

  /** Both masks as numbers to add, which broadcast to [N, heads, L, S]. */
  private mask(attnMask: Tensor | null, keyPaddingMask: Tensor | null, q: Tensor, k: Tensor): Tensor | null {
    const [batch, heads, length] = q.shape;
    const keys = k.shape[2];
    const added = (t: Tensor): Tensor => (t.dtype === 'bool' ? where(t, -Infinity, 0) : t).to(q.dtype);
    const given = attnMask && added(attnMask);
    const pairs = given?.ndim === 3 ? given.reshape(batch, heads, length, keys) : given;
    const padding = keyPaddingMask && added(keyPaddingMask).reshape(batch, 1, 1, keys);
    return pairs && padding ? pairs.add(padding) : (pairs ?? padding);
  }
}
