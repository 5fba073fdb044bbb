/**
 * @file nn.TransformerEncoderLayer, nn.TransformerEncoder (Vaswani and others, NeurIPS 2017): attention of a sequence to itself, then
 * two linear layers, each added to what it was given. Fields have PyTorch's names, since they are the keys of the state dict.
 */
import { fail } from '../../base/errors.ts';
import * as F from '../functional.ts';
import { defaultGenerator } from '../random.ts';
import type { Tensor } from '../tensor.ts';
import { Layer, atLeastOne, named, python } from './arguments.ts';
import { MultiheadAttention } from './attention.ts';
import { ModuleList } from './containers.ts';
import { Dropout } from './dropout.ts';
import { Linear } from './linear.ts';
import { LayerNorm } from './normalization.ts';

export interface TransformerEncoderLayerOptions {
  readonly dModel: number;
  readonly nhead: number;
  /** Features between the two linear layers. */
  readonly dimFeedforward?: number;
  readonly dropout?: number;
  readonly activation?: 'relu' | 'gelu';
  readonly layerNormEps?: number;
  /** Sequences are [N, L, dModel] rather than PyTorch's older [L, N, dModel]. */
  readonly batchFirst?: boolean;
  /** Normalises what goes into each half rather than what comes out. */
  readonly normFirst?: boolean;
}

const names = ['dModel', 'nhead', 'dimFeedforward', 'dropout', 'activation', 'layerNormEps', 'batchFirst', 'normFirst'] as const;

export interface EncoderCall {
  /** [L, L] or [N·heads, L, L]: true for what may not be looked at, or numbers that are added. */
  readonly srcMask?: Tensor | null;
  /** [N, L], true for places that nobody may look at. */
  readonly srcKeyPaddingMask?: Tensor | null;
}

type Given = [options: TransformerEncoderLayerOptions] | [dModel: number, nhead: number, options?: Omit<TransformerEncoderLayerOptions, 'dModel' | 'nhead'>] | [dModel: number, nhead: number, dimFeedforward: number, dropout?: number];

/** `new nn.TransformerEncoderLayer(64, 4, { batchFirst: true })` of [N, L, 64]. */
export class TransformerEncoderLayer extends Layer<[src: Tensor, call?: EncoderCall], Tensor> {
  static readonly python: string = 'nn.TransformerEncoderLayer';
  readonly options: Required<TransformerEncoderLayerOptions>;
  self_attn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  norm1: LayerNorm;
  norm2: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;

  constructor(...given: Given) {
    super();
    const what = 'TransformerEncoderLayer';
    const { dModel = NaN, nhead = NaN, dimFeedforward = 2048, dropout = 0.1, activation = 'relu', layerNormEps: eps = 1e-5, batchFirst = false, normFirst = false } = named<TransformerEncoderLayerOptions>(what, names, given);
    atLeastOne(what, { dModel, nhead, dimFeedforward });
    if (activation !== 'relu' && activation !== 'gelu') fail(`${what}: unknown activation '${String(activation)}'; known are 'relu' and 'gelu'`);
    this.options = { dModel, nhead, dimFeedforward, dropout, activation, layerNormEps: eps, batchFirst, normFirst };
    this.self_attn = new MultiheadAttention(dModel, nhead, { dropout, batchFirst });
    this.linear1 = new Linear(dModel, dimFeedforward);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel);
    this.norm1 = new LayerNorm(dModel, { eps });
    this.norm2 = new LayerNorm(dModel, { eps });
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
  }

  override forward(src: Tensor, call: EncoderCall = {}): Tensor {
    const { srcMask, srcKeyPaddingMask } = named<EncoderCall>('TransformerEncoderLayer', ['srcMask', 'srcKeyPaddingMask'], [call]);
    const attend = (x: Tensor): Tensor => this.dropout1(this.self_attn(x, x, x, { attnMask: srcMask, keyPaddingMask: srcKeyPaddingMask, needWeights: false })[0]);
    const think = (x: Tensor): Tensor => this.dropout2(this.linear2(this.dropout(F[this.options.activation](this.linear1(x)))));
    if (this.options.normFirst) {
      const x = src.add(attend(this.norm1(src)));
      return x.add(think(this.norm2(x)));
    }
    const x = this.norm1(src.add(attend(src)));
    return this.norm2(x.add(think(x)));
  }

  protected override constructorArguments(): string {
    const { dModel, nhead, dimFeedforward, dropout, activation, layerNormEps, batchFirst, normFirst } = this.options;
    return `${dModel}, ${nhead}, ${dimFeedforward}, ${python(dropout)}, ${python(activation)}, ${python(layerNormEps)}, ${python(batchFirst)}, ${python(normFirst)}`;
  }

  protected override writtenArguments([src, call = {}]: [src: Tensor, call?: EncoderCall]): readonly unknown[] {
    return [src, call];
  }
}

/** The layer `numLayers` times, each a copy that begins with the same values: `new nn.TransformerEncoder(layer, 6)`. */
export class TransformerEncoder extends Layer<[src: Tensor, call?: { readonly mask?: Tensor | null; readonly srcKeyPaddingMask?: Tensor | null }], Tensor> {
  layers: ModuleList;
  norm: LayerNorm | null;

  constructor(encoderLayer: TransformerEncoderLayer, ...given: [numLayers: number, norm?: LayerNorm | null] | [options: { numLayers: number; norm?: LayerNorm | null }]) {
    super();
    const { numLayers = NaN, norm = null } = named<{ numLayers: number; norm: LayerNorm | null }>('TransformerEncoder', ['numLayers', 'norm'], given);
    if (!(encoderLayer instanceof TransformerEncoderLayer)) fail('TransformerEncoder: the first argument is no nn.TransformerEncoderLayer; make one, and it is copied');
    atLeastOne('TransformerEncoder', { numLayers });
    this.layers = new ModuleList(Array.from({ length: numLayers }, () => copyOf(encoderLayer)));
    this.norm = norm;
  }

  override forward(src: Tensor, call: { readonly mask?: Tensor | null; readonly srcKeyPaddingMask?: Tensor | null } = {}): Tensor {
    const { mask, srcKeyPaddingMask } = named<{ mask?: Tensor | null; srcKeyPaddingMask?: Tensor | null }>('TransformerEncoder', ['mask', 'srcKeyPaddingMask'], [call]);
    const y = this.layers.children().reduce<Tensor>((x, layer) => layer(x, { srcMask: mask, srcKeyPaddingMask }) as Tensor, src);
    return this.norm ? this.norm(y) : y;
  }
}

/** Another layer of the same values; no random number is spent on it. */
function copyOf(layer: TransformerEncoderLayer): TransformerEncoderLayer {
  const state = defaultGenerator.getState();
  const copy = new TransformerEncoderLayer(layer.options);
  defaultGenerator.setState(state);
  copy.loadStateDict(layer.stateDict());
  return copy;
}
