/**
 * @file torch.optim.lr_scheduler: the learning rate as a function of the epoch (or step), or of what a program
 * measures.
 */
export type { SchedulerState } from './schedulers/base.ts';

export { LRScheduler } from './schedulers/base.ts';
export * from './schedulers/epochs.ts';
export { OneCycleLR } from './schedulers/one-cycle.ts';
export { CosineAnnealingWarmRestarts, CyclicLR } from './schedulers/periods.ts';
export { ReduceLROnPlateau } from './schedulers/plateau.ts';
export { ChainedScheduler, SequentialLR } from './schedulers/several.ts';
