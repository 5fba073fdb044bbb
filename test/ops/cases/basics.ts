/**
 * @file What every model is made of: reshaping, pooling, linear layers, attention.
 */
import * as F from '../../../src/torch/functional.ts';
import * as torch from '../../../src/torch/torch.ts';
import type { Case } from '../case.ts';
import { bits, f16, f32, fixed, op, permuted, stepped } from '../case.ts';
import { cubes, each, onEach } from './layouts.ts';

const empty = f32([2, 0, 3]);
const planes = f32([2, 3, 7, 5]);
const views = permuted(f32([2, 2, 5, 6]));
const long = { length: 64 };

export const basics: Case[] = [
  ...op('reshape', [...onEach(cubes, (x) => x.reshape(-1, 1), 'x.reshape(-1, 1)'), ...each(empty, [[(x) => x.reshape(3, 0, 2), 'x.reshape(3, 0, 2)']])]),
  ...op('permute', [...onEach(cubes, (x) => x.permute(2, -3, 1), 'x.permute(2, -3, 1)'), ...each(empty, [[(x) => x.permute(1, 0, 2), 'x.permute(1, 0, 2)']])]),
  ...op('transpose', [...onEach(cubes, (x) => x.transpose(0, -1), 'x.transpose(0, -1)'), ...each(empty, [[(x) => x.transpose(1, 2), 'x.transpose(1, 2)']])]),
  ...op('flatten', [...onEach(cubes, (x) => x.flatten(-2), 'x.flatten(-2)'), ...each(empty, [[(x) => x.flatten(), 'x.flatten()']])]),
  ...op('expand', [...onEach(cubes, (x) => x.expand(2, -1, -1, -1), 'x.expand(2, -1, -1, -1)'), ...each(f32([3, 1]), [[(x) => x.expand(3, 4), 'x.expand(3, 4)']])]),
  ...op('maxPool2d', [
    ...each(fixed(planes), [
      [(x) => F.maxPool2d(x, 2), 'F.max_pool2d(x, 2)'],
      [(x) => F.maxPool2d(x, 3, { stride: 2, padding: 1 }), 'F.max_pool2d(x, 3, 2, 1)'],
      [(x) => F.maxPool2d(x, [3, 2], { stride: [2, 1], ceilMode: true }), 'F.max_pool2d(x, (3, 2), (2, 1), ceil_mode=True)'],
      [(x) => F.maxPool2d(x, 2, { dilation: 2, stride: 1 }), 'F.max_pool2d(x, 2, 1, dilation=2)'],
    ]),
    ['twice', { x: planes }, ({ x }) => F.maxPool2d(x.mul(x), 2), 'F.max_pool2d(x * x, 2)', { grad: 'twice' }],
    ['views', { x: views }, ({ x }) => F.maxPool2d(x, 2, { stride: 1 }), 'F.max_pool2d(x, 2, 1)'],
    ['one image', { x: f32([3, 6, 8]) }, ({ x }) => F.maxPool2d(x, 2), 'F.max_pool2d(x, 2)'],
    ['sizes of 1', { x: f32([1, 1, 1, 1]) }, ({ x }) => F.maxPool2d(x, 1), 'F.max_pool2d(x, 1)'],
  ]),
  ...op('avgPool2d', [
    ...each(planes, [
      [(x) => F.avgPool2d(x, 2), 'F.avg_pool2d(x, 2)'],
      [(x) => F.avgPool2d(x, 3, { stride: 2, padding: 1 }), 'F.avg_pool2d(x, 3, 2, 1)'],
      [(x) => F.avgPool2d(x, 3, { stride: 2, padding: 1, countIncludePad: false }), 'F.avg_pool2d(x, 3, 2, 1, count_include_pad=False)'],
      [(x) => F.avgPool2d(x, [3, 2], { stride: 2, ceilMode: true }), 'F.avg_pool2d(x, (3, 2), 2, ceil_mode=True)'],
      [(x) => F.avgPool2d(x, 3, { stride: 2, padding: 1, ceilMode: true }), 'F.avg_pool2d(x, 3, 2, 1, ceil_mode=True)'],
    ]),
    ['twice', { x: planes }, ({ x }) => F.avgPool2d(x.mul(x), 2), 'F.avg_pool2d(x * x, 2)', { grad: 'twice' }],
    ['views', { x: views }, ({ x }) => F.avgPool2d(x, 2, { stride: 1 }), 'F.avg_pool2d(x, 2, 1)'],
    ['one image', { x: f32([3, 6, 8]) }, ({ x }) => F.avgPool2d(x, 2), 'F.avg_pool2d(x, 2)'],
  ]),
  ...op('bmm', [
    ['plain', { a: f32([2, 3, 4]), b: f32([2, 4, 5]) }, ({ a, b }) => torch.bmm(a, b), 'torch.bmm(a, b)', long],
    ['twice', { a: f32([2, 3, 2]), b: f32([2, 2, 3]) }, ({ a, b }) => torch.bmm(a, b), 'torch.bmm(a, b)', { ...long, grad: 'twice' }],
    ['views', { a: permuted(f32([2, 3, 4])), b: permuted(f32([2, 4, 5])) }, ({ a, b }) => torch.bmm(a, b), 'torch.bmm(a, b)', long],
    ['stepped', { a: stepped(f32([2, 3, 4])), b: stepped(f32([2, 4, 3])) }, ({ a, b }) => torch.bmm(a, b), 'torch.bmm(a, b)', long],
    ['odd sizes', { a: f32([3, 5, 7]), b: f32([3, 7, 1]) }, ({ a, b }) => torch.bmm(a, b), 'torch.bmm(a, b)', long],
    ['no batch', { a: f32([0, 3, 4]), b: f32([0, 4, 5]) }, ({ a, b }) => torch.bmm(a, b), 'torch.bmm(a, b)'],
    ['nothing inside', { a: f32([2, 3, 0]), b: f32([2, 0, 5]) }, ({ a, b }) => torch.bmm(a, b), 'torch.bmm(a, b)'],
    ['halves', { a: f16([2, 3, 4]), b: f16([2, 4, 5]) }, ({ a, b }) => torch.bmm(a, b), 'torch.bmm(a, b)', long],
  ]),
  ...op('linear', [
    ['plain', { x: f32([4, 3]), w: f32([5, 3]), b: f32([5]) }, ({ x, w, b }) => F.linear(x, w, b), 'F.linear(x, w, b)', long],
    ['no bias', { x: f32([4, 3]), w: f32([5, 3]) }, ({ x, w }) => F.linear(x, w), 'F.linear(x, w)', long],
    ['twice', { x: f32([2, 3]), w: f32([2, 3]), b: f32([2]) }, ({ x, w, b }) => F.linear(x, w, b), 'F.linear(x, w, b)', { ...long, grad: 'twice' }],
    ['one vector', { x: f32([3]), w: f32([5, 3]), b: f32([5]) }, ({ x, w, b }) => F.linear(x, w, b), 'F.linear(x, w, b)', long],
    ['batches', { x: f32([2, 4, 3]), w: f32([5, 3]), b: f32([5]) }, ({ x, w, b }) => F.linear(x, w, b), 'F.linear(x, w, b)', long],
    ['views', { x: permuted(f32([4, 3])), w: permuted(f32([5, 3])) }, ({ x, w }) => F.linear(x, w), 'F.linear(x, w)', long],
    ['an empty batch', { x: f32([0, 3]), w: f32([5, 3]), b: f32([5]) }, ({ x, w, b }) => F.linear(x, w, b), 'F.linear(x, w, b)'],
    ['sizes of 1', { x: f32([1, 1]), w: f32([1, 1]), b: f32([1]) }, ({ x, w, b }) => F.linear(x, w, b), 'F.linear(x, w, b)'],
  ]),
  ...op('scaledDotProductAttention', (
    [['plain', [2, 4, 3], [2, 5, 3]], ['heads', [2, 2, 3, 4], [2, 2, 3, 4]], ['one query', [1, 1, 4], [1, 6, 4]], ['one key', [2, 3, 2], [2, 1, 2]],
      ['odd sizes', [3, 7, 5], [3, 5, 5]], ['no batch', [0, 3, 2], [0, 3, 2]], ['sizes of 1', [1, 1, 1], [1, 1, 1]], ['matrices', [4, 3], [5, 3]]] as const
  ).map(([name, q, k]) => [
    name,
    { q: f32(q), k: f32(k), v: f32(k) },
    ({ q: query, k: key, v }: Record<string, torch.Tensor>) => F.scaledDotProductAttention(query, key, v),
    'torch.softmax(q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1]), -1) @ v',
    { length: 128 },
  ] as const)),
  ...op('bceWithLogits', (
    [['a vector', [5]], ['a matrix', [3, 4]], ['a scalar', []], ['sizes of 1', [1, 1]], ['odd sizes', [3, 5, 7]]] as const
  ).map(([name, shape]) => [
    name, { x: f32(shape), y: f32(shape, bits) },
    ({ x, y }: Record<string, torch.Tensor>) => F.bceWithLogits(x, y), 'F.binary_cross_entropy_with_logits(x, y)', { length: 105 },
  ] as const).concat((['sum', 'none', 'mean'] as const).map((reduction) => [
    reduction, { x: f32([3, 4]), y: f32([3, 4], bits) },
    ({ x, y }: Record<string, torch.Tensor>) => F.bceWithLogits(x, y, { reduction }), `F.binary_cross_entropy_with_logits(x, y, reduction='${reduction}')`, { length: 24 },
  ] as never))),
];
