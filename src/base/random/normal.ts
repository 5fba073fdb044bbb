/**
 * @file Normal samples, bit for bit those of PyTorch's CPU kernel on x86-64.
 *
 * Both ways are Box and Muller's: u, v uniform give r = sqrt(-2 ln u), and r cos 2πv, r sin 2πv are normal. From 16
 * elements on, PyTorch fills the tensor with uniforms and transforms blocks of 16 in float32 with AVX2, by the Cephes
 * approximations of log, sin and cos (Moshier, netlib.org/cephes; vectorised by Pommier and Garberoglio), whose
 * multiplications and additions its compiler fuses. The bits depend on each rounding, so the order of operations below
 * is that of the compiled kernel. A PyTorch without AVX2 calls libm instead: four samples in ten differ, none by more
 * than 3e-6 of std.
 */
import { fail } from '../errors.ts';
import { fma32 } from './fma32.ts';
import type { Generator } from './generator.ts';

const blockLength = 16;
const pairsOfBlock = blockLength / 2;
const f = Math.fround;

/** `torch.empty(n).normal_(mean, std)`: n float32 samples. */
export function normal(g: Generator, n: number, mean = 0, std = 1): Float32Array {
  if (!(std >= 0)) fail(`normal: std is ${std}; a standard deviation is at least 0`);
  const out = new Float32Array(n);
  if (n < blockLength) {
    for (let i = 0; i < n; i++) out[i] = scalarNormal(g) * std + mean;
    return out;
  }
  for (let i = 0; i < n; i++) out[i] = g.uniform24();
  transform(out, 0, n - (n % blockLength), f(mean), f(std));
  if (n % blockLength !== 0) {
    // The last block overlaps the one before, and takes new uniforms for all of its elements.
    for (let i = n - blockLength; i < n; i++) out[i] = g.uniform24();
    transform(out, n - blockLength, n, f(mean), f(std));
  }
  return out;
}

/** One sample in float64; the other of its pair waits in the generator. */
function scalarNormal(g: Generator): number {
  const pending = g.pendingNormal;
  if (pending !== undefined) {
    g.pendingNormal = undefined;
    return pending;
  }
  const theta = 2 * Math.PI * g.uniform53();
  const radius = Math.sqrt(-2 * Math.log1p(-g.uniform53()));
  g.pendingNormal = radius * Math.sin(theta);
  return radius * Math.cos(theta);
}

/** Turns each block of uniforms, 8 for the radius and 8 for the angle, into 16 normal samples in place. */
function transform(data: Float32Array, from: number, to: number, mean: number, std: number): void {
  for (let at = from; at < to; at += blockLength) toRadii(data, at);
  for (let at = from; at < to; at += blockLength) rotate(data, at, mean, std);
}

function toRadii(data: Float32Array, at: number): void {
  for (let i = at; i < at + pairsOfBlock; i++) data[i] = Math.sqrt(-2 * log(1 - data[i]));
}

const twoPi = f(2 * Math.PI);
const fourOverPi = f(4 / Math.PI);
/** π/4 in three parts. */
const pi4High = f(0.78515625);
const pi4Middle = f(2.4187564849853515625e-4);
const pi4Low = f(3.774894977445941e-8);

function rotate(data: Float32Array, at: number, mean: number, std: number): void {
  for (let i = at; i < at + pairsOfBlock; i++) {
    const radius = data[i];
    const theta = f(twoPi * data[i + pairsOfBlock]);
    // The nearest multiple of π/2, counted in π/4, and what is left of the angle.
    const octant = (f(theta * fourOverPi) + 1) & ~1;
    const x = fma32(-octant, pi4Low, fma32(-octant, pi4Middle, fma32(-octant, pi4High, theta)));
    const z = f(x * x);
    const near = sinNear0(x, z);
    const far = cosNear0(z);
    const sine = octant & 2 ? far : near;
    const cosine = octant & 2 ? near : far;
    data[i] = fma32(f(radius * ((octant + 2) & 4 ? -cosine : cosine)), std, mean);
    data[i + pairsOfBlock] = fma32(f(radius * (octant & 4 ? -sine : sine)), std, mean);
  }
}

const sqrtHalf = f(Math.SQRT1_2);
const ln2High = f(0.693359375);
const ln2Low = f(-2.1219444e-4);
const logTerms = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(f);

const asFloat = new Float32Array(1);
const asBits = new Int32Array(asFloat.buffer);

/** The natural logarithm of a float32 number in (0, 1]. */
function log(u: number): number {
  asFloat[0] = u;
  let exponent = (asBits[0] >> 23) - 126;
  asBits[0] = (asBits[0] & 0x007fffff) | 0x3f000000;
  const mantissa = asFloat[0]; // u = mantissa·2^exponent, with the mantissa in [1/2, 1)
  const below = mantissa < sqrtHalf;
  if (below) exponent--;
  const x = below ? mantissa - 1 + mantissa : mantissa - 1; // u = (1 + x)·2^exponent
  const z = f(x * x);
  const cubic = fma32(f(x * polynomial(logTerms, x)), z, f(exponent * ln2Low));
  return fma32(exponent, ln2High, f(x + f(cubic - z / 2)));
}

const sinTerms = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1].map(f);
const cosTerms = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2].map(f);

/** sin x for |x| ≤ π/4; z is x². */
function sinNear0(x: number, z: number): number {
  return fma32(f(z * polynomial(sinTerms, z)), x, x);
}

/** cos x for |x| ≤ π/4; z is x². */
function cosNear0(z: number): number {
  return f(fma32(f(z * polynomial(cosTerms, z)), z, -z / 2) + 1);
}

/** Horner's rule, each step fused; the highest power's coefficient first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let y = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) y = fma32(y, x, coefficients[i]);
  return y;
}
