/**
 * @file The index table: for every tap and output pixel, where in a plane of x it reads. IMPLICIT_PRECOMP_GEMM and
 * backward filter's ALGO_3 make it in their workspace.
 */
import type { Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, linearGrid, writes } from '../../gpu/kernel.ts';
import { convParams } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';

const group = 64;

/** Entries, of 4 bytes each. */
export const tableEntries = (d: ConvDescriptor): number => d.R * d.S * d.P * d.Q;

export function indexTable(d: ConvDescriptor, table: Slot): Launch {
  return {
    kernel: {
      label: 'conv2d/4_index_table',
      spec: { const: { GROUP: group } },
      files: ['lib/grid.wgsl', 'lib/conv.wgsl', 'lib/precomp.wgsl', 'conv2d/4_index_table.wgsl'],
    },
    bindings: [writes(table), convParams(d)],
    workgroups: linearGrid(ceilDiv(tableEntries(d), group)),
  };
}
