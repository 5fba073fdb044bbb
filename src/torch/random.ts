/**
 * @file The default generator: one seed makes every random number of a program, the same as PyTorch's on the cpu.
 */
import { Generator } from '../base/random.ts';

export const defaultGenerator = new Generator();

/** Seeds the default generator; the numbers that follow equal PyTorch's for the same seed. */
export function manualSeed(seed: number | bigint): Generator {
  defaultGenerator.manualSeed(seed);
  return defaultGenerator;
}

/** The seed in force. */
export const initialSeed = (): bigint => defaultGenerator.initialSeed();

export { Generator };
