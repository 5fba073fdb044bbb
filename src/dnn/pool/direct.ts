/**
 * @file DIRECT: the definition of pooling, one output an invocation or four of a row. It runs everything.
 */
import { ceilDiv } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import type { Lanes } from './algorithm.ts';
import { group, poolAlgorithm, poolLaunch, poolMath, runsOf } from './algorithm.ts';
import { poolOperations } from './descriptor.ts';

interface DirectConfig extends Config {
  readonly lanes: Lanes;
}

export const direct = poolAlgorithm<DirectConfig>({
  name: 'DIRECT',
  direction: 'forward',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d) => {
    const mathType = poolMath(d);
    const one: DirectConfig = { label: 'one output a thread', mathType, lanes: 1 };
    return d.Q < 4 ? [one] : [{ label: 'four outputs a thread', mathType, lanes: 4 }, one];
  },
  workspace: () => [],
  work: (d, { lanes }) => ({ reads: poolOperations(d), indexArithmetic: runsOf(d, lanes) }),
  launches: (d, { lanes }, slots) => [poolLaunch(d, slots, '1_direct', lanes, ceilDiv(runsOf(d, lanes), group))],
});
