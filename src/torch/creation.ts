/**
 * @file Making tensors: from data, of one value, of numbers in a row, of random numbers.
 */
import type { DType, HostArray } from '../base/dtype.ts';
import { checkDType, dtypes, encode, isFloat } from '../base/dtype.ts';
import { fail } from '../base/errors.ts';
import { normal, randint as drawIntegers, randperm as drawPermutation, uniformIn } from '../base/random.ts';
import type { Generator } from '../base/random.ts';
import type { Shape } from '../base/shape.ts';
import { withRoom } from '../base/room.ts';
import { checkShape, formatShape, sizeOf } from '../base/shape.ts';
import { full as fullNode } from '../graph/ops/full.ts';
import { leaf } from '../graph/record.ts';
import type { Device, DeviceType } from './device.ts';
import { device as deviceOf } from './device.ts';
import { defaultGenerator } from './random.ts';
import type { Dims } from './signature.ts';
import { fn, overloads, p } from './signature.ts';
import type { NestedList } from './tensor.ts';
import { Tensor } from './tensor.ts';

export interface TensorOptions {
  readonly dtype?: DType;
  /** `cpu` unless given, as in PyTorch. */
  readonly device?: Device | DeviceType;
  readonly requiresGrad?: boolean;
}

/** A new leaf that holds the given host array. */
export function fromHost(host: HostArray, shape: Shape, dtype: DType, options: TensorOptions = {}): Tensor {
  if (options.requiresGrad && !isFloat(dtype))
    fail(`tensor: only floating tensors can require gradients, this one is ${dtype}`);
  return new Tensor(leaf({ shape, dtype }, deviceOf(options.device ?? 'cpu').type, host, options.requiresGrad));
}

/** Makes a tensor's elements on the host, or says that there is no room for them. */
export const allocate = <T>(what: string, shape: Shape, dtype: DType, body: () => T): T => {
  checkDType(what, dtype);
  return withRoom(what, shape, dtypes[dtype].hostBytes, 'use a smaller shape', body);
};

/** What every tensor can be made with, by name. PyTorch's default device is the cpu. */
const dtype = p.dtype('dtype', null);
const asked = [dtype, p.device('device', null), p.flag('requiresGrad', false)] as const;
/** Draws from this generator instead of the default one. */
const generator = p.generator('generator', null);
const size = p.ints('size');

/** The options of a tensor, from parameters. */
export const optionsOf = (
  dtype: DType | null,
  device: Device | DeviceType | null,
  requiresGrad: boolean,
): TensorOptions => ({ dtype: dtype ?? undefined, device: device ?? undefined, requiresGrad });

/** A shape that was given as sizes, or as one of them. */
export function shapeOf(what: string, size: Dims): Shape {
  const shape = typeof size === 'number' ? [size] : size;
  checkShape(what, shape);
  return shape;
}

const nested = p.kind<NestedList | ArrayLike<number>>(
  'numbers',
  'numbers or booleans, in arrays nested by dimension, or a typed array',
  (v) => typeof v === 'number' || typeof v === 'boolean' || Array.isArray(v) || ArrayBuffer.isView(v),
);

/**
 * A tensor of the numbers given, nested by dimension, or of a typed array (with `shape` for more than one dimension).
 * Whole numbers give int32 in a typed Int32Array only; in plain arrays numbers are float32, booleans bool.
 */
export const tensor = fn(
  'torch.tensor',
  [nested('data'), '*', ...asked, p.ours(p.ints('shape', null))],
  (data, dtype, device, requiresGrad, shape): Tensor =>
    fromNumbers(data, optionsOf(dtype, device, requiresGrad), shape === null ? undefined : shapeOf('tensor', shape)),
);

function fromNumbers(data: NestedList | ArrayLike<number>, options: TensorOptions, wanted: Shape | undefined): Tensor {
  if (ArrayBuffer.isView(data)) {
    const values = data as unknown as ArrayLike<number>;
    const dtype = options.dtype ?? dtypeOfView(data);
    return filled(encode(dtype, values), wanted ?? [values.length], dtype, options);
  }
  const shape: number[] = [];
  for (let level = data as NestedList; Array.isArray(level); level = (level as readonly NestedList[])[0])
    shape.push(level.length);
  const values: number[] = [];
  let bools = true;
  const walk = (level: NestedList, dim: number): void => {
    if (Array.isArray(level)) {
      if (level.length !== shape[dim])
        fail(
          `tensor: rows of ${shape[dim]} and ${level.length} elements at depth ${dim}; every row of a dimension has the same length`,
        );
      for (const entry of level) walk(entry as NestedList, dim + 1);
    } else if (dim !== shape.length)
      fail(
        `tensor: a number at depth ${dim} where a row of ${shape[dim]} is expected; every row of a dimension has the same length`,
      );
    else if (typeof level !== 'number' && typeof level !== 'boolean')
      fail(`tensor: an element is ${typeof level}; elements are numbers or booleans`);
    else {
      if (typeof level === 'number') bools = false;
      values.push(Number(level));
    }
  };
  walk(data as NestedList, 0);
  const dtype = options.dtype ?? (bools && values.length ? 'bool' : 'float32');
  checkFits('tensor', dtype, values);
  return filled(encode(dtype, values), wanted ?? shape, dtype, options);
}

