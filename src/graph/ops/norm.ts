/**
 * @file Reductions made of others: norms, the standard deviation, and the logarithm of a sum of exponentials.
 */
import * as e from '../expr.ts';
import { record } from '../record.ts';
import { eachElement, sumsOf } from '../sums.ts';
import type { Node, Op, TensorType } from '../types.ts';
import { pythonNumber } from '../../base/python.ts';
import type { ReduceAttrs, VarianceAttrs } from './reduce.ts';
import { pythonDims, reducedShape, variance, varianceGradient } from './reduce.ts';

export interface NormAttrs extends ReduceAttrs {
  readonly p: number;
}

const reduced = ([x]: readonly TensorType[], attrs: ReduceAttrs): TensorType => ({
  shape: reducedShape(x.shape, attrs),
  dtype: x.dtype,
});

/** Computes in float32 and converts back, so that halves neither overflow nor are rounded on the way. */
const widely = (x: Node, compute: (wide: Node) => Node): Node => e.cast(compute(e.cast(x, 'float32')), x.dtype);

/** The p-norm: the p-th root of the sum of |x| to the p; p may be infinite, or 0, which counts what is not 0. */
export const norm: Op<NormAttrs> = {
  name: 'norm',
  infer: reduced,
  decompose: ([x], { p, dims, keepdim }) =>
    widely(x, (wide) => {
      if (p === 2) return e.sqrt(e.sum(e.square(wide), dims, keepdim));
      if (p === 0) return e.sum(e.cast(e.ne(wide, 0), wide.dtype), dims, keepdim);
      const size = e.abs(wide);
      if (p === Infinity) return e.amax(size, dims, keepdim);
      if (p === -Infinity) return e.amin(size, dims, keepdim);
      return p === 1 ? e.sum(size, dims, keepdim) : e.pow(e.sum(e.pow(size, p), dims, keepdim), 1 / p);
    }),
  gradient: ({ inputs: [x], attrs, node, grad }) => {
    const { p, dims } = attrs;
    const back = (t: Node): Node => e.reshape(t, reducedShape(x.shape, { dims, keepdim: true }));
    const [y, g] = [back(node), back(grad)];
    if (p === 0) return [undefined];
    if (p === 1) return [e.mul(e.sign(x), g)];
    if (Math.abs(p) === Infinity) {
      const hit = e.cast(e.logicalOr(e.eq(e.abs(x), y), e.logicalAnd(e.isnan(x), e.isnan(y))), x.dtype);
      return [e.mul(e.mul(e.sign(x), hit), e.div(g, e.sum(hit, dims, true)))];
    }
    if (p === 2) return [e.mul(g, e.where(e.eq(y, 0), 0, e.div(x, y)))];
    const product = e.mul(e.mul(x, e.pow(e.abs(x), p - 2)), e.where(e.eq(y, 0), 0, e.div(g, e.pow(y, p - 1))));
    return [p < 2 ? e.where(e.eq(x, 0), 0, product) : product];
  },
  sums: sumsOf(1, eachElement),
  python: ([x], attrs, output) => `torch.norm(${x}, ${pythonNumber(attrs.p)}${pythonDims(attrs, output)})`,
};

/** The square root of the variance; its gradient is 0 where it is 0. */
export const std: Op<VarianceAttrs> = {
  name: 'std',
  infer: reduced,
  decompose: ([x], attrs) => e.sqrt(record(variance, [x], attrs)),
  gradient: (call) => {
    const { node, grad } = call;
    return varianceGradient(call, e.where(e.eq(node, 0), 0, e.div(grad, e.mul(node, 2))));
  },
  sums: sumsOf(1, eachElement),
  python: ([x], attrs, output) => variance.python([x], attrs, output).replace('torch.var(', 'torch.std('),
};

/** log(Σ exp(x)), without overflow. */
export const logsumexp: Op<ReduceAttrs> = {
  name: 'logsumexp',
  infer: reduced,
  decompose: ([x], { dims, keepdim }) =>
    widely(x, (wide) => {
      if (dims.some((d) => x.shape[d] === 0)) return e.log(e.sum(e.exp(wide), dims, keepdim));
      const top = e.amax(wide, dims, true);
      const safe = e.where(e.isfinite(top), top, 0);
      const total = e.log(e.sum(e.exp(e.sub(wide, safe)), dims, true));
      return e.reshape(e.add(total, safe), reducedShape(x.shape, { dims, keepdim }));
    }),
  gradient: ({ inputs: [x], attrs: { dims }, node, grad }) => {
    const back = (t: Node): Node => e.reshape(t, reducedShape(x.shape, { dims, keepdim: true }));
    return [e.mul(back(grad), e.exp(e.sub(x, back(node))))];
  },
  sums: sumsOf(1, eachElement),
  python: ([x], { dims, keepdim }) => `torch.logsumexp(${x}, (${dims.join(', ')},)${keepdim ? ', keepdim=True' : ''})`,
};
