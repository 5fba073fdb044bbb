/**
 * @file The layers that PyTorch has too.
 */
export * from './activation.ts';
export { MultiheadAttention } from './attention.ts';
export * from './cells.ts';
export * from './containers.ts';
export { Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d } from './conv.ts';
export * from './distance.ts';
export * from './dropout.ts';
export { Embedding } from './embedding.ts';
export * from './linear.ts';
export * from './loss.ts';
export {
  BatchNorm1d,
  BatchNorm2d,
  GroupNorm,
  InstanceNorm2d,
  LayerNorm,
  LocalResponseNorm,
  RMSNorm,
} from './normalization.ts';
export * from './padding.ts';
export * from './parameters.ts';
export * from './planes.ts';
export {
  AdaptiveAvgPool1d,
  AdaptiveAvgPool2d,
  AdaptiveMaxPool1d,
  AdaptiveMaxPool2d,
  AvgPool1d,
  AvgPool2d,
  MaxPool1d,
  MaxPool2d,
  PixelShuffle,
  Upsample,
} from './pool.ts';
export { GRU, LSTM, RNN } from './recurrent.ts';
export { TransformerEncoder, TransformerEncoderLayer } from './transformer.ts';
