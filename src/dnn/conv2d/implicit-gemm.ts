/**
 * @file IMPLICIT_GEMM: the matrix product of GEMM without its matrix; x is read where the matrix would have been. It runs
 * everything and needs no workspace.
 *
 * Two kernels: one without barriers, where each invocation reads for itself or with its subgroup (software adapters), and
 * one whose workgroups share tiles in workgroup memory (GPUs).
 */
import type { Launch } from '../../gpu/kernel.ts';
import { ceilDiv, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import type { BlockShape } from '../block.ts';
import { blockColumns, blockConstants, blockExtensions, blockFiles, blockLabel, blockShapes } from '../block.ts';
import type { TileShape } from '../tile.ts';
import { tileColumns, tileConstants, tileFiles, tileLabel, tileRows, tileShapes } from '../tile.ts';
import { convAlgorithm, convParams, elementAliases, epilogueParts, mathTypes } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { computedPixels, groupChannels } from './descriptor.ts';

type ImplicitConfig = Config & ({ readonly block: BlockShape } | { readonly tile: TileShape });

export const implicitGemm = convAlgorithm<ImplicitConfig>({
  name: 'IMPLICIT_GEMM',
  direction: 'forward',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) => {
    const { Kg } = groupChannels(d);
    const pixels = computedPixels(d);
    return mathTypes(d).flatMap((mathType): ImplicitConfig[] => [
      ...blockShapes(Kg, pixels, device).map((block) => ({ label: blockLabel(block), mathType, block })),
      ...tileShapes(Kg, pixels, device).map((tile) => ({ label: tileLabel(tile), mathType, tile })),
    ]);
  },
  workspace: () => [],
  launches: (d, config, slots) => {
    const { enable, alias } = elementAliases(d.dtype, config.mathType);
    const { files, bindings, stores } = epilogueParts(d.epilogue, slots);
    const kernel = 'block' in config ? byBlock(d, config.block) : byTile(d, config.tile);
    return [
      {
        kernel: {
          label: kernel.file.replace('.wgsl', ''),
          spec: { enable: [...enable, ...kernel.enable], alias, const: kernel.const },
          files: ['lib/conv.wgsl', ...files, `conv2d/columns/${stores}.wgsl`, ...kernel.with, kernel.file],
        },
        bindings: [reads(slots.x), reads(slots.w), writes(slots.y), convParams(d)],
        epilogue: bindings,
        workgroups: kernel.workgroups,
      },
    ];
  },
});

interface Kernel {
  readonly file: string;
  readonly with: readonly string[];
  readonly enable: readonly string[];
  readonly const: Readonly<Record<string, number>>;
  readonly workgroups: Launch['workgroups'];
}

const byBlock = (d: ConvDescriptor, block: BlockShape): Kernel => ({
  file: 'conv2d/3_implicit_gemm.wgsl',
  with: blockFiles(block),
  enable: blockExtensions(block),
  const: blockConstants(block),
  workgroups: grid(d, block.rows, blockColumns * block.group),
});

const byTile = (d: ConvDescriptor, tile: TileShape): Kernel => ({
  file: 'conv2d/5_implicit_gemm_shared.wgsl',
  with: tileFiles,
  enable: [],
  const: tileConstants(tile),
  workgroups: grid(d, tileRows(tile), tileColumns(tile)),
});

const grid = (d: ConvDescriptor, rows: number, columns: number): Launch['workgroups'] =>
  linearGrid(ceilDiv(groupChannels(d).Kg, rows) * d.groups * ceilDiv(computedPixels(d), columns));
