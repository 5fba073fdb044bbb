/**
 * @file nn.TransformerEncoderLayer, nn.TransformerEncoder (Vaswani and others, NeurIPS 2017): attention of a sequence
 * to itself, then two linear layers, each added to what it was given. Fields have PyTorch's names, since they are the
 * keys of the state dict.
 */
import * as F from '../functional.ts';
import { defaultGenerator } from '../random.ts';
import { noPython } from '../python-call.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { atLeastOne } from './checks.ts';
import { MultiheadAttention } from './attention.ts';
import { ModuleList } from './containers.ts';
import { Dropout } from './dropout.ts';
import { again, layer, placement } from './layer.ts';
import { Linear } from './linear.ts';
import { Module } from './module.ts';
import { LayerNorm } from './normalization.ts';

const activations = { relu: F.relu, gelu: F.gelu } as const;
type Activation = keyof typeof activations | ((x: Tensor) => Tensor);

const isName = (v: unknown): v is keyof typeof activations => typeof v === 'string' && Object.hasOwn(activations, v);
const activation = p.kind<Activation>(
  "'relu', 'gelu' or a function",
  'one of them',
  (v) => isName(v) || typeof v === 'function',
  {
    python: (value) =>
      isName(value)
        ? value
        : (Object.keys(activations).find((name) => activations[name as keyof typeof activations] === value) ??
          noPython),
  },
);

export interface EncoderCall {
  /** [L, L] or [N·heads, L, L]: true for what may not be looked at, or numbers that are added. */
  readonly srcMask?: Tensor | null;
  /** [N, L], true for places that nobody may look at. */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** Says of the mask that it is causal, as a hint for kernels; the mask itself is needed. */
  readonly isCausal?: boolean;
}

type LayerInputs =
  | [src: Tensor, options?: EncoderCall]
  | [
      src: Tensor,
      srcMask: Tensor | null,
      srcKeyPaddingMask?: Tensor | null | Omit<EncoderCall, 'srcMask'>,
      isCausal?: boolean,
    ];

const layerCall = [
  p.tensor('src'),
  p.tensor('srcMask', null),
  p.tensor('srcKeyPaddingMask', null),
  p.flag('isCausal', false),
] as const;

/**
 * `new nn.TransformerEncoderLayer(64, 4, { batchFirst: true })` of [N, L, 64]. `normFirst` normalises what goes into
 * each half rather than what comes out.
 */
export class TransformerEncoderLayer extends layer(
  Module<LayerInputs, Tensor>,
  'nn.TransformerEncoderLayer',
  [
    p.int('dModel'),
    p.int('nhead'),
    p.int('dimFeedforward', 2048),
    p.float('dropout', 0.1),
    activation('activation', 'relu'),
    p.float('layerNormEps', 1e-5),
    p.flag('batchFirst', false),
    p.flag('normFirst', false),
    p.flag('bias', true),
    ...placement,
  ],
  (dModel, nhead, dimFeedforward, dropout, activation, eps, batchFirst, normFirst, bias) => {
    atLeastOne('TransformerEncoderLayer', { dModel, nhead, dimFeedforward });
    return {
      self_attn: new MultiheadAttention(dModel, nhead, { dropout, bias, batchFirst }),
      linear1: new Linear(dModel, dimFeedforward, bias),
      dropout: new Dropout(dropout),
      linear2: new Linear(dimFeedforward, dModel, bias),
      norm1: new LayerNorm(dModel, { eps, bias }),
      norm2: new LayerNorm(dModel, { eps, bias }),
      dropout1: new Dropout(dropout),
      dropout2: new Dropout(dropout),
      activation: isName(activation) ? activations[activation] : activation,
      normFirst,
    };
  },
  layerCall,
) {
  override forward(...inputs: LayerInputs): Tensor;
  override forward(src: Tensor, attnMask: Tensor | null, keyPaddingMask: Tensor | null, isCausal: boolean): Tensor {
    const attend = (x: Tensor): Tensor =>
      this.dropout1(this.self_attn(x, x, x, { attnMask, keyPaddingMask, needWeights: false, isCausal })[0]);
    const think = (x: Tensor): Tensor => this.dropout2(this.linear2(this.dropout(this.activation(this.linear1(x)))));
    if (this.normFirst) {
      const x = src.add(attend(this.norm1(src)));
      return x.add(think(this.norm2(x)));
    }
    const x = this.norm1(src.add(attend(src)));
    return this.norm2(x.add(think(x)));
  }
}

interface StackCall {
  readonly mask?: Tensor | null;
  readonly srcKeyPaddingMask?: Tensor | null;
  readonly isCausal?: boolean | null;
}

type StackInputs =
  | [src: Tensor, options?: StackCall]
  | [
      src: Tensor,
      mask: Tensor | null,
      srcKeyPaddingMask?: Tensor | null | Omit<StackCall, 'mask'>,
      isCausal?: boolean | null,
    ];

const stackCall = [
  p.tensor('src'),
  p.tensor('mask', null),
  p.tensor('srcKeyPaddingMask', null),
  p.flag('isCausal', null),
] as const;
const encoderLayer = p.kind<TransformerEncoderLayer>(
  'an nn.TransformerEncoderLayer',
  'one; layers of your own go into an nn.ModuleList',
  (v) => v instanceof TransformerEncoderLayer && v.constructor === TransformerEncoderLayer,
  { python: () => noPython },
);
const norm = p.kind<Module>('a module', 'a layer such as new nn.LayerNorm(64)', (v) => v instanceof Module);
/** Shortcuts of PyTorch's that change no number. */
const shortcuts = [p.flag('enableNestedTensor', true), p.flag('maskCheck', true)] as const;

/** The layer `numLayers` times, each a copy that begins with the same values: `new nn.TransformerEncoder(layer, 6)`. */
export class TransformerEncoder extends layer(
  Module<StackInputs, Tensor>,
  'nn.TransformerEncoder',
  [encoderLayer('encoderLayer'), p.int('numLayers'), norm('norm', null), ...shortcuts],
  (encoderLayer, numLayers, norm) => {
    atLeastOne('TransformerEncoder', { numLayers });
    return { layers: new ModuleList(Array.from({ length: numLayers }, () => copyOf(encoderLayer))), numLayers, norm };
  },
  stackCall,
) {
  override forward(...inputs: StackInputs): Tensor;
  override forward(
    src: Tensor,
    srcMask: Tensor | null,
    srcKeyPaddingMask: Tensor | null,
    isCausal: boolean | null,
  ): Tensor {
    const y = [...this.layers].reduce<Tensor>(
      (x, layer) => layer(x, { srcMask, srcKeyPaddingMask, isCausal: isCausal ?? false }) as Tensor,
      src,
    );
    return this.norm ? (this.norm(y) as Tensor) : y;
  }
}

/** Another layer of the same values; no random number is spent on it. */
function copyOf(layer: TransformerEncoderLayer): TransformerEncoderLayer {
  const state = defaultGenerator.getState();
  const copy = again(layer);
  defaultGenerator.setState(state);
  copy.loadStateDict(layer.stateDict());
  return copy;
}
