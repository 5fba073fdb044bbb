/**
 * @file Backward data, ALGO_1: dx by gathering, deterministic, without workspace. It runs everything.
 *
 * Four kernels: one element a thread; blocks in registers, which each invocation fills for itself or with its subgroup; tiles
 * that workgroups share in workgroup memory; and for depthwise convolutions eight elements of a row, over which dy slides.
 */
import type { Launch } from '../../gpu/kernel.ts';
import { ceilDiv, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import type { BlockShape } from '../block.ts';
import { blockColumns, blockConstants, blockExtensions, blockFiles, blockLabel, blockShapes } from '../block.ts';
import type { TileShape } from '../tile.ts';
import { tileColumns, tileConstants, tileFiles, tileLabel, tileRows, tileShapes } from '../tile.ts';
import { convAlgorithm, convParams, elementAliases, mathTypes } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { groupChannels } from './descriptor.ts';

const group = 64;

/** Elements of a row of dx that an invocation of the depthwise kernel makes. */
const strip = 8;

/** Without a block, a tile or strips, one element of dx a thread. */
interface GatherConfig extends Config {
  readonly block?: BlockShape;
  readonly tile?: TileShape;
  readonly strips?: boolean;
}

export const backwardData1 = convAlgorithm<GatherConfig>({
  name: 'ALGO_1',
  direction: 'backward data',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) => {
    const { Cg } = groupChannels(d);
    return mathTypes(d).flatMap((mathType): GatherConfig[] => [
      ...(slides(d) ? [{ label: `${strip} elements a thread, depthwise`, mathType, strips: true }] : []),
      ...blockShapes(Cg, phasePixels(d), device).map((block) => ({ label: blockLabel(block), mathType, block })),
      ...tileShapes(Cg, phasePixels(d), device).map((tile) => ({ label: tileLabel(tile), mathType, tile })),
      { label: 'one element a thread', mathType },
    ]);
  },
  workspace: () => [],
  launches: (d, config, slots) => {
    const { enable, alias } = elementAliases(d.dtype, config.mathType);
    const kernel = kernelOf(d, config);
    return [
      {
        kernel: {
          label: `conv2d/backward_data/${kernel.name}`,
          spec: { enable: [...enable, ...kernel.enable], alias, const: kernel.const },
          files: ['lib/conv.wgsl', ...kernel.with, `conv2d/backward_data/${kernel.name}.wgsl`],
        },
        bindings: [reads(slots.y), reads(slots.w), writes(slots.x), convParams(d)],
        workgroups: kernel.workgroups,
      },
    ];
  },
});

const slides = (d: ConvDescriptor): boolean => d.C === d.groups && d.strideW === 1 && d.dilationW === 1;

interface Kernel {
  readonly name: string;
  readonly with: readonly string[];
  readonly enable: readonly string[];
  readonly const: Readonly<Record<string, number>>;
  readonly workgroups: Launch['workgroups'];
}

const phaseFile = 'conv2d/backward_data/phases.wgsl';

function kernelOf(d: ConvDescriptor, { block, tile, strips }: GatherConfig): Kernel {
  if (strips) {
    return { name: '5_depthwise', with: ['lib/grid.wgsl'], enable: [], const: { GROUP: group }, workgroups: linearGrid(ceilDiv(d.N * d.C * d.H * ceilDiv(d.W, strip), group)) };
  }
  if (block) {
    return {
      name: '2_implicit_gemm', with: [phaseFile, ...blockFiles(block)], enable: blockExtensions(block), const: blockConstants(block),
      workgroups: grid(d, block.rows, blockColumns * block.group),
    };
  }
  if (tile) return { name: '4_implicit_gemm_shared', with: [phaseFile, ...tileFiles], enable: [], const: tileConstants(tile), workgroups: grid(d, tileRows(tile), tileColumns(tile)) };
  return { name: '1_gather', with: ['lib/grid.wgsl'], enable: [], const: { GROUP: group }, workgroups: linearGrid(ceilDiv(d.N * d.C * d.H * d.W, group)) };
}

/** With a stride, pixels are taken in phases: by the remainders that their places leave when divided by it. */
const grid = (d: ConvDescriptor, rows: number, columns: number): Launch['workgroups'] =>
  linearGrid(ceilDiv(groupChannels(d).Cg, rows) * d.groups * d.strideH * d.strideW * ceilDiv(phasePixels(d), columns));

/** Pixels of all images in the largest phase. */
const phasePixels = (d: ConvDescriptor): number => d.N * ceilDiv(d.H, d.strideH) * ceilDiv(d.W, d.strideW);
