/**
 * @file WORKGROUP: several invocations an output, which meet in a tree in workgroup memory.
 */
import { ceilDiv } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import { addresses, group, inWorkgroups, reduceAlgorithm, reduceLaunch, reduceMath } from './algorithm.ts';
import { lengthOf, outputsOf } from './descriptor.ts';

interface WorkgroupConfig extends Config {
  readonly threads: number;
}

/** Invocations that share an output. */
const shares = [64, 8, 256];

/** Barriers that an invocation passes in a tree, and around it. */
export const barriersOfTree = (threads: number): number => Math.log2(threads) + 1;

export const workgroup = reduceAlgorithm<WorkgroupConfig>({
  name: 'WORKGROUP',
  determinism: 'deterministic',
  supports: (d) => (lengthOf(d) > 1 ? true : `shares out the elements of an output; these have ${lengthOf(d)} each`),
  configs: (d) =>
    shares
      .filter((threads) => threads === shares[0] || threads <= lengthOf(d))
      .map((threads) => ({ label: `${threads} threads an output`, mathType: reduceMath(d), threads })),
  workspace: () => [],
  work: (d, { threads }) => ({
    reads: inWorkgroups(outputsOf(d), threads) * Math.max(threads, lengthOf(d)),
    indexArithmetic: addresses(d) + outputsOf(d) * threads,
    barriers: outputsOf(d) * threads * barriersOfTree(threads),
  }),
  launches: (d, { threads }, slots) => {
    const size = Math.max(group, threads);
    return [
      reduceLaunch(d, slots, {
        file: '2_workgroup',
        from: slots.x,
        to: slots.y,
        workgroups: ceilDiv(outputsOf(d), size / threads),
        group: size,
        threads,
        chunks: 1,
      }),
    ];
  },
});
