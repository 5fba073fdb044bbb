/**
 * @file The table of the convolution's algorithms by direction, under cuDNN's names; one that is missing is a compile
 * error.
 */
import { fail } from '../../base/errors.ts';
import type { Direction } from '../choice/records.ts';
import type { ConvAlgorithm } from './algorithm.ts';
import { backwardData0 } from './backward-data-atomic.ts';
import { backwardData1 } from './backward-data.ts';
import { backwardFilter0, backwardFilter1, backwardFilter3 } from './backward-filter.ts';
import { direct } from './direct.ts';
import { fft, fftBackwardData, fftTiling, fftTilingBackwardData } from './fft.ts';
import { fftBackwardFilter, fftTilingBackwardFilter } from './fft-filter.ts';
import { gemm } from './gemm.ts';
import { implicitGemm } from './implicit-gemm.ts';
import { implicitPrecompGemm } from './implicit-precomp-gemm.ts';
import { ownConvolutions } from './own.ts';
import { winograd, winogradBackwardData } from './winograd.ts';
import { winogradNonfused, winogradNonfusedBackwardData } from './winograd-nonfused.ts';
import { winogradNonfusedBackwardFilter } from './winograd-nonfused-filter.ts';

/** For the filter's gradient cuDNN has no fused WINOGRAD. */
type TransformAlgorithm = 'FFT' | 'FFT_TILING' | 'WINOGRAD' | 'WINOGRAD_NONFUSED';

export type ForwardAlgorithm = 'IMPLICIT_GEMM' | 'IMPLICIT_PRECOMP_GEMM' | 'GEMM' | 'DIRECT' | TransformAlgorithm;
export type BackwardDataAlgorithm = 'ALGO_0' | 'ALGO_1' | TransformAlgorithm;
export type BackwardFilterAlgorithm = 'ALGO_0' | 'ALGO_1' | 'ALGO_3' | Exclude<TransformAlgorithm, 'WINOGRAD'>;

const forward: Record<ForwardAlgorithm, ConvAlgorithm> = {
  IMPLICIT_GEMM: implicitGemm,
  IMPLICIT_PRECOMP_GEMM: implicitPrecompGemm,
  GEMM: gemm,
  DIRECT: direct,
  FFT: fft,
  FFT_TILING: fftTiling,
  WINOGRAD: winograd,
  WINOGRAD_NONFUSED: winogradNonfused,
};

const backwardData: Record<BackwardDataAlgorithm, ConvAlgorithm> = {
  ALGO_0: backwardData0,
  ALGO_1: backwardData1,
  FFT: fftBackwardData,
  FFT_TILING: fftTilingBackwardData,
  WINOGRAD: winogradBackwardData,
  WINOGRAD_NONFUSED: winogradNonfusedBackwardData,
};

const backwardFilter: Record<BackwardFilterAlgorithm, ConvAlgorithm> = {
  ALGO_0: backwardFilter0,
  ALGO_1: backwardFilter1,
  ALGO_3: backwardFilter3,
  FFT: fftBackwardFilter,
  FFT_TILING: fftTilingBackwardFilter,
  WINOGRAD_NONFUSED: winogradNonfusedBackwardFilter,
};

export const convTable: Record<Direction, Readonly<Record<string, ConvAlgorithm>>> = {
  forward,
  'backward data': backwardData,
  'backward filter': backwardFilter,
};

/** Throws, with the list, where the direction has no algorithm of that name. */
export function checkAlgorithm(what: string, direction: Direction, name: unknown): void {
  const known = allConvAlgorithms(direction).map((algorithm) => algorithm.name);
  if (typeof name !== 'string' || !known.includes(name))
    fail(`${what}: there is no algorithm '${String(name)}' of convolution ${direction}; there are ${known.join(', ')}`);
}

/** The algorithms of a direction, in cuDNN's order. */
export const convAlgorithms = (direction: Direction): readonly ConvAlgorithm[] => Object.values(convTable[direction]);

/** The same, and those that the program brought. */
export const allConvAlgorithms = (direction: Direction): readonly ConvAlgorithm[] => [
  ...convAlgorithms(direction),
  ...ownConvolutions(direction),
];
