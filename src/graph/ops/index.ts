/**
 * @file The table of all operations by name. Tables that must know every operation are `Record<OpName, …>`.
 */
import { dataOp } from '../record.ts';
import { scaledDotProductAttention } from './attention.ts';
import { cat } from './cat.ts';
import { classLoss, classLossBackward, classTotal } from './class-loss.ts';
import { conv2d, conv2dBackwardData, conv2dBackwardFilter } from './conv2d.ts';
import { conv2dFused } from './conv2d-fused.ts';
import * as elementwiseOps from './elementwise/index.ts';
import { fullOp } from './full.ts';
import { assignOp, detach, found, overwrite, toDeviceOp } from './identity.ts';
import { embedding, gather, lastPlace, scatterSum } from './indexing.ts';
import { intConv2d, intMatmul } from './int8.ts';
import { matmul } from './matmul.ts';
import { matmulFused } from './matmul-fused.ts';
import {
  avgPool2d,
  avgPool2dBackward,
  maxPool2d,
  maxPool2dBackward,
  maxPool2dIndices,
  takeFromPlanes,
} from './pool2d.ts';
import { logsumexp, norm, std } from './norm.ts';
import { all, amax, amin, any, argmax, argmin, mean, prod, sum, variance } from './reduce.ts';
import { cumprod, cumsum } from './scan.ts';
import { logSoftmax, softmax } from './softmax.ts';
import { argsort } from './sort.ts';
import { diagonal, flip, windows } from './strides.ts';
import { expand, permute, reshape, slice, sliceBackward } from './views.ts';

/** Pointwise operations: one generated kernel serves them all. */
export { elementwiseOps };

/** Views: no kernel at all. */
export const viewOps = {
  assign: assignOp,
  detach,
  diagonal,
  expand,
  flip,
  overwrite,
  permute,
  reshape,
  slice,
  windows,
};

/** Defined by simpler ones. */
const compositeOps = { embedding, found, logsumexp, norm, std };

const otherOps = {
  all,
  amax,
  amin,
  any,
  argmax,
  argmin,
  argsort,
  avgPool2d,
  avgPool2dBackward,
  cat,
  classLoss,
  classLossBackward,
  classTotal,
  conv2d,
  conv2dBackwardData,
  conv2dBackwardFilter,
  conv2dFused,
  cumprod,
  cumsum,
  data: dataOp,
  full: fullOp,
  gather,
  intConv2d,
  intMatmul,
  lastPlace,
  logSoftmax,
  matmul,
  matmulFused,
  maxPool2d,
  maxPool2dBackward,
  maxPool2dIndices,
  mean,
  prod,
  scaledDotProductAttention,
  scatterSum,
  sliceBackward,
  softmax,
  sum,
  takeFromPlanes,
  toDevice: toDeviceOp,
  variance,
};

export const ops = { ...elementwiseOps, ...viewOps, ...compositeOps, ...otherOps };

export type OpName = keyof typeof ops;
/** Operations that need a kernel of their own. */
export type KernelOpName = keyof typeof otherOps;
