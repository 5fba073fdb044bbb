/**
 * @file The operations in the torch namespace: all that these files export.
 */
export type { Dims } from './signature.ts';

export * from './ops/arrange.ts';
export * from './ops/combine.ts';
export * from './ops/compare.ts';
export * from './ops/distance.ts';
export * from './ops/einsum.ts';
export * from './ops/indexing.ts';
export * from './ops/lookup.ts';
export * from './ops/matmul.ts';
export * from './ops/pointwise.ts';
export * from './ops/products.ts';
export * from './ops/quantization.ts';
export * from './ops/reduce.ts';
export * from './ops/scatter.ts';
export * from './ops/second-names.ts';
export * from './ops/shape.ts';
export * from './ops/softmax.ts';
export * from './ops/sort.ts';
export * from './ops/statistics.ts';
export * from './ops/turns.ts';
export * from './ops/unary.ts';
export * from './ops/views.ts';
