/**
 * @file Random numbers: the same seed gives the same numbers as PyTorch on the CPU.
 *
 * Each function draws as ATen's CPU kernel does for a contiguous tensor of n elements (DistributionTemplates.h,
 * DistributionsHelper.h, TransformationHelper.h), element by element in memory order. It follows PyTorch 1.13 to 2.6 on
 * x86-64 with AVX2; where another version or build draws otherwise, the function says so.
 */
import type { DType } from './dtype.ts';
import { dtypes, encode } from './dtype.ts';
import { fail } from './errors.ts';
import { fma32 } from './random/fma32.ts';
import type { Generator } from './random/generator.ts';

export { Generator } from './random/generator.ts';
export { normal } from './random/normal.ts';

/** `torch.empty(n).uniform_(from, to)`: n float32 samples of [from, to), each of 24 bits. */
export function uniform(g: Generator, n: number, from = 0, to = 1): Float32Array {
  const { low, span } = interval(from, to, Math.fround);
  const out = new Float32Array(n);
  for (let i = 0; i < n; i++) out[i] = fma32(g.uniform24(), span, low);
  return out;
}

type DrawPatterns = (g: Generator, n: number, from?: number, to?: number) => Uint16Array;

/** Of a floating dtype of 16 bits: n patterns, each number of so many bits. */
const uniformOf =
  (dtype: DType, bits: number): DrawPatterns =>
  (g, n, from = 0, to = 1) => {
    const { low, span } = interval(from, to, dtypes[dtype].round);
    const whole = Float64Array.from({ length: n }, () => g.random() & (2 ** bits - 1));
    return encode(
      dtype,
      whole.map((v) => Math.fround(v * 2 ** -bits * span + low)),
    ) as Uint16Array;
  };

/** `torch.empty(n, dtype=torch.float16).uniform_(from, to)`: n float16 patterns, each of 11 bits. */
export const uniformHalf = uniformOf('float16', 11);
/** The same of bfloat16: each of 8 bits. */
export const uniformBfloat16 = uniformOf('bfloat16', 8);

/** The uniform draw of a floating dtype. */
export const uniformIn = (dtype: DType): typeof uniform | DrawPatterns =>
  dtype === 'float16' ? uniformHalf : dtype === 'bfloat16' ? uniformBfloat16 : uniform;

function interval(from: number, to: number, round: (x: number) => number): { low: number; span: number } {
  if (!(from <= to)) fail(`uniform: the interval [${from}, ${to}) is empty; from must be at most to`);
  const low = round(from);
  const span = round(round(to) - low);
  if (!Number.isFinite(span))
    fail(`uniform: the interval [${from}, ${to}) is wider than the largest number of the dtype`);
  return { low, span };
}

/**
 * `torch.randint(low, high, (n,))`: whole numbers of [low, high), each a draw modulo the width.
 * From PyTorch 2.7 on, widths of at least 2^28 take 64-bit draws; here, as before, only 2^32 does.
 */
export function randint(g: Generator, n: number, low: number, high: number): Int32Array {
  for (const bound of [low, high]) {
    if (!Number.isInteger(bound)) fail(`randint: bound ${bound} is not a whole number`);
  }
  if (low >= high) fail(`randint: the interval [${low}, ${high}) is empty; low must be less than high`);
  if (low < -(2 ** 31) || high > 2 ** 31)
    fail(`randint: the interval [${low}, ${high}) does not fit int32; use bounds from -2^31 to 2^31`);
  const width = high - low;
  const out = new Int32Array(n);
  if (width < 2 ** 32) for (let i = 0; i < n; i++) out[i] = (g.random() % width) + low;
  else for (let i = 0; i < n; i++) out[i] = Number(g.random64() % BigInt(width)) + low;
  return out;
}

/** `torch.randperm(n)`: the numbers from 0 to n - 1 in random order, by Fisher and Yates's swaps from the front. */
export function randperm(g: Generator, n: number): Int32Array {
  const out = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < n - 1; i++) {
    const j = i + (g.random() % (n - i));
    const kept = out[i];
    out[i] = out[j];
    out[j] = kept;
  }
  return out;
}

/**
 * `torch.empty(n).bernoulli_(p)`: n times 1 with probability p, else 0. Dropout keeps the elements that are 1 for
 * 1 - p. A PyTorch built with MKL draws these from MKL's own generator on Intel processors, and so differs there.
 */
export function bernoulli(g: Generator, n: number, p: number): Uint8Array {
  if (!(p >= 0 && p <= 1)) fail(`bernoulli: p is ${p}; a probability is from 0 to 1`);
  const out = new Uint8Array(n);
  for (let i = 0; i < n; i++) out[i] = g.uniform53() < p ? 1 : 0;
  return out;
}

/**
 * `torch.empty(n).exponential_()`: n float32 waiting times of mean 1, each −log(1 − u) of a 53-bit u. A PyTorch built
 * with MKL draws these from MKL's own generator on Intel processors, and so differs there.
 */
export function exponential(g: Generator, n: number): Float32Array {
  return Float32Array.from({ length: n }, () => -Math.log1p(-g.uniform53()));
}
