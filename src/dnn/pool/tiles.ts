/**
 * @file TILES: where windows do not overlap, each one writes its own part of the input's gradient.
 */
import { poolAlgorithm, poolBackwardLaunch, poolMath } from './algorithm.ts';
import { outputSize, windowExtent } from './descriptor.ts';

export const tiles = poolAlgorithm({
  name: 'TILES',
  direction: 'backward data',
  determinism: 'deterministic',
  supports: (d) => {
    const { rows, columns } = windowExtent(d);
    if (rows > d.strideH || columns > d.strideW)
      return `needs windows that do not overlap; they reach over ${rows}×${columns} and move by ${d.strideH}×${d.strideW}`;
    return true;
  },
  configs: (d) => [{ label: '', mathType: poolMath(d) }],
  workspace: () => [],
  work: (d) => ({ reads: outputSize(d) * (d.mode === 'max' ? 2 : 1), indexArithmetic: outputSize(d) }),
  launches: (d, _, slots) => [poolBackwardLaunch(d, slots, '2_tiles', outputSize(d))],
});
