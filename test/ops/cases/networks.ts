/**
 * @file What networks are made of beside the usual: other norms, poolings over lines, losses by likelihood.
 */
import * as F from '../../../src/torch/functional.ts';
import type { Case, CaseOptions, Input, Numbers, Row } from '../case.ts';
import { bits, f16, f32, fixed, op, permuted, positive, stepped } from '../case.ts';
import { each } from './layouts.ts';

const reductions = ['mean', 'sum', 'none'] as const;
const lines = f32([2, 3, 11]);
const counts: Numbers = (u) => Math.floor(5 * u);
const logs: Numbers = (u) => 3 * u - 1.5;

/** PyTorch 1.13 has no rms_norm; this is its documented formula. */
const rms = (dims: number, eps: string, more = ''): string =>
  `x * torch.rsqrt(x.square().mean(${JSON.stringify(Array.from({ length: dims }, (_, i) => i - dims))}, keepdim=True) + ${eps})${more}`;

const shuffled = (groups: number): string =>
  `x.reshape(x.shape[0], ${groups}, -1, *x.shape[2:]).transpose(1, 2).reshape(x.shape)`;

const gaussian = (title: string, x: Input, v: Input, more: object = {}, text = '', own: CaseOptions = {}): Row => [
  title,
  { x, y: x, v },
  ({ x: s, y, v: w }) => F.gaussianNllLoss(s, y, w, more),
  `F.gaussian_nll_loss(x, y, v${text})`,
  { slack: 4, ...own },
];
const poisson = (title: string, x: Input, more: object = {}, text = '', y: Input = { ...x, numbers: counts }): Row => [
  title,
  { x, y: fixed(y) },
  ({ x: s, y: t }) => F.poissonNllLoss(s, t, more),
  `F.poisson_nll_loss(x, y${text})`,
  { slack: 4 },
];
const multilabel = (title: string, x: Input, more: object = {}, text = ''): Row => [
  title,
  { x, y: fixed({ ...x, numbers: bits }) },
  ({ x: s, y }) => F.multilabelSoftMarginLoss(s, y, more),
  `F.multilabel_soft_margin_loss(x, y${text})`,
  { slack: 4 },
];

