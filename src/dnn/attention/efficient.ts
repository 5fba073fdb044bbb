/**
 * @file EFFICIENT_ATTENTION: one query an invocation, the softmax made on the way, no barriers.
 */
import { ceilDiv } from '../../gpu/kernel.ts';
import {
  attentionAlgorithm,
  attentionMath,
  byFour,
  fitsRegisters,
  fusedLaunch,
  fusedOperations,
  ownVectors,
  pairReads,
  quadsOf,
} from './algorithm.ts';
import { pairsOf, queriesOf } from './descriptor.ts';

const group = 64;

export const efficient = attentionAlgorithm({
  name: 'EFFICIENT_ATTENTION',
  determinism: 'deterministic',
  supports: fitsRegisters,
  configs: (d) => [
    { label: byFour(d) ? 'one query a thread, rows by four' : 'one query a thread', mathType: attentionMath(d) },
  ],
  workspace: () => [],
  operations: (d) => fusedOperations(d, pairsOf(d)),
  work: (d) => {
    const pairs = pairsOf(d);
    const [reads, vectors] = byFour(d) ? [0, pairs * quadsOf(d)] : [pairReads(d, pairs), 0];
    return { reads, vectors: vectors + ownVectors(d, pairs), indexArithmetic: queriesOf(d), exponentials: pairs };
  },
  launches: (d, _, slots) => [fusedLaunch(d, slots, '1_efficient', { GROUP: group }, ceilDiv(queriesOf(d), group))],
});
