/**
 * @file What a program imports as `vision`: models and data sets, as torchvision has them.
 */
export * as datasets from './datasets.ts';
export * as models from './models.ts';
