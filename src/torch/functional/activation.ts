/**
 * @file torch.nn.functional: activations and dropout.
 */
import { fail } from '../../base/errors.ts';
import { bernoulli } from '../../base/random.ts';
import { normalizeDim, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import * as ops from '../../graph/ops/elementwise/index.ts';
import { leaf } from '../../graph/record.ts';
import type { Attrs, Op } from '../../graph/types.ts';
import { changeInPlace } from '../inplace.ts';
import { inOwnMemory } from '../memory.ts';
import { one, requireFloat, several } from '../ops/apply.ts';
import * as unary from '../ops/unary.ts';
import { defaultGenerator } from '../random.ts';
import { fn, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';

const input = p.tensor('input');
/** PyTorch's switch to write the result over the input, which every tensor of the same memory then sees. */
const inplace = p.flag('inplace', false);

/** `f` of the input: a new tensor, or the input changed. */
const put = (what: string, input: Tensor, inplace: boolean, f: (x: Tensor) => Tensor): Tensor =>
  inplace ? changeInPlace(input, `${what}_`, f) : f(input);

function activate<A extends Attrs>(what: string, op: Op<A>, input: Tensor, attrs: A, inplace = false): Tensor {
  requireFloat(what, input);
  return put(what, input, inplace, (x) => one(op, x, attrs));
}

/** max(x, 0) */
export const relu = fn('F.relu', [input, inplace], (input, inplace): Tensor =>
  put('relu', input, inplace, (x) => unary.relu(x)),
);

/** x times the probability that a standard normal number is below x; `'tanh'` is the older, cheaper formula. */
export const gelu = fn(
  'F.gelu',
  [input, '*', p.choice(['none', 'tanh'])('approximate', 'none')],
  (input, approximate): Tensor => activate('gelu', approximate === 'tanh' ? ops.geluTanh : ops.gelu, input, {}),
);

/** x·sigmoid(x) */
export const silu = fn('F.silu', [input, inplace], (input, inplace): Tensor =>
  activate('silu', ops.silu, input, {}, inplace),
);
/** x·tanh(softplus(x)) */
export const mish = fn('F.mish', [input, inplace], (input, inplace): Tensor =>
  activate('mish', ops.mish, input, {}, inplace),
);
/** x, between 0 and 6. */
export const relu6 = fn('F.relu6', [input, inplace], (input, inplace): Tensor =>
  activate('relu6', ops.hardtanh, input, { low: 0, high: 6 }, inplace),
);

/** x, between `minVal` and `maxVal`. */
export const hardtanh = fn(
  'F.hardtanh',
  [input, p.float('minVal', -1), p.float('maxVal', 1), inplace],
  (input, minVal, maxVal, inplace): Tensor => {
    if (!(minVal <= maxVal)) fail(`hardtanh: minVal ${minVal} is above maxVal ${maxVal}`);
    return activate('hardtanh', ops.hardtanh, input, { low: minVal, high: maxVal }, inplace);
  },
);

/** x/6 + 1/2, between 0 and 1. */
export const hardsigmoid = fn('F.hardsigmoid', [input, inplace], (input, inplace): Tensor =>
  activate('hardsigmoid', ops.hardsigmoid, input, {}, inplace),
);
/** x·hardsigmoid(x) */
export const hardswish = fn('F.hardswish', [input, inplace], (input, inplace): Tensor =>
  activate('hardswish', ops.hardswish, input, {}, inplace),
);
/** x above 0, negativeSlope·x below. */
export const leakyRelu = fn(
  'F.leaky_relu',
  [input, p.float('negativeSlope', 0.01), inplace],
  (input, negativeSlope, inplace): Tensor =>
    activate('leakyRelu', ops.leakyRelu, input, { slope: negativeSlope }, inplace),
);

/** x above 0, weight·x below; one weight, or one a channel (dimension 1). */
export const prelu = fn(
  'F.prelu',
  [input, p.tensor('weight')],
  (input, weight): Tensor => {
    requireFloat('prelu', input, weight);
    const count = sizeOf(weight.node.shape);
    if (count !== 1 && count !== input.node.shape[1])
      fail(`prelu: ${count} weights for ${input.node.shape[1] ?? 1} channels; give one, or one a channel`);
    const shape = count === 1 ? [] : input.node.shape.map((size, d) => (d === 1 ? size : 1));
    return several(ops.prelu, [input, new Tensor(e.reshape(weight.node, shape))], {});
  },
  { pythonCall: true },
);

/** x above 0, alpha·(e^x − 1) below. */
export const elu = fn('F.elu', [input, p.float('alpha', 1), inplace], (input, alpha, inplace): Tensor =>
  activate('elu', ops.elu, input, { alpha, scale: 1, inputScale: 1 }, inplace),
);
/** elu that keeps mean 0 and variance 1 through layers: G. Klambauer et al., 2017. */
export const selu = fn('F.selu', [input, inplace], (input, inplace): Tensor =>
  activate('selu', ops.elu, input, { alpha: 1.6732632423543772, scale: 1.0507009873554805, inputScale: 1 }, inplace),
);
/** x above 0, alpha·(e^(x/alpha) − 1) below. */
export const celu = fn('F.celu', [input, p.float('alpha', 1), inplace], (input, alpha, inplace): Tensor => {
  if (alpha === 0) fail('celu: alpha is 0, by which x is divided; give another number');
  return activate('celu', ops.elu, input, { alpha, scale: 1, inputScale: 1 / alpha }, inplace);
});

/** log(1 + e^(beta·x)) / beta; x itself where beta·x is above the threshold. */
export const softplus = fn(
  'F.softplus',
  [input, p.float('beta', 1), p.float('threshold', 20)],
  (input, beta, threshold): Tensor => activate('softplus', ops.softplus, input, { beta, threshold }),
);
/** log(sigmoid(x)) */
export const logsigmoid = fn(
  'F.logsigmoid',
  [input],
  (input): Tensor => new Tensor(inOwnMemory(activate('logsigmoid', ops.logSigmoid, input, {}).node)),
);
/** x / (1 + |x|) */
export const softsign = fn('F.softsign', [input], (input): Tensor => activate('softsign', ops.softsign, input, {}));
/** x − tanh(x) */
export const tanhshrink = fn('F.tanhshrink', [input], (input): Tensor =>
  activate('tanhshrink', ops.tanhshrink, input, {}),
);
/** x moved towards 0 by lambd; 0 within it. */
export const softshrink = fn('F.softshrink', [input, p.float('lambd', 0.5)], (input, lambd): Tensor =>
  lambd < 0
    ? fail(`softshrink: lambd is ${lambd}; it is at least 0`)
    : activate('softshrink', ops.softshrink, input, { lambda: lambd }),
);
/** x, and 0 within lambd of 0. */
export const hardshrink = fn('F.hardshrink', [input, p.float('lambd', 0.5)], (input, lambd): Tensor =>
  activate('hardshrink', ops.hardshrink, input, { lambda: lambd }),
);
/** x above the threshold, else the value. */
export const threshold = fn(
  'F.threshold',
  [input, p.float('threshold'), p.float('value'), inplace],
  (input, limit, value, inplace): Tensor =>
    activate('threshold', ops.threshold, input, { threshold: limit, value }, inplace),
);

/** The first half along `dim`, times the sigmoid of the second. */
export const glu = fn(
  'F.glu',
  [input, p.int('dim', -1)],
  (input, dim): Tensor => {
    requireFloat('glu', input);
    const d = normalizeDim('glu', dim, input.ndim);
    const size = input.node.shape[d];
    if (size % 2 !== 0) fail(`glu: dim ${dim} has the size ${size}; only an even one has halves`);
    return new Tensor(e.mul(e.slice(input.node, d, 0, size / 2), e.sigmoid(e.slice(input.node, d, size / 2, size))));
  },
  { pythonCall: true },
);

const dropping = [input, p.float('p', 0.5), p.flag('training', true), inplace] as const;

/**
 * While training, sets each element to 0 with probability p and divides the others by 1 − p. The mask is drawn from the
 * default generator, and so is PyTorch's for the same seed.
 */
export const dropout = fn(
  'F.dropout',
  dropping,
  (input, p, training, inplace): Tensor =>
    put('dropout', input, inplace, (x) => masked('dropout', x, p, training, x.node.shape)),
  { pythonCall: true },
);

/** dropout of whole channels: of an input [N, C, …] all of [n, c] together. */
export const dropout2d = fn(
  'F.dropout2d',
  dropping,
  (input, p, training, inplace): Tensor =>
    put('dropout2d', input, inplace, (x) =>
      masked(
        'dropout2d',
        x,
        p,
        training,
        x.node.shape.map((size, d) => (d < 2 ? size : 1)),
      ),
    ),
  { pythonCall: true },
);

function masked(what: string, input: Tensor, p: number, training: boolean, maskShape: readonly number[]): Tensor {
  requireFloat(what, input);
  if (!(p >= 0 && p <= 1)) fail(`${what}: p is ${p}; a probability is from 0 to 1`);
  if (!training || p === 0) return input;
  const kept = bernoulli(defaultGenerator, p === 1 ? 0 : sizeOf(maskShape), 1 - p);
  const mask = leaf(
    { shape: maskShape, dtype: 'bool' },
    input.node.device,
    p === 1 ? new Uint8Array(sizeOf(maskShape)) : kept,
  );
  return new Tensor(e.dropout(input.node, mask, p));
}
