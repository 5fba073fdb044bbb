/**
 * @file torch.nn: modules by PyTorch's names, with `attention`, `init` and `utils`.
 */
import * as layers from './layers.ts';
import { registerLayers } from './layer.ts';

export * from './layers.ts';
export * as attention from './attention-backends.ts';
export * as functional from '../functional.ts';
export * as init from './init.ts';
export { Module } from './module.ts';
export { Parameter } from './parameter.ts';
export * as utils from './utils.ts';

registerLayers(layers);
