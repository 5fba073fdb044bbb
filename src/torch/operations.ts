/**
 * @file The operations in the torch namespace. Those that several operations of the graph stand for come as programs call
 * them, so that a remote program has the call; and all of them know the names of their options.
 */
import { withOptions } from '../base/options.ts';
import * as arrangements from './ops/arrange.ts';
import * as combinations from './ops/combine.ts';
import * as comparisons from './ops/compare.ts';
import * as distances from './ops/distance.ts';
import * as sums from './ops/einsum.ts';
import * as indexing from './ops/indexing.ts';
import * as products from './ops/matmul.ts';
import * as pointwise from './ops/pointwise.ts';
import * as quantization from './ops/quantization.ts';
import * as shapes from './ops/shape.ts';
import * as softmaxes from './ops/softmax.ts';
import * as sorting from './ops/sort.ts';
import * as unary from './ops/unary.ts';
import * as views from './ops/views.ts';

export type { CloseOptions } from './ops/compare.ts';
export type { AddProductOptions } from './ops/matmul.ts';
export type { DivOptions } from './ops/pointwise.ts';
export type { Dims } from './signature.ts';

export const { cat, repeatInterleave, roll, stack, tile, tril, triu } = withOptions({ ...combinations, ...combinations.called });
export { cat as concat };

export const { diag, hstack, meshgrid, vstack } = withOptions({ ...arrangements, ...arrangements.called }, arrangements.options);

export const { cdist } = withOptions(distances);

export const { allclose, bitwiseAnd, bitwiseNot, bitwiseOr, bitwiseXor, eq, equal, ge, gt, isclose, le, logicalAnd, logicalNot, logicalOr, logicalXor, lt, ne, where } = withOptions({ ...comparisons, ...comparisons.called }, comparisons.options);

export const { einsum } = withOptions(sums);

export const { gather, indexAdd, indexCopy, indexFill, indexSelect, maskedSelect, nonzero, scatter, scatterAdd, takeAlongDim } = withOptions({ ...indexing, ...indexing.called }, indexing.options);

export const { addmm, addmv, baddbmm, bmm, dot, matmul, mm, mv, outer, tensordot } = withOptions({ ...products, ...products.called }, products.options);

export const {
  add, addcdiv, addcmul, atan2, clamp, clampMax, clampMin, div, floorDivide, fmod, hypot, lerp, logaddexp, maximum, minimum, mul, pow, remainder, sub, xlogy,
} = withOptions({ ...pointwise, ...pointwise.called }, pointwise.options);

export {
  all, amax, amin, any, argmax, argmin, countNonzero, cumprod, cumsum, logsumexp, max, mean, min, norm, prod, std, stdMean, sum, variance, varMean,
} from './ops/reduce.ts';

export const { clone, detach, expand, flatten, permute, reshape, transpose } = withOptions({ ...shapes, ...shapes.called });

export const { logSoftmax, softmax } = withOptions(softmaxes);

export const {
  chooseQparams, dequantizePerChannel, dequantizePerTensor, fakeQuantizePerChannelAffine, fakeQuantizePerTensorAffine, intMm, quantizePerChannel, quantizePerTensor,
} = withOptions(quantization, { chooseQparams: ['dtype', 'symmetric', 'axis'] });

export const { argsort, kthvalue, median, sort, topk, unique } = withOptions({ ...sorting, ...sorting.called }, sorting.options);

export const {
  abs, acos, acosh, asin, asinh, atan, atanh, ceil, cos, cosh, deg2rad, erf, erfc, exp, exp2, expm1, floor, frac, isfinite, isinf, isnan, isneginf, isposinf,
  log, log10, log1p, log2, nanToNum, neg, rad2deg, reciprocal, relu, round, rsqrt, sigmoid, sign, sin, sinh, sqrt, square, tan, tanh, trunc,
} = withOptions({ ...unary, ...unary.called });

export const { chunk, diagonal, flip, movedim, narrow, select, split, squeeze, t, unbind, unflatten, unsqueeze } = withOptions({ ...views, ...views.called });
