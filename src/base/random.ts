/**
 * @file Random numbers: the same seed gives the same numbers as PyTorch on the CPU.
 *
 * Each function draws as ATen's CPU kernel does for a contiguous tensor of n elements (DistributionTemplates.h,
 * DistributionsHelper.h, TransformationHelper.h), element by element in memory order. It follows PyTorch 1.13 to 2.6 on
 * x86-64 with AVX2; where another version or build draws otherwise, the function says so.
 */
import { dtypes, numberToHalf } from './dtype.ts';
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

/** `torch.empty(n, dtype=torch.float16).uniform_(from, to)`: n float16 patterns, each of 11 bits. */
export function uniformHalf(g: Generator, n: number, from = 0, to = 1): Uint16Array {
  const { low, span } = interval(from, to, dtypes.float16.round);
  const out = new Uint16Array(n);
  for (let i = 0; i < n; i++) out[i] = numberToHalf(Math.fround((g.random() & 0x7ff) * 2 ** -11 * span + low));
  return out;
}

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
