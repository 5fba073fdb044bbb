/**
 * @file SPLIT: several workgroups an output, each over a run of its elements, and a second kernel that brings the runs
 * together.
 */
import type { Config } from '../algorithm.ts';
import { addresses, group, partialBytes, reduceAlgorithm, reduceLaunch, reduceMath } from './algorithm.ts';
import { lengthOf, outputsOf } from './descriptor.ts';
import { barriersOfTree } from './workgroup.ts';

export interface SplitConfig extends Config {
  /** Workgroups that share the elements of one output. */
  readonly chunks: number;
}

/** About how many workgroups there are in all. */
const workgroups = [512, 64, 16];

/** Elements that an invocation has at least. */
const leastElements = 4;

/** The fewest elements of an output that two workgroups share. */
export const leastToSplit = 2 * group * leastElements;

/** Among how many workgroups `outputs` of so many elements each may be split. */
export function chunksOf(length: number, outputs: number): number[] {
  const most = Math.floor(length / (group * leastElements));
  return [...new Set(workgroups.map((count) => Math.max(2, Math.min(most, Math.ceil(count / Math.max(1, outputs))))))];
}

export const split = reduceAlgorithm<SplitConfig>({
  name: 'SPLIT',
  determinism: 'deterministic',
  supports: (d) =>
    lengthOf(d) >= leastToSplit
      ? true
      : `needs at least ${leastToSplit} elements an output for two workgroups; these have ${lengthOf(d)}`,
  configs: (d) =>
    chunksOf(lengthOf(d), outputsOf(d)).map((chunks) => ({
      label: `${chunks} workgroups an output`,
      mathType: reduceMath(d),
      chunks,
    })),
  workspace: (d, { chunks }) => [outputsOf(d) * chunks * partialBytes(d)],
  work: (d, { chunks }) => ({
    reads: outputsOf(d) * (lengthOf(d) + chunks),
    indexArithmetic: addresses(d) + outputsOf(d) * chunks * group,
    barriers: outputsOf(d) * (chunks + 1) * group * barriersOfTree(group),
  }),
  launches: (d, { chunks }, slots) => {
    const [partial] = slots.workspace;
    const stage = { group, threads: group, chunks };
    return [
      reduceLaunch(d, slots, {
        ...stage,
        file: 'partial',
        from: slots.x,
        to: partial,
        workgroups: outputsOf(d) * chunks,
      }),
      reduceLaunch(d, slots, { ...stage, file: 'finish', from: partial, to: slots.y, workgroups: outputsOf(d) }),
    ];
  },
});
