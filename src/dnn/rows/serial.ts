/**
 * @file SERIAL: one invocation a row. It runs everything.
 */
import { ceilDiv } from '../../gpu/kernel.ts';
import { inWorkgroups, reduceMath } from '../reduce/algorithm.ts';
import { group, rowsAlgorithm, rowsLaunch } from './algorithm.ts';
import type { RowsDescriptor } from './descriptor.ts';

/** Elements that invocations walk over, those without a row included. */
const walked = ({ rows, length }: RowsDescriptor): number => inWorkgroups(rows, 1) * length;

const launches: Parameters<typeof rowsAlgorithm>[0]['launches'] = (d, _, slots) => [
  rowsLaunch(d, slots, '1_serial', ceilDiv(d.rows, group)),
];

const serial = {
  name: 'SERIAL',
  determinism: 'deterministic',
  supports: () => true as const,
  workspace: () => [],
  launches,
} as const;

/** Three walks over a row: for the largest, the sum and the results. */
export const serialSoftmax = rowsAlgorithm({
  ...serial,
  configs: (d) => [{ label: '', mathType: reduceMath(d) }],
  work: (d) => ({
    reads: 3 * walked(d),
    exponentials: (d.name === 'softmax' ? 2 : 1) * walked(d),
    indexArithmetic: d.rows,
  }),
});

export const serialScan = rowsAlgorithm({
  ...serial,
  configs: (d) => [{ label: '', mathType: reduceMath(d) }],
  work: (d) => ({ reads: walked(d), indexArithmetic: d.rows }),
});
