/**
 * @file Products that are made of others: inner, cross and Kronecker products.
 */
import { fail } from '../../base/errors.ts';
import { broadcastShapes, normalizeDim } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import type { Node } from '../../graph/types.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { cat } from './combine.ts';
import { tensordot } from './matmul.ts';
import { mul } from './pointwise.ts';
import { resultType, toNodes } from './promote.ts';

const [input, other] = [p.tensor('input'), p.tensor('other')];

/** Sums of products over the last dimension of both: [..., k] and [..., k] give all leading dimensions. */
export const inner = fn(
  'torch.inner',
  [input, other],
  (self, other): Tensor => {
    if (self.ndim === 0 || other.ndim === 0) return mul(self, other);
    if (self.shape.at(-1) !== other.shape.at(-1))
      fail(`inner: the last sizes of ${self.shape} and ${other.shape} differ; they must be equal`);
    return tensordot(self, other, [[-1], [-1]]);
  },
  { pythonCall: true },
);

/** The vector at right angles to two, along a dimension of 3: the first one of that size unless given. */
export const cross = fn(
  'torch.cross',
  [input, other, p.int('dim', null)],
  (self, other, dim): Tensor => {
    if (self.ndim !== other.ndim)
      fail(`cross: shapes ${self.shape} and ${other.shape} have different numbers of dimensions`);
    const shape = broadcastShapes('cross', self.node.shape, other.node.shape);
    const d = dim === null ? shape.indexOf(3) : normalizeDim('cross', dim, shape.length);
    if (shape[d] !== 3)
      fail(
        `cross: ${dim === null ? `no dimension of [${shape.join(', ')}]` : `dim ${dim} of [${shape.join(', ')}]`} has size 3; a vector in space has three numbers`,
      );
    const [a, b] = toNodes([self, other], resultType(self, other)).map((node) => e.expand(node, shape));
    const at = (x: Node, i: number): Node => e.slice(x, d, i % 3, (i % 3) + 1);
    const part = (i: number): Tensor =>
      new Tensor(e.sub(e.mul(at(a, i + 1), at(b, i + 2)), e.mul(at(a, i + 2), at(b, i + 1))));
    return cat([part(0), part(1), part(2)], d);
  },
  { pythonCall: true },
);

/** Every element of the first times the whole second, in its place: sizes multiply. */
export const kron = fn(
  'torch.kron',
  [input, other],
  (self, other): Tensor => {
    const [a, b] = toNodes([self, other], resultType(self, other));
    const ndim = Math.max(self.ndim, other.ndim);
    const full = ({ shape }: Node): number[] => [...new Array<number>(ndim - shape.length).fill(1), ...shape];
    const [left, right] = [full(a), full(b)];
    const product = mul(
      new Tensor(
        e.reshape(
          a,
          left.flatMap((size) => [size, 1]),
        ),
      ),
      new Tensor(
        e.reshape(
          b,
          right.flatMap((size) => [1, size]),
        ),
      ),
    );
    return product.reshape(left.map((size, d) => size * right[d]));
  },
  { pythonCall: true },
);

const products = { inner, cross, kron };
methods(products);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof products> {}
}
