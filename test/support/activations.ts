/**
 * @file The activations of an epilogue in float64.
 */
import type { Activation } from '../../src/dnn/epilogue.ts';

const logistic = (v: number): number => 1 / (1 + Math.exp(-v));

export const activations: Record<Activation, (v: number) => number> = {
  identity: (v) => v,
  relu: (v) => Math.max(v, 0),
  relu6: (v) => Math.min(Math.max(v, 0), 6),
  leaky_relu: (v) => (v > 0 ? v : 0.01 * v),
  silu: (v) => v * logistic(v),
  gelu: (v) => 0.5 * v * (1 + erf(v / Math.SQRT2)),
  sigmoid: logistic,
  tanh: Math.tanh,
};

/** The error function by its Taylor series, whose terms alternate; exact to 1e-12 for |v| < 4, and ±1 to 2e-8 beyond. */
function erf(v: number): number {
  if (Math.abs(v) > 4) return Math.sign(v);
  let term = v;
  let sum = v;
  for (let n = 1; n < 100; n++) {
    term *= (-v * v) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
