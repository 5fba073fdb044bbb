/**
 * @file The public API's namespaces.
 */
export * as torch from './torch.ts';
export * as nn from './nn/index.ts';
export * as F from './functional.ts';
export * as optim from './optim/index.ts';
export * as dnn from './dnn.ts';
