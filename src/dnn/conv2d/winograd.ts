/**
 * @file WINOGRAD, forward and backward data: F(2×2, 3×3), fused. Only the transformed filters go through memory.
 *
 * Two kernels: one without barriers, where each invocation reads filters for itself or with its subgroup, and one whose
 * workgroups share transformed tiles and filters in workgroup memory.
 */
import type { KernelPart, Launch } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Direction, MathType } from '../choice/records.ts';
import type { ConvAlgorithm, ConvConfig, DeviceTraits } from './algorithm.ts';
import { convAlgorithm, elementPart, epilogueParts, mathTypes, sumPart } from './algorithm.ts';
import { padTo } from './batched-product.ts';
import type { Correlation } from './correlation.ts';
import {
  correlation,
  correlationParams,
  correlationPart,
  correlationSlots,
  floatMath,
  tooLarge,
} from './correlation.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { winogradFilterSize } from './winograd-support.ts';

interface FusedConfig extends ConvConfig {
  /** Output channels of an invocation; filters are padded to whole blocks of them. */
  readonly blockK: 2 | 4;
  /** Lanes of the subgroups that read filters together. */
  readonly lanes?: number;
  /** With workgroup memory: invocations of a workgroup along the output channels. */
  readonly threadsK?: number;
}

const group = 64;

/** Pairs of tiles in a workgroup with workgroup memory, and how many channels it holds at once: 2_fused_shared.wgsl. */
const pairs = 8;
const channelsHeld = 8;

const fused = (direction: Direction): ConvAlgorithm =>
  convAlgorithm<FusedConfig>({
    name: 'WINOGRAD',
    direction,
    determinism: 'deterministic',
    spreads: 'tile',
    supports: (d, device) =>
      winogradFilterSize(d, [3]) ?? tooLarge({ filters: filterBytes(correlation(d), 2, floatMath(d)) }, device) ?? true,
    configs: (d, device) =>
      mathTypes(d)
        .flatMap((mathType) => variants(d, mathType, device))
        .filter(
          ({ blockK, mathType }) => !tooLarge({ filters: filterBytes(correlation(d), blockK, mathType) }, device),
        ),
    workspace: (d, { blockK, mathType }) => [filterBytes(correlation(d), blockK, mathType)],
    operations: (d, config) => {
      const { steps, transforms } = stepsOf(correlation(d), config);
      return steps * 2 * 32 * config.blockK + transforms * transformAdditions;
    },
    work: (d, config) => {
      const { blockK, lanes, threadsK } = config;
      const f = correlation(d);
      const { steps, transforms } = stepsOf(f, config);
      const hoistedGathers = 4 * 6 * transforms;
      // As many channels as are held go through the products, be they there or not.
      if (threadsK)
        return {
          reads: (16 * (2 + blockK) * steps * padTo(f.C, channelsHeld)) / f.C,
          shared: true,
          hoistedGathers,
          barriers: (2 * steps * ceilDiv(f.C, channelsHeld)) / f.C,
        };
      // A lane reads one of a filter's four vectors, and is given the others.
      return { reads: 0, vectors: (lanes ? 1 : 4) * blockK * steps, hoistedGathers };
    },
    launches: (d, config, slots) => {
      const f = correlation(d);
      const common = [
        elementPart(d.dtype),
        sumPart(config.mathType),
        linear(group),
        correlationPart,
        { const: { BLOCK_K: config.blockK }, files: ['lib/winograd4.wgsl'] },
      ];
      const { source, target } = correlationSlots(d, slots);
      const [u] = slots.workspace;
      const { part: epiloguePart, bindings: epilogue, stores } = epilogueParts(d.epilogue, slots);
      const { name, part } = kernelOf(config);
      return [
        {
          kernel: kernel('conv2d/winograd/fused_filter', ...common, { traits: { vectorResults: true } }),
          bindings: [reads(slots.w), writes(u), correlationParams(f)],
          workgroups: linearGrid(ceilDiv(f.groups * f.C * f.K, group)),
        },
        {
          kernel: kernel(`conv2d/winograd/${name}`, ...common, epiloguePart, part, {
            files: ['conv2d/winograd/fused_image.wgsl', `conv2d/winograd/fused_store_${stores}.wgsl`],
          }),
          bindings: [reads(source), reads(u), writes(target), correlationParams(f)],
          epilogue,
          workgroups: gridOf(f, config),
        },
      ];
    },
  });

