/**
 * @file Where results of numbers that are not finite, or at the ends of float32's range, differ from PyTorch's, and
 * why: what is not listed here is a fault. `wgsl` entries are of what WGSL leaves to an adapter; the others are of the
 * formula, on the cpu and on adapters alike.
 */
import type { Case } from './case.ts';
import type { Difference, Numbers } from './extremes.ts';
import { numbersOf } from './extremes.ts';

interface KnownDifference {
  readonly why: string;
  /** Names under which cases list the operation. */
  readonly operations: readonly string[];
  readonly differences: readonly Difference[];
  /** Of which numbers; all without it. */
  readonly numbers?: readonly Numbers[];
  /** On adapters alone. */
  readonly wgsl?: true;
}

const any: readonly Difference[] = ['NaN lost', 'NaN made', 'infinity', 'sign of zero', 'value', 'integer'];
const notFinite: readonly Difference[] = ['NaN lost', 'NaN made', 'infinity'];

const convolutions = ['conv1d', 'conv2d', 'convTranspose1d', 'convTranspose2d'];
const products = [
  'addmm',
  'addmv',
  'baddbmm',
  'bmm',
  'dot',
  'einsum',
  'linear',
  'matmul',
  'mm',
  'mv',
  'outer',
  'tensordot',
  't and mT',
  'expandAs',
];
const norms = ['batchNorm', 'groupNorm', 'instanceNorm', 'layerNorm', 'normalize', 'cosineSimilarity'];
const spreads = ['std', 'stdMean', 'varMean', 'variance', 'variance with correction'];
const logits = ['bceWithLogits', 'binaryCrossEntropyWithLogits', 'binaryCrossEntropyWithLogits, weighted'];
const losses = [
  ...logits,
  'binaryCrossEntropy',
  'binaryCrossEntropy, weighted',
  'binaryCrossEntropy at the edges',
  'cosineEmbeddingLoss',
  'crossEntropy, smoothed',
  'hingeEmbeddingLoss',
  'huberLoss',
  'klDiv',
  'klDiv of logarithms',
  'l1Loss',
  'marginRankingLoss',
  'mseLoss',
  'smoothL1Loss',
  'softMarginLoss',
  'tripletMarginLoss',
];
const fakes = ['fakeQuantizePerChannelAffine', 'fakeQuantizePerTensorAffine'];
const quantized = ['chooseQparams', 'quantizePerChannel', 'quantizePerTensor', 'quantizedConv2d', 'quantizedLinear'];

