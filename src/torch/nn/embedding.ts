/**
 * @file nn.Embedding: a table of vectors that are looked up by number.
 */
import { fail } from '../../base/errors.ts';
import * as F from '../functional.ts';
import { fromHost, allocate } from '../creation.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { atLeastOne } from './checks.ts';
import { Module } from './module.ts';
import { normal_ } from './init.ts';
import { layer, placement, settings } from './layer.ts';
import { Parameter } from './parameter.ts';

const lacking = [
  p.refused('maxNorm', null, 'scale the rows of the weight where you need to'),
  p.refused('normType', 2, 'it is for maxNorm, which is not here'),
  p.refused('scaleGradByFreq', false, 'scale the gradient of the weight'),
  p.refused('sparse', false, 'gradients are dense'),
  p.refused('_weight', null, 'copy the rows into the weight by embedding.weight.copy_(rows) within torch.noGrad()'),
  p.refused('_freeze', false, 'set embedding.weight.requiresGrad = false'),
] as const;

/**
 * Numbers [...] to vectors [..., embeddingDim]: `new nn.Embedding(1000, 64)`. The row `paddingIdx` is 0 at first and
 * gets no gradient.
 */
export class Embedding extends layer(
  Module<[Tensor], Tensor>,
  'nn.Embedding',
  [p.int('numEmbeddings'), p.int('embeddingDim'), p.int('paddingIdx', null), ...lacking, ...placement],
  (numEmbeddings, embeddingDim, paddingIdx) => {
    atLeastOne('Embedding', { numEmbeddings, embeddingDim });
    if (paddingIdx !== null && (paddingIdx < -numEmbeddings || paddingIdx >= numEmbeddings))
      fail(`Embedding: paddingIdx ${paddingIdx} is out of range; there are ${numEmbeddings} rows`);
    const padding = paddingIdx !== null && paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
    const shape = [numEmbeddings, embeddingDim];
    const weight = allocate('Embedding', shape, 'float32', () =>
      normal_(fromHost(new Float32Array(numEmbeddings * embeddingDim), shape, 'float32')),
    );
    if (padding !== null) weight.node.value!.host!.fill(0, padding * embeddingDim, (padding + 1) * embeddingDim);
    return { numEmbeddings, embeddingDim, paddingIdx: padding, weight: new Parameter(weight) };
  },
  [p.indices('input')],
) {
  override forward(index: Tensor): Tensor {
    return F.embedding(index, this.weight, this.paddingIdx === null ? {} : { paddingIdx: this.paddingIdx });
  }

  override extraRepr(): string {
    return settings(this, { unnamed: 2, changed: () => true });
  }
}
