/**
 * @file nn.init: first values of parameters, with PyTorch's formulas and numbers. Each returns a new tensor on the cpu.
 */
import { normal, uniform } from '../../base/random.ts';
import type { Shape } from '../../base/shape.ts';
import { sizeOf } from '../../base/shape.ts';
import { fromHost } from '../creation.ts';
import { defaultGenerator } from '../random.ts';
import type { Tensor } from '../tensor.ts';

/** Uniform on [from, to). */
export const uniformTensor = (shape: Shape, from: number, to: number): Tensor => fromHost(uniform(defaultGenerator, sizeOf(shape), from, to), shape, 'float32');

/** Normal with the given mean and standard deviation. */
export const normalTensor = (shape: Shape, mean: number, std: number): Tensor => fromHost(normal(defaultGenerator, sizeOf(shape), mean, std), shape, 'float32');

/** Inputs that each output of a weight [out, in, ...window] sums over. */
export const fanIn = (shape: Shape): number => sizeOf(shape.slice(1));

/** The default of Linear and Conv layers: kaiming_uniform_ with a = √5, whose bound is √3 · √(2 / (1 + 5)) / √fan_in. */
export function defaultWeight(shape: Shape): Tensor {
  const gain = Math.sqrt(2 / (1 + Math.sqrt(5) ** 2));
  const bound = Math.sqrt(3) * (gain / Math.sqrt(fanIn(shape)));
  return uniformTensor(shape, -bound, bound);
}

/** The default bias: uniform within ±1/√fan_in of the weight. */
export function defaultBias(size: number, weightShape: Shape): Tensor {
  const bound = 1 / Math.sqrt(fanIn(weightShape));
  return uniformTensor([size], -bound, bound);
}
