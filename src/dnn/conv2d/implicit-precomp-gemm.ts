/**
 * @file IMPLICIT_PRECOMP_GEMM: the product of IMPLICIT_GEMM with what can be known before: a table of the indices, and the
 * filters in the order in which they are read. Both are the workspace. As there, one kernel has blocks in registers and one tiles
 * in workgroup memory.
 */
import type { Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import type { BlockShape } from '../block.ts';
import { blockColumns, blockConstants, blockExtensions, blockFiles, blockLabel, blockShapes } from '../block.ts';
import type { TileShape } from '../tile.ts';
import { tileColumns, tileConstants, tileFiles, tileLabel, tileRows, tileShapes } from '../tile.ts';
import type { ConvSlots } from './algorithm.ts';
import { convAlgorithm, convParams, elementAliases, elementBytes, epilogueParts, mathTypes } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { computedPixels, groupChannels } from './descriptor.ts';
import { indexTable, tableEntries } from './index-table.ts';

const group = 64;

type PrecompConfig = Config & ({ readonly block: BlockShape } | { readonly tile: TileShape });

export const implicitPrecompGemm = convAlgorithm<PrecompConfig>({
  name: 'IMPLICIT_PRECOMP_GEMM',
  direction: 'forward',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) => {
    const { Kg } = groupChannels(d);
    const pixels = computedPixels(d);
    return mathTypes(d).flatMap((mathType): PrecompConfig[] => [
      ...blockShapes(Kg, pixels, device).map((block) => ({
        label: block.lanes > 1 ? blockLabel(block) : `${blockLabel(block)}, filters by four`,
        mathType,
        block,
      })),
      ...tileShapes(Kg, pixels, device).map((tile) => ({ label: tileLabel(tile), mathType, tile })),
    ]);
  },
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

function product(d: ConvDescriptor, config: PrecompConfig, slots: ConvSlots): Launch {
  const { enable, alias } = elementAliases(d.dtype, config.mathType);
  const { files, bindings, stores } = epilogueParts(d.epilogue, slots);
  const kernel = 'block' in config ? byBlock(config.block) : byTile(config.tile);
  const [rows, columns] = kernel.covers;
  return {
    kernel: {
      label: `conv2d/${kernel.name}`,
      spec: { enable: [...enable, ...kernel.enable], alias, const: kernel.const },
      files: ['lib/conv.wgsl', 'lib/precomp.wgsl', ...files, `conv2d/columns/${stores}.wgsl`, ...kernel.with, `conv2d/${kernel.name}.wgsl`],
    },
    bindings: [reads(slots.x), reads(slots.workspace[0]), writes(slots.y), convParams(d), reads(slots.workspace[1])],
    epilogue: bindings,
    workgroups: linearGrid(ceilDiv(groupChannels(d).Kg, rows) * d.groups * ceilDiv(computedPixels(d), columns)),
  };
}

interface Kernel {
  readonly name: string;
  readonly with: readonly string[];
  readonly enable: readonly string[];
  readonly const: Readonly<Record<string, number>>;
  /** Rows and columns of the product that a workgroup makes. */
  readonly covers: readonly [rows: number, columns: number];
}

function byBlock(block: BlockShape): Kernel {
  const byFour = block.lanes === 1;
  return {
    name: '4_implicit_precomp_gemm',
    with: [...blockFiles(block, byFour), `conv2d/4_filters_by_${byFour ? 'four' : 'one'}.wgsl`],
    enable: blockExtensions(block),
    const: blockConstants(block),
    covers: [block.rows, blockColumns * block.group],
  };
}

const byTile = (tile: TileShape): Kernel => ({
  name: '4_implicit_precomp_gemm_shared', with: tileFiles, enable: [], const: tileConstants(tile), covers: [tileRows(tile), tileColumns(tile)],
});
