/**
 * @file WORKGROUP: large windows, shared out among the invocations of a workgroup and joined by a tree.
 */
import type { Config } from '../algorithm.ts';
import { poolAlgorithm, poolLaunch, poolMath } from './algorithm.ts';
import { outputSize, poolOperations } from './descriptor.ts';

interface WorkgroupConfig extends Config {
  readonly threads: number;
}

const [fewest, most] = [32, 128];

export const workgroup = poolAlgorithm<WorkgroupConfig>({
  name: 'WORKGROUP',
  direction: 'forward',
  determinism: 'deterministic',
  supports: (d) =>
    d.R * d.S >= fewest ? true : `needs windows of at least ${fewest} elements to share out; these have ${d.R * d.S}`,
  configs: (d) =>
    [most, fewest]
      .filter((threads) => threads === fewest || d.R * d.S >= 2 * threads)
      .map((threads) => ({ label: `${threads} threads an output`, mathType: poolMath(d), threads })),
  workspace: () => [],
  // One division for each element, where a place has three.
  work: (d, { threads }) => ({
    reads: poolOperations(d),
    indexArithmetic: poolOperations(d) / 3,
    barriers: outputSize(d) * threads * Math.log2(threads),
  }),
  launches: (d, { threads }, slots) => [poolLaunch(d, slots, '3_workgroup', 1, outputSize(d), threads)],
});
