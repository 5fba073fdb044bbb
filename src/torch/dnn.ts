/**
 * @file The dnn namespace: cuDNN's functions of descriptors, and those of tensors.
 */
export type { ConvolutionOptions } from '../dnn/api.ts';
export * from './dnn/convolution.ts';
export { convolutionDescriptor } from './dnn/descriptor.ts';
export { convolutionTemplate, customConvolution } from './dnn/own.ts';
export * from './dnn/search.ts';
export type { Candidate } from '../dnn/choice/records.ts';
export type { ConvolutionAlgorithmNames } from './dnn/algorithm-names.ts';
export { withConvolutionAlgorithm } from './dnn/algorithm-names.ts';
