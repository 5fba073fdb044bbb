/**
 * @file Figures drawn from the rounds.
 */
import type { Timing } from './rounds.ts';

/** The best peer's time over wuDNN's; `undefined` where either is missing. */
export function ratioToBestPeer(timings: readonly Timing[]): number | undefined {
  const ours = timings.find((timing) => timing.name.startsWith('wuDNN'))?.medianMs;
  const peers = timings.filter((timing) => !timing.name.startsWith('wuDNN')).flatMap((timing) => timing.medianMs ?? []);
  return ours === undefined || peers.length === 0 ? undefined : Math.min(...peers) / ours;
}

export const describeSamples = ({ samples, spread, difference }: Timing): string =>
  `${samples === 1 ? '1 sample' : `${samples} samples, spread ${(100 * spread!).toFixed(0)}%`}, difference ${difference!.toExponential(0)}`;
