/**
 * @file SLIDING: windows that move by one element share what lies under them.
 */
import { ceilDiv } from '../../gpu/kernel.ts';
import { group, poolAlgorithm, poolLaunch, poolMath, runsOf } from './algorithm.ts';

const lanes = 4;

export const sliding = poolAlgorithm({
  name: 'SLIDING',
  direction: 'forward',
  determinism: 'deterministic',
  supports: (d) => {
    if (d.strideW !== 1) return `needs stride 1 along the width, so that windows share elements; it is ${d.strideW}`;
    if (d.dilationW !== 1)
      return `needs dilation 1 along the width, so that windows share elements; it is ${d.dilationW}`;
    return true;
  },
  configs: (d) => [{ label: 'four outputs a thread', mathType: poolMath(d) }],
  workspace: () => [],
  work: (d) => ({ reads: runsOf(d, lanes) * d.R * (3 + d.S), indexArithmetic: runsOf(d, lanes) }),
  launches: (d, _, slots) => [poolLaunch(d, slots, '2_sliding', lanes, ceilDiv(runsOf(d, lanes), group))],
});
