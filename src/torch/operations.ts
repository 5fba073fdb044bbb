/**
 * @file The operations in the torch namespace. Those that several operations of the graph stand for come as programs call
 * them, so that a remote program has the call.
 */
import { called as combinations } from './ops/combine.ts';
import { called as comparisons } from './ops/compare.ts';
import { called as indexing } from './ops/indexing.ts';
import { called as products } from './ops/matmul.ts';
import { called as pointwise } from './ops/pointwise.ts';
import { called as reductions } from './ops/reduce.ts';
import { called as shapes } from './ops/shape.ts';
import { called as sorting } from './ops/sort.ts';
import { called as unary } from './ops/unary.ts';
import { called as views } from './ops/views.ts';

export { cat, concat, stack } from './ops/combine.ts';
export const { repeatInterleave, roll, tile, tril, triu } = combinations;

export { allclose, bitwiseAnd, bitwiseNot, bitwiseOr, bitwiseXor, eq, equal, ge, gt, le, logicalAnd, logicalNot, logicalOr, logicalXor, lt, ne, where } from './ops/compare.ts';
export type { CloseOptions } from './ops/compare.ts';
export const { isclose } = comparisons;

export { einsum } from './ops/einsum.ts';

export { gather, maskedSelect, nonzero } from './ops/indexing.ts';
export const { indexAdd, indexCopy, indexFill, indexSelect, scatter, scatterAdd, takeAlongDim } = indexing;

export { matmul, tensordot } from './ops/matmul.ts';
export type { AddProductOptions } from './ops/matmul.ts';
export const { addmm, addmv, baddbmm, bmm, dot, mm, mv, outer } = products;

export { add, addcdiv, addcmul, atan2, div, floorDivide, fmod, hypot, lerp, logaddexp, maximum, minimum, mul, pow, remainder, sub, xlogy } from './ops/pointwise.ts';
export type { DivOptions } from './ops/pointwise.ts';
export const { clamp, clampMax, clampMin } = pointwise;

export { all, amax, amin, any, cumprod, cumsum, logsumexp, mean, norm, prod, stdMean, sum, variance, varMean } from './ops/reduce.ts';
export type { Dims, ReduceOptions, SumOptions, VarOptions } from './ops/reduce.ts';
export const { argmax, argmin, countNonzero, max, min, std } = reductions;

export { detach, permute } from './ops/shape.ts';
export const { clone, expand, flatten, reshape, transpose } = shapes;

export { logSoftmax, softmax } from './ops/softmax.ts';

export { chooseQparams, dequantizePerChannel, dequantizePerTensor, fakeQuantizePerChannelAffine, fakeQuantizePerTensorAffine, intMm, quantizePerChannel, quantizePerTensor } from './ops/quantization.ts';

export { argsort, sort, unique } from './ops/sort.ts';
export const { kthvalue, median, topk } = sorting;

export {
  abs, acos, acosh, asin, asinh, atan, atanh, ceil, cos, cosh, erf, erfc, exp, exp2, expm1, floor, frac, isfinite, isinf, isnan, isneginf, isposinf,
  log, log10, log1p, log2, nanToNum, neg, reciprocal, relu, round, rsqrt, sigmoid, sign, sin, sinh, sqrt, square, tan, tanh, trunc,
} from './ops/unary.ts';
export const { deg2rad, rad2deg } = unary;

export { diagonal, flip } from './ops/views.ts';
export const { chunk, movedim, narrow, select, split, squeeze, t, unbind, unflatten, unsqueeze } = views;
