/**
 * @file WINOGRAD, forward and backward data: F(2×2, 3×3), fused. Only the transformed filters go through memory.
 */
import { ceilDiv, linearGrid, reads, writes } from '../../gpu/kernel.ts';
import type { Direction } from '../records.ts';
import type { ConvAlgorithm, ConvConfig } from './algorithm.ts';
import { convAlgorithm, elementAliases, epilogueParts } from './algorithm.ts';
import { padTo } from './batched-product.ts';
import type { Correlation } from './correlation.ts';
import { correlation, correlationParams, correlationSlots, floatMath, tooLarge } from './correlation.ts';
import { winogradFilterSize } from './winograd-support.ts';

interface FusedConfig extends ConvConfig {
  /** Output channels of an invocation; filters are padded to whole blocks of them. */
  readonly blockK: number;
}

const group = 64;

const fused = (direction: Direction): ConvAlgorithm => convAlgorithm<FusedConfig>({
  name: 'WINOGRAD',
  direction,
  determinism: 'deterministic',
  supports: (d, device) => winogradFilterSize(d, [3]) ?? tooLarge({ filters: filterBytes(correlation(d), 2) }, device) ?? true,
  configs: (d, device) =>
    [2, 4]
      .filter((blockK) => !tooLarge({ filters: filterBytes(correlation(d), blockK) }, device))
      .map((blockK) => ({ label: `2 tiles × ${blockK} channels a thread`, mathType: floatMath(d), blockK })),
  workspace: (d, { blockK }) => [filterBytes(correlation(d), blockK)],
  operations: (d, { blockK }) => invocationSteps(correlation(d), blockK) * (2 * 32 * blockK + transformAdditions),
  work: (d, { blockK }) => {
    const steps = invocationSteps(correlation(d), blockK);
    return { reads: 16 * blockK * steps, windowed: 4 * 6 * steps };
  },
  launches: (d, { blockK, mathType }, slots) => {
    const f = correlation(d);
    const { enable, alias } = elementAliases(d.dtype, mathType);
    const spec = { enable, alias, const: { GROUP: group, BLOCK_K: blockK } };
    const lib = ['lib/grid.wgsl', 'lib/correlation.wgsl', 'lib/winograd4.wgsl'];
    const { source, target } = correlationSlots(d, slots);
    const [u] = slots.workspace;
    const { files, bindings: epilogue } = epilogueParts(d.epilogue, slots);
    return [
      {
        kernel: { label: 'conv2d/6_winograd_filter', spec, files: [...lib, 'conv2d/winograd/6_winograd_filter.wgsl'] },
        bindings: [reads(slots.w), writes(u), correlationParams(f)],
        workgroups: linearGrid(ceilDiv(f.groups * f.C * f.K, group)),
      },
      {
        kernel: { label: 'conv2d/6_winograd_fused', spec, files: [...lib, ...files, 'conv2d/winograd/6_winograd_fused.wgsl'] },
        bindings: [reads(source), reads(u), writes(target), correlationParams(f)],
        epilogue,
        workgroups: linearGrid(ceilDiv(tilePairs(f) * f.groups * ceilDiv(f.K, blockK), group)),
      },
    ];
  },
});

export const winograd = fused('forward');
export const winogradBackwardData = fused('backward data');

/** Additions that transform the 4×6 inputs of two tiles. */
const transformAdditions = 64;

/** Steps over input channels, of all invocations together. */
const invocationSteps = (f: Correlation, blockK: number): number => f.groups * f.C * ceilDiv(f.K, blockK) * tilePairs(f);

/** Two tiles side by side, 2×4 outputs. */
const tilePairs = (f: Correlation): number => f.N * ceilDiv(f.P, 2) * ceilDiv(f.Q, 4);

/** 16 points a filter. */
const filterBytes = (f: Correlation, blockK: number): number => 4 * 16 * f.groups * f.C * padTo(f.K, blockK);
