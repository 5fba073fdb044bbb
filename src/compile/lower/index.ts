/**
 * @file The total table of lowerings: for every operation with a kernel of its own, who emits its launches.
 *
 * Pointwise operations and views are not here: the schedule generates the first and follows the second.
 */
import { fail } from '../../base/errors.ts';
import type { KernelOpName } from '../../graph/ops/index.ts';
import { lowerAttention } from './attention.ts';
import { lowerClassLoss, lowerClassLossBackward } from './class-loss.ts';
import type { Lowering } from './context.ts';
import {
  lowerConv2d,
  lowerConv2dBackwardData,
  lowerConv2dBackwardFilter,
  lowerConv2dFused,
  lowerMatmul,
} from './dnn.ts';
import { lowerCat, lowerGather, lowerLastPlace, lowerScatterSum } from './indexing.ts';
import { lowerIntConv2d, lowerIntMatmul } from './int8.ts';
import { lowerFull, lowerSliceBackward, lowerTakeFromPlanes } from './move.ts';
import { lowerAvgPool2d, lowerAvgPool2dBackward, lowerMaxPool2d, lowerMaxPool2dBackward } from './pool.ts';
import { lowerReduction } from './reduce.ts';
import { lowerRows } from './rows.ts';
import { lowerArgsort } from './sort.ts';

const isLeaf =
  (name: string): Lowering =>
  () =>
    fail(`${name}: a value of this kind is realised before a schedule is made`);

export const lowerings: Record<KernelOpName, Lowering> = {
  all: lowerReduction,
  amax: lowerReduction,
  amin: lowerReduction,
  any: lowerReduction,
  argmax: lowerReduction,
  argmin: lowerReduction,
  argsort: lowerArgsort,
  avgPool2d: lowerAvgPool2d,
  avgPool2dBackward: lowerAvgPool2dBackward,
  cat: lowerCat,
  classLoss: lowerClassLoss,
  classLossBackward: lowerClassLossBackward,
  classTotal: lowerClassLoss,
  conv2d: lowerConv2d,
  conv2dBackwardData: lowerConv2dBackwardData,
  conv2dBackwardFilter: lowerConv2dBackwardFilter,
  conv2dFused: lowerConv2dFused,
  cumprod: lowerRows,
  cumsum: lowerRows,
  data: isLeaf('data'),
  full: lowerFull,
  gather: lowerGather,
  intConv2d: lowerIntConv2d,
  intMatmul: lowerIntMatmul,
  lastPlace: lowerLastPlace,
  logSoftmax: lowerRows,
  matmul: lowerMatmul,
  matmulFused: lowerMatmul,
  maxPool2d: lowerMaxPool2d,
  maxPool2dBackward: lowerMaxPool2dBackward,
  maxPool2dIndices: lowerMaxPool2d,
  mean: lowerReduction,
  prod: lowerReduction,
  scaledDotProductAttention: lowerAttention,
  scatterSum: lowerScatterSum,
  sliceBackward: lowerSliceBackward,
  softmax: lowerRows,
  sum: lowerReduction,
  takeFromPlanes: lowerTakeFromPlanes,
  toDevice: isLeaf('toDevice'),
  variance: lowerReduction,
};