export const networks: Case[] = [
  ...op('rmsNorm', [
    ['rows', { x: f32([3, 8]) }, ({ x }) => F.rmsNorm(x, 8), rms(1, '2 ** -23')],
    ['a weight', { x: f32([3, 8]), w: f32([8]) }, ({ x, w }) => F.rmsNorm(x, [8], w), rms(1, '2 ** -23', ' * w')],
    ['an eps', { x: f32([3, 8]) }, ({ x }) => F.rmsNorm(x, 8, null, 0.1), rms(1, '0.1')],
    [
      'two dimensions',
      { x: f32([2, 3, 5]), w: f32([3, 5]) },
      ({ x, w }) => F.rmsNorm(x, [3, 5], w, 1e-3),
      rms(2, '1e-3', ' * w'),
    ],
    ['small numbers', { x: f32([2, 6], (u) => (u - 0.5) / 1e4) }, ({ x }) => F.rmsNorm(x, 6), rms(1, '2 ** -23')],
    ['permuted', { x: permuted(f32([4, 5])) }, ({ x }) => F.rmsNorm(x, 5), rms(1, '2 ** -23')],
    ['stepped', { x: stepped(f32([4, 5])) }, ({ x }) => F.rmsNorm(x, 5), rms(1, '2 ** -23')],
    ['many', { x: f32([2, 300]) }, ({ x }) => F.rmsNorm(x, 300), rms(1, '2 ** -23')],
    [
      'halves',
      { x: f16([3, 8]) },
      ({ x }) => F.rmsNorm(x, 8, null, 1e-3),
      '(lambda x: ' + rms(1, '1e-3') + ')(x.float()).half()',
    ],
    ['nothing', { x: f32([0, 4]) }, ({ x }) => F.rmsNorm(x, 4), rms(1, '2 ** -23')],
  ]),
  ...op('localResponseNorm', [
    ...each(
      f32([2, 7, 4, 3]),
      [
        [(x) => F.localResponseNorm(x, 5), 'F.local_response_norm(x, 5)'],
        [(x) => F.localResponseNorm(x, 2, { alpha: 0.1 }), 'F.local_response_norm(x, 2, alpha=0.1)'],
        [(x) => F.localResponseNorm(x, 3, 0.5, 0.5, 2), 'F.local_response_norm(x, 3, 0.5, 0.5, 2.0)'],
        [(x) => F.localResponseNorm(x, 9, 1), 'F.local_response_norm(x, 9, 1.0)'],
      ],
      { slack: 2 },
    ),
    ...each(lines, [[(x) => F.localResponseNorm(x, 2, 0.1), 'F.local_response_norm(x, 2, 0.1)']], { slack: 2 }),
    ...each(f32([1, 4, 2, 3, 2]), [[(x) => F.localResponseNorm(x, 3, 0.1), 'F.local_response_norm(x, 3, 0.1)']], {
      slack: 2,
    }),
    [
      'permuted',
      { x: permuted(f32([2, 3, 4, 5])) },
      ({ x }) => F.localResponseNorm(x, 2, 0.1),
      'F.local_response_norm(x, 2, 0.1)',
      { slack: 2 },
    ],
    [
      'stepped',
      { x: stepped(f32([2, 3, 4, 5])) },
      ({ x }) => F.localResponseNorm(x, 2, 0.1),
      'F.local_response_norm(x, 2, 0.1)',
      { slack: 2 },
    ],
  ]),
  ...(['Avg', 'Max'] as const).flatMap((kind) => {
    const ours = kind === 'Avg' ? F.adaptiveAvgPool1d : F.adaptiveMaxPool1d;
    const python = `F.adaptive_${kind.toLowerCase()}_pool1d`;
    return op(`adaptive${kind}Pool1d`, [
      ...each(lines, [
        [(x) => ours(x, 1), `${python}(x, 1)`],
        [(x) => ours(x, 4), `${python}(x, 4)`],
        [(x) => ours(x, [11]), `${python}(x, (11,))`],
        [(x) => ours(x, 13), `${python}(x, 13)`],
      ]),
      ...each(f32([3, 8]), [
        [(x) => ours(x, 4), `${python}(x, 4)`],
        [(x) => ours(x, 3), `${python}(x, 3)`],
      ]),
      ['permuted', { x: permuted(f32([2, 3, 6])) }, ({ x }) => ours(x, 4), `${python}(x, 4)`],
      ['stepped', { x: stepped(f32([2, 3, 6])) }, ({ x }) => ours(x, 2), `${python}(x, 2)`],
    ]);
  }),
  // 1.13 has no gradient of channel_shuffle; later versions have that of what it does.
  ...op('channelShuffle', [
    ...each(
      f32([2, 6, 3, 2]),
      [1, 2, 3, 6].map((groups) => [(x) => F.channelShuffle(x, groups), shuffled(groups)] as const),
    ),
    ...each(f32([2, 4, 5]), [[(x) => F.channelShuffle(x, 2), shuffled(2)]]),
    ['permuted', { x: permuted(f32([2, 4, 3])) }, ({ x }) => F.channelShuffle(x, 2), shuffled(2)],
    ['stepped', { x: stepped(f32([2, 4, 3])) }, ({ x }) => F.channelShuffle(x, 2), shuffled(2)],
    ['halves', { x: f16([1, 4, 3]) }, ({ x }) => F.channelShuffle(x, 2), shuffled(2)],
    ['values alone', { x: fixed(f32([2, 6, 2])) }, ({ x }) => F.channelShuffle(x, 3), 'F.channel_shuffle(x, 3)'],
  ]),
  ...op('gaussianNllLoss', [
    ...reductions.map((reduction) =>
      gaussian(reduction, f32([3, 4]), f32([3, 4], positive), { reduction }, `, reduction="${reduction}"`),
    ),
    gaussian('full', f32([3, 4]), f32([3, 4], positive), { full: true }, ', full=True'),
    gaussian('a variance a row', f32([3, 4]), f32([3], positive)),
    gaussian('a kept variance a row', f32([3, 4]), f32([3, 1], positive)),
    gaussian('small variances', f32([2, 3]), f32([2, 3], [0, 0.2, 0.05, 1, 0.01, 3]), { eps: 0.1 }, ', eps=0.1'),
    gaussian('views', permuted(f32([3, 4])), stepped(f32([3, 4], positive))),
    gaussian('nothing', f32([0, 2]), f32([0, 2], positive), { reduction: 'sum' }, ', reduction="sum"'),
  ]),
  ...op('poissonNllLoss', [
    ...reductions.map((reduction) =>
      poisson(reduction, f32([3, 4], logs), { reduction }, `, reduction="${reduction}"`),
    ),
    poisson('full', f32([3, 4], logs), { full: true }, ', full=True'),
    poisson('numbers themselves', f32([3, 4], positive), { logInput: false }, ', log_input=False'),
    poisson(
      'with an eps',
      f32([3, 4], positive),
      { logInput: false, eps: 0.1, full: true },
      ', log_input=False, eps=0.1, full=True',
    ),
    poisson('views', permuted(f32([3, 4], logs)), {}, '', stepped(f32([3, 4], counts))),
    poisson('a scalar', f32([], logs)),
    poisson('nothing', f32([0, 2], logs), { reduction: 'sum' }, ', reduction="sum"'),
  ]),
  ...op('multilabelSoftMarginLoss', [
    ...reductions.map((reduction) => multilabel(reduction, f32([3, 4]), { reduction }, `, reduction="${reduction}"`)),
    multilabel('one sample', f32([5])),
    multilabel('three dimensions', f32([2, 3, 4])),
    multilabel('permuted', permuted(f32([3, 4]))),
    multilabel('stepped', stepped(f32([3, 4]))),
    [
      'a weight',
      { x: f32([3, 4]), y: fixed(f32([3, 4], bits)), w: fixed(f32([4], positive)) },
      ({ x, y, w }) => F.multilabelSoftMarginLoss(x, y, w),
      'F.multilabel_soft_margin_loss(x, y, w)',
      { slack: 4 },
    ],
    multilabel('nothing', f32([0, 3]), { reduction: 'sum' }, ', reduction="sum"'),
  ]),
];
