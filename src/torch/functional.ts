/**
 * @file torch.nn.functional: operations with their parameters as arguments.
 */
import { called as combinations } from './ops/combine.ts';

export * from './functional/activation.ts';
export { scaledDotProductAttention } from './functional/attention.ts';
export * from './functional/conv.ts';
export * from './functional/linear.ts';
export * from './functional/loss.ts';
export * from './functional/normalization.ts';
export type { Pair, Single } from './functional/options.ts';
export * from './functional/pool.ts';
export * from './functional/quantized.ts';
export * from './functional/resize.ts';
export * from './functional/unfold.ts';
export { embedding, oneHot } from './ops/indexing.ts';
export { logSoftmax, softmax, softmin } from './ops/softmax.ts';

export const { pad } = combinations;
