/**
 * @file Backward filter: ALGO_1 (deterministic), ALGO_0 and ALGO_3 (atomics, non-deterministic). All run everything.
 *
 * dw is small and its sums are long, so the pixels are split into parts that are summed side by side. ALGO_1 stores the
 * parts and adds them in a fixed order; ALGO_0 adds them by atomics; ALGO_3 too, and reads its places in x from an index table.
 * Each has a kernel with blocks in registers and one with tiles in workgroup memory; the first two have others for depthwise convolutions.
 */
import type { Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { Config, DeviceTraits, Work } from '../algorithm.ts';
import type { Cut } from '../kernels/tiling.ts';
import { covered, cutConstants, cutExtensions, cutFiles, cuts, isCut } from '../kernels/tiling.ts';
import { atomicWorkspace, sumByAtomics, sumParts } from '../kernels/split-sum.ts';
import type { ConvSlots } from './algorithm.ts';
import { convAlgorithm, convParams, elementAliases, mathTypes } from './algorithm.ts';
import type { DepthwiseConfig } from './backward-filter-depthwise.ts';
import { depthwiseConfigs, depthwiseKernel, depthwiseWork, depthwiseWorkgroups } from './backward-filter-depthwise.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { groupChannels } from './descriptor.ts';
import { indexTable, tableEntries } from './index-table.ts';

const folder = 'conv2d/backward_filter';

const group = 64;

/** Workgroups that keep a device busy; parts are made until there are about as many. */
const busyWorkgroups = 128;

type CutConfig = Config & Cut & { readonly depthwise?: undefined };

/** Kernels that make dw in parts. */
type PartsConfig = CutConfig | DepthwiseConfig;

/** Without a cut, one element of dw a thread. */
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

export const backwardFilter3 = convAlgorithm<CutConfig>({
  name: 'ALGO_3',
  direction: 'backward filter',
  determinism: 'non-deterministic',
  supports: () => true,
  configs: (d, device) => cutConfigs(d, groupChannels(d).Cg, device),
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

function tilesOf(d: ConvDescriptor, cut: Cut): number {
  const [rows, columns] = covered(cut);
  return ceilDiv(groupChannels(d).Kg, rows) * d.groups * ceilDiv(width(d), columns);
}

/** Into how many parts a sum is split: enough to keep a device busy, and at most `most`. */
const partsThatKeepBusy = (workgroups: number, most: number): number =>
  Math.max(1, Math.min(most, Math.floor(busyWorkgroups / workgroups)));

const workgroupsOfPart = (d: ConvDescriptor, config: PartsConfig): number =>
  config.depthwise ? depthwiseWorkgroups(d, config) : tilesOf(d, config);

const partsOf = (d: ConvDescriptor, config: PartsConfig): number =>
  partsThatKeepBusy(workgroupsOfPart(d, config), d.N * d.P);

const isInParts = (config: FilterConfig): config is PartsConfig => config.depthwise !== undefined || isCut(config);

function partsConfigs(d: ConvDescriptor, device: DeviceTraits): PartsConfig[] {
  return [...depthwiseConfigs(d, device), ...cutConfigs(d, width(d), device)];
}

function work(d: ConvDescriptor, config: FilterConfig): Work | undefined {
  return config.depthwise && depthwiseWork(d, config, partsOf(d, config));
}

/** Cuts of dw, whose rows are as wide as the kernels take them. */
const cutConfigs = (d: ConvDescriptor, columns: number, device: DeviceTraits): CutConfig[] =>
  mathTypes(d).flatMap((mathType) => cuts(groupChannels(d).Kg, columns, device).map((cut) => ({ ...cut, mathType })));

function gather(d: ConvDescriptor, mathType: Config['mathType'], slots: ConvSlots): Launch {
  const { enable, alias } = elementAliases(d.dtype, mathType);
  return {
    kernel: {
      label: `${folder}/1_gather`,
      spec: { enable, alias, const: { GROUP: group } },
      files: ['lib/grid.wgsl', 'lib/conv.wgsl', `${folder}/1_gather.wgsl`],
    },
    bindings: [reads(slots.x), reads(slots.y), writes(slots.w), convParams(d)],
    workgroups: linearGrid(ceilDiv(elements(d), group)),
  };
}

/** How a part's sum joins the others; shaders/conv2d/backward_filter/deliver_*.wgsl. */
type Delivery = 'store' | 'part' | 'atomic';

function product(d: ConvDescriptor, config: PartsConfig, slots: ConvSlots, to: Slot, delivery: Delivery): Launch {
  const parts = partsOf(d, config);
  return {
    kernel: kernel(
      d,
      config,
      config.depthwise
        ? depthwiseKernel(d, config)
        : cutKernel(config, config.block ? '2_implicit_gemm' : '4_implicit_gemm_shared'),
      delivery,
    ),
    bindings: [reads(slots.x), reads(slots.y), writes(to), convParams(d), params(parts)],
    workgroups: linearGrid(workgroupsOfPart(d, config) * parts),
  };
}

/** The kernels that read an index table have channels under one tap for columns. */
function tableTilesOf(d: ConvDescriptor, cut: Cut): number {
  const { Cg, Kg } = groupChannels(d);
  const [rows, columns] = covered(cut);
  return ceilDiv(Kg, rows) * d.groups * d.R * d.S * ceilDiv(Cg, columns);
}

/** With blocks, parts are made of the pixels of each image; with tiles, of the rows of all. */
const tablePartsOf = (d: ConvDescriptor, cut: Cut): number =>
  partsThatKeepBusy(tableTilesOf(d, cut), cut.block ? d.P * d.Q : d.N * d.P);

function productByTable(d: ConvDescriptor, config: CutConfig, slots: ConvSlots, to: Slot, table: Slot): Launch {
  const parts = tablePartsOf(d, config);
  return {
    kernel: kernel(
      d,
      config,
      cutKernel(config, config.block ? '3_precomp' : '5_precomp_shared', 'lib/precomp.wgsl'),
      'atomic',
    ),
    bindings: [reads(slots.x), reads(slots.y), writes(to), convParams(d), params(parts), reads(table)],
    workgroups: linearGrid(tableTilesOf(d, config) * parts),
  };
}

/** A kernel beside what delivers its sums: its file's name, what else it needs, and the constants of it all. */
interface Kernel {
  readonly name: string;
  readonly files: readonly string[];
  readonly const: Readonly<Record<string, number>>;
  readonly enable?: readonly string[];
}

const cutKernel = (config: CutConfig, name: string, ...libraries: string[]): Kernel => ({
  name,
  files: [...libraries, ...cutFiles(config), ...(config.tile ? [`${folder}/tiles.wgsl`] : [])],
  const: cutConstants(config),
  enable: cutExtensions(config),
});

function kernel(
  d: ConvDescriptor,
  config: PartsConfig,
  { name, files, const: constants, enable = [] }: Kernel,
  delivery: Delivery,
): Launch['kernel'] {
  const { enable: ofElements, alias } = elementAliases(d.dtype, config.mathType);
  return {
    label: `${folder}/${name}`,
    spec: { enable: [...ofElements, ...enable], alias, const: constants },
    files: [
      'lib/conv.wgsl',
      ...files,
      ...(delivery === 'atomic' ? ['lib/atomic_add.wgsl'] : []),
      `${folder}/deliver_${delivery}.wgsl`,
      `${folder}/${name}.wgsl`,
    ],
  };
}
