/**
 * @file The table of the convolution's algorithms by direction, under cuDNN's names; one that is missing is a compile error.
 */
import type { Direction } from '../records.ts';
import type { ConvAlgorithm } from './algorithm.ts';
import { direct } from './direct.ts';
import { gemm } from './gemm.ts';

export type ForwardAlgorithm = 'GEMM' | 'DIRECT';

const forward: Record<ForwardAlgorithm, ConvAlgorithm> = {
  GEMM: gemm,
  DIRECT: direct,
};

export const convTable: Record<Direction, Readonly<Record<string, ConvAlgorithm>>> = {
  forward,
  'backward data': {},
  'backward filter': {},
};

/** The algorithms of a direction, in cuDNN's order. */
export const convAlgorithms = (direction: Direction): readonly ConvAlgorithm[] => Object.values(convTable[direction]);
