/**
 * @file The operations in the torch namespace.
 */

export type { Dims } from './signature.ts';

export { cat, cat as concat, repeatInterleave, roll, stack, tile, tril, triu } from './ops/combine.ts';

export { diag, hstack, meshgrid, vstack } from './ops/arrange.ts';

export { cdist } from './ops/distance.ts';

export {
  allclose,
  bitwiseAnd,
  bitwiseNot,
  bitwiseOr,
  bitwiseXor,
  eq,
  equal,
  ge,
  gt,
  isclose,
  le,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  lt,
  ne,
  where,
} from './ops/compare.ts';

export { einsum } from './ops/einsum.ts';

export { gather, indexSelect, maskedSelect, nonzero, takeAlongDim } from './ops/indexing.ts';

export {
  indexAdd,
  indexCopy,
  indexFill,
  indexPut,
  maskedFill,
  maskedScatter,
  scatter,
  scatterAdd,
} from './ops/scatter.ts';

export { addmm, addmv, baddbmm, bmm, dot, matmul, mm, mv, outer, tensordot } from './ops/matmul.ts';

export {
  add,
  addcdiv,
  addcmul,
  atan2,
  clamp,
  clampMax,
  clampMin,
  div,
  floorDivide,
  fmod,
  hypot,
  lerp,
  logaddexp,
  maximum,
  minimum,
  mul,
  pow,
  remainder,
  sub,
  xlogy,
} from './ops/pointwise.ts';

export {
  all,
  amax,
  amin,
  any,
  argmax,
  argmin,
  countNonzero,
  cumprod,
  cumsum,
  logsumexp,
  max,
  mean,
  min,
  norm,
  prod,
  std,
  stdMean,
  sum,
  variance,
  varMean,
} from './ops/reduce.ts';

export { clone, detach, expand, flatten, permute, reshape, transpose } from './ops/shape.ts';

export { logSoftmax, softmax } from './ops/softmax.ts';

export {
  chooseQparams,
  dequantizePerChannel,
  dequantizePerTensor,
  fakeQuantizePerChannelAffine,
  fakeQuantizePerTensorAffine,
  intMm,
  quantizePerChannel,
  quantizePerTensor,
} from './ops/quantization.ts';

export { argsort, kthvalue, median, sort, topk, unique } from './ops/sort.ts';

export {
  abs,
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atanh,
  ceil,
  cos,
  cosh,
  deg2rad,
  erf,
  erfc,
  exp,
  exp2,
  expm1,
  floor,
  frac,
  isfinite,
  isinf,
  isnan,
  isneginf,
  isposinf,
  log,
  log10,
  log1p,
  log2,
  nanToNum,
  neg,
  rad2deg,
  reciprocal,
  relu,
  round,
  rsqrt,
  sigmoid,
  sign,
  sin,
  sinh,
  sqrt,
  square,
  tan,
  tanh,
  trunc,
} from './ops/unary.ts';

export {
  chunk,
  diagonal,
  flip,
  movedim,
  narrow,
  select,
  split,
  squeeze,
  t,
  unbind,
  unflatten,
  unsqueeze,
} from './ops/views.ts';
