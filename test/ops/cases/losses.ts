/**
 * @file Losses: each with every reduction, on several shapes, weighted and not.
 */
import type { Shape } from '../../../src/base/shape.ts';
import * as F from '../../../src/torch/functional.ts';
import type { Tensor } from '../../../src/torch/torch.ts';
import type { Case, CaseOptions, Input, Numbers, Row } from '../case.ts';
import { below, f16, f32, fixed, i32, op, permuted, positive, signed, stepped } from '../case.ts';

const reductions = ['mean', 'sum', 'none'] as const;
type Options = Record<string, unknown>;
type Pairwise = (x: Tensor, y: Tensor, options?: any) => Tensor;

/** A loss of two tensors of one shape. */
function pairwise(
  name: string,
  of: Pairwise,
  python: string,
  variants: readonly (readonly [Options, string])[],
  x: Numbers = signed,
  y: Numbers = x,
  options: CaseOptions = {},
): Case[] {
  const row = (title: string, a: Input, b: Input, more: Options = {}, text = '', own: CaseOptions = {}): Row => [
    title,
    { x: a, y: b },
    ({ x: s, y: t }) => of(s, t, more),
    `F.${python}(x, y${text})`,
    { ...options, ...own },
  ];
  return op(name, [
    ...reductions.map((reduction) =>
      row(reduction, f32([3, 4], x), f32([3, 4], y), { reduction }, `, reduction="${reduction}"`),
    ),
    row('the gradient of the gradient', f32([5], x), fixed(f32([5], y)), {}, '', { grad: options.grad ?? 'twice' }),
    row('a scalar', f32([], x), f32([], y)),
    row('one element', f32([1, 1], x), f32([1, 1], y)),
    row('three dimensions', f32([2, 3, 5], x), fixed(f32([2, 3, 5], y))),
    row('views', permuted(f32([3, 4], x)), stepped(f32([3, 4], y))),
    row('halves', f16([9], x), f16([9], y)),
    row('nothing', f32([0, 2], x), f32([0, 2], y), { reduction: 'sum' }, ', reduction="sum"'),
    ...variants.map(([more, text]): Row => row(text.slice(2), f32([4, 5], x), f32([4, 5], y), more, text)),
  ]);
}

const probability: Numbers = (u) => 0.02 + 0.96 * u;
const logits: Numbers = (u) => 8 * u - 4;
const sign: Numbers = (u) => (u < 0.5 ? -1 : 1);
/** Logarithms of probabilities, near enough. */
const logs: Numbers = (u) => -4 * u - 0.1;

const weighted = (of: Pairwise, python: string, x: Numbers): Row[] => [
  [
    'a weight',
    { x: f32([3, 4], x), y: f32([3, 4], probability), w: fixed(f32([4], positive)) },
    ({ x: s, y, w }) => of(s, y, { weight: w }),
    `F.${python}(x, y, weight=w)`,
    { slack: 2 },
  ],
  [
    'a weight each',
    { x: f32([3, 4], x), y: f32([3, 4], probability), w: fixed(f32([3, 4], positive)) },
    ({ x: s, y, w }) => of(s, y, { weight: w, reduction: 'sum' }),
    `F.${python}(x, y, weight=w, reduction="sum")`,
    { slack: 2 },
  ],
];

