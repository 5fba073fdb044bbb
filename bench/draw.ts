/**
 * @file Numbers that are the same each time, for every library.
 */

/** Draws from [0, 1). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** So many draws from [−1, 1). */
export const numbers = (count: number, draw: () => number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length: count }, () => 2 * draw() - 1);

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
