/**
 * @file Backward data, ALGO_1: dx by gathering, deterministic, without workspace. It runs everything.
 */
import { ceilDiv, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import type { BlockShape } from '../block.ts';
import { blockColumns, blockConstants, blockExtensions, blockFiles, blockLabel, blockShapes } from '../block.ts';
import { convAlgorithm, convParams, elementAliases, mathTypes } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { groupChannels } from './descriptor.ts';

const group = 64;

/** Without a block, one element of dx a thread. */
interface GatherConfig extends Config {
  readonly block?: BlockShape;
}

export const backwardData1 = convAlgorithm<GatherConfig>({
  name: 'ALGO_1',
  direction: 'backward data',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) =>
    mathTypes(d).flatMap((mathType): GatherConfig[] => [
      ...blockShapes(groupChannels(d).Cg, phasePixels(d), device).map((block) => ({ label: blockLabel(block), mathType, block })),
      { label: 'one element a thread', mathType },
    ]),
  workspace: () => [],
  launches: (d, { mathType, block }, slots) => {
    const { enable, alias } = elementAliases(d.dtype, mathType);
    const bindings = [reads(slots.y), reads(slots.w), writes(slots.x), convParams(d)];
    if (!block) {
      const file = 'conv2d/backward_data/1_gather.wgsl';
      return [
        {
          kernel: { label: 'conv2d/backward_data/1_gather', spec: { enable, alias, const: { GROUP: group } }, files: ['lib/grid.wgsl', 'lib/conv.wgsl', file] },
          bindings,
          workgroups: linearGrid(ceilDiv(d.N * d.C * d.H * d.W, group)),
        },
      ];
    }
    return [
      {
        kernel: {
          label: 'conv2d/backward_data/2_implicit_gemm',
          spec: { enable: [...enable, ...blockExtensions(block)], alias, const: blockConstants(block) },
          files: ['lib/conv.wgsl', ...blockFiles(block), 'conv2d/backward_data/2_implicit_gemm.wgsl'],
        },
        bindings,
        workgroups: linearGrid(ceilDiv(groupChannels(d).Cg, block.rows) * d.groups * phases(d) * ceilDiv(phasePixels(d), blockColumns * block.group)),
      },
    ];
  },
});

/** With a stride, pixels are taken in phases: by the remainders that their places leave when divided by it. */
const phases = (d: ConvDescriptor): number => d.strideH * d.strideW;

/** Pixels of all images in the largest phase. */
const phasePixels = (d: ConvDescriptor): number => d.N * ceilDiv(d.H, d.strideH) * ceilDiv(d.W, d.strideW);
