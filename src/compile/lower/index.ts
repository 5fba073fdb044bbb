/**
 * @file The total table of lowerings: for every operation with a kernel of its own, who emits its launches.
 *
 * Pointwise operations and views are not here: the schedule generates the first and follows the second.
 */
import { fail } from '../../base/errors.ts';
import type { KernelOpName } from '../../graph/ops/index.ts';
import { lowerAttention } from './attention.ts';
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
import {
  lowerAvgPool2d,
  lowerAvgPool2dBackward,
  lowerMaxPool2d,
  lowerMaxPool2dBackward,
  lowerMaxPool2dIndices,
} from './pool.ts';
import { lowerPlace, lowerReduce, lowerTotal, lowerTruth, lowerVariance, products, sums } from './reduce.ts';
import { lowerScan, lowerSoftmax } from './rows.ts';
import { lowerArgsort } from './sort.ts';

const isLeaf =
  (name: string): Lowering =>
  () =>
    fail(`${name}: a value of this kind is realised before a schedule is made`);

export const lowerings: Record<KernelOpName, Lowering> = {
  all: lowerTruth,
  amax: lowerReduce,
  amin: lowerReduce,
  any: lowerTruth,
  argmax: lowerPlace,
  argmin: lowerPlace,
  argsort: lowerArgsort,
  avgPool2d: lowerAvgPool2d,
  avgPool2dBackward: lowerAvgPool2dBackward,
  cat: lowerCat,
  conv2d: lowerConv2d,
  conv2dBackwardData: lowerConv2dBackwardData,
  conv2dBackwardFilter: lowerConv2dBackwardFilter,
  conv2dFused: lowerConv2dFused,
  cumprod: lowerScan(products),
  cumsum: lowerScan(sums),
  data: isLeaf('data'),
  full: lowerFull,
  gather: lowerGather,
  intConv2d: lowerIntConv2d,
  intMatmul: lowerIntMatmul,
  lastPlace: lowerLastPlace,
  logSoftmax: lowerSoftmax('logarithm'),
  matmul: lowerMatmul,
  matmulFused: lowerMatmul,
  maxPool2d: lowerMaxPool2d,
  maxPool2dBackward: lowerMaxPool2dBackward,
  maxPool2dIndices: lowerMaxPool2dIndices,
  mean: lowerReduce,
  prod: lowerTotal(products),
  scaledDotProductAttention: lowerAttention,
  scatterSum: lowerScatterSum,
  sliceBackward: lowerSliceBackward,
  softmax: lowerSoftmax('exponential'),
  sum: lowerTotal(sums),
  takeFromPlanes: lowerTakeFromPlanes,
  toDevice: isLeaf('toDevice'),
  variance: lowerVariance,
};
