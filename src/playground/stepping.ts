/**
 * @file Which algorithm the Step pane walks through, for those that lead there; the walk is loaded with the pane.
 */
import { signal } from '@preact/signals';
import type { AlgorithmChoice, Candidate, Direction } from '../dnn/choice/records.ts';

/**
 * The walk of each algorithm of a convolution, by direction; those that differ in where their numbers lie share one.
 * Gradients by transforms have none.
 */
export const walks: Readonly<Record<Direction, Readonly<Record<string, string>>>> = {
  forward: {
    DIRECT: 'DIRECT',
    GEMM: 'GEMM',
    IMPLICIT_GEMM: 'IMPLICIT_GEMM',
    IMPLICIT_PRECOMP_GEMM: 'IMPLICIT_PRECOMP_GEMM',
    WINOGRAD: 'WINOGRAD',
    WINOGRAD_NONFUSED: 'WINOGRAD',
    FFT: 'FFT',
    FFT_TILING: 'FFT_TILING',
  },
  'backward data': { ALGO_0: 'backward data ALGO_0', ALGO_1: 'backward data ALGO_1' },
  'backward filter': {
    ALGO_0: 'backward filter ALGO_0',
    ALGO_1: 'backward filter ALGO_1',
    ALGO_3: 'backward filter ALGO_0',
  },
};

/** The walk that is shown. */
export const walk = signal('DIRECT');

/** The walk of a candidate, where there is one. */
export const walkOf = (
  { operation, direction }: Pick<AlgorithmChoice, 'operation' | 'direction'>,
  { algo }: Pick<Candidate, 'algo'>,
): string | undefined =>
  operation === 'conv2d' && Object.hasOwn(walks, direction) ? walks[direction as Direction][algo] : undefined;
