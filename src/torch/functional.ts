/**
 * @file torch.nn.functional: operations with their parameters as arguments, all that these files export.
 */
export type { AdaptiveSize } from './functional/options.ts';
export type { Reduction } from './functional/reduction.ts';
export type { Pair, Single } from './signature.ts';

export * from './functional/activation.ts';
export * from './functional/attention.ts';
export * from './functional/conv.ts';
export * from './functional/embedding.ts';
export * from './functional/likelihood.ts';
export * from './functional/linear.ts';
export * from './functional/loss.ts';
export * from './functional/normalization.ts';
export * from './functional/pad.ts';
export * from './functional/pool.ts';
export * from './functional/quantized.ts';
export * from './functional/resize.ts';
export * from './functional/softmax.ts';
export * from './functional/unfold.ts';

export { binaryCrossEntropyWithLogits as bceWithLogits } from './functional/loss.ts';
export { sigmoid, tanh } from './ops/unary.ts';
