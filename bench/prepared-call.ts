/**
 * @file What every library of a bench does: it is given its work, submits it as often as asked, and waits for its
 * device.
 */
import { fail } from '../src/base/errors.ts';

export interface PreparedCall {
  /** Submits one call: a convolution, an inference, or a step of training. */
  readonly call: () => void | Promise<void>;
  /** Flushes what was submitted and resolves when the device has done it. */
  readonly sync: () => Promise<void>;
  /** The last call's output in PyTorch's order, or its loss. */
  readonly output: () => Promise<Float32Array>;
  readonly dispose: () => void;
}

/** Milliseconds of one call: all are submitted, then waited for together. */
export async function timeCalls({ call, sync }: PreparedCall, calls: number): Promise<number> {
  await sync();
  const began = performance.now();
  for (let i = 0; i < calls; i++) await call();
  await sync();
  return (performance.now() - began) / calls;
}

/**
 * Largest |difference| from the reference, over the reference's rms; throws where that is more than `tolerance`, or
 * NaN.
 */
export function differenceOf(output: Float32Array, reference: Float32Array, tolerance: number): number {
  const difference = largestDifference(output, reference);
  if (difference <= tolerance) return difference;
  return fail(`its output differs by ${difference.toExponential(1)} of the rms; more than ${tolerance} disqualifies`);
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  let squares = 0;
  for (let i = 0; i < b.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= largest)) largest = difference; // and NaN stays
    squares += b[i] ** 2;
  }
  return largest / Math.sqrt(squares / b.length);
}
