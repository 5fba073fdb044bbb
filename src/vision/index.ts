/**
 * @file What a program imports as `vision`: models, data sets and images, as torchvision has them.
 */
import { knowModules } from '../torch/nn/library-modules.ts';
import * as models from './models.ts';

export * as datasets from './datasets.ts';
export * as io from './io.ts';
export { models };

knowModules(models);
