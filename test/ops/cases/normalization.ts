/**
 * @file Normalisation: with and without weight and bias, of every rank, in training and outside.
 */
import * as F from '../../../src/torch/functional.ts';
import type { Case, CaseOptions } from '../case.ts';
import { f16, f32, fixed, op, permuted, positive, stepped } from '../case.ts';

/** Gradients are small differences of larger numbers, on both sides. */
const difference: CaseOptions = { slack: 4 };
const twice: CaseOptions = { slack: 16, grad: 'twice' };

export const normalization: Case[] = [
  ...op('layerNorm', [
    ['weight and bias', { x: f32([2, 3, 8]), w: f32([8]), b: f32([8]) }, ({ x, w, b }) => F.layerNorm(x, [8], w, b), 'F.layer_norm(x, (8,), w, b)', difference],
    ['plain', { x: f32([5, 6]) }, ({ x }) => F.layerNorm(x, 6), 'F.layer_norm(x, (6,))', twice],
    ['weight only', { x: f32([5, 6]), w: f32([6]) }, ({ x, w }) => F.layerNorm(x, 6, w), 'F.layer_norm(x, (6,), w)', difference],
    ['bias only', { x: f32([5, 6]), b: f32([6]) }, ({ x, b }) => F.layerNorm(x, 6, null, b), 'F.layer_norm(x, (6,), None, b)', difference],
    ['two dimensions', { x: f32([3, 4, 5]), w: f32([4, 5]), b: f32([4, 5]) }, ({ x, w, b }) => F.layerNorm(x, [4, 5], w, b, 1e-3), 'F.layer_norm(x, (4, 5), w, b, 1e-3)', difference],
    ['permuted', { x: permuted(f32([3, 7])) }, ({ x }) => F.layerNorm(x, [7]), 'F.layer_norm(x, (7,))', difference],
    ['every second', { x: stepped(f32([3, 7])) }, ({ x }) => F.layerNorm(x, [7]), 'F.layer_norm(x, (7,))', difference],
    // Powers of 2, with which PyTorch's own rounding is exact; 1 / √eps would magnify it.
    ['one element', { x: f32([3, 1], [0.5, 1, -2]), w: f32([1]), b: f32([1]) }, ({ x, w, b }) => F.layerNorm(x, [1], w, b), 'F.layer_norm(x, (1,), w, b)', { grad: false }],
    ['a long row', { x: f32([2, 768]), w: f32([768]), b: f32([768]) }, ({ x, w, b }) => F.layerNorm(x, [768], w, b), 'F.layer_norm(x, (768,), w, b)', difference],
    ['halves', { x: f16([4, 16]), w: f16([16]), b: f16([16]) }, ({ x, w, b }) => F.layerNorm(x, [16], w, b), 'F.layer_norm(x, (16,), w, b)', difference],
    ['nothing', { x: f32([0, 4]) }, ({ x }) => F.layerNorm(x, [4]), 'F.layer_norm(x, (4,))', { grad: false }],
  ]),
  ...op('groupNorm', [
    ['two groups', { x: f32([2, 6, 3, 3]), w: f32([6]), b: f32([6]) }, ({ x, w, b }) => F.groupNorm(x, 2, w, b), 'F.group_norm(x, 2, w, b)', difference],
    ['plain', { x: f32([2, 6, 4]) }, ({ x }) => F.groupNorm(x, 3), 'F.group_norm(x, 3)', difference],
    ['one group', { x: f32([2, 4, 5]), w: f32([4]), b: f32([4]) }, ({ x, w, b }) => F.groupNorm(x, 1, w, b), 'F.group_norm(x, 1, w, b)', difference],
    ['a group a channel', { x: f32([2, 4, 5]) }, ({ x }) => F.groupNorm(x, 4), 'F.group_norm(x, 4)', difference],
    ['rows', { x: f32([3, 8]) }, ({ x }) => F.groupNorm(x, 2), 'F.group_norm(x, 2)', difference],
    ['permuted', { x: permuted(f32([2, 4, 3])), w: f32([4]), b: f32([4]) }, ({ x, w, b }) => F.groupNorm(x, 2, w, b), 'F.group_norm(x, 2, w, b)', difference],
    ['another eps', { x: f32([1, 4, 3]) }, ({ x }) => F.groupNorm(x, 2, null, null, 0.1), 'F.group_norm(x, 2, None, None, 0.1)', difference],
    ['halves', { x: f16([2, 4, 5]) }, ({ x }) => F.groupNorm(x, 2), 'F.group_norm(x, 2)', difference],
  ]),
  ...op('instanceNorm', [
    ['images', { x: f32([2, 3, 4, 4]), w: f32([3]), b: f32([3]) }, ({ x, w, b }) => F.instanceNorm(x, { weight: w, bias: b }), 'F.instance_norm(x, weight=w, bias=b)', difference],
    ['plain', { x: f32([2, 3, 4, 4]) }, ({ x }) => F.instanceNorm(x), 'F.instance_norm(x)', difference],
    ['rows', { x: f32([2, 3, 9]) }, ({ x }) => F.instanceNorm(x), 'F.instance_norm(x)', difference],
    ['volumes', { x: f32([1, 2, 2, 3, 2]) }, ({ x }) => F.instanceNorm(x), 'F.instance_norm(x)', difference],
    ['one image', { x: f32([1, 1, 3, 3]) }, ({ x }) => F.instanceNorm(x, { eps: 0.01 }), 'F.instance_norm(x, eps=0.01)', difference],
    ['permuted', { x: permuted(f32([2, 3, 5])) }, ({ x }) => F.instanceNorm(x), 'F.instance_norm(x)', difference],
    ['every second', { x: stepped(f32([2, 3, 5])) }, ({ x }) => F.instanceNorm(x), 'F.instance_norm(x)', difference],
    ['halves', { x: f16([2, 3, 9]) }, ({ x }) => F.instanceNorm(x), 'F.instance_norm(x)', difference],
  ]),
  ...op('batchNorm', [
    ['training', { x: f32([4, 3, 2, 2]), w: f32([3]), b: f32([3]) }, ({ x, w, b }) => F.batchNorm(x, null, null, { weight: w, bias: b, training: true }), 'F.batch_norm(x, None, None, w, b, True)', difference],
    ['training, plain', { x: f32([5, 3]) }, ({ x }) => F.batchNorm(x, null, null, { training: true }), 'F.batch_norm(x, None, None, None, None, True)', difference],
    ['training, rows', { x: f32([3, 2, 7]) }, ({ x }) => F.batchNorm(x, null, null, { training: true, eps: 0.01 }), 'F.batch_norm(x, None, None, None, None, True, 0.1, 0.01)', difference],
    ['training, running statistics', { x: f32([4, 3, 5]), m: fixed(f32([3])), v: fixed(f32([3], positive)) }, ({ x, m, v }) => [F.batchNorm(x, m, v, { training: true, momentum: 0.3 }), m, v], 'F.batch_norm(x, m, v, None, None, True, 0.3), m, v', difference],
    ['training, permuted', { x: permuted(f32([4, 3, 5])) }, ({ x }) => F.batchNorm(x, null, null, { training: true }), 'F.batch_norm(x, None, None, None, None, True)', difference],
    ['training, many', { x: f32([40, 2, 15]), w: f32([2]), b: f32([2]) }, ({ x, w, b }) => F.batchNorm(x, null, null, { weight: w, bias: b, training: true }), 'F.batch_norm(x, None, None, w, b, True)', difference],
    ['evaluation', { x: f32([4, 3, 2, 2]), m: fixed(f32([3])), v: fixed(f32([3], positive)), w: f32([3]), b: f32([3]) }, ({ x, m, v, w, b }) => F.batchNorm(x, m, v, { weight: w, bias: b }), 'F.batch_norm(x, m, v, w, b)', difference],
    ['evaluation, plain', { x: f32([1, 3]), m: fixed(f32([3])), v: fixed(f32([3], positive)) }, ({ x, m, v }) => F.batchNorm(x, m, v), 'F.batch_norm(x, m, v)', { grad: 'twice' }],
    ['evaluation, volumes', { x: f32([2, 2, 2, 1, 3]), m: fixed(f32([2])), v: fixed(f32([2], positive)) }, ({ x, m, v }) => F.batchNorm(x, m, v, { eps: 1e-3 }), 'F.batch_norm(x, m, v, eps=1e-3)'],
    ['nothing', { x: f32([0, 3]), m: fixed(f32([3])), v: fixed(f32([3], positive)) }, ({ x, m, v }) => F.batchNorm(x, m, v), 'F.batch_norm(x, m, v)', { grad: false }],
  ]),
  ...op('normalize', [
    ['rows', { x: f32([3, 5]) }, ({ x }) => F.normalize(x), 'F.normalize(x)', twice],
    ['columns', { x: f32([3, 5]) }, ({ x }) => F.normalize(x, { dim: 0 }), 'F.normalize(x, dim=0)', difference],
    ['1-norm', { x: f32([3, 5]) }, ({ x }) => F.normalize(x, { p: 1, dim: -1 }), 'F.normalize(x, p=1, dim=-1)', difference],
    ['largest', { x: f32([3, 5]) }, ({ x }) => F.normalize(x, { p: Infinity }), 'F.normalize(x, p=inf)', difference],
    ['zeros', { x: f32([2, 2], [0, 0, 3, 4]) }, ({ x }) => F.normalize(x), 'F.normalize(x)', difference],
    ['images', { x: f32([2, 3, 2, 2]) }, ({ x }) => F.normalize(x), 'F.normalize(x)', difference],
    ['permuted', { x: permuted(f32([3, 5])) }, ({ x }) => F.normalize(x), 'F.normalize(x)', difference],
    ['halves', { x: f16([3, 5]) }, ({ x }) => F.normalize(x), 'F.normalize(x)', difference],
    ['nothing', { x: f32([0, 5]) }, ({ x }) => F.normalize(x), 'F.normalize(x)'],
  ]),
  ...op('cosineSimilarity', [
    ['rows', { x: f32([3, 5]), y: f32([3, 5]) }, ({ x, y }) => F.cosineSimilarity(x, y), 'F.cosine_similarity(x, y)', difference],
    ['columns', { x: f32([3, 5]), y: f32([3, 5]) }, ({ x, y }) => F.cosineSimilarity(x, y, { dim: 0 }), 'F.cosine_similarity(x, y, dim=0)', difference],
    ['broadcast', { x: f32([3, 1, 5]), y: f32([4, 5]) }, ({ x, y }) => F.cosineSimilarity(x, y, { dim: -1 }), 'F.cosine_similarity(x, y, dim=-1)', difference],
    ['vectors', { x: f32([5]), y: f32([5]) }, ({ x, y }) => F.cosineSimilarity(x, y, { dim: 0 }), 'F.cosine_similarity(x, y, dim=0)', difference],
    ['images', { x: f32([2, 3, 2, 2]), y: f32([2, 3, 2, 2]) }, ({ x, y }) => F.cosineSimilarity(x, y), 'F.cosine_similarity(x, y)', difference],
    ['permuted', { x: permuted(f32([3, 5])), y: f32([3, 5]) }, ({ x, y }) => F.cosineSimilarity(x, y), 'F.cosine_similarity(x, y)', difference],
    ['every second', { x: stepped(f32([3, 4])), y: f32([3, 4]) }, ({ x, y }) => F.cosineSimilarity(x, y), 'F.cosine_similarity(x, y)', difference],
    ['one element', { x: f32([3, 1]), y: f32([3, 1]) }, ({ x, y }) => F.cosineSimilarity(x, y), 'F.cosine_similarity(x, y)', { grad: false }],
  ]),
  ...op('pairwiseDistance', [
    ['rows', { x: f32([3, 5]), y: f32([3, 5]) }, ({ x, y }) => F.pairwiseDistance(x, y), 'F.pairwise_distance(x, y)', difference],
    ['1-norm', { x: f32([3, 5]), y: f32([3, 5]) }, ({ x, y }) => F.pairwiseDistance(x, y, { p: 1, keepdim: true }), 'F.pairwise_distance(x, y, p=1, keepdim=True)', difference],
    ['broadcast', { x: f32([3, 5]), y: f32([5]) }, ({ x, y }) => F.pairwiseDistance(x, y), 'F.pairwise_distance(x, y)', difference],
    ['vectors', { x: f32([7]), y: f32([7]) }, ({ x, y }) => F.pairwiseDistance(x, y), 'F.pairwise_distance(x, y)', twice],
    ['3-norm and eps', { x: f32([2, 5]), y: f32([2, 5]) }, ({ x, y }) => F.pairwiseDistance(x, y, { p: 3, eps: 0.1 }), 'F.pairwise_distance(x, y, p=3, eps=0.1)', difference],
    ['largest', { x: f32([2, 5]), y: f32([2, 5]) }, ({ x, y }) => F.pairwiseDistance(x, y, { p: Infinity }), 'F.pairwise_distance(x, y, p=inf)', difference],
    ['views', { x: permuted(f32([3, 5])), y: stepped(f32([3, 5])) }, ({ x, y }) => F.pairwiseDistance(x, y), 'F.pairwise_distance(x, y)', difference],
    ['batches', { x: f32([2, 1, 5]), y: f32([3, 5]) }, ({ x, y }) => F.pairwiseDistance(x, y), 'F.pairwise_distance(x, y)', difference],
    ['one element', { x: f32([1, 1]), y: f32([1, 1]) }, ({ x, y }) => F.pairwiseDistance(x, y), 'F.pairwise_distance(x, y)', difference],
    ['nothing', { x: f32([0, 5]), y: f32([0, 5]) }, ({ x, y }) => F.pairwiseDistance(x, y), 'F.pairwise_distance(x, y)'],
  ]),
];
