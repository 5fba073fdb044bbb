/**
 * @file The product that IMPLICIT_GEMM and IMPLICIT_PRECOMP_GEMM share: filters times pixels, by blocks in registers (software
 * adapters) or by tiles in workgroup memory (GPUs). Where a tap reads is each algorithm's own.
 */
import type { Binding, Launch } from '../../gpu/kernel.ts';
import { ceilDiv, linearGrid } from '../../gpu/kernel.ts';
import type { Config, DeviceTraits } from '../algorithm.ts';
import type { Cut } from '../kernels/tiling.ts';
import { covered, cutConstants, cutExtensions, cutFiles, cuts } from '../kernels/tiling.ts';
import type { ConvSlots } from './algorithm.ts';
import { elementAliases, epilogueParts, mathTypes } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { computedPixels, groupChannels } from './descriptor.ts';

export type ImplicitConfig = Config & Cut;

export const implicitConfigs = (d: ConvDescriptor, device: DeviceTraits): ImplicitConfig[] =>
  mathTypes(d).flatMap((mathType) =>
    cuts(groupChannels(d).Kg, computedPixels(d), device).map((cut) => ({ ...cut, mathType })),
  );

export interface ImplicitKernel {
  /** The algorithm's own file in `shaders/conv2d/`, and what else it needs. */
  readonly name: string;
  readonly with: readonly string[];
  readonly bindings: readonly Binding[];
  /** Blocks that read rows alone load them as vectors of four. */
  readonly byFour?: boolean;
}

export function implicitProduct(
  d: ConvDescriptor,
  config: ImplicitConfig,
  slots: ConvSlots,
  kernel: ImplicitKernel,
): Launch {
  const { enable, alias } = elementAliases(d.dtype, config.mathType);
  const { files, bindings, stores } = epilogueParts(d.epilogue, slots);
  const [rows, columns] = covered(config);
  const by = config.block ? 'blocks' : 'tiles';
  return {
    kernel: {
      label: `conv2d/${kernel.name}, ${by}`,
      spec: { enable: [...enable, ...cutExtensions(config)], alias, const: cutConstants(config) },
      files: [
        'lib/conv.wgsl',
        ...files,
        `conv2d/columns/${stores}.wgsl`,
        ...cutFiles(config, kernel.byFour),
        ...kernel.with,
        `conv2d/${kernel.name}.wgsl`,
        `conv2d/implicit/${by}.wgsl`,
      ],
    },
    bindings: kernel.bindings,
    epilogue: bindings,
    workgroups: linearGrid(ceilDiv(groupChannels(d).Kg, rows) * d.groups * ceilDiv(computedPixels(d), columns)),
  };
}
