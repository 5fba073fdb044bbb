/**
 * @file NAIVE: one invocation an element of c. It runs everything.
 */
import { ceilDiv, linear } from '../../gpu/kernel.ts';
import { mathTypes } from '../kernels/epilogue.ts';
import { gemmAlgorithm, gemmLaunch } from './algorithm.ts';

const group = 64;

export const naive = gemmAlgorithm({
  name: 'NAIVE',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d) => mathTypes(d).map((mathType) => ({ label: '', mathType })),
  workspace: () => [],
  launches: (d, config, slots) => [
    gemmLaunch(d, slots, config, {
      name: '1_naive',
      part: linear(group),
      workgroups: ceilDiv(d.outer * d.inner * d.M * d.N, group),
    }),
  ],
});
