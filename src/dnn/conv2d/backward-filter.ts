/**
 * @file Backward filter, ALGO_1: dw by gathering, deterministic, without workspace. It runs everything.
 */
import { ceilDiv, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import { convAlgorithm, convParams, elementAliases, mathTypes } from './algorithm.ts';

const group = 64;

export const backwardFilter1 = convAlgorithm({
  name: 'ALGO_1',
  direction: 'backward filter',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d) => mathTypes(d).map((mathType) => ({ label: 'gather', mathType })),
  workspace: () => [],
  launches: (d, config, slots) => {
    const { enable, alias } = elementAliases(d.dtype, config.mathType);
    const file = 'conv2d/backward_filter/1_gather.wgsl';
    return [
      {
        kernel: { label: file.replace('.wgsl', ''), spec: { enable, alias, const: { GROUP: group } }, files: ['lib/grid.wgsl', 'lib/conv.wgsl', file] },
        bindings: [reads(slots.x), reads(slots.y), writes(slots.w), convParams(d)],
        workgroups: linearGrid(ceilDiv(d.K * (d.C / d.groups) * d.R * d.S, group)),
      },
    ];
  },
});
