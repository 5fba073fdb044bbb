/**
 * @file Backward filter: ALGO_1 (deterministic), ALGO_0 and ALGO_3 (atomics, non-deterministic). All run everything.
 *
 * dw is small and its sums are long, so the pixels are split into parts that are summed side by side. ALGO_1 stores the
 * parts and adds them in a fixed order; ALGO_0 adds them by atomics; ALGO_3 too, and reads its places in x from an index table.
 * Each has a kernel with blocks in registers and one with tiles in workgroup memory.
 */
import type { Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { Config, DeviceTraits } from '../algorithm.ts';
import type { Cut, CutOrNot } from '../cut.ts';
import { covered, cutConstants, cutExtensions, cutFiles, cuts, isCut } from '../cut.ts';
import { atomicWorkspace, sumByAtomics, sumParts } from '../parts.ts';
import type { ConvSlots } from './algorithm.ts';
import { convAlgorithm, convParams, elementAliases, mathTypes } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { groupChannels } from './descriptor.ts';
import { indexTable, tableEntries } from './index-table.ts';

const group = 64;

/** Workgroups that keep a device busy; parts are made until there are about as many. */
const busyWorkgroups = 128;

type CutConfig = Config & Cut;

/** Without a cut, one element of dw a thread. */
type FilterConfig = Config & CutOrNot;

export const backwardFilter1 = convAlgorithm<FilterConfig>({
  name: 'ALGO_1',
  direction: 'backward filter',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) => [...cutConfigs(d, width(d), device), ...mathTypes(d).map((mathType) => ({ label: 'one element a thread', mathType }))],
  workspace: (d, config) => {
    const parts = isCut(config) ? partsOf(tilesOf(d, config), d.N * d.P) : 1;
    return parts > 1 ? [4 * parts * elements(d)] : [];
  },
  launches: (d, config, slots) => {
    if (!isCut(config)) return [gather(d, config.mathType, slots)];
    const parts = partsOf(tilesOf(d, config), d.N * d.P);
    if (parts === 1) return [product(d, config, slots, slots.w, 1, 'store')];
    return [product(d, config, slots, slots.workspace[0], parts, 'part'), sumParts(slots.workspace[0], slots.w, parts, elements(d), d.dtype)];
  },
});

export const backwardFilter0 = convAlgorithm<CutConfig>({
  name: 'ALGO_0',
  direction: 'backward filter',
  determinism: 'non-deterministic',
  supports: () => true,
  configs: (d, device) => cutConfigs(d, width(d), device),
  workspace: (d) => atomicWorkspace(d.dtype, elements(d)),
  atomicSums: (d, config) => partsOf(tilesOf(d, config), d.N * d.P) * elements(d),
  launches: (d, config, slots) =>
    sumByAtomics(slots.w, slots.workspace[0], elements(d), d.dtype, (sums) => [
      product(d, config, slots, sums, partsOf(tilesOf(d, config), d.N * d.P), 'atomic'),
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
    return [indexTable(d, table), ...sumByAtomics(slots.w, wide, elements(d), d.dtype, (sums) => [productByTable(d, config, slots, sums, table)])];
  },
});

const elements = (d: ConvDescriptor): number => d.K * (d.C / d.groups) * d.R * d.S;

/** Columns of dw as a matrix: (C/groups)·R·S. */
const width = (d: ConvDescriptor): number => groupChannels(d).Cg * d.R * d.S;

function tilesOf(d: ConvDescriptor, cut: Cut): number {
  const [rows, columns] = covered(cut);
  return ceilDiv(groupChannels(d).Kg, rows) * d.groups * ceilDiv(width(d), columns);
}

/** Into how many parts the sum is split: enough to keep a device busy, and at most `most`. */
const partsOf = (tiles: number, most: number): number => Math.max(1, Math.min(most, Math.floor(busyWorkgroups / tiles)));

/** Cuts of dw, whose rows are as wide as the kernels take them. */
const cutConfigs = (d: ConvDescriptor, columns: number, device: DeviceTraits): CutConfig[] =>
  mathTypes(d).flatMap((mathType) => cuts(groupChannels(d).Kg, columns, device).map((cut) => ({ ...cut, mathType })));

function gather(d: ConvDescriptor, mathType: Config['mathType'], slots: ConvSlots): Launch {
  const { enable, alias } = elementAliases(d.dtype, mathType);
  const file = 'conv2d/backward_filter/1_gather.wgsl';
  return {
    kernel: { label: 'conv2d/backward_filter/1_gather', spec: { enable, alias, const: { GROUP: group } }, files: ['lib/grid.wgsl', 'lib/conv.wgsl', file] },
    bindings: [reads(slots.x), reads(slots.y), writes(slots.w), convParams(d)],
    workgroups: linearGrid(ceilDiv(elements(d), group)),
  };
}

/** How a part's sum joins the others; shaders/conv2d/backward_filter/deliver_*.wgsl. */
type Delivery = 'store' | 'part' | 'atomic';

function product(d: ConvDescriptor, config: CutConfig, slots: ConvSlots, to: Slot, parts: number, delivery: Delivery): Launch {
  return {
    kernel: kernel(d, config, config.block ? '2_implicit_gemm' : '4_implicit_gemm_shared', delivery, []),
    bindings: [reads(slots.x), reads(slots.y), writes(to), convParams(d), params(parts)],
    workgroups: linearGrid(tilesOf(d, config) * parts),
  };
}

/** The kernels that read an index table have channels under one tap for columns. */
function tableTilesOf(d: ConvDescriptor, cut: Cut): number {
  const { Cg, Kg } = groupChannels(d);
  const [rows, columns] = covered(cut);
  return ceilDiv(Kg, rows) * d.groups * d.R * d.S * ceilDiv(Cg, columns);
}

/** With blocks, parts are made of the pixels of each image; with tiles, of the rows of all. */
const tablePartsOf = (d: ConvDescriptor, cut: Cut): number => partsOf(tableTilesOf(d, cut), cut.block ? d.P * d.Q : d.N * d.P);

function productByTable(d: ConvDescriptor, config: CutConfig, slots: ConvSlots, to: Slot, table: Slot): Launch {
  const parts = tablePartsOf(d, config);
  return {
    kernel: kernel(d, config, config.block ? '3_precomp' : '5_precomp_shared', 'atomic', ['lib/precomp.wgsl']),
    bindings: [reads(slots.x), reads(slots.y), writes(to), convParams(d), params(parts), reads(table)],
    workgroups: linearGrid(tableTilesOf(d, config) * parts),
  };
}

function kernel(d: ConvDescriptor, config: CutConfig, name: string, delivery: Delivery, libraries: string[]): Launch['kernel'] {
  const { enable, alias } = elementAliases(d.dtype, config.mathType);
  const folder = 'conv2d/backward_filter';
  return {
    label: `${folder}/${name}`,
    spec: { enable: [...enable, ...cutExtensions(config)], alias, const: cutConstants(config) },
    files: [
      'lib/conv.wgsl', ...libraries, ...cutFiles(config),
      ...(delivery === 'atomic' ? ['lib/atomic_add.wgsl'] : []), `${folder}/deliver_${delivery}.wgsl`,
      `${folder}/${name}.wgsl`, ...(config.tile ? [`${folder}/tiles.wgsl`] : []),
    ],
  };
}
