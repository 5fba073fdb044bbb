/**
 * @file torch.nn: modules by PyTorch's names.
 */
export { ReLU } from './activation.ts';
export { ModuleList, Sequential } from './containers.ts';
export { Conv2d } from './conv.ts';
export { Flatten, Linear } from './linear.ts';
export { Module, Parameter } from './module.ts';
export { AvgPool2d, MaxPool2d } from './pool.ts';
