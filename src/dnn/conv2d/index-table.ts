/**
 * @file The index table: for every tap and output pixel, where in a plane of x it reads. IMPLICIT_PRECOMP_GEMM and
 * backward filter's ALGO_3 make it in their workspace.
 */
import type { KernelPart, Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, writes } from '../../gpu/kernel.ts';
import { convParams, convPart } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';

const group = 64;

/** What makes or reads a table. */
export const precomp: KernelPart = { files: ['lib/precomp.wgsl'] };

/** Entries, of 4 bytes each. */
export const tableEntries = (d: ConvDescriptor): number => d.R * d.S * d.P * d.Q;

export function indexTable(d: ConvDescriptor, table: Slot): Launch {
  return {
    kernel: kernel('conv2d/index_table', linear(group), convPart, precomp),
    bindings: [writes(table), convParams(d)],
    workgroups: linearGrid(ceilDiv(tableEntries(d), group)),
  };
}
