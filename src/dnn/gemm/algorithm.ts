/**
 * @file What a matmul algorithm is, and the parts that all of its kernels share.
 */
import type { Binding, KernelPart, Launch, Slot } from '../../gpu/kernel.ts';
import { kernel, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { Algorithm, Config, Slots } from '../algorithm.ts';
import { elementPart, epilogueParts, sumPart } from '../kernels/epilogue.ts';
import type { GemmDescriptor } from './descriptor.ts';

export interface GemmSlots extends Slots {
  readonly a: Slot;
  readonly b: Slot;
  readonly c: Slot;
}

export type GemmAlgorithm<C extends Config = Config> = Algorithm<GemmDescriptor, GemmSlots, C>;

/** Keeps an algorithm's own configuration type while the table holds them all alike. */
export function gemmAlgorithm<C extends Config>(algorithm: GemmAlgorithm<C>): GemmAlgorithm {
  return algorithm as unknown as GemmAlgorithm;
}

/** The uniform `struct Gemm` of shaders/lib/gemm.wgsl. */
export function gemmParams(d: GemmDescriptor): Binding {
  return params(
    d.M,
    d.N,
    d.K,
    d.outer,
    d.inner,
    d.a.offset,
    d.a.outer,
    d.a.inner,
    d.a.row,
    d.a.column,
    d.b.offset,
    d.b.outer,
    d.b.inner,
    d.b.row,
    d.b.column,
    d.c.offset,
    d.c.outer,
    d.c.inner,
    d.c.row,
  );
}

/** What every kernel of a matmul is linked with. */
export function gemmPart(d: GemmDescriptor, { mathType }: Config): KernelPart {
  const { enable, alias } = elementPart(d.dtype);
  return {
    enable,
    alias: { ...alias, ...sumPart(mathType).alias, Out: d.wideResult ? 'f32' : alias!.Elem },
    const: { CHANNEL_IS_ROW: `${d.channel === 'row'}` },
    files: ['lib/grid.wgsl', 'lib/gemm.wgsl'],
  };
}

/** One launch of a kernel that reads a and b and ends in the epilogue; a workgroup makes one tile of c. */
export function gemmLaunch(
  d: GemmDescriptor,
  slots: GemmSlots,
  config: Config,
  { name, part, workgroups }: { readonly name: string; readonly part: KernelPart; readonly workgroups: number },
): Launch {
  const epilogue = epilogueParts(d.epilogue, slots);
  return {
    kernel: kernel(`gemm/${name}`, gemmPart(d, config), epilogue.part, part),
    bindings: [reads(slots.a), reads(slots.b), writes(slots.c), gemmParams(d)],
    epilogue: epilogue.bindings,
    workgroups: linearGrid(workgroups),
  };
}
