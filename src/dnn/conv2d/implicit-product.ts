/**
 * @file The product that IMPLICIT_GEMM and IMPLICIT_PRECOMP_GEMM share: filters times pixels, by blocks in registers
 * (software adapters) or by tiles in workgroup memory (GPUs). Where a tap reads is each algorithm's own.
 */
import type { Binding, KernelPart, Launch } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linearGrid } from '../../gpu/kernel.ts';
import type { Config, DeviceTraits } from '../algorithm.ts';
import type { Tiling } from '../kernels/tiling.ts';
import { tilingPart, tilings, workgroupShape } from '../kernels/tiling.ts';
import type { ConvSlots } from './algorithm.ts';
import { convPart, elementPart, epilogueParts, mathTypes, sumPart } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { computedPixels, groupChannels } from './descriptor.ts';

export type ImplicitConfig = Config & Tiling;

export const implicitConfigs = (d: ConvDescriptor, device: DeviceTraits): ImplicitConfig[] =>
  mathTypes(d).flatMap((mathType) =>
    tilings(groupChannels(d).Kg, computedPixels(d), device).map((tiling) => ({ ...tiling, mathType })),
  );

export interface ImplicitKernel {
  /** The algorithm's own file in `shaders/conv2d/implicit/`, and what else it needs. */
  readonly name: string;
  readonly parts: readonly KernelPart[];
  readonly bindings: readonly Binding[];
  /** Blocks that read rows alone load them as vectors of four. */
  readonly byFour?: boolean;
}

export function implicitProduct(
  d: ConvDescriptor,
  config: ImplicitConfig,
  slots: ConvSlots,
  { name, parts, bindings, byFour }: ImplicitKernel,
): Launch {
  const { part, bindings: epilogue, stores } = epilogueParts(d.epilogue, slots);
  const [rows, columns] = workgroupShape(config);
  return {
    kernel: kernel(
      `conv2d/implicit/${name}`,
      elementPart(d.dtype),
      sumPart(config.mathType),
      convPart,
      tilingPart(config, byFour),
      ...parts,
      part,
      { files: [`conv2d/columns/${stores}.wgsl`, `conv2d/implicit/${config.block ? 'blocks' : 'tiles'}.wgsl`] },
    ),
    bindings,
    epilogue,
    workgroups: linearGrid(ceilDiv(groupChannels(d).Kg, rows) * d.groups * ceilDiv(computedPixels(d), columns)),
  };
}
