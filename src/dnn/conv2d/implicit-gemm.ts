/**
 * @file IMPLICIT_GEMM: the matrix product of GEMM without its matrix; x is read where the matrix would have been. It runs
 * everything and needs no workspace.
 */
import { ceilDiv, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import type { BlockShape } from '../block.ts';
import { blockColumns, blockConstants, blockExtensions, blockFiles, blockLabel, blockShapes } from '../block.ts';
import { convAlgorithm, convParams, elementAliases, epilogueParts, mathTypes } from './algorithm.ts';
import { groupChannels } from './descriptor.ts';

interface ImplicitConfig extends Config {
  readonly block: BlockShape;
}

export const implicitGemm = convAlgorithm<ImplicitConfig>({
  name: 'IMPLICIT_GEMM',
  direction: 'forward',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) =>
    mathTypes(d).flatMap((mathType) =>
      blockShapes(groupChannels(d).Kg, d.N * d.P * d.Q, device).map((block) => ({ label: blockLabel(block), mathType, block })),
    ),
  workspace: () => [],
  launches: (d, config, slots) => {
    const { block, mathType } = config;
    const { enable, alias } = elementAliases(d.dtype, mathType);
    const { files, bindings } = epilogueParts(d.epilogue, slots);
    const tiles = ceilDiv(groupChannels(d).Kg, block.rows) * d.groups * ceilDiv(d.N * d.P * d.Q, blockColumns * block.group);
    return [
      {
        kernel: {
          label: 'conv2d/3_implicit_gemm',
          spec: { enable: [...enable, ...blockExtensions(block)], alias, const: blockConstants(block) },
          files: ['lib/conv.wgsl', ...files, ...blockFiles(block), 'conv2d/3_implicit_gemm.wgsl'],
        },
        bindings: [reads(slots.x), reads(slots.w), writes(slots.y), convParams(d)],
        epilogue: bindings,
        workgroups: linearGrid(tiles),
      },
    ];
  },
});
