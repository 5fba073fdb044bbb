/**
 * @file SERIAL: one invocation an output. It runs everything.
 */
import { ceilDiv } from '../../gpu/kernel.ts';
import { addresses, group, inWorkgroups, reduceAlgorithm, reduceLaunch, reduceMath } from './algorithm.ts';
import { lengthOf, outputsOf } from './descriptor.ts';

export const serial = reduceAlgorithm({
  name: 'SERIAL',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d) => [{ label: '', mathType: reduceMath(d) }],
  workspace: () => [],
  work: (d) => ({ reads: inWorkgroups(outputsOf(d), 1) * lengthOf(d), indexArithmetic: addresses(d) }),
  launches: (d, _, slots) => [
    reduceLaunch(d, slots, {
      file: '1_serial',
      from: slots.x,
      to: slots.y,
      workgroups: ceilDiv(outputsOf(d), group),
      group,
      threads: 1,
      chunks: 1,
    }),
  ],
});
