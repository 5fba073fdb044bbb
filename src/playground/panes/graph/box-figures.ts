/**
 * @file What a box costs: the kernels that compute what it stands for. Where such a kernel computes more than the box,
 * its figures are those of all that it computes. What runs once for all runs counts where nothing else does.
 */
import type { KernelFigures } from '../../kernel-figures.ts';
import { meanMs } from '../../kernel-figures.ts';
import type { Box } from './drawing.ts';

export interface BoxFigures {
  readonly kernels: readonly KernelFigures[];
  /** The kernels compute nothing else. */
  readonly isWhole: boolean;
  /** All of them run once for all runs. */
  readonly isOnce: boolean;
  /** Measured, of one run of the schedule; absent where a kernel was not timed. */
  readonly ms?: number;
  readonly bytes: number;
  readonly flops: number;
}

export function boxFigures({ parts }: Pick<Box, 'parts'>, schedule: readonly KernelFigures[]): BoxFigures | undefined {
  const own = new Set(parts);
  const kernels = schedule.filter(({ record }) => record.nodes.some((node) => own.has(node)));
  if (kernels.length === 0) return undefined;
  const repeated = kernels.filter(({ record }) => !record.once);
  const counted = repeated.length > 0 ? repeated : kernels;
  const times = counted.map(meanMs);
  return {
    kernels,
    isWhole: kernels.every(({ record }) => record.nodes.every((node) => own.has(node))),
    isOnce: repeated.length === 0,
    ...(times.every((ms) => ms !== undefined) && { ms: times.reduce((sum, ms) => sum + ms, 0) }),
    bytes: counted.reduce((sum, { record }) => sum + record.bytesRead + record.bytesWritten, 0),
    flops: counted.reduce((sum, { record }) => sum + record.flops, 0),
  };
}

/** Of one run of a schedule, in milliseconds; what runs once for all runs is left out. */
export const scheduleMs = (schedule: readonly KernelFigures[]): number =>
  schedule.reduce((sum, one) => sum + (one.record.once ? 0 : (meanMs(one) ?? 0)), 0);
