/**
 * @file Winograd's minimal filtering, built from its points in exact arithmetic.
 *
 * F(m, r) gives m outputs of a correlation with an r-tap filter from α = m + r − 1 multiplications:
 * y = Aᵀ[(G·g) ⊙ (Bᵀ·d)]. It is Toom–Cook multiplication turned around. Polynomials of degree r − 1 and m − 1 are
 * evaluated at α points (one of them infinity), multiplied point by point, and interpolated; transposing that linear
 * map turns the product of polynomials into a correlation. With V(n) the matrix of the first n powers of the points:
 *
 *     Aᵀ = V(m)ᵀ        G = V(r)        Bᵀ = V(α)⁻ᵀ
 *
 * Row i of Bᵀ may be scaled if row i of G is divided by the same number. Scaling by Π(aᵢ − aⱼ) leaves Bᵀ with sums of
 * products of points, which float32 holds exactly for the points used here, so only G rounds.
 *
 * Sources: S. Winograd, Arithmetic Complexity of Computations (1980); A. Lavin and S. Gray, arXiv 1509.09308.
 */

/** A fraction in lowest terms; the denominator is positive. */
export interface Rational {
  readonly num: bigint;
  readonly den: bigint;
}

export type RationalMatrix = readonly (readonly Rational[])[];

/** Matrices of F(m, r): `at` is m×α, `g` is α×r, `bt` is α×α. */
export interface WinogradMatrices {
  readonly m: number;
  readonly r: number;
  readonly alpha: number;
  readonly at: RationalMatrix;
  readonly g: RationalMatrix;
  readonly bt: RationalMatrix;
}

export function rational(num: bigint | number, den: bigint | number = 1n): Rational {
  let [a, b] = [BigInt(num), BigInt(den)];
  if (b < 0n) [a, b] = [-a, -b];
  const d = gcd(a < 0n ? -a : a, b);
  return { num: a / d, den: b / d };
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));

export const multiply = (a: Rational, b: Rational): Rational => rational(a.num * b.num, a.den * b.den);
export const add = (a: Rational, b: Rational): Rational => rational(a.num * b.den + b.num * a.den, a.den * b.den);
const subtract = (a: Rational, b: Rational): Rational => rational(a.num * b.den - b.num * a.den, a.den * b.den);
const divide = (a: Rational, b: Rational): Rational => rational(a.num * b.den, a.den * b.num);
const product = (factors: readonly Rational[]): Rational => factors.reduce(multiply, one);
const one = rational(1);
const zero = rational(0);

/**
 * Points of every transform with α = 6. The textbook's 0, ±1, ±2 make products of very unequal size; a half beside −2
 * halves the rounding error.
 */
export const pointsOfSix: readonly Rational[] = [rational(0), rational(1), rational(-1), rational(1, 2), rational(-2)];

/** The transforms of F(m, r) for α − 1 distinct finite points; infinity is added as the last. */
export function winogradMatrices(m: number, r: number, points: readonly Rational[]): WinogradMatrices {
  const alpha = m + r - 1;
  if (points.length !== alpha - 1)
    throw new Error(`winograd: F(${m}, ${r}) needs ${alpha - 1} finite points, got ${points.length}`);
  const scale = points.map((a, i) => product(points.filter((_, j) => j !== i).map((b) => subtract(a, b))));
  scale.push(one);
  return {
    m,
    r,
    alpha,
    at: transpose(powers(points, m)),
    g: powers(points, r).map((row, i) => row.map((v) => divide(v, scale[i]))),
    bt: transpose(inverse(powers(points, alpha))).map((row, i) => row.map((v) => multiply(v, scale[i]))),
  };
}

/** Row i holds 1, aᵢ, aᵢ², …; the last row evaluates at infinity, which is the leading coefficient. */
function powers(points: readonly Rational[], n: number): RationalMatrix {
  const rows = points.map((a) => Array.from({ length: n }, (_, e) => product(Array.from({ length: e }, () => a))));
  return [...rows, Array.from({ length: n }, (_, e) => (e === n - 1 ? one : zero))];
}

const transpose = (a: RationalMatrix): RationalMatrix => a[0].map((_, j) => a.map((row) => row[j]));

/** Gauss–Jordan; a zero pivot means that two points are equal. */
function inverse(matrix: RationalMatrix): RationalMatrix {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? one : zero))]);
  for (let i = 0; i < n; i++) {
    const pivot = rows.findIndex((row, j) => j >= i && row[i].num !== 0n);
    if (pivot < 0) throw new Error('winograd: the points are not distinct');
    [rows[i], rows[pivot]] = [rows[pivot], rows[i]];
    const head = rows[i][i];
    rows[i] = rows[i].map((v) => divide(v, head));
    for (let j = 0; j < n; j++) {
      const factor = rows[j][i];
      if (j !== i && factor.num !== 0n) rows[j] = rows[j].map((v, k) => subtract(v, multiply(factor, rows[i][k])));
    }
  }
  return rows.map((row) => row.slice(n));
}

/** The matrix with zeros below and beside it, up to size×size. */
export const filledUp = (matrix: RationalMatrix, size: number): RationalMatrix =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => matrix[i]?.[j] ?? zero));

/** `array<f32, 6>(1.0, 0.5, …)`: a matrix by rows, as a WGSL constant. */
export function wgslMatrix(matrix: RationalMatrix): string {
  const values = matrix.flat().map(({ num, den }) => Number(num) / Number(den));
  return `array<f32, ${values.length}>(${values.map((v) => (Number.isInteger(v) ? v.toFixed(1) : String(v))).join(', ')})`;
}
