/**
 * @file Element types: how many bytes, which typed array on the host, which WGSL type on the device.
 *
 * On the device a bool, int8 or uint8 element takes a 32-bit word, since WGSL has no smaller storage type; on the
 * host and in files it takes one byte. A bfloat16 is two bytes everywhere: on the device, where WGSL has no such
 * type, two of them share a word and are computed with in float32, and so are two float16 where the adapter has no
 * shader-f16. WGSL has no 64-bit integers either: int64, PyTorch's default, is kept in 32 bits, and a number that
 * they do not hold is an error (graph/assertion.ts).
 */
import { fail } from './errors.ts';
import { roundHalfEven } from './special.ts';

export type DType = 'float32' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'uint8' | 'int8' | 'bool';

/** Whether an element is NaN or infinite. */
export function hasNonFinite(dtype: DType, data: HostArray): boolean {
  if (dtype === 'float16') return data.some((bits: number) => (bits & 0x7c00) === 0x7c00);
  if (dtype === 'bfloat16') return data.some((bits: number) => (bits & 0x7f80) === 0x7f80);
  return dtype === 'float32' && data.some((value: number) => !Number.isFinite(value));
}

/** A host array of float16 or bfloat16 holds the 16-bit patterns. */
export type HostArray = Float32Array | Uint16Array | Int32Array | Uint8Array | Int8Array;

export interface DTypeInfo {
  readonly name: DType;
  /** The kind, in order of promotion. */
  readonly kind: 'bool' | 'int' | 'float';
  /** Bytes an element on the host and in files. */
  readonly hostBytes: number;
  /** Bytes an element in a device buffer. */
  readonly deviceBytes: number;
  /** `u32`: two elements share a word (shaders/lib/packed.wgsl). */
  readonly wgsl: 'f32' | 'f16' | 'i32' | 'u32';
  readonly array: new (length: number) => HostArray;
  /** PyTorch's name, as in `torch.float32`. */
  readonly python: string;
  /** The name in a safetensors header. */
  readonly safetensors: string;
  /** A number as this type would store it, as a double. */
  readonly round: (x: number) => number;
}

const toInt =
  (bits: number, signed: boolean) =>
  (x: number): number => {
    const t = Math.trunc(x);
    if (!Number.isFinite(t)) return 0;
    if (bits === 32) return t | 0;
    const wrapped = t & 0xff;
    return signed && wrapped > 127 ? wrapped - 256 : wrapped;
  };

export const dtypes: Record<DType, DTypeInfo> = {
  bool: {
    name: 'bool',
    kind: 'bool',
    hostBytes: 1,
    deviceBytes: 4,
    wgsl: 'i32',
    array: Uint8Array,
    python: 'torch.bool',
    safetensors: 'BOOL',
    round: (x) => (x !== 0 ? 1 : 0),
  },
  uint8: {
    name: 'uint8',
    kind: 'int',
    hostBytes: 1,
    deviceBytes: 4,
    wgsl: 'i32',
    array: Uint8Array,
    python: 'torch.uint8',
    safetensors: 'U8',
    round: toInt(8, false),
  },
  int8: {
    name: 'int8',
    kind: 'int',
    hostBytes: 1,
    deviceBytes: 4,
    wgsl: 'i32',
    array: Int8Array,
    python: 'torch.int8',
    safetensors: 'I8',
    round: toInt(8, true),
  },
  int32: {
    name: 'int32',
    kind: 'int',
    hostBytes: 4,
    deviceBytes: 4,
    wgsl: 'i32',
    array: Int32Array,
    python: 'torch.int32',
    safetensors: 'I32',
    round: toInt(32, true),
  },
  int64: {
    name: 'int64',
    kind: 'int',
    hostBytes: 4,
    deviceBytes: 4,
    wgsl: 'i32',
    array: Int32Array,
    python: 'torch.int64',
    safetensors: 'I64',
    round: toInt(32, true),
  },
  float16: {
    name: 'float16',
    kind: 'float',
    hostBytes: 2,
    deviceBytes: 2,
    wgsl: 'f16',
    array: Uint16Array,
    python: 'torch.float16',
    safetensors: 'F16',
    round: (x) => halfToNumber(numberToHalf(x)),
  },
  bfloat16: {
    name: 'bfloat16',
    kind: 'float',
    hostBytes: 2,
    deviceBytes: 2,
    wgsl: 'u32',
    array: Uint16Array,
    python: 'torch.bfloat16',
    safetensors: 'BF16',
    round: (x) => bfloat16ToNumber(numberToBfloat16(x)),
  },
  float32: {
    name: 'float32',
    kind: 'float',
    hostBytes: 4,
    deviceBytes: 4,
    wgsl: 'f32',
    array: Float32Array,
    python: 'torch.float32',
    safetensors: 'F32',
    round: Math.fround,
  },
};

/**
 * How a floating dtype keeps numbers: bits of the fraction, exponents of the smallest normal and the largest number.
 */