export const known: readonly KnownDifference[] = [
  {
    why: 'an intermediate product or sum overflows float32 or cancels: the reference computes in doubles, kernels sum in another order than PyTorch, and WGSL lets a driver make x·g + y·g of one kernel (x + y)·g, as Mesa does',
    operations: [
      ...convolutions,
      ...products,
      ...norms,
      ...spreads,
      ...losses,
      ...fakes,
      'adaptiveAvgPool1d',
      'adaptiveAvgPool2d',
      'addcdiv',
      'addcmul',
      'atan2',
      'avgPool1d',
      'avgPool2d',
      'by index',
      'cdist',
      'corrcoef',
      'cov',
      'cross',
      'cumprod',
      'cumprod with zeros',
      'cumulativeTrapezoid',
      'div',
      'exp2',
      'fmod',
      'functions',
      'gaussianNllLoss',
      'gelu',
      'glu',
      'hardswish',
      'hypot',
      'indexAdd',
      'indexPut',
      'inner',
      'interpolate',
      'kron',
      'lerp',
      'localResponseNorm',
      'log1p',
      'mean',
      'multilabelSoftMarginLoss',
      'nllLoss',
      'poissonNllLoss',
      'prelu',
      'prod',
      'prod with zeros',
      'remainder',
      'rmsNorm',
      'scaledDotProductAttention',
      'scatterAdd',
      'selu',
      'silu',
      'softmax',
      'softmin',
      'softplus',
      'softsign',
      'tanhshrink',
      'trapezoid',
      'xlogy',
    ],
    differences: [...notFinite, 'value', 'sign of zero'],
    numbers: ['huge'],
  },
  {
    why: 'powers and quotients of denormals lose precision; PyTorch multiplies by a reciprocal, which overflows',
    operations: ['div', 'fmod', 'remainder', 'xlogy', 'softsign', 'softMarginLoss', ...spreads],
    differences: notFinite,
    numbers: ['tiny'],
  },
  {
    why: 'below the smallest normal number, a sum of a few terms has only a few bits',
    operations: [...losses, ...norms, 'prod with zeros', ...fakes],
    differences: ['value', 'NaN made'],
    numbers: ['tiny'],
  },
  {
    why: 'the gradient of a product divides the product by an element, so infinity divided by itself is NaN; PyTorch multiplies the other elements again',
    operations: ['prod', 'prod with zeros', 'cumprod with zeros'],
    differences: ['NaN made'],
  },

  {
    why: "wuDNN leaves padding out of the sums; some of PyTorch's algorithms multiply its zeros by the filter",
    operations: convolutions,
    differences: ['NaN lost'],
  },
  {
    why: 'the reverse: a kernel multiplies the filter by the zeros of the padding, which PyTorch leaves out',
    operations: convolutions,
    differences: ['NaN made'],
    wgsl: true,
  },
  {
    why: 'PyTorch folds scale and shift into one product, so an infinite weight multiplies the mean',
    operations: norms,
    differences: notFinite,
  },
  {
    why: "PyTorch's sums can be −0; wuDNN's sums start at 0",
    operations: [
      ...norms,
      ...products,
      'crossEntropy, smoothed',
      'by index',
      'indexAdd',
      'scatterAdd',
      'binaryCrossEntropy at the edges',
    ],
    differences: ['sign of zero'],
  },
  { why: 'with beta 0, PyTorch 1.13 returns uninitialised memory', operations: ['baddbmm'], differences: ['NaN lost'] },
  {
    why: 'far from zero, a variance is a small difference of float32 means',
    operations: ['variance with correction'],
    differences: ['value'],
    wgsl: true,
  },
  {
    why: 'PyTorch computes the mean together with the variance, from distances to it',
    operations: ['varMean', 'stdMean'],
    differences: ['NaN lost'],
  },

  {
    why: 'PyTorch 1.13 on a CPU loses the sign or the NaN, or differs between its vectors of eight and the remainder; wuDNN follows CUDA and later versions',
    operations: ['celu', 'elu', 'selu', 'gelu', 'hardtanh', 'hardshrink', 'softshrink'],
    differences: ['sign of zero', 'value', 'NaN lost', 'NaN made'],
  },
  {
    why: 'PyTorch 1.13 compares the weight itself; later versions compare its absolute value',
    operations: ['lerp'],
    differences: ['NaN made'],
  },
  {
    why: 'IEEE 754 does not define whether 0 or −0 is larger',
    operations: ['maximum', 'minimum'],
    differences: ['sign of zero'],
  },
  {
    why: 'wuDNN gives the limit of the derivative; PyTorch subtracts or divides infinities',
    operations: ['softsign', 'tanhshrink', 'softMarginLoss', 'cosineEmbeddingLoss', ...logits],
    differences: ['NaN lost'],
  },
  {
    why: 'boundaries with a NaN or out of order have no right answer: PyTorch halves them, wuDNN counts those before a value',
    operations: ['bucketize', 'searchsorted'],
    differences: ['integer'],
  },
  {
    why: 'PyTorch multiplies a non-finite gradient by 0, which gives NaN; wuDNN drops it',
    operations: ['nanToNum', 'nanmean', 'nansum', ...fakes],
    differences: ['NaN lost'],
  },
  {
    why: 'with beta 0, PyTorch uses the gradient of smooth L1, 0 / 0 at NaN; wuDNN uses that of L1',
    operations: ['smoothL1Loss'],
    differences: ['NaN lost'],
  },
  {
    why: 'squares of infinite differences, and their gradients, are computed in another order',
    operations: ['cosineEmbeddingLoss', 'interpolate'],
    differences: ['NaN made', 'infinity', 'value'],
  },
  { why: "PyTorch's distances lose a NaN, or make one from infinities", operations: ['cdist'], differences: any },
  {
    why: 'PyTorch picks any of equal elements, because its sort is not stable',
    operations: ['argsort', 'topk', 'kthvalue'],
    differences: any,
  },

  {
    why: 'the case computes attention by softmax; wuDNN never reads a masked key, and a query with no key left gives 0, as in PyTorch 2.5',
    operations: ['scaledDotProductAttention'],
    differences: any,
  },
  {
    why: 'C does not define the conversion of floats beyond the range of integers; wuDNN gives the nearest integer',
    operations: ['to', 'long', ...quantized, ...fakes],
    differences: ['integer', 'value', 'sign of zero'],
  },
  { why: 'the case repeats the parameters as numbers', operations: ['dequantizePerTensor'], differences: any },
];

/** Why a case may differ from PyTorch in this way; nothing where it may not. */
export function whyDifferent(c: Case, difference: Difference, onAdapter: boolean): string | undefined {
  const numbers = numbersOf(c);
  return known.find(
    (k) =>
      k.operations.includes(c.op) &&
      k.differences.includes(difference) &&
      (!k.numbers || k.numbers.includes(numbers)) &&
      (onAdapter || !k.wgsl),
  )?.why;
}
