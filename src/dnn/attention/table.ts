/**
 * @file The table of attention's algorithms, under PyTorch's names for its backends; a name that is missing here is a
 * compile error.
 */
import type { AttentionAlgorithm } from './algorithm.ts';
import { efficient } from './efficient.ts';
import { flash } from './flash.ts';
import { math } from './math.ts';

export type AttentionAlgorithmName = 'MATH' | 'EFFICIENT_ATTENTION' | 'FLASH_ATTENTION';

export const attentionTable: Record<AttentionAlgorithmName, AttentionAlgorithm> = {
  MATH: math,
  EFFICIENT_ATTENTION: efficient,
  FLASH_ATTENTION: flash,
};

export const attentionAlgorithms: readonly AttentionAlgorithm[] = Object.values(attentionTable);
