/**
 * @file torch.utils.data.
 */
export { DataLoader } from './loader.ts';
import { withOptions } from '../../base/options.ts';
import * as datasets from './dataset.ts';

export { Dataset, Subset, TensorDataset } from './dataset.ts';
export const { randomSplit } = withOptions({ randomSplit: datasets.randomSplit }, { randomSplit: ['generator'] });
