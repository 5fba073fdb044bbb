/**
 * @file DIRECT: the definition of convolution. (In cuDNN it stands in the enumeration but was never implemented.)
 *
 * Four families of kernels: the definition itself, one invocation an output element or a window of the pool, which runs
 * everything; strips over which the input slides, for stride 1; tiles over a patch of the input in workgroup memory;
 * and walks down the rows. Strips and tiles have a kernel with a register block for several filters, and one without
 * for depthwise convolutions, as walks are.
 */
import type { KernelPart } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Config, DeviceTraits, Work } from '../algorithm.ts';
import type { BlockShape } from '../kernels/block.ts';
import { blockLabel, blockPart, blockShapes } from '../kernels/block.ts';
import { convAlgorithm, convParams, convPart, elementPart, epilogueParts, mathTypes, sumPart } from './algorithm.ts';
import { padTo } from './batched-product.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { computedPixels, groupChannels, isDepthwise, storedShape } from './descriptor.ts';
import type { PatchShape } from './patch.ts';
import { patchLabel, patchPart, patchShapes, patchWork, workgroupsOf } from './patch.ts';
import type { WalkShape } from './walk.ts';
import { walkLabel, walkLaunch, walkShapes, walkWork } from './walk.ts';

const group = 64;

/**
 * Outputs of a strip, which one invocation of the sliding kernels makes of each filter: eight of a row, or two windows
 * side by side.
 */
const strip = 8;
const windowsOfStrip = 2;

type DirectConfig = Config &
  (
    | { readonly kernel: 'definition' | 'sliding depthwise' }
    | { readonly kernel: 'sliding'; readonly block: BlockShape }
    | { readonly kernel: 'shared'; readonly tile: PatchShape }
    | { readonly kernel: 'shared depthwise'; readonly patch: PatchShape }
    | { readonly kernel: 'walking depthwise'; readonly walk: WalkShape }
  );

export const direct = convAlgorithm<DirectConfig>({
  name: 'DIRECT',
  direction: 'forward',
  determinism: 'deterministic',
  supports: () => true,
  configs: (d, device) =>
    mathTypes(d).flatMap((mathType): DirectConfig[] => [
      ...walkShapes(d).map((walk): DirectConfig => ({
        label: walkLabel(d, walk),
        mathType,
        kernel: 'walking depthwise',
        walk,
      })),
      ...slidingConfigs(d, mathType, device),
      ...patchShapes(d, mathType, device).map((shape): DirectConfig => {
        const common = { label: patchLabel(d, shape), mathType };
        return isDepthwise(d)
          ? { ...common, kernel: 'shared depthwise', patch: shape }
          : { ...common, kernel: 'shared', tile: shape };
      }),
      { label: d.epilogue.pool ? 'one window a thread' : 'one output a thread', mathType, kernel: 'definition' },
    ]),
  workspace: () => [],
  work: (d, config) => {
    switch (config.kernel) {
      case 'sliding':
        return slidingWork(d, config.block);
      case 'shared':
        return patchWork(d, config.tile);
      case 'shared depthwise':
        return patchWork(d, config.patch);
      case 'walking depthwise':
        return walkWork(d, config.walk);
      default:
        return undefined;
    }
  },
  launches: (d, config, slots) => {
    const { part, bindings: epilogue, stores } = epilogueParts(d.epilogue, slots);
    if (config.kernel === 'walking depthwise') {
      const { x: image, w, y: result } = slots;
      return [walkLaunch(d, config.walk, config, { image, w, result }, { part, bindings: epilogue })];
    }
    const { name, parts, workgroups } = kernelOf(d, config, stores);
    return [
      {
        kernel: kernel(
          `conv2d/direct/${name}`,
          elementPart(d.dtype),
          sumPart(config.mathType),
          convPart,
          part,
          ...parts,
        ),
        bindings: [reads(slots.x), reads(slots.w), writes(slots.y), convParams(d)],
        epilogue,
        workgroups: linearGrid(workgroups),
      },
    ];
  },
});

function slidingConfigs(d: ConvDescriptor, mathType: Config['mathType'], device: DeviceTraits): DirectConfig[] {
  if (d.strideW !== 1 || d.dilationW !== 1) return [];
  if (isDepthwise(d)) return [{ label: `${strip} outputs a thread, depthwise`, mathType, kernel: 'sliding depthwise' }];
  // Under a single column of taps nothing slides.
  if (d.S === 1) return [];
  return blockShapes(groupChannels(d).Kg, computedPixels(d), device).map((block) => ({
    label: `sliding, ${blockLabel(block)}`,
    mathType,
    kernel: 'sliding',
    block,
  }));
}

function stripsOf(d: ConvDescriptor): number {
  const [N, , height, width] = storedShape(d);
  return N * height * ceilDiv(width, d.epilogue.pool ? windowsOfStrip : strip);
}

/**
 * For each row of taps: what lies under a strip, in one row of x or two, and the filters' rows, which a subgroup reads
 * together.
 */
function slidingWork(d: ConvDescriptor, { rows, lanes, group: threads }: BlockShape): Work {
  const { Cg, Kg } = groupChannels(d);
  const tapRows = ceilDiv(Kg, rows) * d.groups * padTo(stripsOf(d), threads) * Cg * d.R;
  const slidingRows = d.epilogue.pool ? 2 : 1;
  return { reads: (tapRows * rows * d.S) / lanes, gathers: tapRows * (strip + slidingRows * (d.S - 1)) };
}

interface DirectKernel {
  readonly name: string;
  readonly parts: readonly KernelPart[];
  readonly workgroups: number;
}

function kernelOf(
  d: ConvDescriptor,
  config: Exclude<DirectConfig, { kernel: 'walking depthwise' }>,
  stores: 'pixels' | 'windows',
): DirectKernel {
  const strips = { files: ['conv2d/strips/elements.wgsl', `conv2d/strips/${stores}.wgsl`] };
  switch (config.kernel) {
    case 'definition': {
      const [N, K, height, width] = storedShape(d);
      return {
        name: stores === 'windows' ? '1_definition_pooled' : '1_definition',
        parts: [linear(group)],
        workgroups: ceilDiv(N * K * height * width, group),
      };
    }
    case 'sliding depthwise':
      return {
        name: '2_sliding_depthwise',
        parts: [linear(group), { files: ['block/unit.wgsl'] }, strips],
        workgroups: ceilDiv(d.K * stripsOf(d), group),
      };
    case 'sliding': {
      const { block } = config;
      return {
        name: '2_sliding',
        parts: [blockPart(block), strips],
        workgroups: ceilDiv(groupChannels(d).Kg, block.rows) * d.groups * ceilDiv(stripsOf(d), block.group),
      };
    }
    case 'shared':
      return { name: '3_shared', parts: [patchPart(d, config.tile, stores)], workgroups: workgroupsOf(d, config.tile) };
    case 'shared depthwise':
      return {
        name: '3_shared_depthwise',
        parts: [patchPart(d, config.patch, stores)],
        workgroups: workgroupsOf(d, config.patch),
      };
  }
}
