/**
 * @file Backward filter: ALGO_1 (deterministic), ALGO_0 and ALGO_3 (atomics, non-deterministic). All run everything.
 *
 * dw is small and its sums are long, so the pixels are split into parts that are summed side by side. ALGO_1 stores the
 * parts and adds them in a fixed order; ALGO_0 adds them by atomics; ALGO_3 too, and reads its places in x from an index table.
 * Each has a kernel with blocks in registers and one with tiles in workgroup memory; the first two have others for depthwise convolutions.
 */
import type { KernelPart, KernelSpec, Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { Config, DeviceTraits, Work } from '../algorithm.ts';
import type { Tiling } from '../kernels/tiling.ts';
import { isTiled, tilingPart, tilings, workgroupShape } from '../kernels/tiling.ts';
import { atomicWorkspace, sumByAtomics, sumParts } from '../kernels/split-sum.ts';
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

/** Workgroups that keep a device busy; parts are made until there are about as many. */
const busyWorkgroups = 128;

type TiledConfig = Config & Tiling & { readonly depthwise?: undefined };

/** Kernels that make dw in parts. */
type PartsConfig = TiledConfig | DepthwiseConfig;

/** Without tiling, one element of dw a thread. */
type FilterConfig =
  | PartsConfig
  | (Config & { readonly depthwise?: undefined; readonly block?: undefined; readonly tile?: undefined });

export const backwardFilter1 = convAlgorithm<FilterConfig>({
  name: 'ALGO_1',
  direction: 'backward filter',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) => [
    ...partsConfigs(d, device),
    ...mathTypes(d).map((mathType) => ({ label: 'one element a thread', mathType })),
  ],
  workspace: (d, config) => {
    const parts = isInParts(config) ? partsOf(d, config) : 1;
    return parts > 1 ? [4 * parts * elements(d)] : [];
  },
  work,
  launches: (d, config, slots) => {
    if (!isInParts(config)) return [gather(d, config.mathType, slots)];
    const parts = partsOf(d, config);
    if (parts === 1) return [product(d, config, slots, slots.w, 'store')];
    return [
      product(d, config, slots, slots.workspace[0], 'part'),
      sumParts(slots.workspace[0], slots.w, parts, elements(d), d.dtype),
    ];
  },
});

export const backwardFilter0 = convAlgorithm<PartsConfig>({
  name: 'ALGO_0',
  direction: 'backward filter',
  determinism: 'non-deterministic',
  supports: () => true,
  configs: partsConfigs,
  workspace: (d) => atomicWorkspace(d.dtype, elements(d)),
  atomicSums: (d, config) => partsOf(d, config) * elements(d),
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
  atomicSums: (d, config) => tablePartsOf(d, config) * elements(d),
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

/** Into how many parts a sum is split: enough to keep a device busy, and at most `most`. */
const partsThatKeepBusy = (workgroups: number, most: number): number =>
  Math.max(1, Math.min(most, Math.floor(busyWorkgroups / workgroups)));

const workgroupsOfPart = (d: ConvDescriptor, config: PartsConfig): number =>
  config.depthwise ? depthwiseWorkgroups(d, config) : tilesOf(d, config);

const partsOf = (d: ConvDescriptor, config: PartsConfig): number =>
  partsThatKeepBusy(workgroupsOfPart(d, config), d.N * d.P);

const isInParts = (config: FilterConfig): config is PartsConfig => config.depthwise !== undefined || isTiled(config);

function partsConfigs(d: ConvDescriptor, device: DeviceTraits): PartsConfig[] {
  return [...depthwiseConfigs(d, device), ...tiledConfigs(d, width(d), device)];
}

function work(d: ConvDescriptor, config: FilterConfig): Work | undefined {
  return config.depthwise && depthwiseWork(d, config, partsOf(d, config));
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

/** How a part's sum joins the others; shaders/conv2d/backward_filter/deliver_*.wgsl. */
type Delivery = 'store' | 'part' | 'atomic';

function product(d: ConvDescriptor, config: PartsConfig, slots: ConvSlots, to: Slot, delivery: Delivery): Launch {
  const parts = partsOf(d, config);
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
    bindings: [reads(slots.x), reads(slots.y), writes(to), convParams(d), params(parts)],
    workgroups: linearGrid(workgroupsOfPart(d, config) * parts),
  };
}

/** The kernels that read an index table have channels under one tap for columns. */
function tableTilesOf(d: ConvDescriptor, tiling: Tiling): number {
  const { Cg, Kg } = groupChannels(d);
  const [rows, columns] = workgroupShape(tiling);
  return ceilDiv(Kg, rows) * d.groups * d.R * d.S * ceilDiv(Cg, columns);
}

/** With blocks, parts are made of the pixels of each image; with tiles, of the rows of all. */
const tablePartsOf = (d: ConvDescriptor, tiling: Tiling): number =>
  partsThatKeepBusy(tableTilesOf(d, tiling), tiling.block ? d.P * d.Q : d.N * d.P);

function productByTable(d: ConvDescriptor, config: TiledConfig, slots: ConvSlots, to: Slot, table: Slot): Launch {
  const parts = tablePartsOf(d, config);
  return {
    kernel: filterKernel(
      d,
      config,
      config.block ? '2_precomp' : '3_precomp_shared',
      'atomic',
      precomp,
      tiledPart(config),
    ),
    bindings: [reads(slots.x), reads(slots.y), writes(to), convParams(d), params(parts), reads(table)],
    workgroups: linearGrid(tableTilesOf(d, config) * parts),
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
  const files = [...(delivery === 'atomic' ? ['lib/atomic_add.wgsl'] : []), `${folder}/deliver_${delivery}.wgsl`];
  return kernel(`${folder}/${name}`, elementPart(d.dtype), sumPart(mathType), convPart, ...parts, { files });
}