/** Scores and class indices, by every option. */
function classes(name: 'crossEntropy' | 'nllLoss', python: string, scores: Numbers): Case[] {
  const of = F[name] as (x: Tensor, y: Tensor, options?: any) => Tensor;
  const options: CaseOptions = { slack: 4 }; // of gradients that are small differences
  const row = (title: string, x: Input, y: Input, more: Options = {}, text = '', own: CaseOptions = {}): Row => [
    title,
    { x, y },
    ({ x: s, y: t }) => of(s, t, more),
    `F.${python}(x, y.long()${text})`,
    { ...options, ...own },
  ];
  return op(name, [
    ...reductions.map((reduction) =>
      row(reduction, f32([5, 4], scores), i32([5], below(4)), { reduction }, `, reduction="${reduction}"`),
    ),
    row('the gradient of the gradient', f32([3, 4], scores), i32([3], below(4)), {}, '', { grad: 'twice' }),
    row('one sample', f32([4], scores), i32([], below(4))),
    row('images', f32([2, 3, 4, 2], scores), i32([2, 4, 2], below(3))),
    row('rows', f32([2, 3, 5], scores), i32([2, 5], below(3)), { reduction: 'none' }, ', reduction="none"'),
    row('one class', f32([3, 1], scores), i32([3], [0, 0, 0])),
    row('many classes', f32([2, 300], scores), i32([2], below(300))),
    row('permuted', permuted(f32([5, 4], scores)), i32([5], below(4))),
    row('every second', stepped(f32([5, 4], scores)), stepped(i32([5], below(4)))),
    row('halves', f16([5, 4], scores), i32([5], below(4))),
    ...reductions.map((reduction) =>
      row(
        `ignored, ${reduction}`,
        f32([5, 4], scores),
        i32([5], [0, -100, 3, -100, 2]),
        { reduction },
        `, reduction="${reduction}"`,
      ),
    ),
    row('another ignored', f32([5, 4], scores), i32([5], [0, 1, 3, 1, 2]), { ignoreIndex: 1 }, ', ignore_index=1'),
    row('all ignored', f32([2, 4], scores), i32([2], [-100, -100]), {}, '', { grad: false }),
    ...reductions.map((reduction): Row => [
      `a weight, ${reduction}`,
      { x: f32([5, 4], scores), y: i32([5], below(4)), w: fixed(f32([4], positive)) },
      ({ x, y, w }) => of(x, y, { weight: w, reduction }),
      `F.${python}(x, y.long(), weight=w, reduction="${reduction}")`,
      options,
    ]),
    [
      'a weight and images',
      { x: f32([2, 3, 2, 2], scores), y: i32([2, 2, 2], [0, 1, 2, -100, 2, 2, -100, 0]), w: fixed(f32([3], positive)) },
      ({ x, y, w }) => of(x, y, { weight: w }),
      `F.${python}(x, y.long(), weight=w)`,
      options,
    ],
  ]);
}

/** A loss with a margin, of one tensor or two, and signs. */
function margin(
  name: 'marginRankingLoss' | 'hingeEmbeddingLoss' | 'cosineEmbeddingLoss',
  python: string,
  shape: Shape,
  signs: Shape,
  two: boolean,
  options: CaseOptions = {},
): Case[] {
  const of = F[name] as (...given: unknown[]) => Tensor;
  const row = (
    title: string,
    x: Input,
    z: Input,
    y: Input,
    more: Options = {},
    text = '',
    own: CaseOptions = {},
  ): Row =>
    two
      ? [
          title,
          { x, z, y: fixed(y) },
          ({ x: s, z: u, y: t }) => of(s, u, t, more),
          `F.${python}(x, z, y${text})`,
          { ...options, ...own },
        ]
      : [
          title,
          { x, y: fixed(y) },
          ({ x: s, y: t }) => of(s, t, more),
          `F.${python}(x, y${text})`,
          { ...options, ...own },
        ];
  const [tall, short] = [f32(shape), f32(signs, sign)];
  const empty = (s: Shape): Shape => s.with(0, 0);
  return op(name, [
    ...reductions.map((reduction) => row(reduction, tall, tall, short, { reduction }, `, reduction="${reduction}"`)),
    row('a margin', tall, tall, short, { margin: 0.3 }, ', margin=0.3'),
    row('a margin, summed', tall, tall, short, { margin: 0.1, reduction: 'sum' }, ', margin=0.1, reduction="sum"'),
    row(
      'all alike',
      tall,
      tall,
      f32(signs, () => 1),
    ),
    row(
      'all apart',
      tall,
      tall,
      f32(signs, () => -1),
    ),
    row('views', permuted(tall), stepped(tall), short),
    row('one sample', f32(shape.with(0, 1)), f32(shape.with(0, 1)), f32(signs.with(0, 1), sign)),
    row('halves', f16(shape), f16(shape), f16(signs, sign)),
    row('nothing', f32(empty(shape)), f32(empty(shape)), f32(empty(signs)), { reduction: 'sum' }, ', reduction="sum"'),
  ]);
}

