/**
 * @file Backward filter: ALGO_1 (deterministic), ALGO_0 and ALGO_3 (atomics, non-deterministic). All run everything.
 *
 * dw is small and its sums are long, so the sums are split, and each split is summed beside the others. ALGO_1 stores
 * the splits and adds them in a fixed order; ALGO_0 adds them by atomics; ALGO_3 too, and reads its places in x from an
 * index table. Each has a kernel with blocks in registers and one with tiles in workgroup memory; the first two have
 * others for depthwise convolutions.
 */
import type { KernelPart, KernelSpec, Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { Config, DeviceTraits, Work } from '../algorithm.ts';
import type { Tiling } from '../kernels/tiling.ts';
import { isTiled, tilingPart, tilings, workgroupShape } from '../kernels/tiling.ts';
import { atomicWorkspace, sumByAtomics, sumSplits } from '../kernels/split-sum.ts';
import type { ConvSlots } from './algorithm.ts';
import { convAlgorithm, convParams, convPart, elementPart, mathTypes, sumPart } from './algorithm.ts';
import type { DepthwiseConfig } from './backward-filter-depthwise.ts';
import {
  depthwiseConfigs,
  depthwiseName,
  depthwisePart,
  depthwiseWork,
  depthwiseWorkgroups,
} from './backward-filter-depthwise.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { groupChannels } from './descriptor.ts';
import { indexTable, precomp, tableEntries } from './index-table.ts';

const folder = 'conv2d/backward_filter';

const group = 64;

/** Workgroups that keep a device busy; sums are split until there are about as many. */
const busyWorkgroups = 128;

type TiledConfig = Config & Tiling & { readonly depthwise?: undefined };

/** Kernels that split the sums of dw. */
type SplitConfig = TiledConfig | DepthwiseConfig;

/** Without tiling, one element of dw a thread. */
type FilterConfig =
  | SplitConfig
  | (Config & { readonly depthwise?: undefined; readonly block?: undefined; readonly tile?: undefined });

export const backwardFilter1 = convAlgorithm<FilterConfig>({
  name: 'ALGO_1',
  direction: 'backward filter',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) => [
    ...splitConfigs(d, device),
    ...mathTypes(d).map((mathType) => ({ label: 'one element a thread', mathType })),
  ],
  workspace: (d, config) => {
    const splits = isSplit(config) ? splitsOf(d, config) : 1;
    return splits > 1 ? [4 * splits * elements(d)] : [];
  },
  work,
  launches: (d, config, slots) => {
    if (!isSplit(config)) return [gather(d, config.mathType, slots)];
    const splits = splitsOf(d, config);
    if (splits === 1) return [product(d, config, slots, slots.w, 'whole')];
    return [
      product(d, config, slots, slots.workspace[0], 'stored'),
      sumSplits(slots.workspace[0], slots.w, splits, elements(d), d.dtype),
    ];
  },
});

export const backwardFilter0 = convAlgorithm<SplitConfig>({
  name: 'ALGO_0',
  direction: 'backward filter',
  determinism: 'non-deterministic',
  supports: () => true,
  configs: splitConfigs,
  workspace: (d) => atomicWorkspace(d.dtype, elements(d)),
  atomicSums: (d, config) => splitsOf(d, config) * elements(d),
  work,
  launches: (d, config, slots) =>
    sumByAtomics(slots.w, slots.workspace[0], elements(d), d.dtype, (sums) => [
      product(d, config, slots, sums, 'atomic'),
    ]),
});

export const backwardFilter3 = convAlgorithm<TiledConfig>({
  name: 'ALGO_3',
  direction: 'backward filter',
  determinism: 'non-deterministic',
  supports: () => true,
  configs: (d, device) => tiledConfigs(d, groupChannels(d).Cg, device),
  workspace: (d) => [4 * tableEntries(d), ...atomicWorkspace(d.dtype, elements(d))],
  atomicSums: (d, config) => tableSplitsOf(d, config) * elements(d),
  launches: (d, config, slots) => {
    const [table, wide] = slots.workspace;
    return [
      indexTable(d, table),
      ...sumByAtomics(slots.w, wide, elements(d), d.dtype, (sums) => [productByTable(d, config, slots, sums, table)]),
    ];
  },
});

const elements = (d: ConvDescriptor): number => d.K * (d.C / d.groups) * d.R * d.S;

/** Columns of dw as a matrix: (C/groups)·R·S. */
const width = (d: ConvDescriptor): number => groupChannels(d).Cg * d.R * d.S;

function tilesOf(d: ConvDescriptor, tiling: Tiling): number {
  const [rows, columns] = workgroupShape(tiling);
  return ceilDiv(groupChannels(d).Kg, rows) * d.groups * ceilDiv(width(d), columns);
}

