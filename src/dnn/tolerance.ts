/**
 * @file How far from the exact answer arithmetic may lead: the one model of rounding that verification, comparison, Why
 * and the tests read.
 *
 * The unit is the largest |error| of a result over the rms of the exact one. A sum of K products errs by a random walk:
 * with √K.
 */
import type { MathType } from './choice/records.ts';

/** How numbers are stored and multiplied. Sums are float32 but for `float16 sums`. */
export type Arithmetic = 'float64' | 'float32' | 'tf32' | 'bfloat16' | 'float16' | 'float16 sums';

export interface ArithmeticTraits {
  /** In words. */
  readonly name: string;
  /** Bits of a stored number's significand, the hidden one included; of a factor where a product begins. */
  readonly stored: number;
  readonly factor: number;
  /** Bits of those that functions such as exp may lose. */
  readonly slack: number;
  /** The smallest step between two numbers. */
  readonly least: number;
}

export const arithmetics: Record<Arithmetic, ArithmeticTraits> = {
  float64: { name: 'float64', stored: 53, factor: 53, slack: 4, least: 0 },
  float32: { name: 'float32 (24 bits)', stored: 24, factor: 24, slack: 4, least: 0 },
  tf32: { name: 'TF32 (factors of 11 bits)', stored: 24, factor: 11, slack: 4, least: 0 },
  bfloat16: { name: 'bfloat16 (8 bits)', stored: 8, factor: 8, slack: 0, least: 0 },
  float16: { name: 'float16 (11 bits)', stored: 11, factor: 11, slack: 0, least: 2 ** -24 },
  'float16 sums': { name: 'float16 with float16 sums (11 bits)', stored: 11, factor: 11, slack: 0, least: 2 ** -24 },
};

/** A sum of products, as one element of a convolution or a matrix product is. */
export interface Sum {
  readonly arithmetic: Arithmetic;
  /** Products in one element. */
  readonly length: number;
  /** What the algorithm declares, where it rounds more than a plain sum does. */
  readonly declared?: number;
}

/** What is allowed to a single sum of products of random numbers. */
export function toleranceOf({ arithmetic, length, declared }: Sum): number {
  const root = Math.sqrt(length);
  switch (arithmetic) {
    case 'float64':
      return 1e-12;
    case 'float32':
      return Math.max(declared ?? 2e-5, 2.5 * 2 ** -23 * root);
    case 'tf32':
      return 3e-3;
    case 'bfloat16':
      return 2.4e-2;
    case 'float16':
      return 3e-3;
    case 'float16 sums':
      return declared ?? 3e-3 + 4 * 2 ** -11 * root;
  }
}

/** In what a candidate computes. */
export const arithmeticOf: Record<MathType, Arithmetic> = {
  FMA: 'float32',
  HALF: 'float16',
  HALF_ARITHMETIC: 'float16 sums',
};
