/**
 * @file Making tensors: from data, of one value, of numbers in a row, of random numbers.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import { checkDType, dtypes, encode, isFloat } from '../base/dtype.ts';
import { fail } from '../base/errors.ts';
import { normal, randint as drawIntegers, randperm as drawPermutation, uniform, uniformHalf } from '../base/random.ts';
import type { Generator } from '../base/random.ts';
import type { Shape } from '../base/shape.ts';
import { withRoom } from '../base/room.ts';
import { checkShape, formatShape, sizeOf } from '../base/shape.ts';
import { full as fullNode } from '../graph/ops/full.ts';
import { leaf } from '../graph/record.ts';
import type { Device, DeviceType } from './device.ts';
import { device as deviceOf } from './device.ts';
import { defaultGenerator } from './random.ts';
import type { Nested } from './tensor.ts';
import { Tensor } from './tensor.ts';

export interface TensorOptions {
  readonly dtype?: DType;
  /** `cpu` unless given, as in PyTorch. */
  readonly device?: Device | DeviceType;
  readonly requiresGrad?: boolean;
}

export interface RandomOptions extends TensorOptions {
  /** Draws from this generator instead of the default one. */
  readonly generator?: Generator;
}

/** A new leaf that holds the given host array. */
export function fromHost(host: HostArray, shape: Shape, dtype: DType, options: TensorOptions = {}): Tensor {
  if (options.requiresGrad && !isFloat(dtype)) fail(`tensor: only floating tensors can require gradients, this one is ${dtype}`);
  return new Tensor(leaf({ shape, dtype }, deviceOf(options.device ?? 'cpu').type, host, options.requiresGrad));
}

/** Makes a tensor's elements on the host, or says that there is no room for them. */
export const made = <T>(what: string, shape: Shape, dtype: DType, body: () => T): T => {
  checkDType(what, dtype);
  return withRoom(what, shape, dtypes[dtype].hostBytes, 'use a smaller shape', body);
};

/**
 * A tensor of the numbers given, nested by dimension, or of a typed array (with `shape` for more than one dimension).
 * Whole numbers give int32 in a typed Int32Array only; in plain arrays numbers are float32, booleans bool.
 */
export function tensor(data: Nested | ArrayLike<number>, options: TensorOptions & { shape?: Shape } = {}): Tensor {
  if (options.dtype !== undefined) checkDType('tensor', options.dtype);
  if (ArrayBuffer.isView(data)) {
    const values = data as unknown as ArrayLike<number>;
    const dtype = options.dtype ?? dtypeOfView(data);
    return fromHost(encode(dtype, values), options.shape ?? [values.length], dtype, options);
  }
  const shape: number[] = [];
  for (let level = data as Nested; Array.isArray(level); level = (level as readonly Nested[])[0]) shape.push(level.length);
  const values: number[] = [];
  let bools = true;
  const walk = (level: Nested, dim: number): void => {
    if (Array.isArray(level)) {
      if (level.length !== shape[dim]) fail(`tensor: rows of ${shape[dim]} and ${level.length} elements at depth ${dim}; every row of a dimension has the same length`);
      for (const entry of level) walk(entry as Nested, dim + 1);
    } else if (dim !== shape.length) fail(`tensor: a number at depth ${dim} where a row of ${shape[dim]} is expected; every row of a dimension has the same length`);
    else if (typeof level !== 'number' && typeof level !== 'boolean') fail(`tensor: an element is ${typeof level}; elements are numbers or booleans`);
    else {
      if (typeof level === 'number') bools = false;
      values.push(Number(level));
    }
  };
  walk(data as Nested, 0);
  const dtype = options.dtype ?? (bools && values.length ? 'bool' : 'float32');
  const wanted = options.shape ?? shape;
  return fromHost(encode(dtype, values), wanted, dtype, options);
}

function dtypeOfView(data: ArrayBufferView): DType {
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof Uint8Array || data instanceof Uint8ClampedArray) return 'uint8';
  if (data instanceof Int8Array) return 'int8';
  if (data instanceof Float32Array || data instanceof Float64Array) return 'float32';
  return fail(`tensor: ${data.constructor.name} has no dtype here; pass { dtype } or use Float32Array, Int32Array, Uint8Array or Int8Array`);
}

type ShapeArguments<O> = [shape: Shape, options?: O] | [...sizes: number[]] | [...sizes: [number, ...number[]], options: O];

