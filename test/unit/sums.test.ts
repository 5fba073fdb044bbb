/**
 * Intent: an operation says how many products its sums are made of, and how long they are; the float64 machine's cost
 * and what is allowed to rounding follow.
 */
import { expect, test } from 'vitest';
import { record } from '../../src/graph/record.ts';
import type { Node } from '../../src/graph/types.ts';
import { ops } from '../../src/graph/ops/index.ts';
import { costOf, lengthOf } from '../../src/session/judge/sum-length.ts';
import { F, torch } from '../../src/torch/index.ts';

const [N, C, H, W, K] = [2, 3, 6, 8, 5];
const x = torch.zeros(N, C, H, W).requiresGrad_();
const w = torch.zeros(K, C, 3, 3);
const [a, b] = [torch.zeros(4, 7), torch.zeros(7, 9)];
const [xInt, wInt] = [torch.zeros([N, C, H, W], { dtype: 'int8' }), torch.zeros([K, C, 3, 3], { dtype: 'int8' })];
const window = { stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1 } as const;
const [L, S, E] = [4, 6, 8];
const q = torch.zeros(1, L, E);
const [k, v] = [torch.zeros(1, S, E), torch.zeros(1, S, E)];
const scan = { dim: 1, reverse: false };

const cases: readonly (readonly [string, Node, products: number, length: number])[] = [
  ['conv2d', F.conv2d(x, w, null, 1, 1).node, N * K * H * W * C * 9, C * 9],
  ['matmul', a.matmul(b).node, 4 * 9 * 7, 7],
  ['intConv2d', record(ops.intConv2d, [xInt.node, wInt.node], window), N * K * H * W * C * 9, C * 9],
  [
    'intMatmul',
    record(ops.intMatmul, [xInt.reshape(-1, 8).node, torch.zeros([8, 9], { dtype: 'int8' }).node], {}),
    36 * 9 * 8,
    8,
  ],
  ['scaledDotProductAttention', F.scaledDotProductAttention(q, k, v).node, L * S * 2 * E, 2 * S],
  ['sum', x.sum(1).node, N * C * H * W, C],
  ['mean', x.mean().node, N * C * H * W, N * C * H * W],
  ['variance', x.var(1).node, N * C * H * W, C],
  ['cumsum', record(ops.cumsum, [x.node], scan), N * C * H * W, C],
  ['softmax', F.softmax(x, 1).node, N * C * H * W, C],
  ['avgPool2d', F.avgPool2d(x, 2).node, N * C * H * W, 4],
  ['maxPool2d', F.maxPool2d(x, 2).node, 0, 1],
  ['amax', x.amax(1).node, 0, 1],
  ['add', x.add(1).node, 0, 1],
];

test.each(cases)('%s', (name, node, products, length) => {
  expect(node.op.name).toBe(name);
  const elements = node.shape.reduce((size, n) => size * n, 1);
  expect(costOf([node]) - costOf(node.inputs)).toBe(products + 10 * elements);
  expect(lengthOf(node)).toBe(length);
});