/** Anchors, positives, negatives. */
function triplets(): Case[] {
  const row = (
    title: string,
    x: Input,
    y: Input,
    z: Input,
    more: Options = {},
    text = '',
    own: CaseOptions = {},
  ): Row => [
    title,
    { x, y, z },
    ({ x: s, y: t, z: u }) => F.tripletMarginLoss(s, t, u, more),
    `F.triplet_margin_loss(x, y, z${text})`,
    { slack: 4, ...own },
  ];
  const rows = f32([5, 4]);
  return op('tripletMarginLoss', [
    ...reductions.map((reduction) => row(reduction, rows, rows, rows, { reduction }, `, reduction="${reduction}"`)),
    row('a margin', rows, rows, rows, { margin: 3 }, ', margin=3.0'),
    row('1-norm', rows, rows, rows, { p: 1, eps: 0.01 }, ', p=1, eps=0.01'),
    row('one triplet', f32([1, 3]), f32([1, 3]), f32([1, 3])),
    row('views', permuted(rows), stepped(rows), rows),
    row('odd sizes', f32([3, 7]), f32([3, 7]), f32([3, 7])),
    row('nothing', f32([0, 4]), f32([0, 4]), f32([0, 4]), { reduction: 'sum' }, ', reduction="sum"'),
  ]);
}

const smooth = (text: string): string => `F.cross_entropy(x, y${text})`;

