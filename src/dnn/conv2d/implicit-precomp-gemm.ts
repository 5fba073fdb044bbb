/**
 * @file IMPLICIT_PRECOMP_GEMM: the product of IMPLICIT_GEMM with what can be known before: a table of the indices, and the
 * filters in the order in which they are read. Both are the workspace.
 */
import type { Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import type { BlockShape } from '../block.ts';
import { blockColumns, blockConstants, blockExtensions, blockFiles, blockLabel, blockShapes } from '../block.ts';
import type { ConvSlots } from './algorithm.ts';
import { convAlgorithm, convParams, elementAliases, elementBytes, epilogueParts, mathTypes } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { computedPixels, groupChannels } from './descriptor.ts';
import { indexTable, tableEntries } from './index-table.ts';

const group = 64;

interface PrecompConfig extends Config {
  readonly block: BlockShape;
}

export const implicitPrecompGemm = convAlgorithm<PrecompConfig>({
  name: 'IMPLICIT_PRECOMP_GEMM',
  direction: 'forward',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) =>
    mathTypes(d).flatMap((mathType) =>
      blockShapes(groupChannels(d).Kg, computedPixels(d), device).map((block) => ({
        label: block.lanes > 1 ? blockLabel(block) : `${blockLabel(block)}, filters by four`,
        mathType,
        block,
      })),
    ),
  workspace: (d) => [4 * tableEntries(d), elementBytes(d) * orderedFilters(d)],
  launches: (d, config, slots) => {
    const [table, ordered] = slots.workspace;
    return [indexTable(d, table), orderFilters(d, slots.w, ordered), product(d, config, slots)];
  },
});

function orderedFilters(d: ConvDescriptor): number {
  const { Cg, Kg } = groupChannels(d);
  return d.groups * d.R * d.S * Cg * ceilDiv(Kg, 4) * 4;
}

function orderFilters(d: ConvDescriptor, w: Slot, ordered: Slot): Launch {
  const { enable, alias } = elementAliases(d.dtype, 'FMA');
  return {
    kernel: {
      label: 'conv2d/4_filter_order',
      spec: { enable, alias: { Elem: alias.Elem }, const: { GROUP: group } },
      files: ['lib/grid.wgsl', 'lib/conv.wgsl', 'lib/precomp.wgsl', 'conv2d/4_filter_order.wgsl'],
    },
    bindings: [reads(w), writes(ordered), convParams(d)],
    workgroups: linearGrid(ceilDiv(orderedFilters(d), group)),
  };
}

function product(d: ConvDescriptor, { block, mathType }: PrecompConfig, slots: ConvSlots): Launch {
  const { enable, alias } = elementAliases(d.dtype, mathType);
  const { files, bindings, stores } = epilogueParts(d.epilogue, slots);
  const byFour = block.lanes === 1;
  return {
    kernel: {
      label: 'conv2d/4_implicit_precomp_gemm',
      spec: { enable: [...enable, ...blockExtensions(block)], alias, const: blockConstants(block) },
      files: [
        'lib/conv.wgsl', 'lib/precomp.wgsl', ...files, `conv2d/columns/${stores}.wgsl`,
        ...blockFiles(block, byFour), `conv2d/4_filters_by_${byFour ? 'four' : 'one'}.wgsl`,
        'conv2d/4_implicit_precomp_gemm.wgsl',
      ],
    },
    bindings: [reads(slots.x), reads(slots.workspace[0]), writes(slots.y), convParams(d), reads(slots.workspace[1])],
    epilogue: bindings,
    workgroups: linearGrid(ceilDiv(groupChannels(d).Kg, block.rows) * d.groups * ceilDiv(computedPixels(d), blockColumns * block.group)),
  };
}
