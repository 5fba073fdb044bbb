/**
 * @file DIRECT with workgroup memory: tiles of outputs over a patch of x (shaders/conv2d/patches/).
 *
 * A workgroup's tile has 8 rows and a column for each invocation along it; an invocation makes 8 outputs of 8 filters,
 * or of one filter where the convolution is depthwise. What lies under a tile depends on stride and dilation, so not
 * every patch fits the device's workgroup memory; what does not is not offered.
 */
import type { KernelPart } from '../../gpu/kernel.ts';
import { ceilDiv } from '../../gpu/kernel.ts';
import type { DeviceTraits, Work } from '../algorithm.ts';
import type { MathType } from '../choice/records.ts';
import type { TileShape } from '../kernels/tile.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { groupChannels, isDepthwise } from './descriptor.ts';

/** `threadsM`: invocations along the filters, `threadsN`: columns of outputs. */
export interface PatchShape extends TileShape {
  /** Planes of x in workgroup memory at a time: channels, or one for each filter of a depthwise convolution. */
  readonly planes: number;
}

const rows = 8;
const filtersOfThread = 8;

/** Channels at a time; more of them save barriers, and room for workgroups beside each other is lost. */
const mostPlanes = 4;

const shapes: readonly TileShape[] = [
  { threadsM: 2, threadsN: 32 },
  { threadsM: 4, threadsN: 16 },
  { threadsM: 8, threadsN: 8 },
  { threadsM: 8, threadsN: 16 },
];
const depthwiseShapes: readonly TileShape[] = [
  { threadsM: 4, threadsN: 16 },
  { threadsM: 8, threadsN: 8 },
];

/**
 * Patches that fit the device, without those whose tiles reach so far over the edges that they compute half as much
 * again as the best.
 */
export function patchShapes(d: ConvDescriptor, mathType: MathType, device: DeviceTraits): PatchShape[] {
  const fitting = (isDepthwise(d) ? depthwiseShapes : shapes)
    .map((tile) => ({ ...tile, planes: planesOf(d, tile, mathType, device) }))
    .filter((shape) => shape.planes >= 1 && threads(shape) <= device.limits.maxComputeInvocationsPerWorkgroup);
  const least = Math.min(...fitting.map((shape) => workgroupsOf(d, shape) * threads(shape)));
  return fitting.filter((shape) => workgroupsOf(d, shape) * threads(shape) <= 1.5 * least);
}

/** As many as fit, up to a point; 0 where none does. */
function planesOf(d: ConvDescriptor, tile: TileShape, mathType: MathType, { limits }: DeviceTraits): number {
  const bytes = mathType === 'HALF_ARITHMETIC' ? 2 : 4;
  const held = Math.floor(limits.maxComputeWorkgroupStorageSize / bytes);
  if (isDepthwise(d)) return tile.threadsM * patchSize(d, tile) <= held ? tile.threadsM : 0;
  const ofPlane = patchSize(d, tile) + filtersOf(d, tile) * d.R * d.S;
  return Math.min(groupChannels(d).Cg, mostPlanes, Math.floor(held / ofPlane));
}

const threads = ({ threadsM, threadsN }: TileShape): number => threadsM * threadsN;

/** Filters that a workgroup makes. */
const filtersOf = (d: ConvDescriptor, { threadsM }: TileShape): number =>
  isDepthwise(d) ? threadsM : filtersOfThread * threadsM;

const patchHeight = (d: ConvDescriptor): number => (rows - 1) * d.strideH + (d.R - 1) * d.dilationH + 1;
const patchWidth = (d: ConvDescriptor, { threadsN }: TileShape): number =>
  (threadsN - 1) * d.strideW + (d.S - 1) * d.dilationW + 1;
const patchSize = (d: ConvDescriptor, tile: TileShape): number => patchHeight(d) * patchWidth(d, tile);

export function workgroupsOf(d: ConvDescriptor, tile: TileShape): number {
  const [groups, filters] = isDepthwise(d) ? [1, d.K] : [d.groups, groupChannels(d).Kg];
  return d.N * ceilDiv(d.P, rows) * ceilDiv(d.Q, tile.threadsN) * groups * ceilDiv(filters, filtersOf(d, tile));
}

export const patchLabel = (d: ConvDescriptor, tile: TileShape): string =>
  `${filtersOf(d, tile)} filters × ${rows}×${tile.threadsN} outputs a workgroup${isDepthwise(d) ? ', depthwise' : ''}`;

export function patchPart(d: ConvDescriptor, shape: PatchShape, stores: 'pixels' | 'windows'): KernelPart {
  const group = threads(shape);
  const tileSteps = shape.planes * d.R * d.S;
  const product = !isDepthwise(d);
  return {
    const: {
      THREADS: group,
      THREADS_N: shape.threadsN,
      PLANES: shape.planes,
      PATCH_H: patchHeight(d),
      PATCH_W: patchWidth(d, shape),
      ...(product && { THREADS_M: shape.threadsM, TAPS: d.R * d.S, TILE_K: tileSteps }),
    },
    files: ['block/unit.wgsl', 'conv2d/patches/patch.wgsl', `conv2d/patches/${stores}.wgsl`],
    traits: { group, ...(product && { tileSteps }) },
  };
}

/**
 * For each tap: eight outputs' elements and eight filters', or one's. The patches are found under a window, once for
 * all taps.
 */
export function patchWork(d: ConvDescriptor, shape: PatchShape): Work {
  const workgroups = workgroupsOf(d, shape);
  const invocations = workgroups * threads(shape);
  const portions = isDepthwise(d) ? 1 : ceilDiv(groupChannels(d).Cg, shape.planes);
  const gathers = workgroups * portions * shape.planes * patchSize(d, shape);
  const taps = invocations * d.R * d.S;
  if (isDepthwise(d)) return { reads: (rows + 1) * taps, shared: true, gathers, barriers: invocations };
  return {
    reads: (rows + filtersOfThread) * taps * portions * shape.planes,
    shared: true,
    gathers,
    barriers: 2 * invocations * portions,
  };
}