export const losses: Case[] = [
  ...pairwise('mseLoss', F.mseLoss, 'mse_loss', []),
  ...pairwise('l1Loss', F.l1Loss, 'l1_loss', [], signed, signed, { grad: true }),
  ...pairwise('smoothL1Loss', F.smoothL1Loss, 'smooth_l1_loss', [
    [{ beta: 0.5 }, ', beta=0.5'],
    [{ beta: 0 }, ', beta=0.0'],
    [{ beta: 3, reduction: 'sum' }, ', beta=3.0, reduction="sum"'],
  ]),
  ...pairwise('huberLoss', F.huberLoss, 'huber_loss', [
    [{ delta: 0.5 }, ', delta=0.5'],
    [{ delta: 2, reduction: 'none' }, ', delta=2.0, reduction="none"'],
  ]),
  ...pairwise('binaryCrossEntropy', F.binaryCrossEntropy, 'binary_cross_entropy', [], probability, probability, {
    slack: 2,
  }),
  ...op('binaryCrossEntropy, weighted', weighted(F.binaryCrossEntropy, 'binary_cross_entropy', probability)),
  ...op('binaryCrossEntropy at the edges', [
    [
      '0 and 1',
      { x: f32([4], [0, 1, 0, 1]), y: fixed(f32([4], [0, 1, 1, 0])) },
      ({ x, y }) => F.binaryCrossEntropy(x, y, { reduction: 'none' }),
      'F.binary_cross_entropy(x, y, reduction="none")',
    ],
  ]),
  ...pairwise(
    'binaryCrossEntropyWithLogits',
    F.binaryCrossEntropyWithLogits,
    'binary_cross_entropy_with_logits',
    [],
    logits,
    probability,
    { slack: 2 },
  ),
  ...op('binaryCrossEntropyWithLogits, weighted', [
    ...weighted(F.binaryCrossEntropyWithLogits, 'binary_cross_entropy_with_logits', logits),
    [
      'a weight of positives',
      { x: f32([3, 4], logits), y: f32([3, 4], probability), w: fixed(f32([4], positive)) },
      ({ x, y, w }) => F.binaryCrossEntropyWithLogits(x, y, { posWeight: w }),
      'F.binary_cross_entropy_with_logits(x, y, pos_weight=w)',
      { slack: 2 },
    ],
    [
      'far',
      { x: f32([4], [100, -100, 60, -60]), y: fixed(f32([4], [1, 1, 0, 0])) },
      ({ x, y }) => F.binaryCrossEntropyWithLogits(x, y, { reduction: 'none' }),
      'F.binary_cross_entropy_with_logits(x, y, reduction="none")',
    ],
  ]),
  ...pairwise(
    'klDiv',
    F.klDiv,
    'kl_div',
    [[{ reduction: 'batchmean' }, ', reduction="batchmean"']],
    logs,
    probability,
    { grad: true, slack: 2 },
  ),
  ...op('klDiv of logarithms', [
    [
      'mean',
      { x: f32([3, 4], logs), y: f32([3, 4], logs) },
      ({ x, y }) => F.klDiv(x, y, { logTarget: true }),
      'F.kl_div(x, y, log_target=True)',
    ],
    [
      'batchmean',
      { x: f32([3, 4], logs), y: f32([3, 4], logs) },
      ({ x, y }) => F.klDiv(x, y, { logTarget: true, reduction: 'batchmean' }),
      'F.kl_div(x, y, log_target=True, reduction="batchmean")',
    ],
    [
      'a zero',
      { x: f32([3], logs), y: fixed(f32([3], [0, 0.25, 0.75])) },
      ({ x, y }) => F.klDiv(x, y, { reduction: 'sum' }),
      'F.kl_div(x, y, reduction="sum")',
    ],
  ]),
  ...pairwise('softMarginLoss', F.softMarginLoss, 'soft_margin_loss', [], signed, sign, { grad: true }).map((c) => ({
    ...c,
    inputs: { ...c.inputs, y: fixed(c.inputs.y) },
  })),
  ...margin('marginRankingLoss', 'margin_ranking_loss', [5, 4], [5, 4], true),
  ...margin('hingeEmbeddingLoss', 'hinge_embedding_loss', [5, 4], [5, 4], false),
  ...margin('cosineEmbeddingLoss', 'cosine_embedding_loss', [5, 4], [5], true, { slack: 4 }),
  ...triplets(),
  ...classes('nllLoss', 'nll_loss', logs),
  ...classes('crossEntropy', 'cross_entropy', signed),
  ...op(
    'crossEntropy, smoothed',
    reductions.flatMap((reduction): Row[] => [
      [
        `indices, ${reduction}`,
        { x: f32([5, 4]), y: i32([5], below(4)) },
        ({ x, y }) => F.crossEntropy(x, y, { labelSmoothing: 0.1, reduction }),
        `F.cross_entropy(x, y.long(), label_smoothing=0.1, reduction="${reduction}")`,
        { slack: 4 },
      ],
      [
        `ignored and weighted, ${reduction}`,
        { x: f32([5, 4]), y: i32([5], [0, 3, -100, 1, 2]), w: fixed(f32([4], positive)) },
        ({ x, y, w }) => F.crossEntropy(x, y, { labelSmoothing: 0.3, weight: w, reduction }),
        `F.cross_entropy(x, y.long(), weight=w, label_smoothing=0.3, reduction="${reduction}")`,
        { slack: 4 },
      ],
      [
        `probabilities, ${reduction}`,
        { x: f32([5, 4]), y: f32([5, 4], probability) },
        ({ x, y }) => F.crossEntropy(x, y, { reduction }),
        smooth(`, reduction="${reduction}"`),
        { slack: 4 },
      ],
      [
        `smoothed probabilities of images, ${reduction}`,
        { x: f32([2, 3, 2, 2]), y: fixed(f32([2, 3, 2, 2], probability)), w: fixed(f32([3], positive)) },
        ({ x, y, w }) => F.crossEntropy(x, y, { weight: w, labelSmoothing: 0.2, reduction }),
        smooth(`, weight=w, label_smoothing=0.2, reduction="${reduction}"`),
        { slack: 4 },
      ],
    ]),
  ),
];
