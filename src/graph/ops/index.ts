/**
 * @file The table of all operations by name. Tables that must know every operation are `Record<OpName, …>`.
 */
import { dataOp } from '../record.ts';
import { conv2d, conv2dBackwardData, conv2dBackwardFilter } from './conv2d.ts';
import { conv2dFused } from './conv2d-fused.ts';
import * as elementwiseOps from './elementwise/index.ts';
import { fullOp } from './full.ts';
import { assignOp, detach, toDeviceOp } from './identity.ts';
import { matmul } from './matmul.ts';
import { avgPool2d, avgPool2dBackward, maxPool2d, maxPool2dBackward, maxPool2dIndices, takeFromPlanes } from './pool2d.ts';
import { all, amax, amin, any, prod, sum } from './reduce.ts';
import { expand, permute, reshape, slice, sliceBackward } from './views.ts';

/** Pointwise operations: one generated kernel serves them all. */
export { elementwiseOps };

/** Views: no kernel at all. */
export const viewOps = { assign: assignOp, detach, expand, permute, reshape, slice };

export const otherOps = {
  all,
  amax,
  amin,
  any,
  avgPool2d,
  avgPool2dBackward,
  conv2d,
  conv2dBackwardData,
  conv2dBackwardFilter,
  conv2dFused,
  data: dataOp,
  full: fullOp,
  matmul,
  maxPool2d,
  maxPool2dBackward,
  maxPool2dIndices,
  prod,
  sliceBackward,
  sum,
  takeFromPlanes,
  toDevice: toDeviceOp,
};

export const ops = { ...elementwiseOps, ...viewOps, ...otherOps };

export type OpName = keyof typeof ops;
/** Operations that need a kernel of their own. */
export type KernelOpName = keyof typeof otherOps;
