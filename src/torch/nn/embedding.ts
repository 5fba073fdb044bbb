/**
 * @file nn.Embedding: a table of vectors that are looked up by number.
 */
import { fail } from '../../base/errors.ts';
import * as F from '../functional.ts';
import { fromHost, made } from '../creation.ts';
import type { Tensor } from '../tensor.ts';
import { Layer, atLeastOne, named } from './arguments.ts';
import { normal_ } from './init.ts';
import { Parameter } from './module.ts';

export interface EmbeddingLayerOptions {
  /** The row of this number is 0 at first and gets no gradient. */
  readonly paddingIdx?: number;
}

/** Numbers [...] to vectors [..., embeddingDim]: `new nn.Embedding(1000, 64)`. */
export class Embedding extends Layer<[Tensor], Tensor> {
  static readonly python: string = 'nn.Embedding';
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx: number | undefined;
  weight: Parameter;

  constructor(numEmbeddings: number, embeddingDim: number, ...given: [options?: EmbeddingLayerOptions] | [paddingIdx: number]) {
    super();
    atLeastOne('Embedding', { numEmbeddings, embeddingDim });
    const { paddingIdx } = named<EmbeddingLayerOptions>('Embedding', ['paddingIdx'], given);
    if (paddingIdx !== undefined && (paddingIdx < -numEmbeddings || paddingIdx >= numEmbeddings)) fail(`Embedding: paddingIdx ${paddingIdx} is out of range; there are ${numEmbeddings} rows`);
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = paddingIdx !== undefined && paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
    const shape = [numEmbeddings, embeddingDim];
    const weight = made('Embedding', shape, 'float32', () => normal_(fromHost(new Float32Array(numEmbeddings * embeddingDim), shape, 'float32')));
    if (this.paddingIdx !== undefined) weight.node.value!.host!.fill(0, this.paddingIdx * embeddingDim, (this.paddingIdx + 1) * embeddingDim);
    this.weight = new Parameter(weight);
  }

  override forward(index: Tensor): Tensor {
    return F.embedding(index, this.weight, this.paddingIdx === undefined ? {} : { paddingIdx: this.paddingIdx });
  }

  override extraRepr(): string {
    return `${this.numEmbeddings}, ${this.embeddingDim}${this.paddingIdx === undefined ? '' : `, padding_idx=${this.paddingIdx}`}`;
  }
}
