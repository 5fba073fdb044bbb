/**
 * @file torch.optim: optimizers by PyTorch's names, and `lrScheduler`.
 */
export { Adadelta } from './adadelta.ts';
export { Adafactor } from './adafactor.ts';
export { Adagrad } from './adagrad.ts';
export { Adam, AdamW } from './adam.ts';
export { Adamax, NAdam, RAdam } from './adam-kin.ts';
export { LBFGS } from './lbfgs.ts';
export * as lrScheduler from './lr-scheduler.ts';
export { Optimizer } from './optimizer.ts';
export { RMSprop } from './rmsprop.ts';
export { ASGD, Rprop } from './rprop.ts';
export { SGD } from './sgd.ts';
