/**
 * @file Backward data, ALGO_1: dx by gathering, deterministic, without workspace. It runs everything.
 *
 * Four kernels: one element a thread; blocks in registers, which each invocation fills for itself or with its subgroup; tiles
 * that workgroups share in workgroup memory; and for depthwise convolutions eight elements of a row, over which dy slides.
 */
import type { Launch } from '../../gpu/kernel.ts';
import { ceilDiv, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import type { CutOrNot } from '../kernels/tiling.ts';
import { covered, cutConstants, cutExtensions, cutFiles, cuts, isCut } from '../kernels/tiling.ts';
import { convAlgorithm, convParams, elementAliases, mathTypes } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { groupChannels, isDepthwise } from './descriptor.ts';

const group = 64;

/** Elements of a row of dx that an invocation of the depthwise kernel makes. */
const strip = 8;

/** Without a cut or strips, one element of dx a thread. */
type GatherConfig = Config & CutOrNot & { readonly strips?: boolean };

export const backwardData1 = convAlgorithm<GatherConfig>({
  name: 'ALGO_1',
  direction: 'backward data',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) =>
    mathTypes(d).flatMap((mathType): GatherConfig[] => [
      ...(slides(d) ? [{ label: `${strip} elements a thread, depthwise`, mathType, strips: true }] : []),
      ...cuts(groupChannels(d).Cg, phasePixels(d), device).map((cut) => ({ ...cut, mathType })),
      { label: 'one element a thread', mathType },
    ]),
  workspace: () => [],
  launches: (d, config, slots) => {
    const { enable, alias } = elementAliases(d.dtype, config.mathType);
    const kernel = kernelOf(d, config);
    return [
      {
        kernel: {
          label: `conv2d/backward_data/${kernel.name}`,
          spec: { enable: [...enable, ...kernel.enable], alias, const: kernel.const },
          files: ['lib/conv.wgsl', ...kernel.with, `conv2d/backward_data/${kernel.name}.wgsl`],
        },
        bindings: [reads(slots.y), reads(slots.w), writes(slots.x), convParams(d)],
        workgroups: kernel.workgroups,
      },
    ];
  },
});

const slides = (d: ConvDescriptor): boolean => isDepthwise(d) && d.strideW === 1 && d.dilationW === 1;

interface Kernel {
  readonly name: string;
  readonly with: readonly string[];
  readonly enable: readonly string[];
  readonly const: Readonly<Record<string, number>>;
  readonly workgroups: Launch['workgroups'];
}

function kernelOf(d: ConvDescriptor, config: GatherConfig): Kernel {
  const plain = { with: ['lib/grid.wgsl'], enable: [], const: { GROUP: group } };
  if (config.strips)
    return {
      ...plain,
      name: '5_depthwise',
      workgroups: linearGrid(ceilDiv(d.N * d.C * d.H * ceilDiv(d.W, strip), group)),
    };
  if (!isCut(config))
    return { ...plain, name: '1_gather', workgroups: linearGrid(ceilDiv(d.N * d.C * d.H * d.W, group)) };
  const [rows, columns] = covered(config);
  return {
    name: config.block ? '2_implicit_gemm' : '4_implicit_gemm_shared',
    with: ['conv2d/backward_data/phases.wgsl', ...cutFiles(config)],
    enable: cutExtensions(config),
    const: cutConstants(config),
    // With a stride, pixels are taken in phases: by the remainders that their places leave when divided by it.
    workgroups: linearGrid(
      ceilDiv(groupChannels(d).Cg, rows) * d.groups * d.strideH * d.strideW * ceilDiv(phasePixels(d), columns),
    ),
  };
}

/** Pixels of all images in the largest phase. */
const phasePixels = (d: ConvDescriptor): number => d.N * ceilDiv(d.H, d.strideH) * ceilDiv(d.W, d.strideW);
