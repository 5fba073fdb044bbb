/**
 * @file Activations: a row each. Where a derivative takes more than a step or two, it is a row of its own (a slope), so
 * that a backward pass is one kernel and can be differentiated again.
 */
import { erfc as erfcOf, larger, smaller } from '../../../base/special.ts';
import * as e from '../../expr.ts';
import type { Attrs, FormulaContext, MathLibrary, Node, Op } from '../../types.ts';
import { pythonNumber } from '../../../base/python.ts';
import { elementwise, literal } from './define.ts';

interface Activation<A extends Attrs> {
  readonly js: (x: number, attrs: A) => number;
  /** `x` is a name, so it may be written often. */
  readonly wgsl: (x: string, attrs: A, parameter: FormulaContext['parameter']) => string;
  readonly derivative: (x: Node, y: Node, g: Node, attrs: A) => Node;
  readonly uses?: readonly MathLibrary[];
  readonly python: (x: string, attrs: A) => string;
}

function activation<A extends Attrs = Attrs>(name: string, row: Activation<A>): Op<A> {
  return elementwise<A>({
    name,
    js: ([x], attrs) => row.js(x, attrs),
    wgsl: ([x], attrs, { parameter }) => row.wgsl(x, attrs, parameter),
    uses: row.uses,
    gradient: ({ inputs: [x], attrs, node, grad }) => [row.derivative(x, node, grad, attrs)],
    python: ([x], attrs) => row.python(x, attrs),
  });
}

const exponential = ['exponential'] as const;
const sigmoidOf = (x: number): number => 1 / (1 + Math.exp(-x));

/** The gradient, or 0 where the condition holds. A NaN, of which none holds, passes it on. */
const unless = (condition: Node, g: Node): Node => e.where(condition, 0, g);
const outside = (x: Node, low: number, high: number): Node => e.logicalOr(e.le(x, low), e.ge(x, high));

interface BoundsAttrs extends Attrs {
  readonly low: number;
  readonly high: number;
}

/** Clamped; unlike clamp's, its gradient is 0 on the bounds. */
export const hardtanh = activation<BoundsAttrs>('hardtanh', {
  js: (x, { low, high }) => smaller(larger(x, low), high),
  wgsl: (x, { low, high }, parameter) => `smaller(larger(${x}, ${parameter(low)}), ${parameter(high)})`,
  derivative: (x, _y, g, { low, high }) => unless(outside(x, low, high), g),
  python: (x, { low, high }) =>
    low === 0 && high === 6 ? `F.relu6(${x})` : `F.hardtanh(${x}, ${pythonNumber(low)}, ${pythonNumber(high)})`,
});

interface SlopeAttrs extends Attrs {
  readonly slope: number;
}

export const leakyRelu = activation<SlopeAttrs>('leakyRelu', {
  js: (x, { slope }) => (x > 0 ? x : slope * x),
  wgsl: (x, { slope }, parameter) => `select(${parameter(slope)} * ${x}, ${x}, ${x} > 0.0)`,
  derivative: (x, _y, g, { slope }) => e.where(e.gt(x, 0), g, e.mul(g, slope)),
  python: (x, { slope }) => `F.leaky_relu(${x}, ${pythonNumber(slope)})`,
});

/** x above 0, else x times a weight, which broadcasts. */
export const prelu: Op<Attrs> = elementwise({
  name: 'prelu',
  js: ([x, w]) => (x > 0 ? x : x * w),
  wgsl: ([x, w]) => `select(${x} * ${w}, ${x}, ${x} > 0.0)`,
  gradient: ({ inputs: [x, w], grad, needs }) => [
    needs(0) ? e.sumTo(e.where(e.gt(x, 0), grad, e.mul(grad, w)), x.shape) : undefined,
    needs(1) ? e.sumTo(unless(e.gt(x, 0), e.mul(grad, x)), w.shape) : undefined,
  ],
  python: ([x, w]) => `torch.where(${x} > 0, ${x}, ${x} * ${w})`,
});

