/**
 * @file Quantisation: real numbers as whole ones of few bits, real = (level − zero point) · scale. A row each.
 *
 * Scale and zero point are operands that broadcast, so one row serves a tensor that has one of each and a tensor that
 * has one a channel. Where PyTorch divides by the scale it multiplies by the inverse, rounded to float32; the inverse
 * is an operand of its own, since the host divides exactly and a GPU need not: ties would else be lost.
 *
 * Source: B. Jacob et al., Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
 * Inference, arXiv 1712.05877.
 */
import { roundHalfEven } from '../../../base/special.ts';
import * as e from '../../expr.ts';
import type { Attrs, Op } from '../../types.ts';
import { elementwise } from './define.ts';

/** What quantised elements are stored as: PyTorch's qint8 and quint8. */
export type QuantizedType = 'int8' | 'uint8';

/** The least and the greatest level. */
export const levelsOf: Readonly<Record<QuantizedType, readonly [low: number, high: number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
};

/**
 * The nearest level, of two the even one above the zero point; what lies beyond the ends becomes the end, NaN the lower
 * one.
 */
function nearestLevel(v: number, zero: number, [low, high]: readonly [number, number]): number {
  return Number.isNaN(v) ? low : roundHalfEven(Math.min(Math.max(v, low - zero), high - zero)) + zero;
}

const levelWgsl = (v: string, zero: string, [low, high]: readonly [number, number]): string =>
  `quantization_level(${v}, ${zero}, ${low}, ${high})`;
const levelPython = (v: string, zero: string, [low, high]: readonly [number, number]): string =>
  `torch.clamp(torch.round(${v}) + ${zero}, ${low}, ${high})`;

interface QuantizedAttrs extends Attrs {
  readonly dtype: QuantizedType;
}

/** Operands: x, 1 / scale, zero point. */
export const quantize: Op<QuantizedAttrs> = elementwise<QuantizedAttrs>({
  name: 'quantize',
  free: 3,
  takesNumbers: true,
  result: (_, { dtype }) => dtype,
  js: ([x, inverse, zero], { dtype }) => nearestLevel(Math.fround(x * inverse), zero, levelsOf[dtype]),
  wgsl: ([x, inverse, zero], { dtype }) => levelWgsl(`${x} * ${inverse}`, zero, levelsOf[dtype]),
  uses: ['quantization'],
  gradient: 'none',
  python: ([x, inverse, zero], { dtype }) =>
    `${levelPython(`${x} * ${inverse}`, zero, levelsOf[dtype])}.to(torch.${dtype})`,
});

/** Operands: levels, scale, zero point. */
export const dequantize: Op<Attrs> = elementwise({
  name: 'dequantize',
  free: 3,
  takesNumbers: true,
  result: () => 'float32',
  js: ([level, scale, zero]) => (level - zero) * scale,
  wgsl: ([level, scale, zero]) => `f32(${level} - ${zero}) * ${scale}`,
  gradient: 'none',
  python: ([level, scale, zero]) => `((${level}.to(torch.float32) - ${zero}) * ${scale})`,
});

interface RangeAttrs extends Attrs {
  readonly quantMin: number;
  readonly quantMax: number;
}

/**
 * Quantised and dequantised at once, so that training feels the rounding. The gradient goes straight through to what
 * lies between the ends and is 0 beyond them. Operands: x, 1 / scale, scale, zero point.
 */
export const fakeQuantize: Op<RangeAttrs> = elementwise<RangeAttrs>({
  name: 'fakeQuantize',
  free: 4,
  takesNumbers: true,
  result: ([x]) => x.dtype,
  js: ([x, inverse, scale, zero], { quantMin, quantMax }) =>
    (nearestLevel(Math.fround(x * inverse), zero, [quantMin, quantMax]) - zero) * scale,
  wgsl: ([x, inverse, scale, zero], { quantMin, quantMax }) =>
    `f32(${levelWgsl(`${x} * ${inverse}`, zero, [quantMin, quantMax])} - ${zero}) * ${scale}`,
  uses: ['quantization'],
  gradient: ({ inputs: [x, inverse, , zero], attrs: { quantMin, quantMax }, grad }) => {
    const level = e.add(e.round(e.mul(e.cast(x, 'float32'), inverse)), e.cast(zero, 'float32'));
    return [e.where(e.logicalAnd(e.ge(level, quantMin), e.le(level, quantMax)), grad, 0)];
  },
  python: ([x, inverse, scale, zero], { quantMin, quantMax }) =>
    `((${levelPython(`${x} * ${inverse}`, zero, [quantMin, quantMax])} - ${zero}) * ${scale})`,
});

/**
 * The sums of a quantised layer as levels of its output: (sum + bias) · multiplier. Operands: sums, multiplier (the
 * scales of input and weight over that of the output), zero point, and where there is one the bias (over the scales of
 * input and weight).
 */
export const requantize: Op<QuantizedAttrs> = elementwise<QuantizedAttrs>({
  name: 'requantize',
  free: 4,
  takesNumbers: true,
  result: (_, { dtype }) => dtype,
  js: ([sum, multiplier, zero, bias = 0], { dtype }) =>
    nearestLevel(Math.fround(Math.fround(Math.fround(sum) + bias) * multiplier), zero, levelsOf[dtype]),
  wgsl: ([sum, multiplier, zero, bias], { dtype }) =>
    levelWgsl(`${bias ? `(f32(${sum}) + ${bias})` : `f32(${sum})`} * ${multiplier}`, zero, levelsOf[dtype]),
  uses: ['quantization'],
  gradient: 'none',
  python: ([sum, multiplier, zero, bias], { dtype }) =>
    `${levelPython(`${bias ? `(${sum} + ${bias})` : sum} * ${multiplier}`, zero, levelsOf[dtype])}.to(torch.${dtype})`,
});
