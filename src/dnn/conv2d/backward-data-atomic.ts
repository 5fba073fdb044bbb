/**
 * @file Backward data, ALGO_0: dx by scattering with atomic additions; non-deterministic. It runs everything.
 *
 * Two kernels: one output place and input channel a thread, and a matrix product by tiles in workgroup memory whose
 * elements are scattered as they are made.
 */
import type { KernelPart, Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import { atomicWorkspace, sumByAtomics } from '../kernels/split-sum.ts';
import type { TileShape } from '../kernels/tile.ts';
import { tileColumns, tileLabel, tilePart, tileRows, tileShapes } from '../kernels/tile.ts';
import type { ConvSlots } from './algorithm.ts';
import { convAlgorithm, convParams, convPart, elementPart, mathTypes, sumPart } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { convFlops, groupChannels } from './descriptor.ts';

const group = 64;

/** Without a tile, one output place and input channel a thread. */
interface ScatterConfig extends Config {
  readonly tile?: TileShape;
}

export const backwardData0 = convAlgorithm<ScatterConfig>({
  name: 'ALGO_0',
  direction: 'backward data',
  determinism: 'non-deterministic',
  supports: () => true,
  configs: (d, device) =>
    mathTypes(d).flatMap((mathType): ScatterConfig[] => [
      { label: 'scatter', mathType },
      ...tileShapes(rows(d), columns(d), device).map((tile) => ({
        label: `scatter, ${tileLabel(tile)}`,
        mathType,
        tile,
      })),
    ]),
  workspace: (d) => atomicWorkspace(d.dtype, elements(d)),
  atomicSums: (d) => d.groups * rows(d) * columns(d),
  work: (d, { tile }) => (tile ? undefined : { reads: convFlops(d) }),
  launches: (d, config, slots) =>
    sumByAtomics(slots.x, slots.workspace[0], elements(d), d.dtype, (sums) => [
      config.tile ? byTiles(d, config, config.tile, slots, sums) : byPlaces(d, config, slots, sums),
    ]),
});

const elements = (d: ConvDescriptor): number => d.N * d.C * d.H * d.W;

/** Rows and columns of what is scattered, seen as a matrix: taps of a group's channels, and outputs. */
const rows = (d: ConvDescriptor): number => groupChannels(d).Cg * d.R * d.S;
const columns = (d: ConvDescriptor): number => d.N * d.P * d.Q;

const byPlaces = (d: ConvDescriptor, config: Config, slots: ConvSlots, sums: Slot): Launch =>
  scatter(d, config, slots, sums, {
    name: '1_scatter',
    part: linear(group),
    workgroups: ceilDiv(d.C * columns(d), group),
  });

const byTiles = (d: ConvDescriptor, config: Config, tile: TileShape, slots: ConvSlots, sums: Slot): Launch =>
  scatter(d, config, slots, sums, {
    name: '3_scatter_shared',
    part: tilePart(tile),
    workgroups: ceilDiv(rows(d), tileRows(tile)) * d.groups * ceilDiv(columns(d), tileColumns(tile)),
  });

function scatter(
  d: ConvDescriptor,
  { mathType }: Config,
  slots: ConvSlots,
  sums: Slot,
  { name, part, workgroups }: { name: string; part: KernelPart; workgroups: number },
): Launch {
  return {
    kernel: kernel(
      `conv2d/backward_data/${name}`,
      elementPart(d.dtype),
      sumPart(mathType),
      convPart,
      { files: ['lib/atomic_add.wgsl'] },
      part,
    ),
    bindings: [reads(slots.y), reads(slots.w), writes(sums), convParams(d)],
    workgroups: linearGrid(workgroups),
  };
}
