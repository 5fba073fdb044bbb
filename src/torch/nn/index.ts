/**
 * @file torch.nn: modules by PyTorch's names, with `attention`, `init` and `utils`.
 */
import { withOptions } from '../../base/options.ts';
import * as initialisations from './init.ts';
import * as gradients from './utils.ts';

export * from './activation.ts';
export { MultiheadAttention } from './attention.ts';
export * as attention from './attention-backends.ts';
export * from './containers.ts';
export { Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d } from './conv.ts';
export * from './dropout.ts';
export { Embedding } from './embedding.ts';
export * from './linear.ts';
export * as functional from '../functional.ts';
export * from './loss.ts';
export { Module, Parameter } from './module.ts';
export { BatchNorm1d, BatchNorm2d, GroupNorm, InstanceNorm2d, LayerNorm } from './normalization.ts';
export * from './planes.ts';
export { AdaptiveAvgPool2d, AdaptiveMaxPool2d, AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d, PixelShuffle, Upsample } from './pool.ts';
export { GRU, LSTM, RNN } from './recurrent.ts';
export { TransformerEncoder, TransformerEncoderLayer } from './transformer.ts';

const generator = ['generator'];
const kaiming = [...generator, 'a', 'mode', 'nonlinearity'];
export const init = withOptions(initialisations, {
  uniform_: generator, normal_: generator, xavierUniform_: generator, xavierNormal_: generator, kaimingUniform_: kaiming, kaimingNormal_: kaiming,
  truncNormal_: generator, orthogonal_: generator,
});
export const utils = withOptions(gradients, { clipGradNorm_: ['normType'] });
