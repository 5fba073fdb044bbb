/**
 * @file GATHER: each element of the input's gradient asks the windows over it. It runs everything.
 */
import { poolAlgorithm, poolBackwardLaunch, poolMath } from './algorithm.ts';
import { inputSize, windowExtent } from './descriptor.ts';

export const gather = poolAlgorithm({
  name: 'GATHER',
  direction: 'backward data',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d) => [{ label: '', mathType: poolMath(d) }],
  workspace: () => [],
  work: (d) => {
    const { rows, columns } = windowExtent(d);
    const windows = Math.ceil(rows / d.strideH) * Math.ceil(columns / d.strideW);
    // Which windows lie over an element differs from one to the next.
    return { reads: 0, gathers: inputSize(d) * windows * (d.mode === 'max' ? 2 : 1), indexArithmetic: inputSize(d) };
  },
  launches: (d, _, slots) => [poolBackwardLaunch(d, slots, '1_gather', inputSize(d))],
});
