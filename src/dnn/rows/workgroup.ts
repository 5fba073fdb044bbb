/**
 * @file WORKGROUP: several invocations a row, which share what they find in workgroup memory.
 */
import { ceilDiv } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import { inWorkgroups, reduceMath } from '../reduce/algorithm.ts';
import { barriersOfTree } from '../reduce/workgroup.ts';
import { group, rowsAlgorithm, rowsLaunch } from './algorithm.ts';
import type { RowsDescriptor } from './descriptor.ts';

interface WorkgroupConfig extends Config {
  readonly threads: number;
}

const supports = ({ length }: RowsDescriptor): true | string =>
  length > 1 ? true : `shares out the elements of a row; these have ${length} each`;

/** Elements that invocations walk over, those that have none included. */
const walkedBy = (d: RowsDescriptor, threads: number): number =>
  inWorkgroups(d.rows, threads) * Math.max(threads, d.length);

/** Two trees: for the largest, and for the sum. */
export const workgroupSoftmax = rowsAlgorithm<WorkgroupConfig>({
  name: 'WORKGROUP',
  determinism: 'deterministic',
  supports,
  configs: (d) =>
    [group, 8]
      .filter((threads) => threads === group || threads <= d.length)
      .map((threads) => ({ label: `${threads} threads a row`, mathType: reduceMath(d), threads })),
  workspace: () => [],
  work: (d, { threads }) => ({
    reads: 3 * walkedBy(d, threads),
    exponentials: (d.name === 'softmax' ? 2 : 1) * walkedBy(d, threads),
    indexArithmetic: d.rows * threads,
    barriers: 2 * d.rows * threads * barriersOfTree(threads),
  }),
  launches: (d, { threads }, slots) => [
    rowsLaunch(d, slots, '2_workgroup', ceilDiv(d.rows, group / threads), { const: { THREADS: threads } }),
  ],
});

/** Each invocation takes a run of the row; what lies before its run comes from a scan of the runs' totals. */
export const workgroupScan = rowsAlgorithm({
  name: 'WORKGROUP',
  determinism: 'deterministic',
  supports,
  configs: (d) => [{ label: `${group} threads a row`, mathType: reduceMath(d) }],
  workspace: () => [],
  work: (d) => ({
    reads: 2 * walkedBy(d, group),
    indexArithmetic: d.rows * group,
    barriers: 2 * d.rows * group * barriersOfTree(group),
  }),
  launches: (d, _, slots) => [rowsLaunch(d, slots, '2_workgroup', d.rows)],
});