export const winograd = fused('forward');
export const winogradBackwardData = fused('backward data');

/** Additions that transform the 4×6 inputs of two tiles. */
const transformAdditions = 64;

/** Steps over input channels, and transforms of a pair of tiles, of all invocations together. */
function stepsOf(f: Correlation, config: FusedConfig): { steps: number; transforms: number } {
  const { pairs: wide, channels: high } = workgroupShape(config);
  const transforms = f.groups * f.C * ceilDiv(f.K, high) * padTo(tilePairs(f), wide);
  return { steps: (transforms * high) / config.blockK, transforms };
}
/** The likely best first. */
function variants(d: ConvDescriptor, mathType: MathType, { subgroupSize = 1, limits }: DeviceTraits): FusedConfig[] {
  const label = (blockK: number): string => `2 tiles × ${blockK} channels a thread`;
  const bytes = mathType === 'HALF_ARITHMETIC' ? 2 : 4;
  const fits = (threadsK: number): boolean =>
    pairs * threadsK <= limits.maxComputeInvocationsPerWorkgroup &&
    bytes * 16 * channelsHeld * 2 * (pairs + threadsK) <= limits.maxComputeWorkgroupStorageSize;
  const { K } = correlation(d);
  return [
    { label: label(2), mathType, blockK: 2 },
    { label: label(4), mathType, blockK: 4 },
    ...(subgroupSize >= 4
      ? [{ label: `${label(4)}, subgroups of ${subgroupSize}`, mathType, blockK: 4, lanes: subgroupSize } as const]
      : []),
    ...[8, 16]
      .filter((threadsK) => fits(threadsK) && (threadsK === 8 || K >= 2 * threadsK))
      .map(
        (threadsK) =>
          ({
            label: `${2 * pairs} tiles × ${2 * threadsK} channels a workgroup`,
            mathType,
            blockK: 2,
            threadsK,
          }) as const,
      ),
  ];
}

/** What a workgroup covers where its shape matters, a thread where not. */
const workgroupShape = ({ blockK, lanes, threadsK }: FusedConfig): { pairs: number; channels: number } =>
  threadsK ? { pairs, channels: 2 * threadsK } : { pairs: lanes ?? 1, channels: blockK };

function kernelOf({ lanes, threadsK }: FusedConfig): { name: string; part: KernelPart } {
  if (threadsK)
    return { name: '2_fused_shared', part: { const: { THREADS_K: threadsK }, traits: { group: pairs * threadsK } } };
  const name = '1_fused';
  if (!lanes) return { name, part: { files: ['conv2d/winograd/filters_alone.wgsl'] } };
  return {
    name,
    part: {
      enable: ['subgroups'],
      const: { LANES: lanes },
      files: ['conv2d/winograd/filters_together.wgsl'],
      traits: { group: lanes, rowLanes: lanes },
    },
  };
}

function gridOf(f: Correlation, config: FusedConfig): Launch['workgroups'] {
  const { pairs: wide, channels: high } = workgroupShape(config);
  const blocks = ceilDiv(tilePairs(f), wide) * f.groups * ceilDiv(f.K, high);
  return linearGrid(config.lanes || config.threadsK ? blocks : ceilDiv(blocks, group));
}

/** Two tiles side by side, 2×4 outputs. */
const tilePairs = (f: Correlation): number => f.N * ceilDiv(f.P, 2) * ceilDiv(f.Q, 4);

/** 16 points a filter. */
const filterBytes = (f: Correlation, blockK: number, mathType: MathType): number =>
  (mathType === 'HALF_ARITHMETIC' ? 2 : 4) * 16 * f.groups * f.C * padTo(f.K, blockK);
