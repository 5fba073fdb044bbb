/**
 * @file Why two sides differ: runs again with one switch off at a time, and tells how much of the error goes with it.
 *
 * A switch is not blamed for being on, only for the error going away without it. The error is a side's own, against
 * float64, so a switch of one side is not blamed for what the other one does.
 */
import { fail } from '../base/errors.ts';
import type { AlgorithmChoice } from '../dnn/choice/records.ts';
import { isChosen } from '../dnn/choice/verdict.ts';
import type { RemoteDevice } from './arithmetics.ts';
import { hasTf32 } from './arithmetics.ts';
import type { ComparedTensor, ComparisonResult } from './types.ts';

/** The settings of a run, as a report has them. */
export type RunSettings = Readonly<Record<string, string | number | boolean | null>>;

export interface Suspect {
  readonly side: 'local' | 'remote';
  /** What may be the cause, in words. */
  readonly cause: string;
  /** The settings that take it away. */
  readonly change: RunSettings;
}

/** What in a remote's settings is known to change numbers on its device, the likeliest first. */
export function remoteSuspects(settings: RunSettings, device: RemoteDevice): Suspect[] {
  const found: Suspect[] = [];
  const add = (cause: string, change: RunSettings): void => void found.push({ side: 'remote', cause, change });
  const { autocast, dtype } = settings;
  if (autocast != null) add(`autocast computes in ${String(autocast)}`, { autocast: null });
  if (dtype === 'float16' || dtype === 'bfloat16') add(`the numbers are stored in ${dtype}`, { dtype: 'float32' });
  if (settings['compile'] === true) add('torch.compile fuses and reorders', { compile: false });
  if (device.type === 'cpu') return found;
  if (hasTf32(settings, device))
    add('TF32 rounds the factors of convolutions and products to 10 bits', { allow_tf32: false });
  if (settings['benchmark'] === true)
    add('benchmark took a faster algorithm with a larger error, such as Winograd', { benchmark: false });
  if (settings['deterministic'] === false)
    add('a non-deterministic algorithm adds in a different order each time', { deterministic: true });
  return found;
}

/** What in this side's choices is known to change numbers. */
export function localSuspects(choices: readonly AlgorithmChoice[]): Suspect[] {
  const found: Suspect[] = [];
  const ran = choices.flatMap((choice) => choice.candidates.filter((c) => isChosen(choice, c)));
  const transformed = ran.filter(({ spreads }) => spreads);
  if (transformed.length > 0) {
    const names = [...new Set(transformed.map(({ algo }) => algo))];
    found.push({
      side: 'local',
      cause: `${names.join(' and ')} on this side: transforms before products increase rounding errors, and spread a NaN or an infinity`,
      change: { algorithms: plainAlgorithms },
    });
  }
  if (ran.some(({ mathType }) => mathType !== 'FMA'))
    found.push({ side: 'local', cause: 'the numbers are stored in float16', change: { dtype: 'float32' } });
  return found;
}

/** All convolutions, and their gradients, by the algorithms that sum the products as the definition does. */
export const plainAlgorithms = 'without transforms';

export interface Trial extends Suspect {
  /** The tensor whose error is told. */
  readonly tensor: string;
  /** The side's largest error in it over the rms of the reference, with the switch and without. */
  readonly before: number;
  readonly after: number;
  readonly share: Share;
}

/** How much of the error goes with a switch. */
export type Share = 'the cause' | 'a part of it' | 'not it';

/** An error that is so many times smaller counts as gone, and as a part of it gone. */
const goneFactor = 10;
const smallerFactor = 2;

/** Tries each suspect by `rerun`, which runs its side with the change and compares again. */
export async function explainDifference(
  result: ComparisonResult,
  rerun: (suspect: Suspect) => Promise<ComparisonResult>,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const suspect of result.suspects) {
    const worst = worstOf(result, suspect.side);
    const again =
      allTensors(await rerun(suspect)).find(({ name }) => name === worst.name) ??
      fail(`compare: the run with it off gave no ${worst.name}`);
    const [before, after] = [errorOf(worst, suspect.side), errorOf(again, suspect.side)];
    trials.push({ ...suspect, tensor: worst.name, before, after, share: shareOf(before, after) });
  }
  return trials;
}

function shareOf(before: number, after: number): Share {
  if (!Number.isFinite(before) && Number.isFinite(after)) return 'the cause';
  if (after >= before) return 'not it'; // also where both are 0, or both infinite
  if (after * goneFactor <= before) return 'the cause';
  return after * smallerFactor <= before ? 'a part of it' : 'not it';
}

/**
 * The tensor in which a side is off the most, for what is allowed to it: of those that differ; where none does, of the
 * model's outputs, which are what the reader sees; where those have no error, of all.
 */
function worstOf(result: ComparisonResult, side: Suspect['side']): ComparedTensor {
  const all = allTensors(result);
  const groups = [
    all.filter(({ verdict }) => verdict === 'differs'),
    result.tensors.filter((tensor) => errorOf(tensor, side) > 0),
  ];
  const excess = (tensor: ComparedTensor): number => errorOf(tensor, side) / (tensor.tolerance || Number.MIN_VALUE);
  return (groups.find(({ length }) => length > 0) ?? all).reduce((a, b) => (excess(b) > excess(a) ? b : a));
}

/** A side's largest error; where float64 did not judge, the sides' difference. */
const errorOf = ({ localError, remoteError, relativeError }: ComparedTensor, side: Suspect['side']): number =>
  (side === 'local' ? localError : remoteError) ?? relativeError;

/** Outputs, layers and gradients. */
export function allTensors({ tensors, layers = [], gradients }: ComparisonResult): ComparedTensor[] {
  return [...tensors, ...layers.flatMap(({ tensor }) => tensor ?? []), ...(gradients?.tensors ?? [])];
}
