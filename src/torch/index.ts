/**
 * @file What a program imports from 'wudnn'.
 */
export * as torch from './torch.ts';
export * as nn from './nn/index.ts';
export * as F from './functional.ts';
export * as optim from './optim/index.ts';
export * as dnn from './dnn.ts';