/** A leaf of as many elements as its shape has. */
function filled(host: HostArray, shape: Shape, dtype: DType, options: TensorOptions): Tensor {
  if (host.length !== sizeOf(shape))
    fail(`tensor: ${host.length} elements do not fill the shape ${formatShape(shape)}`);
  return fromHost(host, shape, dtype, options);
}

function dtypeOfView(data: ArrayBufferView): DType {
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof Uint8Array || data instanceof Uint8ClampedArray) return 'uint8';
  if (data instanceof Int8Array) return 'int8';
  if (data instanceof Float32Array || data instanceof Float64Array) return 'float32';
  return fail(
    `tensor: ${data.constructor.name} has no dtype here; pass { dtype } or use Float32Array, Int32Array, Uint8Array or Int8Array`,
  );
}

/** Throws, as PyTorch does, where an integer dtype cannot hold a number; negative bytes count from 256. */
function checkFits(what: string, dtype: DType, values: readonly number[]): void {
  const { kind, round } = dtypes[dtype];
  if (kind !== 'int') return;
  const wrong = values.find(
    (v) => round(v) !== Math.trunc(v) && !(dtype === 'uint8' && v < 0 && round(v) - 256 === Math.trunc(v)),
  );
  if (wrong !== undefined)
    fail(
      `${what}: ${dtype} ${dtype === 'int64' ? 'has 32 bits here and ' : ''}cannot hold ${wrong}; give a dtype that can, such as float32`,
    );
}

/** Every element is `value`; float32 unless a dtype is given. Takes no memory until a kernel must read it. */
export function fullOf(what: string, shape: Shape, value: number | boolean, options: TensorOptions): Tensor {
  const dtype = options.dtype ?? (typeof value === 'boolean' ? 'bool' : 'float32');
  checkFits(what, dtype, [Number(value)]);
  if (options.requiresGrad)
    return fromHost(
      allocate(what, shape, dtype, () =>
        new dtypes[dtype].array(sizeOf(shape)).fill(encode(dtype, [Number(value)])[0]),
      ),
      shape,
      dtype,
      options,
    );
  return new Tensor(fullNode(shape, dtype, Number(value), deviceOf(options.device ?? 'cpu').type));
}

/** Every element is `fillValue`; float32 unless a dtype is given, bool for a boolean. */
export const full = fn(
  'torch.full',
  [size, p.scalar('fillValue'), '*', ...asked],
  (size, fillValue, dtype, device, requiresGrad): Tensor =>
    fullOf('full', shapeOf('full', size), fillValue, optionsOf(dtype, device, requiresGrad)),
);

/** All elements alike: `torch.zeros(2, 3)`, `torch.zeros([2, 3], { dtype: 'int32' })`. */
const alike = (name: string, value: number) =>
  fn(`torch.${name}`, [size, '*', ...asked], (size, dtype, device, requiresGrad): Tensor =>
    fullOf(name, shapeOf(name, size), value, optionsOf(dtype, device, requiresGrad)),
  );
/** A tensor of zeros: `torch.zeros(2, 3)`. */
export const zeros = alike('zeros', 0);
/** A tensor of ones: `torch.ones(2, 3)`. */
export const ones = alike('ones', 1);
/** PyTorch leaves these elements undefined; here they are 0. */
export const empty = alike('empty', 0);

function inSteps(start: number, end: number, step: number, options: TensorOptions): Tensor {
  if (step === 0 || !((end - start) / step >= 0))
    fail(`arange: no numbers from ${start} to ${end} in steps of ${step}; the step must lead from start to end`);
  const dtype = options.dtype ?? ([start, end, step].every(Number.isInteger) ? 'int64' : 'float32');
  const count = Math.ceil((end - start) / step);
  const numbers = allocate('arange', [count], dtype, () =>
    encode(
      dtype,
      Float64Array.from({ length: count }, (_, i) => start + i * step),
    ),
  );
  if (count > 0) checkFits('arange', dtype, [start, start + (count - 1) * step]);
  return fromHost(numbers, [count], dtype, options);
}

/** Numbers from `start` up to, not including, `end`; int64 where all are whole, else float32. */
export const arange = overloads(
  fn('torch.arange', [p.float('end'), '*', ...asked], (end, dtype, device, requiresGrad): Tensor =>
    inSteps(0, end, 1, optionsOf(dtype, device, requiresGrad)),
  ),
  fn(
    'torch.arange',
    [p.float('start'), p.float('end'), p.float('step', 1), '*', ...asked],
    (start, end, step, dtype, device, requiresGrad): Tensor =>
      inSteps(start, end, step, optionsOf(dtype, device, requiresGrad)),
  ),
);

/** Random numbers of a shape: how many, from which generator, in which dtype. */
type Draw = (g: Generator, n: number, dtype: DType) => Float32Array | Uint16Array;
const drawn = {
  rand: (g: Generator, n: number, dtype: DType) => uniformIn(dtype)(g, n),
  randn: (g: Generator, n: number) => normal(g, n),
} satisfies Record<string, Draw>;

