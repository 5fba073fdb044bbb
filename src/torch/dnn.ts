/**
 * @file The dnn namespace: cuDNN's functions of descriptors (src/dnn/api.ts), and those of tensors.
 */
export * from '../dnn/api.ts';
export * from './dnn/convolution.ts';
export type { ConvolutionAlgorithmNames } from './dnn/named.ts';
export { withConvolutionAlgorithm } from './dnn/named.ts';