/** Accepts `f([2, 3], options)` and `f(2, 3, options)`. */
function shapeArguments<O extends object>(what: string, args: readonly unknown[]): { shape: number[]; options: O } {
  const last = args.at(-1);
  const options = (typeof last === 'object' && last !== null && !Array.isArray(last) && args.length > 0 ? last : {}) as O;
  const sizes = options === last ? args.slice(0, -1) : args;
  const shape = (Array.isArray(sizes[0]) ? [...(sizes[0] as number[])] : sizes) as number[];
  if (sizes.length > 1 && Array.isArray(sizes[0])) fail(`${what}: expected a shape and options, got ${sizes.length} arguments`);
  checkShape(what, shape);
  return { shape, options };
}

/** Every element is `value`; float32 unless a dtype is given. Takes no memory until a kernel must read it. */
export function full(shape: Shape, value: number | boolean, options: TensorOptions = {}): Tensor {
  const dtype = options.dtype ?? (typeof value === 'boolean' ? 'bool' : 'float32');
  checkDType('full', dtype);
  checkShape('full', shape);
  if (options.requiresGrad) return fromHost(made('full', shape, dtype, () => new dtypes[dtype].array(sizeOf(shape)).fill(encode(dtype, [Number(value)])[0])), shape, dtype, options);
  return new Tensor(fullNode(shape, dtype, Number(value), deviceOf(options.device ?? 'cpu').type));
}

export function zeros(...args: ShapeArguments<TensorOptions>): Tensor {
  const { shape, options } = shapeArguments<TensorOptions>('zeros', args);
  return full(shape, 0, { dtype: 'float32', ...options });
}

export function ones(...args: ShapeArguments<TensorOptions>): Tensor {
  const { shape, options } = shapeArguments<TensorOptions>('ones', args);
  return full(shape, 1, { dtype: 'float32', ...options });
}

/** Numbers from `start` up to, not including, `end`; int32 where all are whole, else float32. */
export function arange(...args: [end: number, options?: TensorOptions] | [start: number, end: number, options?: TensorOptions] | [start: number, end: number, step: number, options?: TensorOptions]): Tensor {
  const options = (typeof args.at(-1) === 'object' ? args.at(-1) : {}) as TensorOptions;
  const numbers = args.filter((a) => typeof a === 'number') as number[];
  const [start, end, step] = numbers.length === 1 ? [0, numbers[0], 1] : [numbers[0], numbers[1], numbers[2] ?? 1];
  if (step === 0 || (end - start) / step < 0) fail(`arange: no numbers from ${start} to ${end} in steps of ${step}; the step must lead from start to end`);
  const dtype = options.dtype ?? (numbers.every(Number.isInteger) ? 'int32' : 'float32');
  const count = Math.ceil((end - start) / step);
  return fromHost(made('arange', [count], dtype, () => encode(dtype, Float64Array.from({ length: count }, (_, i) => start + i * step))), [count], dtype, options);
}

/** Uniform on [0, 1), equal to PyTorch's for the same seed. */
export function rand(...args: ShapeArguments<RandomOptions>): Tensor {
  const { shape, options } = shapeArguments<RandomOptions>('rand', args);
  return random('rand', shape, options, (g, n) => (options.dtype === 'float16' ? uniformHalf(g, n) : uniform(g, n)));
}

/** Standard normal, equal to PyTorch's for the same seed. */
export function randn(...args: ShapeArguments<RandomOptions>): Tensor {
  const { shape, options } = shapeArguments<RandomOptions>('randn', args);
  return random('randn', shape, options, (g, n) => normal(g, n));
}

/** Whole numbers from `low` up to, not including, `high`; int32. */
export function randint(low: number, high: number, shape: Shape, options: RandomOptions = {}): Tensor {
  const dtype = options.dtype ?? 'int32';
  checkShape('randint', shape);
  return fromHost(made('randint', shape, dtype, () => encode(dtype, drawIntegers(options.generator ?? defaultGenerator, sizeOf(shape), low, high))), shape, dtype, options);
}

/** The numbers from 0 to n − 1 in random order; int32. */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  const dtype = options.dtype ?? 'int32';
  checkShape('randperm', [n]);
  return fromHost(made('randperm', [n], dtype, () => encode(dtype, drawPermutation(options.generator ?? defaultGenerator, n))), [n], dtype, options);
}

function random(what: string, shape: Shape, options: RandomOptions, draw: (g: Generator, n: number) => Float32Array | Uint16Array): Tensor {
  const dtype = options.dtype ?? 'float32';
  checkDType(what, dtype);
  if (dtypes[dtype].kind !== 'float') fail(`${what}: random numbers of shape ${formatShape(shape)} are floating, ${dtype} is not; use randint`);
  return fromHost(made(what, shape, dtype, () => {
    const values = draw(options.generator ?? defaultGenerator, sizeOf(shape));
    return dtype === 'float32' || values instanceof Uint16Array ? values : encode(dtype, values);
  }), shape, dtype, options);
}