interface EluAttrs extends Attrs {
  readonly alpha: number;
  readonly scale: number;
  /** Of the exponent. */
  readonly inputScale: number;
}

/** scale·x above 0, scale·alpha·(e^(inputScale·x) − 1) below: elu, selu and celu. */
export const elu = activation<EluAttrs>('elu', {
  js: (x, { alpha, scale, inputScale }) => (x > 0 ? scale * x : scale * alpha * Math.expm1(inputScale * x)),
  wgsl: (x, { alpha, scale, inputScale }, parameter) =>
    `select(${parameter(scale * alpha)} * torch_expm1(${parameter(inputScale)} * ${x}), ${parameter(scale)} * ${x}, ${x} > 0.0)`,
  uses: exponential,
  derivative: (x, _y, g, { alpha, scale, inputScale }) =>
    e.mul(g, e.where(e.le(x, 0), e.mul(e.exp(e.mul(e.minimum(x, 0), inputScale)), scale * alpha * inputScale), scale)),
  python: (x, { alpha, scale, inputScale }) =>
    scale !== 1
      ? `F.selu(${x})`
      : inputScale !== 1
        ? `F.celu(${x}, ${pythonNumber(alpha)})`
        : `F.elu(${x}, ${pythonNumber(alpha)})`,
});

export const hardsigmoid = activation('hardsigmoid', {
  js: (x) => smaller(larger(x + 3, 0), 6) / 6,
  wgsl: (x) => `(smaller(larger(${x} + 3.0, 0.0), 6.0) / 6.0)`,
  derivative: (x, _y, g) => e.where(e.logicalAnd(e.gt(x, -3), e.lt(x, 3)), e.div(g, 6), 0),
  python: (x) => `F.hardsigmoid(${x})`,
});

export const hardswish = activation('hardswish', {
  js: (x) => (x * smaller(larger(x + 3, 0), 6)) / 6,
  wgsl: (x) => `(${x} * smaller(larger(${x} + 3.0, 0.0), 6.0) / 6.0)`,
  derivative: (x, _y, g) => e.where(e.lt(x, -3), 0, e.where(e.lt(x, 3), e.mul(g, e.add(e.div(x, 3), 0.5)), g)),
  python: (x) => `F.hardswish(${x})`,
});

interface SoftplusAttrs extends Attrs {
  readonly beta: number;
  readonly threshold: number;
}

/** log(1 + e^(beta·x)) / beta; x itself above the threshold. */
export const softplus = activation<SoftplusAttrs>('softplus', {
  js: (x, { beta, threshold }) => (beta * x > threshold ? x : Math.log1p(Math.exp(beta * x)) / beta),
  wgsl: (x, { beta, threshold }, parameter) =>
    `select(torch_log1p(torch_exp(${parameter(beta)} * ${x})) / ${parameter(beta)}, ${x}, ${parameter(beta)} * ${x} > ${parameter(threshold)})`,
  uses: exponential,
  derivative: (x, _y, g, { beta, threshold }) =>
    e.where(e.gt(e.mul(x, beta), threshold), g, e.mul(g, e.sigmoid(e.mul(x, beta)))),
  python: (x, { beta, threshold }) => `F.softplus(${x}, ${pythonNumber(beta)}, ${pythonNumber(threshold)})`,
});

export const logSigmoid = activation('logSigmoid', {
  js: (x) => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))),
  wgsl: (x) => `(smaller(${x}, 0.0) - torch_log1p(torch_exp(-abs(${x}))))`,
  uses: exponential,
  derivative: (x, _y, g) => e.mul(g, e.sigmoid(e.neg(x))),
  python: (x) => `F.logsigmoid(${x})`,
});

