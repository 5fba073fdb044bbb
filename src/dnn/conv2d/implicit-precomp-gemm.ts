/**
 * @file IMPLICIT_PRECOMP_GEMM: the product of IMPLICIT_GEMM with what can be known before: a table of the indices, and
 * the filters in the order in which they are read. Both are the workspace.
 */
import type { Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import { convAlgorithm, convParams, convPart, elementBytes, elementPart } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { groupChannels } from './descriptor.ts';
import type { ImplicitConfig } from './implicit-product.ts';
import { implicitConfigs, implicitProduct } from './implicit-product.ts';
import { indexTable, precomp, tableEntries } from './index-table.ts';

const group = 64;

export const implicitPrecompGemm = convAlgorithm<ImplicitConfig>({
  name: 'IMPLICIT_PRECOMP_GEMM',
  direction: 'forward',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) =>
    implicitConfigs(d, device).map((config) =>
      readsByFour(config) ? { ...config, label: `${config.label}, filters by four` } : config,
    ),
  workspace: (d) => [4 * tableEntries(d), elementBytes(d) * orderedFilters(d)],
  launches: (d, config, slots) => {
    const [table, ordered] = slots.workspace;
    const byFour = readsByFour(config);
    return [
      indexTable(d, table),
      orderFilters(d, slots.w, ordered),
      implicitProduct(d, config, slots, {
        name: 'precomp_gemm',
        parts: [precomp, { files: [`conv2d/implicit/filters_by_${byFour ? 'four' : 'one'}.wgsl`] }],
        bindings: [reads(slots.x), reads(table), writes(slots.y), convParams(d), reads(ordered)],
        byFour,
      }),
    ];
  },
});

/** Where an invocation reads its rows alone, four neighbouring filters are one load. */
const readsByFour = ({ block }: ImplicitConfig): boolean => block?.lanes === 1;

function orderedFilters(d: ConvDescriptor): number {
  const { Cg, Kg } = groupChannels(d);
  return d.groups * d.R * d.S * Cg * ceilDiv(Kg, 4) * 4;
}

function orderFilters(d: ConvDescriptor, w: Slot, ordered: Slot): Launch {
  return {
    kernel: kernel('conv2d/implicit/filter_order', elementPart(d.dtype), linear(group), convPart, precomp),
    bindings: [reads(w), writes(ordered), convParams(d)],
    workgroups: linearGrid(ceilDiv(orderedFilters(d), group)),
  };
}
