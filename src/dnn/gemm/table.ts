/**
 * @file The table of the matmul's algorithms; a name that is missing here is a compile error.
 */
import type { GemmAlgorithm } from './algorithm.ts';
import { naive } from './naive.ts';
import { register, vec4 } from './register.ts';
import { shared } from './shared.ts';
import { splitK } from './split-k.ts';
import { tiled } from './tiled.ts';

export type GemmAlgorithmName = 'NAIVE' | 'TILED' | 'REGISTER' | 'VEC4' | 'SHARED' | 'SPLIT_K';

export const gemmTable: Record<GemmAlgorithmName, GemmAlgorithm> = {
  NAIVE: naive,
  TILED: tiled,
  REGISTER: register,
  VEC4: vec4,
  SHARED: shared,
  SPLIT_K: splitK,
};

export const gemmAlgorithms: readonly GemmAlgorithm[] = Object.values(gemmTable);
