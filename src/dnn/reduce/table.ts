/**
 * @file The table of a reduction's algorithms; a name that is missing here is a compile error. The first is the
 * plainest that any size can do with.
 */
import type { ReduceAlgorithm } from './algorithm.ts';
import { serial } from './serial.ts';
import { split } from './split.ts';
import { workgroup } from './workgroup.ts';

export type ReduceAlgorithmName = 'WORKGROUP' | 'SERIAL' | 'SPLIT';

export const reduceTable: Record<ReduceAlgorithmName, ReduceAlgorithm> = {
  WORKGROUP: workgroup,
  SERIAL: serial,
  SPLIT: split,
};

export const reduceAlgorithms: readonly ReduceAlgorithm[] = Object.values(reduceTable);
