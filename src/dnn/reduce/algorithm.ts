/**
 * @file What a reduction algorithm is, and the parts that its kernels share.
 */
import { dtypes, isFloat } from '../../base/dtype.ts';
import type { Binding, KernelPart, Launch, Slot } from '../../gpu/kernel.ts';
import { kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { Algorithm, Config, Slots } from '../algorithm.ts';
import type { MathType } from '../choice/records.ts';
import { accumulatorOf, combineFiles } from './accumulator.ts';
import type { ReduceDescriptor } from './descriptor.ts';
import { lengthOf, outputsOf, reduceParams } from './descriptor.ts';

export interface ReduceSlots extends Slots {
  readonly x: Slot;
  readonly y: Slot;
  /** Where a kernel tells that a result is wrong, and the number of the assertion there. */
  readonly assertions?: Slot;
  readonly assertion?: number;
}

export type ReduceAlgorithm<C extends Config = Config> = Algorithm<ReduceDescriptor, ReduceSlots, C>;

/** Keeps an algorithm's own configuration type while the table holds them all alike. */
export function reduceAlgorithm<C extends Config>(algorithm: ReduceAlgorithm<C>): ReduceAlgorithm {
  return algorithm as unknown as ReduceAlgorithm;
}

/** What is brought together is a float32 or an integer, whatever is stored. */
export const reduceMath = ({ dtype }: Pick<ReduceDescriptor, 'dtype'>): MathType =>
  dtype === 'float16' ? 'HALF' : 'FMA';

export const group = 64;

/** Outputs of whole workgroups, `threads` invocations each: those that have none take as long as the others. */
export const inWorkgroups = (outputs: number, threads: number): number => {
  const each = Math.max(1, group / threads);
  return Math.ceil(outputs / each) * each;
};

/** Bytes of what an output's elements are brought together in. */
export const partialBytes = ({ name, asserts }: ReduceDescriptor): number => accumulatorOf(name, asserts).bytes;

/** Addresses of elements that are worked out by divisions: all of them, where they lie in more than one dimension. */
export const addresses = (d: ReduceDescriptor): number =>
  outputsOf(d) * (d.along.sizes.length > 1 ? (d.along.sizes.length - 1) * lengthOf(d) : 1);

interface Stage {
  readonly file: '1_serial' | '2_workgroup' | 'partial' | 'finish';
  readonly from: Slot;
  readonly to: Slot;
  readonly workgroups: number;
  /** Invocations of a workgroup, and of those that share an output. */
  readonly group: number;
  readonly threads: number;
  readonly chunks: number;
}

export function reduceLaunch(d: ReduceDescriptor, slots: ReduceSlots, stage: Stage): Launch {
  const { file, from, to, workgroups, group, threads, chunks } = stage;
  const shared = file === '1_serial' ? {} : { const: { THREADS: threads }, files: ['lib/meet.wgsl'] };
  return {
    kernel: { ...kernel(`reduce/${file}`, linear(group), reducePart(d), shared), label: `reduce/${file} ${d.name}` },
    bindings: [reads(from), writes(to), reduceParams(d, chunks)],
    ...(file !== 'partial' && { epilogue: tells(d, slots) }),
    workgroups: linearGrid(workgroups),
  };
}

/** `@group(1)` of a kernel with lib/assert.wgsl. */
export const tells = (
  { asserts }: Pick<ReduceDescriptor, 'asserts'>,
  { assertions, assertion = 0 }: Pick<ReduceSlots, 'assertions' | 'assertion'>,
): Binding[] | undefined => (asserts ? [writes(assertions!), params(assertion)] : undefined);

function reducePart(d: ReduceDescriptor): KernelPart {
  const { name, dtype, result, correction, asserts } = d;
  const accumulator = accumulatorOf(name, asserts);
  const number = isFloat(dtype) && !accumulator.truth ? 'f32' : 'i32';
  return {
    enable: dtype === 'float16' || result === 'float16' ? ['f16'] : [],
    const: {
      KEPT: d.kept.sizes.length,
      ALONG: d.along.sizes.length,
      LEAST: isFloat(dtype) ? '0xff800000u' : '0x80000000u',
      GREATEST: isFloat(dtype) ? '0x7f800000u' : '0x7fffffffu',
      ...(correction !== undefined && { CORRECTION: `${correction}f` }),
    },
    alias: { Elem: dtypes[dtype].wgsl, Acc: accumulator.structure ?? number, Value: number, Out: dtypes[result].wgsl },
    files: ['lib/math.wgsl', 'lib/blocks.wgsl', 'lib/reduce.wgsl', ...combineFiles(name, accumulator)],
  };
}
