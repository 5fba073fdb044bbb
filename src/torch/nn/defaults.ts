/**
 * @file The first values that layers give their weights and biases, as PyTorch does.
 */
import type { Shape } from '../../base/shape.ts';
import { sizeOf } from '../../base/shape.ts';
import { fromHost, allocate } from '../creation.ts';
import type { Tensor } from '../tensor.ts';
import { kaimingUniform_, uniform_ } from './init.ts';

/** The default of Linear and Conv layers: kaimingUniform_ with a = √5. */
export function defaultWeight(shape: Shape): Tensor {
  return allocate('a weight', shape, 'float32', () =>
    kaimingUniform_(fromHost(new Float32Array(sizeOf(shape)), shape, 'float32'), { a: Math.sqrt(5) }),
  );
}

/** The default bias: uniform within ±1/√fan_in of the weight. */
export function defaultBias(size: number, weightShape: Shape): Tensor {
  const bound = 1 / Math.sqrt(sizeOf(weightShape.slice(1)));
  return uniform_(fromHost(new Float32Array(size), [size], 'float32'), -bound, bound);
}
