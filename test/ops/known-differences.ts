/**
 * @file Where results of numbers that are not finite, or at the ends of float32's range, differ from PyTorch's, and why: what is not listed
 * here is a fault. `wgsl` entries are of what WGSL leaves to an adapter; the others are of the formula, on the cpu and on adapters alike.
 */
import type { Case } from './case.ts';
import type { Difference, Numbers } from './extremes.ts';
import { numbersOf } from './extremes.ts';

interface Known {
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

export const known: readonly Known[] = [
  {
    why: 'a product or a sum on the way passes float32, or cancels there: the reference computes in doubles, kernels in another order than PyTorch',
    operations: [
      ...convolutions,
      ...products,
      ...norms,
      ...spreads,
      ...losses,
      ...fakes,
      'adaptiveAvgPool2d',
      'addcdiv',
      'addcmul',
      'atan2',
      'avgPool1d',
      'avgPool2d',
      'by index',
      'cdist',
      'cumprod',
      'cumprod with zeros',
      'div',
      'exp2',
      'fmod',
      'functions',
      'gelu',
      'glu',
      'hardswish',
      'hypot',
      'indexAdd',
      'interpolate',
      'lerp',
      'log1p',
      'mean',
      'prelu',
      'prod',
      'prod with zeros',
      'remainder',
      'scaledDotProductAttention',
      'scatterAdd',
      'selu',
      'silu',
      'softmax',
      'softmin',
      'softplus',
      'softsign',
      'tanhshrink',
      'xlogy',
    ],
    differences: [...notFinite, 'value', 'sign of zero'],
    numbers: ['huge'],
  },
  {
    why: 'a power of a denormal is one or none, and a quotient of two infinite; PyTorch multiplies by a reciprocal, which overflows',
    operations: ['div', 'fmod', 'remainder', 'xlogy', 'softsign', 'softMarginLoss', ...spreads],
    differences: notFinite,
    numbers: ['tiny'],
  },
  {
    why: 'below the smallest normal number a sum of a few terms has only a few bits',
    operations: [...losses, ...norms, 'prod with zeros', ...fakes],
    differences: ['value', 'NaN made'],
    numbers: ['tiny'],
  },
  {
    why: 'the gradient of a product by division: where PyTorch multiplies the others once more, an infinity divided by itself is left here',
    operations: ['prod', 'prod with zeros', 'cumprod with zeros'],
    differences: ['NaN made'],
  },

  {
    why: 'padding is left out of the sums here; PyTorch multiplies its zeros by the filter, where its algorithm reads them',
    operations: convolutions,
    differences: ['NaN lost'],
  },
  {
    why: "the other way: a kernel multiplies the filter by padding's zeros where PyTorch's leaves them out",
    operations: convolutions,
    differences: ['NaN made'],
    wgsl: true,
  },
  {
    why: 'scale and shift are folded into one product in PyTorch, so an infinite weight meets the mean',
    operations: norms,
    differences: notFinite,
  },
  {
    why: 'PyTorch sums with −0 where a sum begins with 0 here',
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
  {
    why: 'beta 0 of a product: PyTorch 1.13 leaves what lay in memory',
    operations: ['baddbmm'],
    differences: ['NaN lost'],
  },
  {
    why: 'far from zero a variance is a small difference of float32 means',
    operations: ['variance with correction'],
    differences: ['value'],
    wgsl: true,
  },
  {
    why: 'PyTorch finds the mean on the way to the variance, by distances from it',
    operations: ['varMean', 'stdMean'],
    differences: ['NaN lost'],
  },

  {
    why: 'PyTorch 1.13 on a CPU forgets the sign or the NaN, or differs between its vectors of eight and what is left over; CUDA and later versions are followed',
    operations: ['celu', 'elu', 'selu', 'gelu', 'hardtanh', 'hardshrink', 'softshrink'],
    differences: ['sign of zero', 'value', 'NaN lost', 'NaN made'],
  },
  {
    why: 'PyTorch 1.13 compares the weight where later versions compare its size',
    operations: ['lerp'],
    differences: ['NaN made'],
  },
  {
    why: 'IEEE leaves open which of 0 and −0 is the larger',
    operations: ['maximum', 'minimum'],
    differences: ['sign of zero'],
  },
  {
    why: 'the limit of the derivative, where PyTorch subtracts or divides infinities',
    operations: ['softsign', 'tanhshrink', 'softMarginLoss', 'cosineEmbeddingLoss', ...logits],
    differences: ['NaN lost'],
  },
  {
    why: 'PyTorch multiplies a gradient that is not finite by 0, which is NaN; here it is not taken',
    operations: ['nanToNum', ...fakes],
    differences: ['NaN lost'],
  },
  {
    why: 'with beta 0 PyTorch has the gradient of smooth L1, 0 / 0 at NaN; it is that of L1 here',
    operations: ['smoothL1Loss'],
    differences: ['NaN lost'],
  },
  {
    why: 'the square of a difference that is infinite, and its gradient, in another order',
    operations: ['cosineEmbeddingLoss', 'interpolate'],
    differences: ['NaN made', 'infinity', 'value'],
  },
  { why: "PyTorch's distances forget a NaN, or make one of infinities", operations: ['cdist'], differences: any },
  {
    why: 'of equal elements PyTorch takes any, as its sort is not stable',
    operations: ['argsort', 'topk', 'kthvalue'],
    differences: any,
  },

  {
    why: 'the case writes attention by softmax; a masked key is never read here, and a query that may look at nothing gives 0, as in PyTorch 2.5',
    operations: ['scaledDotProductAttention'],
    differences: any,
  },
  {
    why: 'C leaves open what a float beyond the integers becomes; here it is the nearest',
    operations: ['to', 'long', ...quantized, ...fakes],
    differences: ['integer', 'value', 'sign of zero'],
  },
  {
    why: 'the case writes the parameters down once more, as numbers',
    operations: ['dequantizePerTensor'],
    differences: any,
  },
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
