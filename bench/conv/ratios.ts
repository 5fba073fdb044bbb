/**
 * @file Figures drawn from a race.
 */
import type { Lap } from './race.ts';

/** The best peer's time over wuDNN's; `undefined` where either is missing. */
export function ratioToBestPeer(laps: readonly Lap[]): number | undefined {
  const ours = laps.find((lap) => lap.name.startsWith('wuDNN'))?.medianMs;
  const peers = laps.filter((lap) => !lap.name.startsWith('wuDNN')).flatMap((lap) => lap.medianMs ?? []);
  return ours === undefined || peers.length === 0 ? undefined : Math.min(...peers) / ours;
}

export const describeSamples = ({ samples, spread, difference }: Lap): string =>
  `${samples === 1 ? '1 sample' : `${samples} samples, spread ${(100 * spread!).toFixed(0)}%`}, difference ${difference!.toExponential(0)}`;