const gaussian = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
const normalTail = (x: number): number => 0.5 * erfcOf(x * Math.SQRT1_2);
const wgslTail = (x: string): string => `0.5 * torch_erfc(${x} * 0.707106781)`;
const wgslGaussian = (x: string): string => `0.398942280 * torch_exp(-0.5 * ${x} * ${x})`;

/** x times the probability that a standard normal number is below x. */
export const gelu = activation('gelu', {
  js: (x) => x * normalTail(-x),
  wgsl: (x) => `(${x} * ${wgslTail(`-${x}`)})`,
  uses: ['exponential', 'error_function'],
  derivative: (x, _y, g) => e.mul(g, e.geluSlope(x)),
  python: (x) => `F.gelu(${x})`,
});

export const geluSlope = activation('geluSlope', {
  js: (x) => normalTail(-x) + x * gaussian(x),
  wgsl: (x) => `(${wgslTail(`-${x}`)} + ${x} * ${wgslGaussian(x)})`,
  uses: ['exponential', 'error_function'],
  derivative: (x, _y, g) =>
    e.mul(g, e.mul(e.mul(e.exp(e.mul(e.mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI)), e.sub(2, e.mul(x, x)))),
  python: (x) =>
    `(0.5 * torch.erfc(-${x} * math.sqrt(0.5)) + ${x} * torch.exp(-0.5 * ${x} * ${x}) / math.sqrt(2 * math.pi))`,
});

const C = Math.sqrt(2 / Math.PI);
const D = 0.044715;
const tanhArgument = (x: number): number => C * (x + D * x ** 3);
const wgslTanh = (x: string): string => `torch_tanh(${literal(C)} * (${x} + ${literal(D)} * ${x} * ${x} * ${x}))`;

/** gelu by Hendrycks and Gimpel's formula with tanh. */
export const geluTanh = activation('geluTanh', {
  js: (x) => 0.5 * x * (1 + Math.tanh(tanhArgument(x))),
  wgsl: (x) => `(0.5 * ${x} * (1.0 + ${wgslTanh(x)}))`,
  uses: exponential,
  derivative: (x, _y, g) => {
    const t = e.tanh(e.mul(e.add(x, e.mul(e.mul(e.mul(x, x), x), D)), C));
    const inner = e.mul(e.add(e.mul(e.mul(x, x), 3 * D), 1), C);
    return e.mul(g, e.mul(e.add(e.add(t, 1), e.mul(e.mul(x, e.sub(1, e.mul(t, t))), inner)), 0.5));
  },
  python: (x) => `F.gelu(${x}, approximate="tanh")`,
});

/** x·sigmoid(x) */
export const silu = activation('silu', {
  js: (x) => x * sigmoidOf(x),
  wgsl: (x) => `(${x} * torch_sigmoid(${x}))`,
  uses: exponential,
  derivative: (x, _y, g) => e.mul(g, e.siluSlope(x)),
  python: (x) => `F.silu(${x})`,
});

export const siluSlope = activation('siluSlope', {
  js: (x) => sigmoidOf(x) * (1 + x * sigmoidOf(-x)),
  wgsl: (x) => `(torch_sigmoid(${x}) * (1.0 + ${x} * torch_sigmoid(-${x})))`,
  uses: exponential,
  derivative: (x, _y, g) => {
    const s = e.sigmoid(x);
    return e.mul(g, e.mul(e.mul(s, e.sub(1, s)), e.add(e.mul(x, e.sub(1, e.mul(s, 2))), 2)));
  },
  python: (x) => `(torch.sigmoid(${x}) * (1 + ${x} * torch.sigmoid(-${x})))`,
});

/** x·tanh(softplus(x)) */
export const mish = activation('mish', {
  js: (x) => x * Math.tanh(x > 20 ? x : Math.log1p(Math.exp(x))),
  wgsl: (x) => `(${x} * torch_tanh(torch_log1p(torch_exp(min(${x}, 20.0)))))`,
  uses: exponential,
  derivative: (x, _y, g) => {
    const t = e.tanh(e.softplus(x));
    return e.mul(g, e.add(t, e.mul(e.mul(x, e.sigmoid(x)), e.sub(1, e.mul(t, t)))));
  },
  python: (x) => `F.mish(${x})`,
});

export const softsign = activation('softsign', {
  js: (x) => x / (1 + Math.abs(x)),
  wgsl: (x) => `(${x} / (1.0 + abs(${x})))`,
  derivative: (x, _y, g) => e.div(g, e.square(e.add(e.abs(x), 1))),
  python: (x) => `F.softsign(${x})`,
});

export const tanhshrink = activation('tanhshrink', {
  js: (x) => x - Math.tanh(x),
  wgsl: (x) => `(${x} - torch_tanh(${x}))`,
  uses: exponential,
  derivative: (x, _y, g) => e.mul(g, e.square(e.tanh(x))),
  python: (x) => `F.tanhshrink(${x})`,
});

interface LambdaAttrs extends Attrs {
  readonly lambda: number;
}

/** Towards 0 by lambda. */
export const softshrink = activation<LambdaAttrs>('softshrink', {
  js: (x, { lambda }) => (x > lambda ? x - lambda : x < -lambda ? x + lambda : x * 0),
  wgsl: (x, { lambda }, parameter) =>
    `select(select(${x} * ${parameter(0)}, ${x} + ${parameter(lambda)}, ${x} < -${parameter(lambda)}), ${x} - ${parameter(lambda)}, ${x} > ${parameter(lambda)})`,
  derivative: (_x, y, g) => unless(e.eq(y, 0), g),
  python: (x, { lambda }) => `F.softshrink(${x}, ${pythonNumber(lambda)})`,
});

/** 0 within lambda of 0. */
export const hardshrink = activation<LambdaAttrs>('hardshrink', {
  js: (x, { lambda }) => (x >= -lambda && x <= lambda ? 0 : x),
  wgsl: (x, { lambda }, parameter) => `select(${x}, 0.0, abs(${x}) <= ${parameter(lambda)})`,
  derivative: (_x, y, g) => unless(e.eq(y, 0), g),
  python: (x, { lambda }) => `F.hardshrink(${x}, ${pythonNumber(lambda)})`,
});

interface ThresholdAttrs extends Attrs {
  readonly threshold: number;
  readonly value: number;
}

/** x above the threshold, else the value. */
export const threshold = activation<ThresholdAttrs>('threshold', {
  js: (x, attrs) => (x <= attrs.threshold ? attrs.value : x),
  wgsl: (x, attrs, parameter) => `select(${x}, ${parameter(attrs.value)}, ${x} <= ${parameter(attrs.threshold)})`,
  derivative: (x, _y, g, attrs) => unless(e.le(x, attrs.threshold), g),
  python: (x, attrs) => `F.threshold(${x}, ${pythonNumber(attrs.threshold)}, ${pythonNumber(attrs.value)})`,
});

interface DropoutAttrs extends Attrs {
  readonly p: number;
  readonly training: true;
}

/** The elements that the mask keeps, divided by the probability of being kept. */
export const dropout: Op<DropoutAttrs> = elementwise<DropoutAttrs>({
  name: 'dropout',
  js: ([x, mask], { p }) => (p === 1 ? x * 0 : (x * mask) / (1 - p)),
  wgsl: ([x, mask], { p }, { parameter }) =>
    p === 1 ? `(${x} * ${parameter(0)})` : `(${x} * f32(${mask}) * ${parameter(1 / (1 - p))})`,
  result: ([x]) => x.dtype,
  free: 2,
  random: true,
  gradient: ({ inputs: [, mask], attrs, grad }) => [e.dropout(grad, mask, attrs.p), undefined],
  python: ([x], { p }) => `F.dropout(${x}, ${pythonNumber(p)})`,
});