/** How often a sum is split: enough to keep a device busy, and at most `most`. */
const splitsThatKeepBusy = (workgroups: number, most: number): number =>
  Math.max(1, Math.min(most, Math.floor(busyWorkgroups / workgroups)));

const workgroupsOfSplit = (d: ConvDescriptor, config: SplitConfig): number =>
  config.depthwise ? depthwiseWorkgroups(d, config) : tilesOf(d, config);

const splitsOf = (d: ConvDescriptor, config: SplitConfig): number =>
  splitsThatKeepBusy(workgroupsOfSplit(d, config), d.N * d.P);

const isSplit = (config: FilterConfig): config is SplitConfig => config.depthwise !== undefined || isTiled(config);

function splitConfigs(d: ConvDescriptor, device: DeviceTraits): SplitConfig[] {
  return [...depthwiseConfigs(d, device), ...tiledConfigs(d, width(d), device)];
}

function work(d: ConvDescriptor, config: FilterConfig): Work | undefined {
  return config.depthwise && depthwiseWork(d, config, splitsOf(d, config));
}

/** Tilings of dw, whose rows are as wide as the kernels take them. */
const tiledConfigs = (d: ConvDescriptor, columns: number, device: DeviceTraits): TiledConfig[] =>
  mathTypes(d).flatMap((mathType) =>
    tilings(groupChannels(d).Kg, columns, device).map((tiling) => ({ ...tiling, mathType })),
  );

function gather(d: ConvDescriptor, mathType: Config['mathType'], slots: ConvSlots): Launch {
  return {
    kernel: kernel(`${folder}/1_gather`, elementPart(d.dtype), sumPart(mathType), linear(group), convPart),
    bindings: [reads(slots.x), reads(slots.y), writes(slots.w), convParams(d)],
    workgroups: linearGrid(ceilDiv(elements(d), group)),
  };
}

/** How a split's sums join the others': there are none, they are stored beside each other, or added by atomics. */
type Delivery = 'whole' | 'stored' | 'atomic';

function product(d: ConvDescriptor, config: SplitConfig, slots: ConvSlots, to: Slot, delivery: Delivery): Launch {
  const splits = splitsOf(d, config);
  return {
    kernel: config.depthwise
      ? filterKernel(d, config, depthwiseName(config), delivery, depthwisePart(d, config))
      : filterKernel(
          d,
          config,
          config.block ? '2_implicit_gemm' : '3_implicit_gemm_shared',
          delivery,
          tiledPart(config),
        ),
    bindings: [reads(slots.x), reads(slots.y), writes(to), convParams(d), params(splits)],
    workgroups: linearGrid(workgroupsOfSplit(d, config) * splits),
  };
}

/** The kernels that read an index table have channels under one tap for columns. */
function tableTilesOf(d: ConvDescriptor, tiling: Tiling): number {
  const { Cg, Kg } = groupChannels(d);
  const [rows, columns] = workgroupShape(tiling);
  return ceilDiv(Kg, rows) * d.groups * d.R * d.S * ceilDiv(Cg, columns);
}

/** With blocks, the pixels of each image are split; with tiles, the rows of all. */
const tableSplitsOf = (d: ConvDescriptor, tiling: Tiling): number =>
  splitsThatKeepBusy(tableTilesOf(d, tiling), tiling.block ? d.P * d.Q : d.N * d.P);

function productByTable(d: ConvDescriptor, config: TiledConfig, slots: ConvSlots, to: Slot, table: Slot): Launch {
  const splits = tableSplitsOf(d, config);
  return {
    kernel: filterKernel(
      d,
      config,
      config.block ? '2_precomp' : '3_precomp_shared',
      'atomic',
      precomp,
      tiledPart(config),
    ),
    bindings: [reads(slots.x), reads(slots.y), writes(to), convParams(d), params(splits), reads(table)],
    workgroups: linearGrid(tableTilesOf(d, config) * splits),
  };
}

function tiledPart(config: TiledConfig): KernelPart {
  const part = tilingPart(config);
  return config.tile ? { ...part, files: [...part.files!, `${folder}/tiles.wgsl`] } : part;
}

function filterKernel(
  d: ConvDescriptor,
  { mathType }: Config,
  name: string,
  delivery: Delivery,
  ...parts: readonly KernelPart[]
): KernelSpec {
  const deliver: KernelPart =
    delivery === 'atomic'
      ? { files: ['lib/atomic_add.wgsl', `${folder}/deliver_atomic.wgsl`] }
      : {
          alias: { Stored: delivery === 'whole' ? elementPart(d.dtype).alias!.Elem : 'f32' },
          files: [`${folder}/deliver_stored.wgsl`],
        };
  return kernel(`${folder}/${name}`, elementPart(d.dtype), sumPart(mathType), convPart, ...parts, deliver);
}
