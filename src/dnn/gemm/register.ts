/**
 * @file REGISTER: each invocation keeps a block of c in registers, without barriers or workgroup memory.
 */
import { ceilDiv } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import { mathTypes } from '../epilogue.ts';
import { gemmAlgorithm, gemmLaunch } from './algorithm.ts';

interface RegisterConfig extends Config {
  readonly threadM: number;
  readonly threadN: number;
  readonly group: number;
}

const blocks = [
  { threadM: 8, threadN: 4, group: 16 },
  { threadM: 4, threadN: 4, group: 64 },
  { threadM: 4, threadN: 1, group: 64 },
];

export const register = gemmAlgorithm<RegisterConfig>({
  name: 'REGISTER',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d) =>
    mathTypes(d).flatMap((mathType) =>
      blocks.map((block) => ({ label: `${block.threadM}×${block.threadN} a thread, ${block.group} threads`, mathType, ...block })),
    ),
  workspace: () => [],
  launches: (d, config, slots) => {
    const { threadM, threadN, group } = config;
    const tiles = ceilDiv(d.M, threadM) * ceilDiv(d.N, threadN * group) * d.outer * d.inner;
    return [gemmLaunch(d, slots, config, 'gemm/3_register.wgsl', { THREAD_M: threadM, THREAD_N: threadN, GROUP: group }, tiles)];
  },
});
