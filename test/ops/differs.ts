/**
 * @file Cases to which PyTorch's versions give different answers, so that only the one that made the goldens gives them
 * again.
 */
import type { Case } from './case.ts';
import { titleOf } from './case.ts';

/** What differs, by the case's title; between 1.13 and 2.14, on a CPU. */
const differing: Readonly<Record<string, string>> = {
  'gelu: edges': 'of infinity: infinity or NaN',
  'quantizePerTensor: saturation, uint8': 'NaN becomes the lowest level or the highest',
};

export const differsByVersion = (c: Case): boolean => titleOf(c) in differing;
