/**
 * @file Tensors in the likeness of others, and numbers in a row: zerosLike, randLike, linspace, eye.
 */
import { encode, isFloat } from '../base/dtype.ts';
import { fail } from '../base/errors.ts';
import type { RandomOptions, TensorOptions } from './creation.ts';
import { fromHost, full, made, rand, randint, randn, zeros } from './creation.ts';
import { inOwnMemory } from './memory.ts';
import type { Tensor } from './tensor.ts';

/** The other tensor's dtype and device, unless the options say otherwise. */
const like = <O extends TensorOptions>(other: Tensor, options: O): O => ({ dtype: other.dtype, device: other.device, ...options });

/** Every element is `value`, in the shape, dtype, device and order of dimensions in memory of another tensor. */
export const fullLike = (other: Tensor, value: number | boolean, options: TensorOptions = {}): Tensor => {
  const tensor = full(other.shape, value, like(other, options));
  tensor.setNode(inOwnMemory(tensor.node, other.node));
  return tensor;
};
export const zerosLike = (other: Tensor, options: TensorOptions = {}): Tensor => fullLike(other, 0, options);
export const onesLike = (other: Tensor, options: TensorOptions = {}): Tensor => fullLike(other, 1, options);
/** PyTorch leaves these elements undefined; here they are 0. */
export const emptyLike = zerosLike;
/** PyTorch leaves these elements undefined; here they are 0. */
export const empty = zeros;
/** Uniform on [0, 1). */
export const randLike = (other: Tensor, options: RandomOptions = {}): Tensor => rand(other.shape, like(other, options));
/** Standard normal. */
export const randnLike = (other: Tensor, options: RandomOptions = {}): Tensor => randn(other.shape, like(other, options));
/** Whole numbers from `low` up to, not including, `high`, in the tensor's dtype. */
export const randintLike = (other: Tensor, low: number, high: number, options: RandomOptions = {}): Tensor => randint(low, high, other.shape, like(other, options));

/** `steps` numbers from `start` to `end`, both included; float32. Computed from both ends in float32, as PyTorch does. */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  if (!Number.isInteger(steps) || steps < 0) fail(`linspace: ${steps} steps; give a whole number from 0`);
  const dtype = options.dtype ?? 'float32';
  const round = isFloat(dtype) ? Math.fround : (v: number): number => v;
  const step = steps > 1 ? round((end - start) / (steps - 1)) : 0;
  const at = (i: number): number => (i < Math.floor(steps / 2) || steps === 1 ? start + step * i : end - step * (steps - 1 - i));
  return fromHost(made('linspace', [steps], dtype, () => encode(dtype, Float64Array.from({ length: steps }, (_, i) => at(i)))), [steps], dtype, options);
}

/** Ones on the diagonal, zeros elsewhere: [n, m], square unless m is given. */
export function eye(n: number, ...rest: [options?: TensorOptions] | [m: number, options?: TensorOptions]): Tensor {
  const m = typeof rest[0] === 'number' ? rest[0] : n;
  const options = (typeof rest.at(-1) === 'object' ? rest.at(-1) : {}) as TensorOptions;
  for (const size of [n, m]) if (!Number.isInteger(size) || size < 0) fail(`eye: size ${size} is not a whole number from 0`);
  const dtype = options.dtype ?? 'float32';
  return fromHost(made('eye', [n, m], dtype, () => {
    const values = new Float64Array(n * m);
    for (let i = 0; i < Math.min(n, m); i++) values[i * m + i] = 1;
    return encode(dtype, values);
  }), [n, m], dtype, options);
}
