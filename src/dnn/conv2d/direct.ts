/**
 * @file DIRECT: the definition of convolution. (In cuDNN it stands in the enumeration but was never implemented.)
 *
 * Three kernels: the definition itself, one invocation an output element, which runs everything; a register block over
 * which the input slides, for stride 1; and the same without the block for depthwise convolutions. Where the epilogue ends
 * in a pool, the first two have a sister that makes whole windows.
 */
import type { Launch } from '../../gpu/kernel.ts';
import { ceilDiv, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import { padTo } from './batched-product.ts';
import type { Config, DeviceTraits, Work } from '../algorithm.ts';
import type { BlockShape } from '../block.ts';
import { blockConstants, blockExtensions, blockFiles, blockLabel, blockShapes } from '../block.ts';
import type { ConvSlots } from './algorithm.ts';
import { convAlgorithm, convParams, elementAliases, epilogueParts, mathTypes } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { computedPixels, groupChannels, storedShape } from './descriptor.ts';

const group = 64;

/** Outputs that one invocation of the sliding kernels makes for each channel: eight of a row, or two windows side by side. */
const strip = 8;
const windowsOfStrip = 2;

type DirectConfig = Config & ({ readonly kernel: 'definition' } | { readonly kernel: 'depthwise' } | { readonly kernel: 'sliding'; readonly block: BlockShape });

export const direct = convAlgorithm<DirectConfig>({
  name: 'DIRECT',
  direction: 'forward',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) =>
    mathTypes(d).flatMap((mathType): DirectConfig[] => [
      ...slidingConfigs(d, device).map((config) => ({ ...config, mathType })),
      { label: d.epilogue.pool ? 'one window a thread' : 'one output a thread', mathType, kernel: 'definition' },
    ]),
  workspace: () => [],
  work: (d, config) => (config.kernel === 'sliding' ? slidingWork(d, config.block) : undefined),
  launches: (d, config, slots) => {
    const [N, K, rows, columns] = storedShape(d);
    const pooled = d.epilogue.pool ? '_pooled' : '';
    if (config.kernel === 'definition') return [launch(d, config, slots, `1_direct${pooled}`, ceilDiv(N * K * rows * columns, group))];
    const strips = stripsOf(d);
    if (config.kernel === 'depthwise') return [launch(d, config, slots, '1_direct_depthwise', ceilDiv(K * strips, group))];
    const { block } = config;
    return [launch(d, config, slots, `1_direct_sliding${pooled}`, ceilDiv(groupChannels(d).Kg, block.rows) * d.groups * ceilDiv(strips, block.group), block)];
  },
});

function slidingConfigs(d: ConvDescriptor, device: DeviceTraits): DirectConfig[] {
  const mathType = 'FMA';
  if (d.strideW !== 1 || d.dilationW !== 1) return [];
  if (d.C === d.groups && !d.epilogue.pool) return [{ label: `${strip} outputs a thread, depthwise`, mathType, kernel: 'depthwise' }];
  // Under a single column of taps nothing slides.
  if (d.S === 1) return [];
  return blockShapes(groupChannels(d).Kg, computedPixels(d), device).map((block) => ({ label: `sliding, ${blockLabel(block)}`, mathType, kernel: 'sliding', block }));
}

function stripsOf(d: ConvDescriptor): number {
  const [N, , rows, columns] = storedShape(d);
  return N * rows * ceilDiv(columns, d.epilogue.pool ? windowsOfStrip : strip);
}

/** For each row of taps: the row of x under a strip, and the filters' rows, which a subgroup reads together. */
function slidingWork(d: ConvDescriptor, { rows, lanes, group: threads }: BlockShape): Work {
  const { Cg, Kg } = groupChannels(d);
  const tapRows = ceilDiv(Kg, rows) * d.groups * padTo(stripsOf(d), threads) * Cg * d.R;
  return { reads: (tapRows * rows * d.S) / lanes, windowed: tapRows * (strip + d.S - 1) };
}

function launch(d: ConvDescriptor, config: Config, slots: ConvSlots, name: string, workgroups: number, block?: BlockShape): Launch {
  const { enable, alias } = elementAliases(d.dtype, config.mathType);
  const { files, bindings } = epilogueParts(d.epilogue, slots);
  return {
    kernel: {
      label: `conv2d/${name}`,
      spec: {
        enable: block ? [...enable, ...blockExtensions(block)] : enable,
        alias,
        const: block ? blockConstants(block) : { GROUP: group },
      },
      files: ['lib/grid.wgsl', 'lib/conv.wgsl', ...files, ...(block ? blockFiles(block) : []), `conv2d/${name}.wgsl`],
    },
    bindings: [reads(slots.x), reads(slots.w), writes(slots.y), convParams(d)],
    epilogue: bindings,
    workgroups: linearGrid(workgroups),
  };
}
