/**
 * @file torch.nn.functional: activations.
 */
import { fail } from '../../base/errors.ts';
import { bernoulli } from '../../base/random.ts';
import { normalizeDim, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import * as ops from '../../graph/ops/elementwise/index.ts';
import { leaf } from '../../graph/record.ts';
import type { Attrs, Op } from '../../graph/types.ts';
import { inOwnMemory } from '../memory.ts';
import { one, requireFloat, several } from '../ops/apply.ts';
import { defaultGenerator } from '../random.ts';
import { Tensor } from '../tensor.ts';
import { writtenAs } from '../written.ts';

export { relu, sigmoid, tanh } from '../ops/unary.ts';

function activate<A extends Attrs>(name: string, op: Op<A>, input: Tensor, attrs: A): Tensor {
  requireFloat(name, input);
  return one(op, input, attrs);
}

export interface GeluOptions {
  /** `'tanh'` is the older, cheaper formula. */
  readonly approximate?: 'none' | 'tanh';
}

/** x times the probability that a standard normal number is below x. */
export function gelu(input: Tensor, { approximate = 'none' }: GeluOptions = {}): Tensor {
  if (approximate !== 'none' && approximate !== 'tanh') fail(`gelu: unknown approximate '${String(approximate)}'; known are 'none' and 'tanh'`);
  return activate('gelu', approximate === 'tanh' ? ops.geluTanh : ops.gelu, input, {});
}

/** x·sigmoid(x) */
export const silu = (input: Tensor): Tensor => activate('silu', ops.silu, input, {});
/** x·tanh(softplus(x)) */
export const mish = (input: Tensor): Tensor => activate('mish', ops.mish, input, {});
/** x, between 0 and 6. */
export const relu6 = (input: Tensor): Tensor => hardtanh(input, 0, 6);

export function hardtanh(input: Tensor, minVal = -1, maxVal = 1): Tensor {
  if (!(minVal <= maxVal)) fail(`hardtanh: minVal ${minVal} is above maxVal ${maxVal}`);
  return activate('hardtanh', ops.hardtanh, input, { low: minVal, high: maxVal });
}

export const hardsigmoid = (input: Tensor): Tensor => activate('hardsigmoid', ops.hardsigmoid, input, {});
export const hardswish = (input: Tensor): Tensor => activate('hardswish', ops.hardswish, input, {});
export const leakyRelu = (input: Tensor, negativeSlope = 0.01): Tensor => activate('leakyRelu', ops.leakyRelu, input, { slope: negativeSlope });

/** x above 0, weight·x below; one weight, or one a channel (dimension 1). */
export const prelu = writtenAs('F.prelu', (input: Tensor, weight: Tensor): Tensor => {
  requireFloat('prelu', input, weight);
  const count = sizeOf(weight.node.shape);
  if (count !== 1 && count !== input.node.shape[1]) fail(`prelu: ${count} weights for ${input.node.shape[1] ?? 1} channels; give one, or one a channel`);
  const shape = count === 1 ? [] : input.node.shape.map((size, d) => (d === 1 ? size : 1));
  return several(ops.prelu, [input, new Tensor(e.reshape(weight.node, shape))], {});
});

export const elu = (input: Tensor, alpha = 1): Tensor => activate('elu', ops.elu, input, { alpha, scale: 1, inputScale: 1 });
/** elu that keeps mean 0 and variance 1 through layers: G. Klambauer et al., 2017. */
export const selu = (input: Tensor): Tensor => activate('selu', ops.elu, input, { alpha: 1.6732632423543772, scale: 1.0507009873554805, inputScale: 1 });
export const celu = (input: Tensor, alpha = 1): Tensor => activate('celu', ops.elu, input, { alpha, scale: 1, inputScale: 1 / alpha });

/** log(1 + e^(beta·x)) / beta; x itself where beta·x is above the threshold. */
export const softplus = (input: Tensor, beta = 1, threshold = 20): Tensor => activate('softplus', ops.softplus, input, { beta, threshold });
export const logsigmoid = (input: Tensor): Tensor => new Tensor(inOwnMemory(activate('logsigmoid', ops.logSigmoid, input, {}).node));
/** x / (1 + |x|) */
export const softsign = (input: Tensor): Tensor => activate('softsign', ops.softsign, input, {});
/** x − tanh(x) */
export const tanhshrink = (input: Tensor): Tensor => activate('tanhshrink', ops.tanhshrink, input, {});
export const softshrink = (input: Tensor, lambd = 0.5): Tensor => activate('softshrink', ops.softshrink, input, { lambda: lambd });
export const hardshrink = (input: Tensor, lambd = 0.5): Tensor => activate('hardshrink', ops.hardshrink, input, { lambda: lambd });
/** x above the threshold, else the value. */
export const threshold = (input: Tensor, limit: number, value: number): Tensor => activate('threshold', ops.threshold, input, { threshold: limit, value });

/** The first half along `dim`, times the sigmoid of the second. */
export const glu = writtenAs('F.glu', (input: Tensor, dim = -1): Tensor => {
  requireFloat('glu', input);
  const d = normalizeDim('glu', dim, input.ndim);
  const size = input.node.shape[d];
  if (size % 2 !== 0) fail(`glu: dim ${dim} has the size ${size}; only an even one has halves`);
  return new Tensor(e.mul(e.slice(input.node, d, 0, size / 2), e.sigmoid(e.slice(input.node, d, size / 2, size))));
});

/**
 * While training, sets each element to 0 with probability p and divides the others by 1 − p. The mask is drawn from the
 * default generator, and so is PyTorch's for the same seed.
 */
export const dropout = writtenAs('F.dropout', (input: Tensor, p = 0.5, training = true): Tensor => masked('dropout', input, p, training, input.node.shape));

/** dropout of whole channels: of an input [N, C, …] all of [n, c] together. */
export const dropout2d = writtenAs('F.dropout2d', (input: Tensor, p = 0.5, training = true): Tensor => {
  return masked('dropout2d', input, p, training, input.node.shape.map((size, d) => (d < 2 ? size : 1)));
});

function masked(what: string, input: Tensor, p: number, training: boolean, maskShape: readonly number[]): Tensor {
  requireFloat(what, input);
  if (!(p >= 0 && p <= 1)) fail(`${what}: p is ${p}; a probability is from 0 to 1`);
  if (!training || p === 0) return input;
  const kept = bernoulli(defaultGenerator, p === 1 ? 0 : sizeOf(maskShape), 1 - p);
  const mask = leaf({ shape: maskShape, dtype: 'bool' }, input.node.device, p === 1 ? new Uint8Array(sizeOf(maskShape)) : kept);
  return new Tensor(e.dropout(input.node, mask, p));
}
