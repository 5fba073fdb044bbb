/**
 * @file Backward data, ALGO_1: dx by gathering, deterministic, without workspace. It runs everything.
 */
import { ceilDiv, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import { convAlgorithm, convParams, elementAliases, mathTypes } from './algorithm.ts';

const group = 64;

export const backwardData1 = convAlgorithm({
  name: 'ALGO_1',
  direction: 'backward data',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d) => mathTypes(d).map((mathType) => ({ label: 'gather', mathType })),
  workspace: () => [],
  launches: (d, config, slots) => {
    const { enable, alias } = elementAliases(d.dtype, config.mathType);
    const file = 'conv2d/backward_data/1_gather.wgsl';
    return [
      {
        kernel: { label: file.replace('.wgsl', ''), spec: { enable, alias, const: { GROUP: group } }, files: ['lib/grid.wgsl', 'lib/conv.wgsl', file] },
        bindings: [reads(slots.y), reads(slots.w), writes(slots.x), convParams(d)],
        workgroups: linearGrid(ceilDiv(d.N * d.C * d.H * d.W, group)),
      },
    ];
  },
});
