/**
 * @file torch.utils.data.
 */
export { Dataset, Subset, TensorDataset, randomSplit } from './dataset.ts';
export { DataLoader } from './loader.ts';
