/**
 * @file REGISTER: each invocation keeps a block of c in registers, without barriers or workgroup memory.
 */
import { ceilDiv } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import type { BlockShape } from '../kernels/block.ts';
import { blockColumns, blockLabel, blockPart, blockShapes } from '../kernels/block.ts';
import { mathTypes } from '../kernels/epilogue.ts';
import { gemmAlgorithm, gemmLaunch } from './algorithm.ts';

interface RegisterConfig extends Config {
  readonly block: BlockShape;
}

export const register = gemmAlgorithm<RegisterConfig>({
  name: 'REGISTER',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) =>
    mathTypes(d).flatMap((mathType) =>
      blockShapes(d.M, d.N, device).map((block) => ({ label: blockLabel(block), mathType, block })),
    ),
  workspace: () => [],
  launches: (d, config, slots) => {
    const { block } = config;
    const tiles = ceilDiv(d.M, block.rows) * ceilDiv(d.N, blockColumns * block.group) * d.outer * d.inner;
    return [gemmLaunch(d, slots, config, { name: '3_register', part: blockPart(block), workgroups: tiles })];
  },
});
