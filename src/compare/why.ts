/**
 * @file Why two sides differ: runs again with one switch off at a time, and names those that make them agree.
 *
 * A switch is not blamed for being on, only for the difference going away without it.
 */
import type { ComparedTensor } from './types.ts';

/** The settings of a run, as a report has them. */
export type RunSettings = Readonly<Record<string, string | number | boolean | null>>;

export interface Suspect {
  /** What may be the cause, in words. */
  readonly cause: string;
  /** The settings that take it away. */
  readonly change: RunSettings;
}

/** What in these settings is known to change numbers, the likeliest first. */
export function suspectsOf(settings: RunSettings): Suspect[] {
  const found: Suspect[] = [];
  const { autocast, dtype } = settings;
  if (autocast != null) found.push({ cause: `autocast computes in ${autocast}`, change: { autocast: null } });
  if (dtype === 'float16' || dtype === 'bfloat16') found.push({ cause: `the numbers are stored in ${dtype}`, change: { dtype: 'float32' } });
  if (settings['allow_tf32'] === true) found.push({ cause: 'TF32 rounds the factors of convolutions and products to 10 bits', change: { allow_tf32: false } });
  if (settings['compile'] === true) found.push({ cause: 'torch.compile fuses and reorders', change: { compile: false } });
  if (settings['benchmark'] === true) found.push({ cause: 'benchmark took a faster algorithm with a larger error, such as Winograd', change: { benchmark: false } });
  if (settings['deterministic'] === false) found.push({ cause: 'a non-deterministic algorithm adds in another order each time', change: { deterministic: true } });
  return found;
}

export interface Explanation {
  readonly cause: string;
  readonly change: RunSettings;
  /** The largest error over the rms of the reference, with it and without. */
  readonly before: number;
  readonly after: number;
}

/** The remote's largest error over all tensors. */
function remoteError(tensors: readonly ComparedTensor[]): number {
  return Math.max(0, ...tensors.map((tensor) => tensor.remoteError));
}

/** An error that is so many times smaller counts as gone. */
const GONE = 10;

/**
 * Tries each suspect by `rerun`, which runs the remote with the change and compares again. Gives those that explain the
 * difference; an empty list means that none of the known switches does.
 */
export async function explainDifference(
  tensors: readonly ComparedTensor[],
  settings: RunSettings,
  rerun: (change: RunSettings) => Promise<readonly ComparedTensor[]>,
): Promise<Explanation[]> {
  const before = remoteError(tensors);
  const found: Explanation[] = [];
  for (const { cause, change } of suspectsOf(settings)) {
    const after = remoteError(await rerun(change));
    if (after * GONE <= before) found.push({ cause, change, before, after });
  }
  return found;
}
