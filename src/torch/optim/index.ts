/**
 * @file torch.optim.
 */
export { SGD } from './sgd.ts';
