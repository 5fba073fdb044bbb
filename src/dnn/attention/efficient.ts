/**
 * @file EFFICIENT_ATTENTION: one query an invocation, the softmax made on the way, no barriers.
 */
import { ceilDiv } from '../../gpu/kernel.ts';
import { attentionAlgorithm, attentionMath, byFour, fitsRegisters, fusedLaunch, fusedOperations, fusedReads } from './algorithm.ts';
import { queriesOf } from './descriptor.ts';

const group = 64;

export const efficient = attentionAlgorithm({
  name: 'EFFICIENT_ATTENTION',
  determinism: 'deterministic',
  supports: fitsRegisters,
  configs: (d) => [{ label: byFour(d) ? 'one query a thread, rows by four' : 'one query a thread', mathType: attentionMath(d) }],
  workspace: () => [],
  operations: fusedOperations,
  work: (d) => ({ reads: fusedReads(d), places: queriesOf(d) }),
  launches: (d, _, slots) => [fusedLaunch(d, slots, '2_efficient', { GROUP: group }, ceilDiv(queriesOf(d), group))],
});
