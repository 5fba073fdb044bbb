/**
 * @file The fused multiply-add of float32, which JavaScript lacks: a·b + c with one rounding.
 *
 * The product of two floats is exact in a double. Their sum with a third is rounded to 53 bits first and to 24 then,
 * which differs from one rounding only where the first lands exactly half-way between two floats (Boldo and Melquiond,
 * IEEE Trans. Computers 57(4), 2008). There the error of the first rounding, which Knuth's two-sum gives, says which
 * way to go.
 */

/** a·b + c of three float32 numbers, rounded once to float32. */
export function fma32(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const rounded = Math.fround(sum);
  const rest = sum - rounded;
  // Half-way means that the float on the other side is as far away; most sums are told apart here.
  const other = sum + rest;
  return rest !== 0 && Math.fround(other) === other ? roundHalfWay(product, c, sum) : rounded;
}

function roundHalfWay(a: number, b: number, sum: number): number {
  const back = sum - a;
  const error = a - (sum - back) + (b - back);
  if (error === 0) return Math.fround(sum);
  return Math.fround(sum * (error > 0 === sum > 0 ? 1 + Number.EPSILON : 1 - Number.EPSILON));
}
