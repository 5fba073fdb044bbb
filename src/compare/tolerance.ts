/**
 * @file How far a result may lie from the float64 reference, and why.
 *
 * The unit is the largest |error| over the reference's rms. The gates hold for the longest of usual reductions (512 channels
 * of 3×3, K = 4608) and were set above what simulation of each method gives there; rounding errors of a longer sum grow like
 * a random walk, with √K, and those of layers that follow each other with the root of their number.
 */

/** How a number was computed, as far as its error goes. */
export type Arithmetic = 'exact' | 'float32' | 'tf32' | 'float16 storage' | 'float16 arithmetic' | 'bfloat16' | 'float64';

export interface ToleranceContext {
  readonly arithmetic: Arithmetic;
  /** The algorithm's name, `'WINOGRAD_NONFUSED F(4,3)'`; other than Winograd's all have the same gate. */
  readonly algorithm?: string;
  /** Products in one element of the result, C·R·S of a convolution; the longest one of the model. */
  readonly reductionLength: number;
  /** How many such sums follow each other on the way to the result. */
  readonly depth?: number;
}

export interface Tolerance {
  readonly value: number;
  readonly reason: string;
}

interface Gate {
  readonly value: number;
  readonly what: string;
}

/** Reduction length for which the gates were set. */
const GATE_LENGTH = 4608;

const byArithmetic: Record<Arithmetic, Gate> = {
  exact: { value: 0, what: 'whole numbers: equal or not' },
  float64: { value: 1e-12, what: 'float64' },
  float32: { value: 2e-5, what: 'float32' },
  tf32: { value: 3e-3, what: 'TF32 (10 bits of mantissa in the factors)' },
  'float16 storage': { value: 3e-3, what: 'float16 storage (11 bits), float32 sums' },
  'float16 arithmetic': { value: 0.15, what: 'float16 arithmetic (sums of 11 bits)' },
  bfloat16: { value: 2.4e-2, what: 'bfloat16 (8 bits of mantissa)' },
};

/** Winograd's transforms multiply rounding errors, more so with the size of the tile. */
const winograd: readonly (Gate & { readonly tile: RegExp })[] = [
  { tile: /F\(\s*6|6x6|6×6/i, value: 3e-4, what: 'Winograd F(6,3) in float32' },
  { tile: /F\(\s*4|4x4|4×4/i, value: 1e-4, what: 'Winograd F(4,3) in float32' },
];

/** The tolerance of one tensor, with the reason in words. */
export function toleranceOf({ arithmetic, algorithm = '', reductionLength, depth = 1 }: ToleranceContext): Tolerance {
  const tiled = /winograd/i.test(algorithm) && arithmetic === 'float32' ? winograd.find(({ tile }) => tile.test(algorithm)) : undefined;
  const gate = tiled ?? byArithmetic[arithmetic];
  if (arithmetic === 'exact') return { value: gate.value, reason: gate.what };
  const longer = Math.sqrt(Math.max(1, reductionLength / GATE_LENGTH));
  const deeper = Math.sqrt(Math.max(1, depth));
  const reasons = [gate.what];
  if (reductionLength > 1) reasons.push(`sums of ${reductionLength} products`);
  if (longer > 1) reasons.push(`×${round(longer)} for more than ${GATE_LENGTH}`);
  if (deeper > 1) reasons.push(`×${round(deeper)} for ${depth} layers`);
  return { value: gate.value * longer * deeper, reason: reasons.join(', ') };
}

function round(x: number): string {
  return x.toPrecision(2);
}

/** Of several ways to compute the same, the one that is allowed the most: two sides may differ by what either may err. */
export function loosest(contexts: readonly ToleranceContext[]): ToleranceContext {
  return contexts.toSorted((a, b) => toleranceOf(b).value - toleranceOf(a).value)[0];
}
