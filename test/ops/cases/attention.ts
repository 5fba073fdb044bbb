/**
 * @file Attention, under every kind of mask and layout of its operands.
 */
import * as F from '../../../src/torch/functional.ts';
import type * as torch from '../../../src/torch/torch.ts';
import type { Case } from '../case.ts';
import { bool, f16, f32, fixed, op, permuted, stepped } from '../case.ts';

/** Attention in PyTorch's own terms; `more` is applied to the scores. */
const inTorch = (more = '', q = 'q', k = 'k', v = 'v'): string =>
  `torch.softmax((${q} @ ${k}.transpose(-2, -1) / math.sqrt(${q}.shape[-1]))${more}, -1) @ ${v}`;

export const attention: readonly Case[] = [
  ...op(
    'scaledDotProductAttention',
    (
      [
        ['plain', [2, 4, 3], [2, 5, 3]],
        ['heads', [2, 2, 3, 4], [2, 2, 3, 4]],
        ['one query', [1, 1, 4], [1, 6, 4]],
        ['one key', [2, 3, 2], [2, 1, 2]],
        ['odd sizes', [3, 7, 5], [3, 5, 5]],
        ['no batch', [0, 3, 2], [0, 3, 2]],
        ['sizes of 1', [1, 1, 1], [1, 1, 1]],
        ['matrices', [4, 3], [5, 3]],
      ] as const
    ).map(
      ([name, q, k]) =>
        [
          name,
          { q: f32(q), k: f32(k), v: f32(k) },
          ({ q: query, k: key, v }: Record<string, torch.Tensor>) => F.scaledDotProductAttention(query, key, v),
          'torch.softmax(q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1]), -1) @ v',
          { length: 128 },
        ] as const,
    ),
  ),
  ...op('scaledDotProductAttention', [
    [
      'causal',
      { q: f32([2, 5, 4]), k: f32([2, 7, 4]), v: f32([2, 7, 3]) },
      ({ q, k, v }) => F.scaledDotProductAttention(q, k, v, { isCausal: true }),
      inTorch('.masked_fill(torch.ones(5, 7).tril() == 0, -inf)'),
      { length: 128 },
    ],
    [
      'causal, more queries than keys',
      { q: f32([7, 4]), k: f32([3, 4]), v: f32([3, 4]) },
      ({ q, k, v }) => F.scaledDotProductAttention(q, k, v, { isCausal: true }),
      inTorch('.masked_fill(torch.ones(7, 3).tril() == 0, -inf)'),
      { length: 128 },
    ],
    [
      'a mask that is added',
      { q: f32([2, 3, 5, 4]), k: f32([2, 3, 6, 4]), v: f32([2, 3, 6, 4]), m: f32([5, 6]) },
      ({ q, k, v, m }) => F.scaledDotProductAttention(q, k, v, { attnMask: m }),
      inTorch(' + m'),
      { length: 128 },
    ],
    [
      'a mask by head and key',
      { q: f32([2, 3, 5, 4]), k: f32([2, 3, 6, 4]), v: f32([2, 3, 6, 4]), m: f32([3, 1, 6]) },
      ({ q, k, v, m }) => F.scaledDotProductAttention(q, k, v, { attnMask: m }),
      inTorch(' + m'),
      { length: 128 },
    ],
    [
      'a bool mask',
      { q: f32([2, 4, 8]), k: f32([2, 4, 8]), v: f32([2, 4, 8]), m: bool([4, 4], (_, i) => Number(i % 3 > 0)) },
      ({ q, k, v, m }) => F.scaledDotProductAttention(q, k, v, { attnMask: m }),
      inTorch('.masked_fill(~m, -inf)'),
      { length: 128 },
    ],
    [
      'a query that may look at nothing',
      {
        q: fixed(f32([3, 4])),
        k: fixed(f32([5, 4])),
        v: fixed(f32([5, 4])),
        m: bool([3, 5], (_, i) => Number(i >= 5)),
      },
      ({ q, k, v, m }) => F.scaledDotProductAttention(q, k, v, { attnMask: m }),
      `torch.nan_to_num(${inTorch('.masked_fill(~m, -inf)')})`,
      { grad: false },
    ],
    [
      'another scale',
      { q: f32([2, 3, 4]), k: f32([2, 3, 4]), v: f32([2, 3, 5]) },
      ({ q, k, v }) => F.scaledDotProductAttention(q, k, v, { scale: 0.75 }),
      'torch.softmax(q @ k.transpose(-2, -1) * 0.75, -1) @ v',
      { length: 128 },
    ],
    [
      'no scale and no order',
      { q: f32([2, 3, 4]), k: f32([2, 3, 4]), v: f32([2, 3, 5]) },
      ({ q, k, v }) => F.scaledDotProductAttention(q, k, v, { scale: 0 }),
      'torch.softmax(q @ k.transpose(-2, -1) * 0, -1) @ v',
      { length: 128 },
    ],
    [
      'keys that all heads share',
      { q: f32([2, 3, 5, 4]), k: f32([1, 1, 6, 4]), v: f32([2, 1, 6, 4]) },
      ({ q, k, v }) => F.scaledDotProductAttention(q, k, v),
      inTorch(),
      { length: 256 },
    ],
    [
      'three levels of batch',
      { q: f32([2, 2, 2, 3, 4]), k: f32([2, 1, 2, 3, 4]), v: f32([2, 2, 1, 3, 4]) },
      ({ q, k, v }) => F.scaledDotProductAttention(q, k, v),
      inTorch(),
      { length: 256 },
    ],
    [
      'heads side by side in memory',
      { q: f32([2, 5, 3, 4]), k: f32([2, 6, 3, 4]), v: f32([2, 6, 3, 4]) },
      ({ q, k, v }) => F.scaledDotProductAttention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2)),
      inTorch('', 'q.transpose(1, 2)', 'k.transpose(1, 2)', 'v.transpose(1, 2)'),
      { length: 128 },
    ],
    [
      'rows that are strided in memory',
      { q: permuted(f32([2, 5, 4])), k: stepped(f32([2, 6, 4])), v: permuted(f32([2, 6, 3])) },
      ({ q, k, v }) => F.scaledDotProductAttention(q, k, v),
      inTorch(),
      { length: 128 },
    ],
    [
      'keys in reverse',
      { q: f32([2, 5, 4]), k: f32([2, 6, 4]), v: f32([2, 6, 4]) },
      ({ q, k, v }) => F.scaledDotProductAttention(q, k.flip(1), v.flip(1)),
      'torch.softmax(q @ k.flip(1).transpose(-2, -1) / 2, -1) @ v.flip(1)',
      { length: 128 },
    ],
    [
      'no keys',
      { q: f32([2, 3, 4]), k: f32([2, 0, 4]), v: f32([2, 0, 4]) },
      ({ q, k, v }) => F.scaledDotProductAttention(q, k, v),
      inTorch(),
    ],
    [
      'many keys',
      { q: f32([3, 8]), k: f32([300, 8]), v: f32([300, 8]) },
      ({ q, k, v }) => F.scaledDotProductAttention(q, k, v),
      inTorch(),
      { length: 600 },
    ],
    [
      'halves',
      { q: f16([2, 3, 4]), k: f16([2, 5, 4]), v: f16([2, 5, 4]) },
      ({ q, k, v }) => F.scaledDotProductAttention(q, k, v),
      '(torch.softmax(q.float() @ k.float().transpose(-2, -1) / 2, -1) @ v.float()).half()',
      { length: 128, slack: 2 },
    ], // the gradient's weights are halves
  ]),
];
