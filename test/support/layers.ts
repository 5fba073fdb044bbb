/**
 * @file Layers of ours beside PyTorch's: how each side constructs them, and what they are called with.
 */
import { nn, torch } from '../../src/torch/index.ts';
import type { Module } from '../../src/torch/nn/module.ts';

type Input = readonly [shape: number[], dtype: 'float32' | 'int32', high: number];

export interface LayerCase {
  readonly python: string;
  readonly make: () => Module;
  readonly inputs: readonly Input[];
  /** How often it is called before its output is looked at; once unless given. */
  readonly calls?: number;
}

const floats = (...shape: number[]): Input => [shape, 'float32', 0];
const numbers = (high: number, ...shape: number[]): Input => [shape, 'int32', high];

const planes = [floats(2, 4, 9, 8)];
const rows = [floats(3, 5)];

export const layerCases: readonly LayerCase[] = [
  { python: 'nn.Linear(5, 7)', make: () => new nn.Linear(5, 7), inputs: rows },
  {
    python: 'nn.Linear(5, 7, bias=False)',
    make: () => new nn.Linear(5, 7, { bias: false }),
    inputs: [floats(2, 3, 5)],
  },
  {
    python: 'nn.Conv2d(4, 6, 3, padding=1)',
    make: () => new nn.Conv2d(4, 6, { kernelSize: 3, padding: 1 }),
    inputs: planes,
  },
  {
    python: 'nn.Conv2d(4, 6, (3, 2), (2, 1), (1, 0), (1, 2), 2, False)',
    make: () => new nn.Conv2d(4, 6, [3, 2], [2, 1], [1, 0], [1, 2], 2, false),
    inputs: planes,
  },
  {
    python: 'nn.Conv2d(4, 8, 3, padding="same", groups=4)',
    make: () => new nn.Conv2d(4, 8, { kernelSize: 3, padding: 'same', groups: 4 }),
    inputs: planes,
  },
  {
    python: 'nn.Conv1d(4, 6, 3, stride=2, padding=1)',
    make: () => new nn.Conv1d(4, 6, 3, 2, 1),
    inputs: [floats(2, 4, 11)],
  },
  { python: 'nn.ConvTranspose2d(4, 6, 2, 2)', make: () => new nn.ConvTranspose2d(4, 6, 2, 2), inputs: planes },
  {
    python: 'nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2, dilation=2)',
    make: () =>
      new nn.ConvTranspose2d(4, 6, { kernelSize: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2, dilation: 2 }),
    inputs: planes,
  },
  {
    python: 'nn.ConvTranspose1d(4, 6, 3, 2)',
    make: () => new nn.ConvTranspose1d(4, 6, 3, 2),
    inputs: [floats(2, 4, 7)],
  },
  { python: 'nn.MaxPool2d(3, 2, 1)', make: () => new nn.MaxPool2d(3, 2, 1), inputs: planes },
  {
    python: 'nn.MaxPool2d((2, 3), ceil_mode=True)',
    make: () => new nn.MaxPool2d([2, 3], { ceilMode: true }),
    inputs: planes,
  },
  { python: 'nn.AvgPool2d(2)', make: () => new nn.AvgPool2d(2), inputs: planes },
  { python: 'nn.MaxPool1d(2)', make: () => new nn.MaxPool1d(2), inputs: [floats(2, 4, 9)] },
  { python: 'nn.AvgPool1d(3, 2, 1)', make: () => new nn.AvgPool1d(3, 2, 1), inputs: [floats(2, 4, 9)] },
  { python: 'nn.AdaptiveAvgPool2d(1)', make: () => new nn.AdaptiveAvgPool2d(1), inputs: planes },
  { python: 'nn.AdaptiveAvgPool2d((4, None))', make: () => new nn.AdaptiveAvgPool2d([4, null]), inputs: planes },
  { python: 'nn.AdaptiveMaxPool2d((3, 2))', make: () => new nn.AdaptiveMaxPool2d([3, 2]), inputs: planes },
  { python: 'nn.Upsample(scale_factor=2)', make: () => new nn.Upsample({ scaleFactor: 2 }), inputs: planes },
  {
    python: 'nn.Upsample(size=(5, 12), mode="bilinear")',
    make: () => new nn.Upsample({ size: [5, 12], mode: 'bilinear' }),
    inputs: planes,
  },
  { python: 'nn.PixelShuffle(2)', make: () => new nn.PixelShuffle(2), inputs: planes },
  { python: 'nn.PixelUnshuffle(2)', make: () => new nn.PixelUnshuffle(2), inputs: [floats(2, 1, 4, 6)] },
  { python: 'nn.Unfold(3, padding=1)', make: () => new nn.Unfold(3, { padding: 1 }), inputs: planes },
  { python: 'nn.Fold((4, 5), 2)', make: () => new nn.Fold([4, 5], 2), inputs: [floats(2, 8, 12)] },
  { python: 'nn.ZeroPad2d(1)', make: () => new nn.ZeroPad2d(1), inputs: planes },
  { python: 'nn.ZeroPad2d((1, 0, 2, 1))', make: () => new nn.ZeroPad2d([1, 0, 2, 1]), inputs: planes },
  { python: 'nn.Softmin(dim=1)', make: () => new nn.Softmin(1), inputs: rows },
  { python: 'nn.Hardshrink()', make: () => new nn.Hardshrink(), inputs: rows },
  { python: 'nn.Softshrink(0.3)', make: () => new nn.Softshrink(0.3), inputs: rows },
  { python: 'nn.Threshold(0.1, 20)', make: () => new nn.Threshold(0.1, 20), inputs: rows },
  { python: 'nn.Embedding(10, 4)', make: () => new nn.Embedding(10, 4), inputs: [numbers(10, 3, 5)] },
  {
    python: 'nn.Embedding(10, 4, padding_idx=2)',
    make: () => new nn.Embedding(10, 4, { paddingIdx: 2 }),
    inputs: [numbers(4, 3, 5)],
  },
  { python: 'nn.Dropout(0.3)', make: () => new nn.Dropout(0.3), inputs: rows },
  { python: 'nn.Dropout2d(0.5)', make: () => new nn.Dropout2d(), inputs: planes },
  { python: 'nn.Flatten()', make: () => new nn.Flatten(), inputs: planes },
  { python: 'nn.Unflatten(1, (2, 2))', make: () => new nn.Unflatten(1, [2, 2]), inputs: planes },
  { python: 'nn.Identity()', make: () => new nn.Identity(), inputs: rows },
  {
    python:
      'nn.Sequential(nn.Linear(5, 4), nn.ReLU(inplace=True), nn.Linear(4, 4), nn.LeakyReLU(0.1, inplace=True), nn.Linear(4, 3), nn.Dropout(0.3, inplace=True))',
    make: () =>
      new nn.Sequential(
        new nn.Linear(5, 4),
        new nn.ReLU(true),
        new nn.Linear(4, 4),
        new nn.LeakyReLU(0.1, { inplace: true }),
        new nn.Linear(4, 3),
        new nn.Dropout({ p: 0.3, inplace: true }),
      ),
    inputs: rows,
  },
  { python: 'nn.ReLU()', make: () => new nn.ReLU(), inputs: rows },
  { python: 'nn.ReLU6()', make: () => new nn.ReLU6(), inputs: rows },
  { python: 'nn.SELU()', make: () => new nn.SELU(), inputs: rows },
  { python: 'nn.SiLU()', make: () => new nn.SiLU(), inputs: rows },
  { python: 'nn.Mish()', make: () => new nn.Mish(), inputs: rows },
  { python: 'nn.Hardswish()', make: () => new nn.Hardswish(), inputs: rows },
  { python: 'nn.Hardsigmoid()', make: () => new nn.Hardsigmoid(), inputs: rows },
  { python: 'nn.Sigmoid()', make: () => new nn.Sigmoid(), inputs: rows },
  { python: 'nn.Tanh()', make: () => new nn.Tanh(), inputs: rows },
  { python: 'nn.LogSigmoid()', make: () => new nn.LogSigmoid(), inputs: rows },
  { python: 'nn.Softsign()', make: () => new nn.Softsign(), inputs: rows },
  { python: 'nn.Tanhshrink()', make: () => new nn.Tanhshrink(), inputs: rows },
  { python: 'nn.GELU()', make: () => new nn.GELU(), inputs: rows },
  { python: 'nn.GELU(approximate="tanh")', make: () => new nn.GELU({ approximate: 'tanh' }), inputs: rows },
  { python: 'nn.LeakyReLU(0.2)', make: () => new nn.LeakyReLU(0.2), inputs: rows },
  { python: 'nn.ELU()', make: () => new nn.ELU(), inputs: rows },
  { python: 'nn.CELU(0.5)', make: () => new nn.CELU(0.5), inputs: rows },
  { python: 'nn.Hardtanh(-2.0, 0.5)', make: () => new nn.Hardtanh(-2, 0.5), inputs: rows },
  { python: 'nn.Softplus()', make: () => new nn.Softplus(), inputs: rows },
  { python: 'nn.PReLU(4)', make: () => new nn.PReLU(4), inputs: planes },
  { python: 'nn.GLU()', make: () => new nn.GLU(), inputs: [floats(3, 6)] },
  { python: 'nn.Softmax2d()', make: () => new nn.Softmax2d(), inputs: planes },
  { python: 'nn.Softmax(dim=1)', make: () => new nn.Softmax(1), inputs: planes },
  { python: 'nn.LogSoftmax(dim=-1)', make: () => new nn.LogSoftmax({ dim: -1 }), inputs: rows },
  { python: 'nn.BatchNorm2d(4)', make: () => new nn.BatchNorm2d(4), inputs: planes, calls: 2 },
  {
    python: 'nn.BatchNorm2d(4, 1e-3, 0.3, False)',
    make: () => new nn.BatchNorm2d(4, 1e-3, 0.3, false),
    inputs: planes,
    calls: 2,
  },
  {
    python: 'nn.BatchNorm2d(4, momentum=None)',
    make: () => new nn.BatchNorm2d(4, { momentum: null }),
    inputs: planes,
    calls: 3,
  },
  {
    python: 'nn.BatchNorm2d(4, track_running_stats=False).eval()',
    make: () => new nn.BatchNorm2d(4, { trackRunningStats: false }).eval(),
    inputs: planes,
  },
  { python: 'nn.BatchNorm2d(4).eval()', make: () => new nn.BatchNorm2d(4).eval(), inputs: planes },
  { python: 'nn.BatchNorm1d(5)', make: () => new nn.BatchNorm1d(5), inputs: rows },
  { python: 'nn.BatchNorm1d(4)', make: () => new nn.BatchNorm1d(4), inputs: [floats(3, 4, 6)] },
  { python: 'nn.LayerNorm(5)', make: () => new nn.LayerNorm(5), inputs: rows },
  {
    python: 'nn.LayerNorm([9, 8], eps=1e-3, elementwise_affine=False)',
    make: () => new nn.LayerNorm([9, 8], { eps: 1e-3, elementwiseAffine: false }),
    inputs: planes,
  },
  { python: 'nn.GroupNorm(2, 4)', make: () => new nn.GroupNorm(2, 4), inputs: planes },
  {
    python: 'nn.InstanceNorm2d(4, affine=True)',
    make: () => new nn.InstanceNorm2d(4, { affine: true }),
    inputs: planes,
  },
  { python: 'nn.RNN(4, 5)', make: () => new nn.RNN(4, 5), inputs: [floats(6, 3, 4)] },
  {
    python: 'nn.RNN(4, 5, 2, nonlinearity="relu", bidirectional=True)',
    make: () => new nn.RNN(4, 5, 2, { nonlinearity: 'relu', bidirectional: true }),
    inputs: [floats(6, 3, 4), floats(4, 3, 5)],
  },
  { python: 'nn.LSTM(4, 5)', make: () => new nn.LSTM(4, 5), inputs: [floats(7, 4)] },
  {
    python: 'nn.LSTM(4, 5, 2, batch_first=True, bidirectional=True)',
    make: () => new nn.LSTM(4, 5, { numLayers: 2, batchFirst: true, bidirectional: true }),
    inputs: [floats(2, 6, 4)],
  },
  {
    python: 'nn.GRU(4, 5, num_layers=2, bias=False)',
    make: () => new nn.GRU(4, 5, { numLayers: 2, bias: false }),
    inputs: [floats(6, 3, 4), floats(2, 3, 5)],
  },
  {
    python: 'nn.GRU(4, 5, batch_first=True)',
    make: () => new nn.GRU(4, 5, { batchFirst: true }),
    inputs: [floats(2, 6, 4)],
  },
  {
    python: 'nn.TransformerEncoderLayer(8, 2, 12, 0.1, batch_first=True)',
    make: () => new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 12, batchFirst: true }),
    inputs: [floats(3, 5, 8)],
  },
  {
    python:
      'nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 12, 0, "gelu", norm_first=True), 2, nn.LayerNorm(8))',
    make: () =>
      new nn.TransformerEncoder(
        new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 12, dropout: 0, activation: 'gelu', normFirst: true }),
        2,
        new nn.LayerNorm(8),
      ),
    inputs: [floats(5, 3, 8)],
  },
  {
    python: 'nn.MultiheadAttention(8, 2)',
    make: () => new nn.MultiheadAttention(8, 2),
    inputs: [floats(5, 3, 8), floats(4, 3, 8), floats(4, 3, 8)],
  },
  {
    python: 'nn.MultiheadAttention(8, 4, dropout=0.2, bias=False, batch_first=True)',
    make: () => new nn.MultiheadAttention(8, 4, { dropout: 0.2, bias: false, batchFirst: true }),
    inputs: [floats(3, 5, 8), floats(3, 4, 8), floats(3, 4, 8)],
  },
  { python: 'nn.CrossEntropyLoss()', make: () => new nn.CrossEntropyLoss(), inputs: [floats(6, 5), numbers(5, 6)] },
  {
    python: 'nn.CrossEntropyLoss(label_smoothing=0.2, reduction="sum", ignore_index=1)',
    make: () => new nn.CrossEntropyLoss({ labelSmoothing: 0.2, reduction: 'sum', ignoreIndex: 1 }),
    inputs: [floats(6, 5), numbers(5, 6)],
  },
  {
    python: 'nn.CrossEntropyLoss(weight=torch.arange(1., 6))',
    make: () => new nn.CrossEntropyLoss({ weight: torch.tensor([1, 2, 3, 4, 5]) }),
    inputs: [floats(6, 5), numbers(5, 6)],
  },
  { python: 'nn.NLLLoss()', make: () => new nn.NLLLoss(), inputs: [floats(6, 5), numbers(5, 6)] },
  { python: 'nn.MSELoss()', make: () => new nn.MSELoss(), inputs: [floats(3, 5), floats(3, 5)] },
  {
    python: 'nn.L1Loss(reduction="none")',
    make: () => new nn.L1Loss({ reduction: 'none' }),
    inputs: [floats(3, 5), floats(3, 5)],
  },
  {
    python: 'nn.SmoothL1Loss(beta=0.5)',
    make: () => new nn.SmoothL1Loss({ beta: 0.5 }),
    inputs: [floats(3, 5), floats(3, 5)],
  },
  { python: 'nn.HuberLoss()', make: () => new nn.HuberLoss(), inputs: [floats(3, 5), floats(3, 5)] },
  { python: 'nn.BCEWithLogitsLoss()', make: () => new nn.BCEWithLogitsLoss(), inputs: [floats(3, 5), floats(3, 5)] },
  {
    python: 'nn.HingeEmbeddingLoss(margin=0.5)',
    make: () => new nn.HingeEmbeddingLoss({ margin: 0.5 }),
    inputs: [floats(3, 5), floats(3, 5)],
  },
  {
    python: 'nn.KLDivLoss(reduction="batchmean", log_target=True)',
    make: () => new nn.KLDivLoss({ reduction: 'batchmean', logTarget: true }),
    inputs: [floats(3, 5), floats(3, 5)],
  },
  {
    python: 'nn.Sequential(nn.Conv2d(4, 3, 3), nn.Sequential(nn.ReLU(), nn.Flatten()), nn.Linear(126, 2))',
    make: () =>
      new nn.Sequential(
        new nn.Conv2d(4, 3, 3),
        new nn.Sequential(new nn.ReLU(), new nn.Flatten()),
        new nn.Linear(126, 2),
      ),
    inputs: planes,
  },
  { python: 'nn.ConstantPad1d((1, 2), 3.5)', make: () => new nn.ConstantPad1d([1, 2], 3.5), inputs: [floats(2, 3, 5)] },
  { python: 'nn.ConstantPad2d(1, -2.)', make: () => new nn.ConstantPad2d(1, -2), inputs: planes },
  { python: 'nn.ReflectionPad1d(2)', make: () => new nn.ReflectionPad1d(2), inputs: [floats(2, 3, 5)] },
  { python: 'nn.ReflectionPad2d((1, 0, 2, 3))', make: () => new nn.ReflectionPad2d([1, 0, 2, 3]), inputs: planes },
  { python: 'nn.ReplicationPad1d((3, 1))', make: () => new nn.ReplicationPad1d([3, 1]), inputs: [floats(2, 3, 5)] },
  { python: 'nn.ReplicationPad2d(2)', make: () => new nn.ReplicationPad2d(2), inputs: planes },
  {
    python: 'nn.LocalResponseNorm(3, alpha=0.1)',
    make: () => new nn.LocalResponseNorm(3, { alpha: 0.1 }),
    inputs: planes,
  },
  { python: 'nn.AdaptiveAvgPool1d(3)', make: () => new nn.AdaptiveAvgPool1d(3), inputs: [floats(2, 3, 7)] },
  { python: 'nn.AdaptiveMaxPool1d(2)', make: () => new nn.AdaptiveMaxPool1d(2), inputs: [floats(2, 3, 7)] },
  { python: 'nn.CosineSimilarity()', make: () => new nn.CosineSimilarity(), inputs: [floats(3, 5), floats(3, 5)] },
  {
    python: 'nn.PairwiseDistance(p=3., keepdim=True)',
    make: () => new nn.PairwiseDistance({ p: 3, keepdim: true }),
    inputs: [floats(3, 5), floats(3, 5)],
  },
  {
    python: 'nn.MarginRankingLoss(margin=0.5)',
    make: () => new nn.MarginRankingLoss({ margin: 0.5 }),
    inputs: [floats(6), floats(6), numbers(2, 6)],
  },
  {
    python: 'nn.CosineEmbeddingLoss(margin=0.1, reduction="sum")',
    make: () => new nn.CosineEmbeddingLoss({ margin: 0.1, reduction: 'sum' }),
    inputs: [floats(6, 4), floats(6, 4), numbers(2, 6)],
  },
  {
    python: 'nn.TripletMarginLoss(margin=2., p=1.)',
    make: () => new nn.TripletMarginLoss({ margin: 2, p: 1 }),
    inputs: [floats(6, 4), floats(6, 4), floats(6, 4)],
  },
  {
    python: 'nn.PoissonNLLLoss(full=True, reduction="sum")',
    make: () => new nn.PoissonNLLLoss({ full: true, reduction: 'sum' }),
    inputs: [floats(4, 3), numbers(5, 4, 3)],
  },
  {
    python: 'nn.MultiLabelSoftMarginLoss()',
    make: () => new nn.MultiLabelSoftMarginLoss(),
    inputs: [floats(4, 3), numbers(2, 4, 3)],
  },
  { python: 'nn.RNNCell(5, 4)', make: () => new nn.RNNCell(5, 4), inputs: rows },
  {
    python: 'nn.RNNCell(5, 4, bias=False, nonlinearity="relu")',
    make: () => new nn.RNNCell(5, 4, { bias: false, nonlinearity: 'relu' }),
    inputs: [floats(3, 5), floats(3, 4)],
  },
  { python: 'nn.LSTMCell(5, 4)', make: () => new nn.LSTMCell(5, 4), inputs: rows },
  { python: 'nn.GRUCell(5, 4)', make: () => new nn.GRUCell(5, 4), inputs: [floats(3, 5), floats(3, 4)] },
  { python: 'nn.GRUCell(5, 4, bias=False)', make: () => new nn.GRUCell(5, 4, { bias: false }), inputs: [floats(5)] },
  {
    python: 'nn.Conv2d(4, 6, 3, padding=(2, 1), padding_mode="circular")',
    make: () => new nn.Conv2d(4, 6, 3, { padding: [2, 1], paddingMode: 'circular' }),
    inputs: planes,
  },
  {
    python: 'nn.Conv2d(4, 4, (2, 3), padding="same", dilation=2, groups=2, padding_mode="reflect")',
    make: () => new nn.Conv2d(4, 4, [2, 3], { padding: 'same', dilation: 2, groups: 2, paddingMode: 'reflect' }),
    inputs: planes,
  },
  {
    python: 'nn.Conv1d(4, 6, 3, stride=2, padding=1, padding_mode="replicate")',
    make: () => new nn.Conv1d(4, 6, 3, { stride: 2, padding: 1, paddingMode: 'replicate' }),
    inputs: [floats(2, 4, 11)],
  },
];
