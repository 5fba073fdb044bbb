/**
 * @file Which combinations a sweep runs. The fastest adapter takes every configuration on every shape in float32.
 * Elsewhere the product of shapes, configurations, dtypes, directions, epilogues and adapters is thinned: every value
 * of one meets every value of another, except that of configurations that few shapes have, some wait for a full run.
 * What had no turn yet comes first; once all configurations of an algorithm had theirs, every second shape does without
 * it. Compiling takes the time, about half a second a kernel. `npm test -- --full` runs the product.
 */
export const full = process.env.WUDNN_TEST_FULL !== undefined;

/** All of them where the sweep is `thorough`, else the one whose turn it is. */
export function inTurn<T>(all: readonly T[], turn: number, thorough = false): readonly T[] {
  return full || thorough ? all : all.slice(turn % all.length, (turn % all.length) + 1);
}

/** Whether the `turn`-th is taken, of every `n` one; always where the sweep is `thorough`. */
export const hasTurn = (turn: number, n: number, thorough = false): boolean => full || thorough || turn % n === 0;

/** Deals out what is offered again and again, in parts: what has not been taken yet comes first. */
export class Turns {
  private readonly taken = new Map<string, number>();

  /**
   * All of them where the sweep is `thorough`; else the one that was taken least often, and none where all had their
   * turn and the `turn`-th of two is not taken.
   */
  next<T>(all: readonly T[], nameOf: (one: T) => string, turn: number, thorough = false): readonly T[] {
    if (full || thorough || all.length === 0) return all;
    const times = (one: T): number => this.taken.get(nameOf(one)) ?? 0;
    const rarest = all.reduce((a, b) => (times(b) < times(a) ? b : a));
    if (times(rarest) > 0 && !hasTurn(turn, 2)) return [];
    this.taken.set(nameOf(rarest), times(rarest) + 1);
    return [rarest];
  }
}
