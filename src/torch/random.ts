/**
 * @file The default generator: one seed makes every random number of a program, the same as PyTorch's on the cpu.
 */
import { Generator } from '../base/random.ts';
import { fn, p } from './signature.ts';

const seed = p.kind<number | bigint>(
  'a whole number',
  'a whole number',
  (v) => Number.isSafeInteger(v) || typeof v === 'bigint',
)('seed');

export const defaultGenerator = new Generator();

let held: number | undefined;

/** From now on the default generator starts from this seed, whatever a program sets it to; without one, as it says. */
export function holdSeed(seed: number | undefined): void {
  held = seed;
}

/** Seeds the default generator; the numbers that follow equal PyTorch's for the same seed. */
export const manualSeed = fn('torch.manual_seed', [seed], (seed): Generator => {
  defaultGenerator.manualSeed(held ?? seed);
  return defaultGenerator;
});

/** The seed in force. */
export const initialSeed = fn('torch.initial_seed', [], (): bigint => defaultGenerator.initialSeed());

export { Generator };
