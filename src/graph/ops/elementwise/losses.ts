/**
 * @file Pointwise kernels of losses: each would else be a chain of small ones, in which an infinite part that is not
 * taken leaves NaN in the gradient.
 */
import * as e from '../../expr.ts';
import type { Attrs, Op } from '../../types.ts';
import { pythonNumber } from '../../../base/python.ts';
import { elementwise } from './define.ts';

const logOf = (x: number): number => Math.max(Math.log(x), -100);

/** −(t·log(x) + (1 − t)·log(1 − x)), the logarithms not below −100. */
export const binaryCrossEntropy: Op<Attrs> = elementwise({
  name: 'binaryCrossEntropy',
  js: ([x, t]) => (t - 1) * logOf(1 - x) - t * logOf(x),
  wgsl: ([x, t]) => `((${t} - 1.0) * larger(torch_log1p(-${x}), -100.0) - ${t} * larger(torch_log(${x}), -100.0))`,
  uses: ['exponential'],
  gradient: ({ inputs: [x, t], grad, needs }) => [
    needs(0) ? e.sumTo(e.mul(grad, e.div(e.sub(x, t), e.maximum(e.mul(e.sub(1, x), x), 1e-12))), x.shape) : undefined,
    needs(1) ? e.sumTo(e.mul(grad, e.sub(e.log1p(e.neg(x)), e.log(x))), t.shape) : undefined,
  ],
  python: ([x, t]) => `F.binary_cross_entropy(${x}, ${t}, reduction="none")`,
});

const logSigmoidOf = (x: number): number => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));

/**
 * binaryCrossEntropy of sigmoid(x), without its loss of digits. Operands: x, t, and perhaps a weight of the positive
 * part.
 */
export const binaryCrossEntropyWithLogits: Op<Attrs> = elementwise({
  name: 'binaryCrossEntropyWithLogits',
  js: ([x, t, weight]) => (1 - t) * x - (weight === undefined ? 1 : (weight - 1) * t + 1) * logSigmoidOf(x),
  wgsl: ([x, t, weight]) =>
    `((1.0 - ${t}) * ${x} - ${weight ? `((${weight} - 1.0) * ${t} + 1.0) * ` : ''}(smaller(${x}, 0.0) - torch_log1p(torch_exp(-abs(${x})))))`,
  uses: ['exponential'],
  gradient: ({ inputs: [x, t, weight], grad, needs }) => {
    const positive = weight ? e.mul(weight, t) : t;
    const negative = weight ? e.add(e.sub(positive, t), 1) : undefined;
    const share = e.sigmoid(x);
    return [
      needs(0) ? e.sumTo(e.mul(grad, e.sub(negative ? e.mul(negative, share) : share, positive)), x.shape) : undefined,
      needs(1)
        ? e.sumTo(
            e.mul(grad, weight ? e.sub(e.logSigmoid(e.neg(x)), e.mul(weight, e.logSigmoid(x))) : e.neg(x)),
            t.shape,
          )
        : undefined,
      weight && needs(2) ? e.sumTo(e.neg(e.mul(grad, e.mul(t, e.logSigmoid(x)))), weight.shape) : undefined,
    ];
  },
  python: ([x, t, weight]) =>
    `F.binary_cross_entropy_with_logits(${x}, ${t}${weight ? `, pos_weight=${weight}` : ''}, reduction="none")`,
});

interface BendAttrs extends Attrs {
  /** Where the parabola ends. */
  readonly bend: number;
  readonly scale: number;
}

/** scale·d²/2 bend up to |d| = bend, scale·(|d| − bend/2) beyond: smoothL1Loss and huberLoss of a difference. */
export const huber: Op<BendAttrs> = elementwise<BendAttrs>({
  name: 'huber',
  js: ([d], { bend, scale }) => scale * (Math.abs(d) < bend ? (0.5 * d * d) / bend : Math.abs(d) - 0.5 * bend),
  wgsl: ([d], { bend, scale }, { parameter }) =>
    `(${parameter(scale)} * select(abs(${d}) - ${parameter(0.5 * bend)}, 0.5 * ${d} * ${d} / ${parameter(bend)}, abs(${d}) < ${parameter(bend)}))`,
  gradient: ({ inputs: [d], attrs: { bend, scale }, grad }) => {
    const steep = e.mul(grad, scale);
    return [e.where(e.le(d, -bend), e.neg(steep), e.where(e.ge(d, bend), steep, e.mul(grad, e.mul(d, scale / bend))))];
  },
  python: ([d], { bend, scale }) =>
    `(${pythonNumber(scale)} * F.smooth_l1_loss(${d}, torch.zeros_like(${d}), beta=${pythonNumber(bend)}, reduction="none"))`,
});
