/**
 * @file Matrix products for the regret: the forms that networks have. Layers for one input and for batches of them,
 * their gradients, batches of small matrices, and results so small or so thin that most of a block would be for
 * nothing.
 */
import type { GemmOptions } from '../../src/dnn/gemm/descriptor.ts';
import { gemmDescriptor, transposed } from '../../src/dnn/gemm/descriptor.ts';
import { gemmProblem } from '../../src/dnn/gemm/problem.ts';
import type { Problem } from '../../src/dnn/problem.ts';

const product = (M: number, N: number, K: number, options: GemmOptions = {}): Problem =>
  gemmProblem(gemmDescriptor(M, N, K, options));

/** x·Wᵀ: a layer keeps its weight as outputs×inputs. */
const layer = (batch: number, inputs: number, outputs: number): Problem =>
  product(batch, outputs, inputs, { b: transposed(inputs) });

/** dyᵀ·x, the gradient of that weight: sums over the batch. */
const weightGradient = (batch: number, inputs: number, outputs: number): Problem =>
  product(outputs, inputs, batch, { a: transposed(outputs) });

const batched = (count: number, M: number, N: number, K: number): Problem => product(M, N, K, { inner: count });

export const products = (): Problem[] => [
  // One input: a row times a matrix, and a matrix times a column.
  layer(1, 512, 1000),
  layer(1, 4096, 1000),
  product(1, 1024, 1024),
  product(1, 4096, 256),
  product(1000, 1, 512),
  product(4096, 1, 1024),
  // A few inputs, and a batch of them.
  layer(8, 512, 1000),
  layer(16, 256, 120),
  layer(64, 784, 128),
  layer(128, 128, 10),
  layer(196, 192, 192),
  layer(64, 192, 768),
  product(64, 64, 64),
  product(128, 128, 128),
  product(200, 200, 200),
  product(256, 256, 256),
  // Tall and thin, and wide and flat: the 1×1 convolutions of early stages.
  product(3136, 64, 64),
  product(12544, 16, 32),
  product(64, 3136, 64),
  product(8, 4096, 64),
  product(4096, 8, 64),
  product(512, 512, 8),
  product(256, 1024, 1),
  // Long sums for small results.
  product(1, 1, 65536),
  product(16, 16, 8192),
  product(32, 48, 4096),
  product(64, 64, 2048),
  weightGradient(128, 784, 10),
  weightGradient(1024, 64, 64),
  weightGradient(3136, 64, 32),
  // Batches: the heads of an attention, and one small matrix for each of many images.
  batched(12, 49, 49, 32),
  batched(48, 49, 32, 49),
  batched(8, 128, 64, 128),
  batched(256, 16, 16, 16),
  batched(1024, 4, 4, 4),
  batched(36, 16, 256, 32),
];
