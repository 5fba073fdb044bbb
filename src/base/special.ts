/**
 * @file Special functions in double precision, which JavaScript's Math lacks.
 */

/** The error function, to about 1e-15: its power series near zero, a continued fraction of its complement beyond. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a > 2.5) return Math.sign(x) * (1 - erfcTail(a));
  let term = a;
  let sum = a;
  for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
    term *= (-a * a) / n;
    sum += term / (2 * n + 1);
  }
  return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
}

/** 1 − erf(x), relatively exact for large x too. */
export function erfc(x: number): number {
  return x > 2.5 ? erfcTail(x) : 1 - erf(x);
}

/** The larger of two, NaN where either is; of equal ones the first, as C writes it: a < b ? b : a. */
export const larger = (a: number, b: number): number => (a < b || Number.isNaN(b) ? b : a);
/** The smaller of two, NaN where either is; of equal ones the first. */
export const smaller = (a: number, b: number): number => (b < a || Number.isNaN(b) ? b : a);

/** The nearest whole number, of two the even one. */
export function roundHalfEven(x: number): number {
  if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 52) return x;
  const below = Math.floor(x);
  const rest = x - below;
  const nearest = rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
  return nearest === 0 && x < 0 ? -0 : nearest;
}

/** 1 − erf(a) for a ≥ 2.5 by Laplace's continued fraction, from the inside out. */
function erfcTail(a: number): number {
  let f = a;
  for (let k = 60; k >= 1; k--) f = a + k / 2 / f;
  return Math.exp(-a * a) / (f * Math.sqrt(Math.PI));
}

/** The inverse of erf, to about 1e-15: a first guess by Winitzki's formula, then Newton's steps. */
export function erfinv(y: number): number {
  if (!(Math.abs(y) < 1)) return Math.abs(y) === 1 ? y * Infinity : NaN;
  const a = 0.147;
  const logarithm = Math.log1p(-y * y);
  const half = 2 / (Math.PI * a) + logarithm / 2;
  let x = Math.sign(y) * Math.sqrt(Math.sqrt(half * half - logarithm / a) - half);
  for (let i = 0; i < 4; i++) {
    // Near ±1 the complement keeps the digits that erf loses.
    const error = Math.abs(y) < 0.5 ? erf(x) - y : Math.sign(y) * (1 - Math.abs(y) - erfc(Math.abs(x)));
    x -= (error * Math.sqrt(Math.PI) * Math.exp(x * x)) / 2;
  }
  return x;
}
