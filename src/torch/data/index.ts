/**
 * @file torch.utils.data.
 */
export { DataLoader } from './loader.ts';
export { Dataset, Subset, TensorDataset, randomSplit } from './dataset.ts';
