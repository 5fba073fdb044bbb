/**
 * @file Convolutions, transposed convolutions, pooling, other resolutions, windows as columns.
 */
import * as F from '../../../src/torch/functional.ts';
import type { Case } from '../case.ts';
import { f16, f32, fixed, op, permuted, stepped } from '../case.ts';
import { each } from './layouts.ts';

const planes = f32([2, 3, 7, 5]);
const image = f32([3, 6, 8]);
const lines = f32([2, 3, 11]);
/** Terms in the longest sum behind an element of a convolution or of its gradients. */
const long = { length: 300 };
/** PyTorch rounds the places that it reads at to float32: at 8 to 16 by up to 2^-21, eight units of the result. */
const places = { slack: 2.5 };

export const planar: Case[] = [
  ...op('conv2d', [
    [
      'plain',
      { x: planes, w: f32([4, 3, 3, 3]), b: f32([4]) },
      ({ x, w, b }) => F.conv2d(x, w, b),
      'F.conv2d(x, w, b)',
      { ...long, grad: 'twice' },
    ],
    [
      'stride and padding',
      { x: planes, w: f32([2, 3, 3, 2]) },
      ({ x, w }) => F.conv2d(x, w, null, { stride: [2, 1], padding: [1, 2] }),
      'F.conv2d(x, w, None, (2, 1), (1, 2))',
      long,
    ],
    [
      'dilation',
      { x: planes, w: f32([2, 3, 2, 2]) },
      ({ x, w }) => F.conv2d(x, w, null, { dilation: [3, 2] }),
      'F.conv2d(x, w, dilation=(3, 2))',
      long,
    ],
    [
      'groups',
      { x: f32([2, 4, 5, 5]), w: f32([6, 2, 3, 3]), b: f32([6]) },
      ({ x, w, b }) => F.conv2d(x, w, b, { groups: 2, padding: 1 }),
      'F.conv2d(x, w, b, padding=1, groups=2)',
      long,
    ],
    [
      'depthwise',
      { x: f32([1, 4, 6, 5]), w: f32([4, 1, 3, 3]) },
      ({ x, w }) => F.conv2d(x, w, null, { groups: 4 }),
      'F.conv2d(x, w, groups=4)',
      long,
    ],
    ['one image', { x: image, w: f32([2, 3, 1, 1]) }, ({ x, w }) => F.conv2d(x, w), 'F.conv2d(x, w)', long],
    [
      'same, even filter',
      { x: planes, w: f32([2, 3, 2, 4]) },
      ({ x, w }) => F.conv2d(x, w, null, { padding: 'same' }),
      "F.conv2d(x, w, padding='same')",
      long,
    ],
    [
      'views',
      { x: permuted(planes), w: permuted(f32([4, 3, 3, 3])) },
      ({ x, w }) => F.conv2d(x, w),
      'F.conv2d(x, w)',
      long,
    ],
    ['sizes of 1', { x: f32([1, 1, 1, 1]), w: f32([1, 1, 1, 1]) }, ({ x, w }) => F.conv2d(x, w), 'F.conv2d(x, w)'],
    ['an empty batch', { x: f32([0, 3, 5, 5]), w: f32([2, 3, 3, 3]) }, ({ x, w }) => F.conv2d(x, w), 'F.conv2d(x, w)'],
  ]),
  ...op('conv1d', [
    [
      'plain',
      { x: lines, w: f32([4, 3, 3]), b: f32([4]) },
      ({ x, w, b }) => F.conv1d(x, w, b),
      'F.conv1d(x, w, b)',
      long,
    ],
    [
      'stride and padding',
      { x: lines, w: f32([4, 3, 4]) },
      ({ x, w }) => F.conv1d(x, w, null, { stride: 3, padding: 2 }),
      'F.conv1d(x, w, None, 3, 2)',
      long,
    ],
    [
      'dilation',
      { x: lines, w: f32([4, 3, 3]) },
      ({ x, w }) => F.conv1d(x, w, null, { dilation: 4 }),
      'F.conv1d(x, w, dilation=4)',
      long,
    ],
    [
      'groups',
      { x: lines, w: f32([6, 1, 3]) },
      ({ x, w }) => F.conv1d(x, w, null, { groups: 3 }),
      'F.conv1d(x, w, groups=3)',
      long,
    ],
    ['one line', { x: f32([3, 9]), w: f32([2, 3, 2]) }, ({ x, w }) => F.conv1d(x, w), 'F.conv1d(x, w)', long],
    [
      'same',
      { x: lines, w: f32([2, 3, 4]) },
      ({ x, w }) => F.conv1d(x, w, null, { padding: 'same' }),
      "F.conv1d(x, w, padding='same')",
      long,
    ],
    ['views', { x: permuted(lines), w: stepped(f32([2, 3, 4])) }, ({ x, w }) => F.conv1d(x, w), 'F.conv1d(x, w)', long],
    ['sizes of 1', { x: f32([1, 1, 1]), w: f32([1, 1, 1]) }, ({ x, w }) => F.conv1d(x, w), 'F.conv1d(x, w)'],
  ]),
  ...op('convTranspose2d', [
    [
      'plain',
      { x: f32([2, 3, 4, 5]), w: f32([3, 4, 3, 3]), b: f32([4]) },
      ({ x, w, b }) => F.convTranspose2d(x, w, b),
      'F.conv_transpose2d(x, w, b)',
      { ...long, grad: 'twice' },
    ],
    [
      'stride',
      { x: f32([2, 3, 4, 5]), w: f32([3, 2, 2, 2]) },
      ({ x, w }) => F.convTranspose2d(x, w, null, { stride: 2 }),
      'F.conv_transpose2d(x, w, stride=2)',
      long,
    ],
    [
      'output padding',
      { x: f32([1, 2, 3, 4]), w: f32([2, 2, 3, 3]) },
      ({ x, w }) => F.convTranspose2d(x, w, null, { stride: [2, 3], padding: 1, outputPadding: [1, 2] }),
      'F.conv_transpose2d(x, w, stride=(2, 3), padding=1, output_padding=(1, 2))',
      long,
    ],
    [
      'groups',
      { x: f32([2, 4, 3, 3]), w: f32([4, 3, 2, 3]), b: f32([6]) },
      ({ x, w, b }) => F.convTranspose2d(x, w, b, { groups: 2 }),
      'F.conv_transpose2d(x, w, b, groups=2)',
      long,
    ],
    [
      'dilation',
      { x: f32([1, 2, 3, 4]), w: f32([2, 2, 3, 2]) },
      ({ x, w }) => F.convTranspose2d(x, w, null, { dilation: [2, 3], padding: [0, 1] }),
      'F.conv_transpose2d(x, w, dilation=(2, 3), padding=(0, 1))',
      long,
    ],
    [
      'one image',
      { x: f32([3, 4, 5]), w: f32([3, 2, 3, 3]) },
      ({ x, w }) => F.convTranspose2d(x, w),
      'F.conv_transpose2d(x, w)',
      long,
    ],
    [
      'views',
      { x: permuted(f32([2, 3, 4, 5])), w: permuted(f32([3, 2, 2, 2])) },
      ({ x, w }) => F.convTranspose2d(x, w),
      'F.conv_transpose2d(x, w)',
      long,
    ],
    [
      'sizes of 1',
      { x: f32([1, 1, 1, 1]), w: f32([1, 1, 1, 1]) },
      ({ x, w }) => F.convTranspose2d(x, w),
      'F.conv_transpose2d(x, w)',
    ],
  ]),
  ...op('convTranspose1d', [
    [
      'plain',
      { x: f32([2, 3, 5]), w: f32([3, 4, 3]), b: f32([4]) },
      ({ x, w, b }) => F.convTranspose1d(x, w, b),
      'F.conv_transpose1d(x, w, b)',
      long,
    ],
    [
      'stride',
      { x: f32([2, 3, 5]), w: f32([3, 4, 3]) },
      ({ x, w }) => F.convTranspose1d(x, w, null, { stride: 2 }),
      'F.conv_transpose1d(x, w, stride=2)',
      long,
    ],
    [
      'output padding',
      { x: f32([2, 3, 5]), w: f32([3, 4, 3]) },
      ({ x, w }) => F.convTranspose1d(x, w, null, { stride: 3, padding: 1, outputPadding: 2 }),
      'F.conv_transpose1d(x, w, stride=3, padding=1, output_padding=2)',
      long,
    ],
    [
      'groups',
      { x: f32([2, 4, 5]), w: f32([4, 2, 3]) },
      ({ x, w }) => F.convTranspose1d(x, w, null, { groups: 2 }),
      'F.conv_transpose1d(x, w, groups=2)',
      long,
    ],
    [
      'dilation',
      { x: f32([2, 3, 5]), w: f32([3, 4, 3]) },
      ({ x, w }) => F.convTranspose1d(x, w, null, { dilation: 3 }),
      'F.conv_transpose1d(x, w, dilation=3)',
      long,
    ],
    [
      'one line',
      { x: f32([3, 5]), w: f32([3, 2, 4]) },
      ({ x, w }) => F.convTranspose1d(x, w),
      'F.conv_transpose1d(x, w)',
      long,
    ],
    [
      'views',
      { x: permuted(f32([2, 3, 5])), w: stepped(f32([3, 2, 4])) },
      ({ x, w }) => F.convTranspose1d(x, w),
      'F.conv_transpose1d(x, w)',
      long,
    ],
    [
      'sizes of 1',
      { x: f32([1, 1, 1]), w: f32([1, 1, 1]) },
      ({ x, w }) => F.convTranspose1d(x, w),
      'F.conv_transpose1d(x, w)',
    ],
  ]),
  ...op(
    'maxPool1d',
    each(lines, [
      [(x) => F.maxPool1d(x, 3), 'F.max_pool1d(x, 3)'],
      [(x) => F.maxPool1d(x, 3, { stride: 2, padding: 1 }), 'F.max_pool1d(x, 3, 2, 1)'],
      [(x) => F.maxPool1d(x, 2, { dilation: 3 }), 'F.max_pool1d(x, 2, dilation=3)'],
      [(x) => F.maxPool1d(x, 4, { ceilMode: true }), 'F.max_pool1d(x, 4, ceil_mode=True)'],
      [(x) => F.maxPool1d(x, 11), 'F.max_pool1d(x, 11)'],
      [(x) => F.maxPool1d(x.select(0, 1), 2), 'F.max_pool1d(x[1], 2)'],
      [(x) => F.maxPool1d(x.transpose(0, 1), 2), 'F.max_pool1d(x.transpose(0, 1), 2)'],
      [(x) => F.maxPool1d(x, [1], { stride: [4] }), 'F.max_pool1d(x, 1, 4)'],
    ]),
  ),
  ...op(
    'avgPool1d',
    each(lines, [
      [(x) => F.avgPool1d(x, 3), 'F.avg_pool1d(x, 3)'],
      [(x) => F.avgPool1d(x, 3, { stride: 2, padding: 1 }), 'F.avg_pool1d(x, 3, 2, 1)'],
      [
        (x) => F.avgPool1d(x, 3, { stride: 2, padding: 1, countIncludePad: false }),
        'F.avg_pool1d(x, 3, 2, 1, count_include_pad=False)',
      ],
      [(x) => F.avgPool1d(x, 4, { ceilMode: true }), 'F.avg_pool1d(x, 4, ceil_mode=True)'],
      [(x) => F.avgPool1d(x, 11), 'F.avg_pool1d(x, 11)'],
      [(x) => F.avgPool1d(x.select(0, 1), 2), 'F.avg_pool1d(x[1], 2)'],
      [(x) => F.avgPool1d(x.transpose(0, 1), 2), 'F.avg_pool1d(x.transpose(0, 1), 2)'],
      [(x) => F.avgPool1d(x, 1), 'F.avg_pool1d(x, 1)'],
    ]),
  ),
  ...op('adaptiveAvgPool2d', [
    ...each(planes, [
      [(x) => F.adaptiveAvgPool2d(x, 1), 'F.adaptive_avg_pool2d(x, 1)'],
      [(x) => F.adaptiveAvgPool2d(x, [3, 2]), 'F.adaptive_avg_pool2d(x, (3, 2))'],
      [(x) => F.adaptiveAvgPool2d(x, [null, 3]), 'F.adaptive_avg_pool2d(x, (None, 3))'],
      [(x) => F.adaptiveAvgPool2d(x, [9, 6]), 'F.adaptive_avg_pool2d(x, (9, 6))'],
    ]),
    ...each(image, [
      [(x) => F.adaptiveAvgPool2d(x, [2, 4]), 'F.adaptive_avg_pool2d(x, (2, 4))'],
      [(x) => F.adaptiveAvgPool2d(x, 5), 'F.adaptive_avg_pool2d(x, 5)'],
    ]),
    ...each(permuted(f32([2, 2, 5, 4])), [[(x) => F.adaptiveAvgPool2d(x, 3), 'F.adaptive_avg_pool2d(x, 3)']]),
    ...each(f16([1, 2, 4, 4]), [[(x) => F.adaptiveAvgPool2d(x, 2), 'F.adaptive_avg_pool2d(x, 2)']]),
  ]),
  ...op('adaptiveMaxPool2d', [
    ...each(planes, [
      [(x) => F.adaptiveMaxPool2d(x, 1), 'F.adaptive_max_pool2d(x, 1)'],
      [(x) => F.adaptiveMaxPool2d(x, [3, 2]), 'F.adaptive_max_pool2d(x, (3, 2))'],
      [(x) => F.adaptiveMaxPool2d(x, [null, 3]), 'F.adaptive_max_pool2d(x, (None, 3))'],
      [(x) => F.adaptiveMaxPool2d(x, [9, 6]), 'F.adaptive_max_pool2d(x, (9, 6))'],
    ]),
    ...each(image, [
      [(x) => F.adaptiveMaxPool2d(x, [2, 4]), 'F.adaptive_max_pool2d(x, (2, 4))'],
      [(x) => F.adaptiveMaxPool2d(x, 5), 'F.adaptive_max_pool2d(x, 5)'],
    ]),
    ...each(permuted(f32([2, 2, 5, 4])), [[(x) => F.adaptiveMaxPool2d(x, 3), 'F.adaptive_max_pool2d(x, 3)']]),
    ...each(
      f32([1, 1, 5, 7], (u) => Math.floor(3 * u)),
      [[(x) => F.adaptiveMaxPool2d(x, [2, 3]), 'F.adaptive_max_pool2d(x, (2, 3))']],
    ),
  ]),
  ...op('interpolate', [
    ...each(
      planes,
      [
        [(x) => F.interpolate(x, { scaleFactor: 2 }), 'F.interpolate(x, scale_factor=2)'],
        [(x) => F.interpolate(x, { size: [4, 9] }), 'F.interpolate(x, size=(4, 9))'],
        [(x) => F.interpolate(x, { scaleFactor: [1.7, 0.6] }), 'F.interpolate(x, scale_factor=(1.7, 0.6))'],
        [
          (x) => F.interpolate(x, { size: [10, 3], mode: 'nearest-exact' }),
          "F.interpolate(x, size=(10, 3), mode='nearest-exact')",
        ],
        [
          (x) => F.interpolate(x, { scaleFactor: 2, mode: 'bilinear' }),
          "F.interpolate(x, scale_factor=2, mode='bilinear')",
        ],
        [
          (x) => F.interpolate(x, { scaleFactor: 2, mode: 'bilinear', alignCorners: true }),
          "F.interpolate(x, scale_factor=2, mode='bilinear', align_corners=True)",
        ],
        [
          (x) => F.interpolate(x, { size: [4, 3], mode: 'bilinear', alignCorners: false }),
          "F.interpolate(x, size=(4, 3), mode='bilinear', align_corners=False)",
        ],
        [
          (x) => F.interpolate(x, { size: [1, 9], mode: 'bilinear', alignCorners: true }),
          "F.interpolate(x, size=(1, 9), mode='bilinear', align_corners=True)",
        ],
        [
          (x) => F.interpolate(x, { scaleFactor: [1.5, 0.7], mode: 'bilinear' }),
          "F.interpolate(x, scale_factor=(1.5, 0.7), mode='bilinear')",
        ],
        [
          (x) => F.interpolate(x.transpose(2, 3), { size: 8, mode: 'bilinear' }),
          "F.interpolate(x.transpose(2, 3), size=8, mode='bilinear')",
        ],
      ],
      places,
    ),
    ...each(
      lines,
      [
        [(x) => F.interpolate(x, { size: 7 }), 'F.interpolate(x, size=7)'],
        [(x) => F.interpolate(x, { size: 17, mode: 'linear' }), "F.interpolate(x, size=17, mode='linear')"],
      ],
      places,
    ),
    ...each(f32([1, 2, 3, 2, 3]), [
      [
        (x) => F.interpolate(x, { scaleFactor: 2, mode: 'trilinear' }),
        "F.interpolate(x, scale_factor=2, mode='trilinear')",
      ],
    ]),
  ]),
  ...op('pixelShuffle', [
    ...each(f32([2, 8, 3, 5]), [
      [(x) => F.pixelShuffle(x, 2), 'F.pixel_shuffle(x, 2)'],
      [(x) => F.pixelShuffle(x, 1), 'F.pixel_shuffle(x, 1)'],
      [(x) => F.pixelShuffle(x.transpose(2, 3), 2), 'F.pixel_shuffle(x.transpose(2, 3), 2)'],
    ]),
    ...each(f32([9, 2, 1]), [[(x) => F.pixelShuffle(x, 3), 'F.pixel_shuffle(x, 3)']]),
    ...each(f16([1, 4, 1, 1]), [[(x) => F.pixelShuffle(x, 2), 'F.pixel_shuffle(x, 2)']]),
    ...each(stepped(f32([1, 4, 2, 3])), [[(x) => F.pixelShuffle(x, 2), 'F.pixel_shuffle(x, 2)']]),
    ...each(fixed(f32([0, 4, 2, 3])), [[(x) => F.pixelShuffle(x, 2), 'F.pixel_shuffle(x, 2)']]), // PyTorch's fails
  ]),
  ...op('pixelUnshuffle', [
    ...each(f32([1, 2, 4, 6]), [
      [(x) => F.pixelUnshuffle(x, 2), 'F.pixel_unshuffle(x, 2)'],
      [(x) => F.pixelUnshuffle(x, 1), 'F.pixel_unshuffle(x, 1)'],
      [(x) => F.pixelUnshuffle(x.select(0, 0), 2), 'F.pixel_unshuffle(x[0], 2)'],
      [(x) => F.pixelUnshuffle(x.transpose(2, 3), 2), 'F.pixel_unshuffle(x.transpose(2, 3), 2)'],
    ]),
    ...each(f32([2, 1, 3, 9]), [
      [(x) => F.pixelUnshuffle(x, 3), 'F.pixel_unshuffle(x, 3)'],
      [(x) => F.pixelShuffle(F.pixelUnshuffle(x, 3), 3).mul(x), 'F.pixel_shuffle(F.pixel_unshuffle(x, 3), 3) * x'],
    ]),
    ...each(stepped(f32([1, 3, 2, 4])), [[(x) => F.pixelUnshuffle(x, 2), 'F.pixel_unshuffle(x, 2)']]),
    ...each(f16([1, 1, 2, 2]), [[(x) => F.pixelUnshuffle(x, 2), 'F.pixel_unshuffle(x, 2)']]),
    ...each(f32([1, 1, 1]), [[(x) => F.pixelUnshuffle(x, 1), 'F.pixel_unshuffle(x, 1)']]),
  ]),
  ...op('unfold of planes', [
    ...each(planes, [
      [(x) => F.unfold(x, 3), 'F.unfold(x, 3)'],
      [(x) => F.unfold(x, [2, 3], { stride: 2, padding: 1 }), 'F.unfold(x, (2, 3), stride=2, padding=1)'],
      [(x) => F.unfold(x, 2, { dilation: [3, 2], padding: [0, 1] }), 'F.unfold(x, 2, dilation=(3, 2), padding=(0, 1))'],
      [(x) => F.unfold(x, [7, 5]), 'F.unfold(x, (7, 5))'],
      [(x) => F.unfold(x.transpose(2, 3), 2), 'F.unfold(x.transpose(2, 3), 2)'],
    ]),
    ...each(image, [[(x) => F.unfold(x, 2), 'F.unfold(x, 2)']]),
    ...each(stepped(f32([1, 2, 4, 5])), [[(x) => F.unfold(x, 2, { stride: [1, 2] }), 'F.unfold(x, 2, stride=(1, 2))']]),
    ...each(f32([1, 1, 1, 1]), [[(x) => F.unfold(x, 1), 'F.unfold(x, 1)']]),
  ]),
  ...op('fold', [
    ...each(planes, [
      [
        (x) => F.fold(F.unfold(x, 3, { padding: 1 }), [7, 5], 3, { padding: 1 }),
        'F.fold(F.unfold(x, 3, padding=1), (7, 5), 3, padding=1)',
      ],
    ]),
    ...each(f32([2, 12, 9]), [
      [(x) => F.fold(x, 6, 2, { stride: 2 }), 'F.fold(x, (6, 6), 2, stride=2)'],
      [(x) => F.fold(x, [5, 5], [2, 2], { dilation: 2 }), 'F.fold(x, (5, 5), 2, dilation=2)'],
    ]),
    ...each(permuted(f32([2, 4, 6])), [[(x) => F.fold(x, [3, 4], 2), 'F.fold(x, (3, 4), 2)']]),
    ...each(stepped(f32([1, 4, 6])), [[(x) => F.fold(x, [3, 4], 2), 'F.fold(x, (3, 4), 2)']]),
    ...each(f32([4, 6]), [[(x) => F.fold(x, [3, 4], 2), 'F.fold(x, (3, 4), 2)']]),
    ...each(f32([1, 6, 10]), [
      [
        (x) => F.fold(x, [4, 5], [2, 3], { stride: [2, 1], padding: [0, 1] }),
        'F.fold(x, (4, 5), (2, 3), stride=(2, 1), padding=(0, 1))',
      ],
    ]),
    ...each(f16([1, 3, 8]), [[(x) => F.fold(x, [2, 4], 1), 'F.fold(x, (2, 4), 1)']]),
    ...each(f32([1, 1, 1]), [[(x) => F.fold(x, 1, 1), 'F.fold(x, (1, 1), 1)']]),
  ]),
];
