/**
 * @file Which algorithm the Step pane walks through, for those that lead there; the walk is loaded with the pane.
 */
import { signal } from '@preact/signals';
import type { AlgorithmChoice, Candidate } from '../dnn/choice/records.ts';

/** The walk of each algorithm of a convolution; two that differ in where their numbers lie share one. */
export const walkOf: Readonly<Record<string, string>> = {
  DIRECT: 'DIRECT',
  GEMM: 'GEMM',
  IMPLICIT_GEMM: 'IMPLICIT_GEMM',
  IMPLICIT_PRECOMP_GEMM: 'IMPLICIT_PRECOMP_GEMM',
  WINOGRAD: 'WINOGRAD',
  WINOGRAD_NONFUSED: 'WINOGRAD',
  FFT: 'FFT',
  FFT_TILING: 'FFT',
};

export const algorithm = signal('DIRECT');

export const canStep = ({ operation, direction }: AlgorithmChoice, { algo }: Candidate): boolean =>
  operation === 'conv2d' && direction === 'forward' && Object.hasOwn(walkOf, algo);
