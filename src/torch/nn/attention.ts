/**
 * @file nn.MultiheadAttention. Fields that hold state have PyTorch's names, since they are the keys of the state dict.
 */
import { fail } from '../../base/errors.ts';
import { checkOptions } from '../../base/options.ts';
import * as F from '../functional.ts';
import { attentionWeights } from '../functional/attention.ts';
import { fromHost } from '../creation.ts';
import { where } from '../ops/compare.ts';
import type { Tensor } from '../tensor.ts';
import { Layer, atLeastOne, float, python } from './arguments.ts';
import { xavierUniform_, zeros_ } from './init.ts';
import { Linear } from './linear.ts';
import { Parameter, registerLayers } from './module.ts';

export interface MultiheadAttentionOptions {
  /** Drops attention weights while training. */
  readonly dropout?: number;
  readonly bias?: boolean;
  /** Sequences are [N, L, E] rather than PyTorch's older [L, N, E]. */
  readonly batchFirst?: boolean;
}

export interface AttentionCall {
  /** [N, S], true for keys that nobody may look at. */
  readonly keyPaddingMask?: Tensor | null;
  /** [L, S] or [N·heads, L, S]: true for what may not be looked at, or numbers that are added. */
  readonly attnMask?: Tensor | null;
  /** Whether the attention weights are returned too. */
  readonly needWeights?: boolean;
  /** Returns the mean over the heads rather than each head's weights. */
  readonly averageAttnWeights?: boolean;
}

/** The output's layer under the name by which PyTorch prints it. */
class NonDynamicallyQuantizableLinear extends Linear {
  static override readonly python: string = 'nn.Linear';
}
registerLayers({ NonDynamicallyQuantizableLinear });

/** Attention by several heads side by side: `const [y, weights] = attention(query, key, value)`. */
export class MultiheadAttention extends Layer<[query: Tensor, key: Tensor, value: Tensor, options?: AttentionCall], [output: Tensor, weights: Tensor | null]> {
  static readonly python: string = 'nn.MultiheadAttention';
  readonly embedDim: number;
  readonly numHeads: number;
  readonly dropout: number;
  readonly batchFirst: boolean;
  in_proj_weight: Parameter;
  in_proj_bias: Parameter | null;
  out_proj: Linear;

  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions = {}) {
    super();
    checkOptions('MultiheadAttention', options, ['dropout', 'bias', 'batchFirst']);
    const { dropout = 0, bias = true, batchFirst = false } = options;
    atLeastOne('MultiheadAttention', { embedDim, numHeads });
    if (embedDim % numHeads !== 0) fail(`MultiheadAttention: embedDim ${embedDim} does not divide into ${numHeads} heads`);
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.dropout = dropout;
    this.batchFirst = batchFirst;
    const stacked = fromHost(new Float32Array(3 * embedDim * embedDim), [3 * embedDim, embedDim], 'float32');
    // PyTorch draws the output's weight first.
    const out = new NonDynamicallyQuantizableLinear(embedDim, embedDim, { bias });
    this.in_proj_weight = new Parameter(xavierUniform_(stacked));
    this.in_proj_bias = bias ? new Parameter(fromHost(new Float32Array(3 * embedDim), [3 * embedDim], 'float32')) : null;
    this.out_proj = out;
    if (out.bias) zeros_(out.bias);
  }

  override forward(query: Tensor, key: Tensor, value: Tensor, options: AttentionCall = {}): [Tensor, Tensor | null] {
    checkOptions('MultiheadAttention', options, ['keyPaddingMask', 'attnMask', 'needWeights', 'averageAttnWeights']);
    if (query.ndim !== 3) fail(`MultiheadAttention: the query has shape ${query.shape}; expected ${this.batchFirst ? '[N, L, E]' : '[L, N, E]'}`);
    const inBatches = (t: Tensor): Tensor => (this.batchFirst ? t : t.transpose(0, 1));
    const [q, k, v] = [query, key, value].map((t, part) => this.heads(this.projected(inBatches(t), part)));
    const { needWeights = true, averageAttnWeights = true } = options;
    const attnMask = this.mask(options, q, k);
    const joined = (heads: Tensor): Tensor => inBatches(this.out_proj(heads.transpose(1, 2).flatten(2)));
    if (!needWeights) return [joined(F.scaledDotProductAttention(q, k, v, { attnMask, dropoutP: this.training ? this.dropout : 0 })), null];
    const weights = F.dropout(attentionWeights(q, k, { attnMask }), this.dropout, this.training);
    return [joined(weights.matmul(v)), averageAttnWeights ? weights.mean(1) : weights];
  }

  protected override constructorArguments(): string {
    return `${this.embedDim}, ${this.numHeads}, dropout=${float(this.dropout)}, bias=${python(this.in_proj_bias !== null)}, batch_first=${python(this.batchFirst)}`;
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
  private mask({ attnMask, keyPaddingMask }: AttentionCall, q: Tensor, k: Tensor): Tensor | null {
    const [batch, heads, length] = q.shape;
    const keys = k.shape[2];
    const added = (t: Tensor): Tensor => (t.dtype === 'bool' ? where(t, -Infinity, 0) : t).to(q.dtype);
    const given = attnMask && added(attnMask);
    const pairs = given?.ndim === 3 ? given.reshape(batch, heads, length, keys) : given;
    const padding = keyPaddingMask && added(keyPaddingMask).reshape(batch, 1, 1, keys);
    return pairs && padding ? pairs.add(padding) : (pairs ?? padding ?? null);
  }
}
