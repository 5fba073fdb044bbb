/**
 * @file torch.nn.functional: operations with their parameters as arguments, and which options each knows by name.
 */
import { withOptions } from '../base/options.ts';
import * as activations from './functional/activation.ts';
import * as attention from './functional/attention.ts';
import * as affine from './functional/linear.ts';
import * as losses from './functional/loss.ts';
import * as normalizations from './functional/normalization.ts';
import * as quantized from './functional/quantized.ts';
import * as resizing from './functional/resize.ts';
import * as windows from './functional/unfold.ts';
import { called as combinations } from './ops/combine.ts';
import * as indexing from './ops/indexing.ts';
import { functional as softmaxes } from './ops/softmax.ts';

export type * from './functional/activation.ts';
export type * from './functional/loss.ts';
export type * from './functional/normalization.ts';
export type { AdaptiveSize } from './functional/pool.ts';
export type { Pair, Single } from './signature.ts';
export type * from './functional/quantized.ts';
export type * from './functional/resize.ts';
export type * from './functional/unfold.ts';

export const {
  celu, dropout, dropout2d, elu, gelu, glu, hardshrink, hardsigmoid, hardswish, hardtanh, leakyRelu, logsigmoid, mish, prelu, relu, relu6, selu,
  sigmoid, silu, softplus, softshrink, softsign, tanh, tanhshrink, threshold,
} = withOptions(activations, { gelu: ['approximate'] });

export const { scaledDotProductAttention } = withOptions(attention, { scaledDotProductAttention: ['attnMask', 'dropoutP', 'isCausal', 'scale'] });

export { conv1d, conv2d, convTranspose1d, convTranspose2d } from './functional/conv.ts';

export const { linear } = withOptions(affine);

const reduction = ['reduction'];
const ofClasses = [...reduction, 'weight', 'ignoreIndex'];
export const {
  binaryCrossEntropy, binaryCrossEntropyWithLogits, cosineEmbeddingLoss, crossEntropy, hingeEmbeddingLoss, huberLoss, klDiv, l1Loss,
  marginRankingLoss, mseLoss, nllLoss, smoothL1Loss, softMarginLoss, tripletMarginLoss,
} = withOptions(losses, {
  binaryCrossEntropy: [...reduction, 'weight'],
  binaryCrossEntropyWithLogits: [...reduction, 'weight', 'posWeight'],
  cosineEmbeddingLoss: [...reduction, 'margin'],
  crossEntropy: [...ofClasses, 'labelSmoothing'],
  hingeEmbeddingLoss: [...reduction, 'margin'],
  huberLoss: [...reduction, 'delta'],
  klDiv: [...reduction, 'logTarget'],
  l1Loss: reduction,
  marginRankingLoss: [...reduction, 'margin'],
  mseLoss: reduction,
  nllLoss: ofClasses,
  smoothL1Loss: [...reduction, 'beta'],
  softMarginLoss: reduction,
  tripletMarginLoss: [...reduction, 'margin', 'p', 'eps'],
});
export { binaryCrossEntropyWithLogits as bceWithLogits };

export const { batchNorm, cosineSimilarity, groupNorm, instanceNorm, layerNorm, normalize, pairwiseDistance } = withOptions(normalizations, {
  batchNorm: ['weight', 'bias', 'training', 'momentum', 'eps'],
  cosineSimilarity: ['dim', 'eps'],
  instanceNorm: ['weight', 'bias', 'eps'],
  normalize: ['p', 'dim', 'eps'],
  pairwiseDistance: ['p', 'eps', 'keepdim'],
});

export { adaptiveAvgPool2d, adaptiveMaxPool2d, avgPool1d, avgPool2d, maxPool1d, maxPool2d } from './functional/pool.ts';

const levels = ['inputScale', 'inputZeroPoint', 'weightScale', 'weightZeroPoint', 'scale', 'zeroPoint'];
export const { quantizedConv2d, quantizedLinear } = withOptions(quantized, { quantizedConv2d: [...levels, 'stride', 'padding', 'dilation', 'groups'], quantizedLinear: levels });

export const { interpolate, pixelShuffle, pixelUnshuffle } = withOptions(resizing, { interpolate: ['size', 'scaleFactor', 'mode', 'alignCorners'] });

const window = ['dilation', 'padding', 'stride'];
export const { fold, unfold } = withOptions(windows, { fold: window, unfold: window });

export const { embedding, oneHot } = withOptions(indexing, { embedding: ['paddingIdx'] });
export const { logSoftmax, softmax, softmin } = softmaxes;
export const { pad } = combinations;
