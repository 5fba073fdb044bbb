/**
 * @file torch.nn.functional: operations with their parameters as arguments.
 */

export type { Reduction } from './functional/loss.ts';
export type { AdaptiveSize } from './functional/pool.ts';
export type { Pair, Single } from './signature.ts';

export {
  celu,
  dropout,
  dropout2d,
  elu,
  gelu,
  glu,
  hardshrink,
  hardsigmoid,
  hardswish,
  hardtanh,
  leakyRelu,
  logsigmoid,
  mish,
  prelu,
  relu,
  relu6,
  selu,
  silu,
  softplus,
  softshrink,
  softsign,
  tanhshrink,
  threshold,
} from './functional/activation.ts';
export { scaledDotProductAttention } from './functional/attention.ts';
export { conv1d, conv2d, convTranspose1d, convTranspose2d } from './functional/conv.ts';
export { linear } from './functional/linear.ts';
export {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  binaryCrossEntropyWithLogits as bceWithLogits,
  cosineEmbeddingLoss,
  crossEntropy,
  hingeEmbeddingLoss,
  huberLoss,
  klDiv,
  l1Loss,
  marginRankingLoss,
  mseLoss,
  nllLoss,
  smoothL1Loss,
  softMarginLoss,
  tripletMarginLoss,
} from './functional/loss.ts';
export {
  batchNorm,
  cosineSimilarity,
  groupNorm,
  instanceNorm,
  layerNorm,
  normalize,
  pairwiseDistance,
} from './functional/normalization.ts';
export { adaptiveAvgPool2d, adaptiveMaxPool2d, avgPool1d, avgPool2d, maxPool1d, maxPool2d } from './functional/pool.ts';
export { quantizedConv2d, quantizedLinear } from './functional/quantized.ts';
export { interpolate, pixelShuffle, pixelUnshuffle } from './functional/resize.ts';
export { logSoftmax, softmax, softmin } from './functional/softmax.ts';
export { fold, unfold } from './functional/unfold.ts';

export { sigmoid, tanh } from './ops/unary.ts';

export { embedding, oneHot } from './ops/indexing.ts';
export { pad } from './ops/combine.ts';
