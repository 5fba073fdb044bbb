/**
 * @file Kernels of backward filter for depthwise convolutions: where a filter has one channel, its gradient is R·S sums
 * as long as its planes, and no matrix product.
 *
 * One gives an invocation a row of taps under which x slides, for stride 1; the other gives a workgroup a filter, whose
 * invocations share out the pixels and meet in workgroup memory. The algorithms say how the splits of a sum come
 * together.
 */
import type { KernelPart } from '../../gpu/kernel.ts';
import { ceilDiv } from '../../gpu/kernel.ts';
import type { Config, DeviceTraits, Work } from '../algorithm.ts';
import { mathTypes } from './algorithm.ts';
import type { ConvDescriptor } from './descriptor.ts';
import { isDepthwise } from './descriptor.ts';

export type DepthwiseConfig = Config & {
  readonly depthwise: 'sliding' | 'shared';
  readonly block?: undefined;
  readonly tile?: undefined;
};

const depthwiseGroup = 64;

/** Gradients that stand still while x slides by. */
const strip = 8;

/** Those that can run on the device; none where the convolution is not depthwise. */
export function depthwiseConfigs(d: ConvDescriptor, { limits }: DeviceTraits): DepthwiseConfig[] {
  if (!isDepthwise(d)) return [];
  const slides = d.strideW === 1 && d.dilationW === 1;
  return mathTypes(d).flatMap((mathType): DepthwiseConfig[] => {
    const bytes = (mathType === 'HALF_ARITHMETIC' ? 2 : 4) * depthwiseGroup * d.R * d.S;
    return [
      ...(slides ? [{ label: 'a row of taps a thread, depthwise', mathType, depthwise: 'sliding' as const }] : []),
      ...(bytes <= limits.maxComputeWorkgroupStorageSize
        ? [{ label: 'a filter a workgroup, depthwise', mathType, depthwise: 'shared' as const }]
        : []),
    ];
  });
}

/** How many workgroups there are for one split of the sums. */
export const depthwiseWorkgroups = (d: ConvDescriptor, { depthwise }: DepthwiseConfig): number =>
  depthwise === 'shared' ? d.K : ceilDiv(d.K * d.R, depthwiseGroup);

export const depthwiseName = ({ depthwise }: DepthwiseConfig): string =>
  depthwise === 'shared' ? '4_depthwise_shared' : '4_depthwise';

/** The kernel beside what delivers its sums. */
export const depthwisePart = (d: ConvDescriptor, { depthwise }: DepthwiseConfig): KernelPart =>
  depthwise === 'shared'
    ? { const: { GROUP: depthwiseGroup, FILTER_H: d.R, FILTER_W: d.S } }
    : {
        const: { GROUP: depthwiseGroup, FILTER_W: d.S },
        files: ['lib/grid.wgsl', 'block/unit.wgsl', 'conv2d/strips/elements.wgsl'],
      };

/** The sums stand in an array of the invocation's own: one is read and written for each product that it takes up. */
export function depthwiseWork(d: ConvDescriptor, { depthwise }: DepthwiseConfig, splits: number): Work {
  const pixels = d.N * d.K * d.P * d.Q;
  if (depthwise === 'shared') {
    const invocations = d.K * splits * depthwiseGroup;
    return { reads: pixels + 2 * pixels * d.R * d.S, gathers: pixels * d.R * d.S, barriers: invocations };
  }
  const strips = d.N * d.K * d.P * d.R * ceilDiv(d.Q, strip);
  return { reads: strips * (strip + 2 * d.S), gathers: strips * (strip - 1 + d.S) };
}
