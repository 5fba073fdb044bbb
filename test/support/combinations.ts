/**
 * @file Which combinations a sweep runs. The fastest adapter takes every configuration on every shape in float32. Elsewhere the product
 * of shapes, configurations, dtypes, directions and adapters is thinned so that each pair of them still meets: what comes next in turn
 * is taken. Compiling takes the time there, seconds a kernel on SwiftShader. `npm test -- --full` runs the product.
 */
export const full = process.env.WUDNN_TEST_FULL !== undefined;

/** All of them where the sweep is `thorough`, else the one whose turn it is. */
export function inTurn<T>(all: readonly T[], turn: number, thorough = false): readonly T[] {
  return full || thorough ? all : all.slice(turn % all.length, (turn % all.length) + 1);
}

/** Whether the `turn`-th is taken, of every `n` one; always where the sweep is `thorough`. */
export const hasTurn = (turn: number, n: number, thorough = false): boolean => full || thorough || turn % n === 0;
