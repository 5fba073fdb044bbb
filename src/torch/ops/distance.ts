/**
 * @file Distances of rows.
 */
import { fail } from '../../base/errors.ts';
import { broadcastShapes } from '../../base/shape.ts';
import { fn, p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';
import { requireFloat } from './apply.ts';
import { matmul } from './matmul.ts';
import { norm, sum } from './reduce.ts';
import { where } from './compare.ts';

/** From this many rows on PyTorch takes Euclid's distances from products; so the two round alike. */
const manyRows = 25;

/**
 * The p-norm of the difference of each row of x1 [..., P, M] with each of x2 [..., R, M]: [..., P, R]. Leading
 * dimensions broadcast.
 */
const computeMode = p.choice([
  'use_mm_for_euclid_dist_if_necessary',
  'use_mm_for_euclid_dist',
  'donot_use_mm_for_euclid_dist',
])('computeMode', 'use_mm_for_euclid_dist_if_necessary');
/** Distances of every row of x1 [..., P, M] from every row of x2 [..., R, M], in the p-norm: [..., P, R]. */
export const cdist = fn(
  'torch.cdist',
  [p.tensor('x1'), p.tensor('x2'), p.float('p', 2), computeMode],
  (x1, x2, p, computeMode): Tensor => {
    requireFloat('cdist', x1, x2);
    if (x1.ndim < 2 || x2.ndim < 2)
      fail(`cdist: expected rows, [..., P, M] and [..., R, M], got shapes ${x1.shape} and ${x2.shape}`);
    if (x1.shape.at(-1) !== x2.shape.at(-1))
      fail(`cdist: rows of ${x1.shape.at(-1)} and ${x2.shape.at(-1)} numbers; both must have as many`);
    if (!(p >= 0)) fail(`cdist: p is ${p}; it is at least 0`);
    broadcastShapes('cdist', x1.node.shape.slice(0, -2), x2.node.shape.slice(0, -2));
    const many =
      computeMode === 'use_mm_for_euclid_dist_if_necessary'
        ? Math.max(x1.shape.at(-2)!, x2.shape.at(-2)!) > manyRows
        : computeMode === 'use_mm_for_euclid_dist';
    if (p === 2 && many) return byProducts(x1, x2);
    return norm(x1.unsqueeze(-2).sub(x2.unsqueeze(-3)), p, -1);
  },
  { pythonCall: true },
);

/**
 * √(|x|² − 2x·y + |y|²), which needs no memory for the differences; 0, without a gradient, where rounding leaves
 * nothing.
 */
function byProducts(x1: Tensor, x2: Tensor): Tensor {
  const squares = (x: Tensor): Tensor => sum(x.square(), -1, { keepdim: true });
  const squared = squares(x1)
    .add(squares(x2).transpose(-2, -1))
    .sub(matmul(x1, x2.transpose(-2, -1)).mul(2));
  const apart = squared.gt(0);
  return where(apart, where(apart, squared, 1).sqrt(), 0);
}