interface FloatFormat {
  readonly fraction: number;
  readonly least: number;
  readonly most: number;
  /** Decimal digits that stay, as PyTorch counts them: 1e-6 are six. */
  readonly resolution: number;
}

export const floatFormats: Partial<Record<DType, FloatFormat>> = {
  float32: { fraction: 23, least: -126, most: 127, resolution: 1e-6 },
  float16: { fraction: 10, least: -14, most: 15, resolution: 1e-3 },
  bfloat16: { fraction: 7, least: -126, most: 127, resolution: 1e-2 },
};

/** The largest finite number of a floating dtype; none of another. */
export function largestOf(dtype: DType): number | undefined {
  const format = floatFormats[dtype];
  return format && (2 - 2 ** -format.fraction) * 2 ** format.most;
}

/** Throws where there is no dtype of the name, with those that there are. */
export function checkDType(what: string, dtype: DType): void {
  if (!Object.hasOwn(dtypes, dtype))
    fail(`${what}: unknown dtype ${String(dtype)}; known are ${Object.keys(dtypes).join(', ')}`);
}

export const isFloat = (dtype: DType): boolean => dtypes[dtype].kind === 'float';

const scratch = new DataView(new ArrayBuffer(8));

/** IEEE 754 binary16 bits of a number, rounded to nearest even straight from the double. */
export function numberToHalf(x: number): number {
  scratch.setFloat64(0, x);
  const sign = (scratch.getUint16(0) >> 15) << 15;
  const a = Math.abs(x);
  if (Number.isNaN(x)) return sign | 0x7e00;
  if (a >= 65520) return sign | 0x7c00;
  if (a < 2 ** -14) return sign | roundHalfEven(a * 2 ** 24);
  const exponent = Math.floor(Math.log2(a));
  const e = a < 2 ** exponent ? exponent - 1 : a >= 2 ** (exponent + 1) ? exponent + 1 : exponent;
  return sign | (((e + 14) << 10) + roundHalfEven(a * 2 ** (10 - e)));
}

/** The number that binary16 bits stand for. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const e = (bits >> 10) & 31;
  const m = bits & 1023;
  if (e === 31) return m ? NaN : sign * Infinity;
  return e === 0 ? sign * m * 2 ** -24 : sign * (1024 + m) * 2 ** (e - 25);
}

/**
 * The bits of a number as bfloat16, the upper half of a float32. Rounded to float32 first and then to nearest even, as
 * PyTorch does, whose kernels compute in float32.
 */
export function numberToBfloat16(x: number): number {
  if (Number.isNaN(x)) return 0x7fc0;
  scratch.setFloat32(0, x);
  const bits = scratch.getUint32(0);
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** The number that bfloat16 bits stand for. */
export function bfloat16ToNumber(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

/** The floating dtypes of 16 bits: a number from its bits, and the bits of a number. */
const patterns: Partial<Record<DType, { from: (bits: number) => number; of: (x: number) => number }>> = {
  float16: { from: halfToNumber, of: numberToHalf },
  bfloat16: { from: bfloat16ToNumber, of: numberToBfloat16 },
};

/** Whether host arrays of the dtype hold bit patterns, not numbers. */
export const isPattern = (dtype: DType): boolean => patterns[dtype] !== undefined;

/** The number that an element of a host array of the dtype stands for. */
export const numberOf = (dtype: DType, element: number): number => patterns[dtype]?.from(element) ?? element;

/** Host bytes of doubles, rounded to the dtype. */
export function encode(dtype: DType, values: ArrayLike<number>): HostArray {
  const info = dtypes[dtype];
  const out = new info.array(values.length);
  const bitsOf = patterns[dtype]?.of;
  if (bitsOf) for (let i = 0; i < out.length; i++) out[i] = bitsOf(values[i]);
  else if (dtype === 'float32') for (let i = 0; i < out.length; i++) out[i] = values[i];
  else for (let i = 0; i < out.length; i++) out[i] = info.round(values[i]);
  return out;
}

/** Doubles of a host array of the dtype. */
export function decode(dtype: DType, data: HostArray): Float64Array {
  const out = new Float64Array(data.length);
  const from = patterns[dtype]?.from;
  if (from) for (let i = 0; i < out.length; i++) out[i] = from(data[i]);
  else out.set(data as ArrayLike<number>);
  return out;
}

/** PyTorch's promotion of two tensors' dtypes of like rank. */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a;
  const [x, y] = [dtypes[a], dtypes[b]];
  if (x.kind !== y.kind) {
    const order = ['bool', 'int', 'float'];
    return order.indexOf(x.kind) > order.indexOf(y.kind) ? a : b;
  }
  if (x.kind === 'float') return 'float32';
  if (a === 'int64' || b === 'int64') return 'int64';
  return 'int32'; // uint8 with int8 gives int16 in PyTorch; the next type that we have is int32
}
