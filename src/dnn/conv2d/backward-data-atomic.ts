/**
 * @file Backward data, ALGO_0: dx by scattering with atomic additions; non-deterministic. It runs everything.
 */
import { ceilDiv, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import { atomicWorkspace, sumByAtomics } from '../parts.ts';
import { convAlgorithm, convParams, elementAliases, mathTypes } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';

const group = 64;

export const backwardData0 = convAlgorithm({
  name: 'ALGO_0',
  direction: 'backward data',
  determinism: 'non-deterministic',
  supports: () => true,
  configs: (d) => mathTypes(d).map((mathType) => ({ label: 'scatter', mathType })),
  workspace: (d) => atomicWorkspace(d.dtype, elements(d)),
  launches: (d, { mathType }, slots) => {
    const { enable, alias } = elementAliases(d.dtype, mathType);
    return sumByAtomics(slots.x, slots.workspace[0], elements(d), d.dtype, (sums) => [
      {
        kernel: {
          label: 'conv2d/backward_data/3_scatter',
          spec: { enable, alias, const: { GROUP: group } },
          files: ['lib/grid.wgsl', 'lib/conv.wgsl', 'lib/atomic_add.wgsl', 'conv2d/backward_data/3_scatter.wgsl'],
        },
        bindings: [reads(slots.y), reads(slots.w), writes(sums), convParams(d)],
        workgroups: linearGrid(ceilDiv(d.N * d.C * d.P * d.Q, group)),
      },
    ]);
  },
});

const elements = (d: ConvDescriptor): number => d.N * d.C * d.H * d.W;
