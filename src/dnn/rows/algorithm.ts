/**
 * @file What an algorithm along rows is, and the parts that its kernels share.
 */
import { dtypes, isFloat } from '../../base/dtype.ts';
import type { KernelPart, Launch } from '../../gpu/kernel.ts';
import { kernel, linear, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Algorithm, Config } from '../algorithm.ts';
import { accumulatorOf, combineFiles } from '../reduce/accumulator.ts';
import type { ReduceSlots } from '../reduce/algorithm.ts';
import { tells } from '../reduce/algorithm.ts';
import type { RowsDescriptor } from './descriptor.ts';
import { rowsParams } from './descriptor.ts';

export type RowsAlgorithm<C extends Config = Config> = Algorithm<RowsDescriptor, ReduceSlots, C>;

/** Keeps an algorithm's own configuration type while the tables hold them all alike. */
export function rowsAlgorithm<C extends Config>(algorithm: RowsAlgorithm<C>): RowsAlgorithm {
  return algorithm as unknown as RowsAlgorithm;
}

export const group = 64;

/** What is done to a row: which folder of shaders/ has the kernels, and what they are linked with. */
function partOf(d: RowsDescriptor): { readonly folder: string; readonly part: KernelPart } {
  if (d.name === 'softmax' || d.name === 'logSoftmax') {
    const files = ['lib/math.wgsl', 'lib/exponential.wgsl', 'lib/blocks.wgsl', 'softmax/finish.wgsl'];
    return { folder: 'softmax', part: { const: { LOGARITHM: String(d.name === 'logSoftmax') }, files } };
  }
  const total = d.name === 'cumsum' ? 'sum' : 'prod';
  const accumulator = accumulatorOf(total, d.asserts);
  const number = isFloat(d.dtype) ? 'f32' : 'i32';
  return {
    folder: 'scan',
    part: {
      const: { REVERSE: String(d.reverse === true) },
      files: combineFiles(total, accumulator),
      alias: { Acc: accumulator.structure ?? number, Out: dtypes[d.result].wgsl },
    },
  };
}

export function rowsLaunch(
  d: RowsDescriptor,
  slots: ReduceSlots,
  file: '1_serial' | '2_workgroup',
  workgroups: number,
  more: KernelPart = {},
): Launch {
  const { folder, part } = partOf(d);
  const own = {
    enable: d.dtype === 'float16' ? ['f16'] : [],
    alias: { Elem: dtypes[d.dtype].wgsl },
    files: ['lib/rows.wgsl'],
  };
  return {
    kernel: { ...kernel(`${folder}/${file}`, linear(group), part, own, more), label: `${folder}/${file} ${d.name}` },
    bindings: [reads(slots.x), writes(slots.y), rowsParams(d)],
    epilogue: tells(d, slots),
    workgroups: linearGrid(workgroups),
  };
}
