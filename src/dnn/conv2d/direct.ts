/**
 * @file DIRECT: the definition of convolution, one invocation an output element. It runs everything, and is what the
 * others are compared with by eye. (In cuDNN it stands in the enumeration but was never implemented.)
 */
import { ceilDiv, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import { convAlgorithm, convParams, elementAliases, epilogueParts, mathTypes } from './algorithm.ts';

const group = 64;

export const direct = convAlgorithm({
  name: 'DIRECT',
  direction: 'forward',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d) => mathTypes(d).map((mathType) => ({ label: '', mathType })),
  workspace: () => [],
  launches: (d, config, slots) => {
    const { enable, alias } = elementAliases(d.dtype, config.mathType);
    const { files, bindings } = epilogueParts(d.epilogue, slots);
    return [
      {
        kernel: { label: 'conv2d/1_direct', spec: { enable, alias, const: { GROUP: group } }, files: ['lib/grid.wgsl', 'lib/conv.wgsl', ...files, 'conv2d/1_direct.wgsl'] },
        bindings: [reads(slots.x), reads(slots.w), writes(slots.y), convParams(d)],
        epilogue: bindings,
        workgroups: linearGrid(ceilDiv(d.N * d.K * d.P * d.Q, group)),
      },
    ];
  },
});
