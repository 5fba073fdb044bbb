/**
 * @file The pointwise kernel of normalisation, which would else be a chain of small ones.
 */
import * as e from '../../expr.ts';
import type { Attrs, Op } from '../../types.ts';
import { elementwise } from './define.ts';

interface NormalizedAttrs extends Attrs {
  readonly eps: number;
  /** The statistics are those of this batch. */
  readonly training?: boolean;
}

/**
 * (x − mean) / √(variance + eps), times a weight and plus a bias where they are given. The statistics may be wider than
 * x.
 */
export const normalized: Op<NormalizedAttrs> = elementwise<NormalizedAttrs>({
  name: 'normalized',
  free: 5,
  result: ([x]) => x.dtype,
  js: ([x, mean, variance, weight = 1, bias = 0], { eps }) => ((x - mean) / Math.sqrt(variance + eps)) * weight + bias,
  wgsl: ([x, mean, variance, weight, bias], { eps }, { parameter }) =>
    `((${x} - ${mean}) / sqrt(${variance} + ${parameter(eps)})${weight ? ` * ${weight}` : ''}${bias ? ` + ${bias}` : ''})`,
  gradient: ({ inputs: [x, mean, variance, weight, bias], attrs: { eps }, grad, needs }) => {
    const g = e.cast(grad, 'float32');
    const scaled = weight ? e.mul(g, e.cast(weight, 'float32')) : g;
    const spread = e.add(variance, eps);
    const centred = e.sub(e.cast(x, 'float32'), mean);
    const toX = e.mul(scaled, e.rsqrt(spread));
    return [
      needs(0) ? e.sumTo(e.cast(toX, x.dtype), x.shape) : undefined,
      needs(1) ? e.sumTo(e.neg(toX), mean.shape) : undefined,
      needs(2) ? e.sumTo(e.mul(e.mul(toX, e.div(centred, spread)), -0.5), variance.shape) : undefined,
      weight && needs(3)
        ? e.sumTo(e.cast(e.mul(g, e.mul(centred, e.rsqrt(spread))), weight.dtype), weight.shape)
        : undefined,
      bias && needs(4) ? e.sumTo(e.cast(g, bias.dtype), bias.shape) : undefined,
    ];
  },
  python: ([x, mean, variance, weight, bias], { eps }) => {
    const scaled = `(${x} - ${mean}) * torch.rsqrt(${variance} + ${eps})`;
    return `(${scaled}${weight ? ` * ${weight}` : ''}${bias ? ` + ${bias}` : ''})`;
  },
});
