/**
 * @file Running sums and products along one dimension.
 */
import { isFloat } from '../../base/dtype.ts';
import { sizeOf } from '../../base/shape.ts';
import type { Total } from '../assertion.ts';
import { adding, multiplying } from '../assertion.ts';
import * as e from '../expr.ts';
import { record } from '../record.ts';
import { eachElement, sumsOf } from '../sums.ts';
import type { Attrs, Node, Op } from '../types.ts';

export interface ScanAttrs extends Attrs {
  readonly dim: number;
  /** From the end to the beginning. */
  readonly reverse: boolean;
}

function scan(
  name: string,
  total: Total,
  gradient: Op<ScanAttrs>['gradient'],
  sums: Op<ScanAttrs>['sums'],
): Op<ScanAttrs> {
  return {
    name,
    infer: ([x]) => ({ shape: x.shape, dtype: isFloat(x.dtype) ? x.dtype : 'int64' }),
    assertion: ([x], { dim }) => total.assertion(name, x.dtype, x.shape[dim]),
    reference: ([x], { dim, reverse }, { shape }) => {
      const step = isFloat(x.dtype) ? total.step : total.whole;
      const out = new Float64Array(x.data.length);
      const n = shape[dim];
      const inner = sizeOf(shape.slice(dim + 1));
      for (let row = 0; row < out.length / n; row++) {
        const first = Math.floor(row / inner) * n * inner + (row % inner);
        for (let i = 0, acc = total.start; i < n; i++) {
          const at = first + (reverse ? n - 1 - i : i) * inner;
          acc = step(acc, x.data[at]);
          out[at] = acc;
        }
      }
      return out;
    },
    gradient,
    sums,
    python: ([x], { dim, reverse }) =>
      reverse
        ? `torch.flip(torch.${name}(torch.flip(${x}, (${dim},)), ${dim}), (${dim},))`
        : `torch.${name}(${x}, ${dim})`,
  };
}

export const cumsum = scan(
  'cumsum',
  adding,
  ({ attrs, grad }) => [record(cumsum, [grad], { ...attrs, reverse: !attrs.reverse })],
  { ...sumsOf(1, eachElement), longest: ([x], { dim }) => x.shape[dim] },
);
export const cumprod = scan(
  'cumprod',
  multiplying,
  ({ inputs: [x], attrs, node, grad }) => [productGradient(x, node, grad, attrs)],
  'none',
);

/**
 * What x_i adds to the products from i on, over x_i. Behind the first zero all products are 0, so there the gradient is
 * 0; at the zero itself it is the sum of the products with the zero left out.
 */
function productGradient(x: Node, y: Node, g: Node, { dim, reverse }: ScanAttrs): Node {
  const running = (a: Node): Node => record(cumsum, [a], { dim, reverse });
  const backward = (a: Node): Node => record(cumsum, [a], { dim, reverse: !reverse });
  const zero = e.eq(x, 0);
  const zeros = running(e.cast(zero, x.dtype));
  const atZero = e.logicalAnd(zero, e.eq(zeros, 1));
  const without = record(cumprod, [e.where(atZero, 1, x)], { dim, reverse });
  const before = e.div(backward(e.where(e.eq(zeros, 0), e.mul(g, y), 0)), e.where(zero, 1, x));
  return e.where(atZero, backward(e.where(e.eq(zeros, 1), e.mul(g, without), 0)), e.where(e.eq(zeros, 0), before, 0));
}
