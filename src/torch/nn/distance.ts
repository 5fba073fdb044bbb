/**
 * @file Distances and similarities as modules.
 */
import * as F from '../functional.ts';
import { p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { layer } from './layer.ts';
import { Module } from './module.ts';

const two = [p.tensor('x1'), p.tensor('x2')] as const;
const Two = Module<[x1: Tensor, x2: Tensor], Tensor>;

/** The cosine of the angle between x1 and x2 along a dim. */
export class CosineSimilarity extends layer(
  Two,
  'nn.CosineSimilarity',
  [p.int('dim', 1), p.float('eps', 1e-8)],
  (dim, eps) => ({ dim, eps }),
  two,
) {
  override forward(x1: Tensor, x2: Tensor): Tensor {
    return F.cosineSimilarity(x1, x2, this.dim, this.eps);
  }
}

/** The p-norm of x1 − x2 + eps along the last dimension. */
export class PairwiseDistance extends layer(
  Two,
  'nn.PairwiseDistance',
  [p.float('p', 2), p.float('eps', 1e-6), p.flag('keepdim', false)],
  (p, eps, keepdim) => ({ norm: p, eps, keepdim }),
  two,
) {
  override forward(x1: Tensor, x2: Tensor): Tensor {
    return F.pairwiseDistance(x1, x2, this.norm, this.eps, this.keepdim);
  }
}
