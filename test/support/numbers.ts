/**
 * @file Random operands, and how far a result is from its reference.
 */

/** Numbers in (−1, 1) from a seed; the same each time. */
export function randomNumbers(count: number, seed: number): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    return ((mixed ^ (mixed >>> 12)) >>> 0) / 2 ** 31 - 1;
  });
}

/** The largest |error| over the reference's root mean square; NaN anywhere makes it infinite. */
export function relativeError(got: ArrayLike<number>, reference: Float64Array): number {
  let largest = 0;
  let squares = 0;
  for (let i = 0; i < reference.length; i++) {
    const error = Math.abs(got[i] - reference[i]);
    if (!(error <= largest)) largest = Number.isNaN(error) ? Infinity : error;
    squares += reference[i] ** 2;
  }
  const rms = Math.sqrt(squares / reference.length);
  return largest === 0 ? 0 : largest / rms;
}
