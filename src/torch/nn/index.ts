/**
 * @file torch.nn: modules by PyTorch's names, with `attention`, `init` and `utils`.
 */
import { withOptions } from '../../base/options.ts';
import * as layers from './layers.ts';
import * as initialisations from './init.ts';
import { registerLayers } from './layer.ts';
import * as gradients from './utils.ts';

export * from './layers.ts';
export * as attention from './attention-backends.ts';
export * as functional from '../functional.ts';
export { Module, Parameter } from './module.ts';

const generator = ['generator'];
const kaiming = [...generator, 'a', 'mode', 'nonlinearity'];
export const init = withOptions(initialisations, {
  uniform_: generator, normal_: generator, xavierUniform_: generator, xavierNormal_: generator, kaimingUniform_: kaiming, kaimingNormal_: kaiming,
  truncNormal_: generator, orthogonal_: generator,
});
export const utils = withOptions(gradients, { clipGradNorm_: ['normType'] });

registerLayers(layers);
