/**
 * @file The algorithms that can be walked through, from the plainest on.
 */
import { atomicBackwardFilter, gatherBackwardData, scatterBackwardData, splitBackwardFilter } from './backward.ts';
import { direct } from './direct.ts';
import { fft } from './fft.ts';
import { fftTiling } from './fft-tiling.ts';
import { gemm, implicitGemm, implicitPrecompGemm } from './gemm.ts';
import { tiled } from './tiled.ts';
import type { Walkthrough } from './walkthrough.ts';
import { winograd } from './winograd.ts';

export const walkthroughs: readonly Walkthrough[] = [
  direct,
  gemm,
  implicitGemm,
  implicitPrecompGemm,
  tiled,
  winograd,
  fft,
  fftTiling,
  scatterBackwardData,
  gatherBackwardData,
  atomicBackwardFilter,
  splitBackwardFilter,
];

/** `'DIRECT'`, `'backward data ALGO_1'`. */
export const titleOf = ({ name, direction }: Walkthrough): string =>
  direction === 'forward' ? name : `${direction} ${name}`;
