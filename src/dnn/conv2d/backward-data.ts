/**
 * @file Backward data, ALGO_1: dx by gathering, deterministic, without workspace. It runs everything.
 *
 * Five kernels: one element a thread; blocks in registers, which each invocation fills for itself or with its subgroup;
 * tiles that workgroups share in workgroup memory; and for depthwise convolutions eight elements of a row, over which
 * dy slides, or walks down the rows.
 */
import type { KernelPart } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Config } from '../algorithm.ts';
import type { OptionalTiling } from '../kernels/tiling.ts';
import { isTiled, tilingPart, tilings, workgroupShape } from '../kernels/tiling.ts';
import type { MathType } from '../choice/records.ts';
import { convAlgorithm, convParams, convPart, elementPart, epilogueParts, mathTypes, sumPart } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { groupChannels, isDepthwise, noEpilogue } from './descriptor.ts';
import type { WalkShape } from './walk.ts';
import { turnedConv, walkLabel, walkLaunch, walkShapes, walkWork } from './walk.ts';

const group = 64;

/** Elements of a row of dx that an invocation of the depthwise kernel makes. */
const strip = 8;

/** Without tiling, walk or strips, one element of dx a thread. */
type GatherConfig = Config & OptionalTiling & { readonly walk?: WalkShape; readonly strips?: boolean };

export const backwardData1 = convAlgorithm<GatherConfig>({
  name: 'ALGO_1',
  direction: 'backward data',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) =>
    mathTypes(d).flatMap((mathType): GatherConfig[] => [
      ...walkConfigs(d, mathType),
      ...(slides(d) ? [{ label: `${strip} elements a thread, depthwise`, mathType, strips: true }] : []),
      ...tilings(groupChannels(d).Cg, phasePixels(d), device).map((tiling) => ({ ...tiling, mathType })),
      { label: 'one element a thread', mathType },
    ]),
  workspace: () => [],
  work: (d, { walk }) => walk && walkWork(turnedConv(d)!, walk),
  launches: (d, config, slots) => {
    if (config.walk) {
      const { y: image, w, x: result } = slots;
      const epilogue = epilogueParts(noEpilogue, slots);
      return [walkLaunch(turnedConv(d)!, config.walk, config, { image, w, result, turned: true }, epilogue)];
    }
    const { name, part, workgroups } = kernelOf(d, config);
    return [
      {
        kernel: kernel(`conv2d/backward_data/${name}`, elementPart(d.dtype), sumPart(config.mathType), convPart, part),
        bindings: [reads(slots.y), reads(slots.w), writes(slots.x), convParams(d)],
        workgroups: linearGrid(workgroups),
      },
    ];
  },
});

function walkConfigs(d: ConvDescriptor, mathType: MathType): GatherConfig[] {
  const forward = turnedConv(d);
  return forward ? walkShapes(forward).map((walk) => ({ label: walkLabel(forward, walk), mathType, walk })) : [];
}

const slides = (d: ConvDescriptor): boolean => isDepthwise(d) && d.strideW === 1 && d.dilationW === 1;

function kernelOf(d: ConvDescriptor, config: GatherConfig): { name: string; part: KernelPart; workgroups: number } {
  if (config.strips)
    return {
      name: '4_depthwise',
      part: linear(group),
      workgroups: ceilDiv(d.N * d.C * d.H * ceilDiv(d.W, strip), group),
    };
  if (!isTiled(config))
    return { name: '1_gather', part: linear(group), workgroups: ceilDiv(d.N * d.C * d.H * d.W, group) };
  const [rows, columns] = workgroupShape(config);
  const part = tilingPart(config);
  return {
    name: config.block ? '2_implicit_gemm' : '3_implicit_gemm_shared',
    part: { ...part, files: ['conv2d/backward_data/phases.wgsl', ...part.files!] },
    // With a stride, pixels are taken in phases: by the remainders that their places leave when divided by it.
    workgroups:
      ceilDiv(groupChannels(d).Cg, rows) * d.groups * d.strideH * d.strideW * ceilDiv(phasePixels(d), columns),
  };
}

/** Pixels of all images in the largest phase. */
const phasePixels = (d: ConvDescriptor): number => d.N * ceilDiv(d.H, d.strideH) * ceilDiv(d.W, d.strideW);