export function random(
  what: keyof typeof drawn,
  shape: Shape,
  generator: Generator | null,
  options: TensorOptions,
): Tensor {
  const dtype = options.dtype ?? 'float32';
  if (!isFloat(dtype))
    fail(`${what}: random numbers of shape ${formatShape(shape)} are floating, ${dtype} is not; use randint`);
  return fromHost(
    allocate(what, shape, dtype, () => {
      const values = drawn[what](generator ?? defaultGenerator, sizeOf(shape), dtype);
      return dtype === 'float32' || values instanceof Uint16Array ? values : encode(dtype, values);
    }),
    shape,
    dtype,
    options,
  );
}

const ofShape = (name: keyof typeof drawn) =>
  fn(`torch.${name}`, [size, '*', generator, ...asked], (size, generator, dtype, device, requiresGrad): Tensor =>
    random(name, shapeOf(name, size), generator, optionsOf(dtype, device, requiresGrad)),
  );
/** Uniform on [0, 1), equal to PyTorch's for the same seed. */
export const rand = ofShape('rand');
/** Standard normal, equal to PyTorch's for the same seed. */
export const randn = ofShape('randn');

export function integers(
  what: string,
  low: number,
  high: number,
  shape: Shape,
  generator: Generator | null,
  options: TensorOptions,
): Tensor {
  const dtype = options.dtype ?? 'int64';
  return fromHost(
    allocate(what, shape, dtype, () =>
      encode(dtype, drawIntegers(generator ?? defaultGenerator, sizeOf(shape), low, high)),
    ),
    shape,
    dtype,
    options,
  );
}

/** Whole numbers from `low`, 0 unless given, up to, not including, `high`; int64. */
export const randint = overloads(
  fn(
    'torch.randint',
    [p.int('high'), size, '*', generator, ...asked],
    (high, size, generator, dtype, device, requiresGrad): Tensor =>
      integers('randint', 0, high, shapeOf('randint', size), generator, optionsOf(dtype, device, requiresGrad)),
  ),
  fn(
    'torch.randint',
    [p.int('low'), p.int('high'), size, '*', generator, ...asked],
    (low, high, size, generator, dtype, device, requiresGrad): Tensor =>
      integers('randint', low, high, shapeOf('randint', size), generator, optionsOf(dtype, device, requiresGrad)),
  ),
);

/** The numbers from 0 to n − 1 in random order; int64. */
export const randperm = fn(
  'torch.randperm',
  [p.int('n'), '*', generator, ...asked],
  (n, generator, dtype, device, requiresGrad): Tensor => {
    const [type, shape] = [dtype ?? 'int64', shapeOf('randperm', n)];
    return fromHost(
      allocate('randperm', shape, type, () => encode(type, drawPermutation(generator ?? defaultGenerator, n))),
      shape,
      type,
      optionsOf(type, device, requiresGrad),
    );
  },
);

/**
 * `steps` numbers from `start` to `end`, both included; float32. Computed from both ends in float32, as PyTorch does.
 */
export const linspace = fn(
  'torch.linspace',
  [p.float('start'), p.float('end'), p.int('steps'), '*', ...asked],
  (start, end, steps, dtype, device, requiresGrad): Tensor => {
    if (steps < 0) fail(`linspace: ${steps} steps; give a whole number from 0`);
    const type = dtype ?? 'float32';
    const round = isFloat(type) ? Math.fround : (v: number): number => v;
    const step = steps > 1 ? round((end - start) / (steps - 1)) : 0;
    const at = (i: number): number =>
      i < Math.floor(steps / 2) || steps === 1 ? start + step * i : end - step * (steps - 1 - i);
    return fromHost(
      allocate('linspace', [steps], type, () =>
        encode(
          type,
          Float64Array.from({ length: steps }, (_, i) => at(i)),
        ),
      ),
      [steps],
      type,
      optionsOf(type, device, requiresGrad),
    );
  },
);

function identity(n: number, m: number, options: TensorOptions): Tensor {
  for (const size of [n, m]) if (size < 0) fail(`eye: size ${size} is not a whole number from 0`);
  const dtype = options.dtype ?? 'float32';
  return fromHost(
    allocate('eye', [n, m], dtype, () => {
      const values = new Float64Array(n * m);
      for (let i = 0; i < Math.min(n, m); i++) values[i * m + i] = 1;
      return encode(dtype, values);
    }),
    [n, m],
    dtype,
    options,
  );
}

/** Ones on the diagonal, zeros elsewhere: [n, m], square unless m is given. */
export const eye = overloads(
  fn('torch.eye', [p.int('n'), '*', ...asked], (n, dtype, device, requiresGrad): Tensor =>
    identity(n, n, optionsOf(dtype, device, requiresGrad)),
  ),
  fn('torch.eye', [p.int('n'), p.int('m'), '*', ...asked], (n, m, dtype, device, requiresGrad): Tensor =>
    identity(n, m, optionsOf(dtype, device, requiresGrad)),
  ),
);
