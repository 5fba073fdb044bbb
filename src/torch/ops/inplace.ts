/**
 * @file The forms with an underscore: each writes what the form without it gives into the tensor, and returns the tensor.
 * Every tensor that shares the memory sees the change; autograd follows it, or says why it cannot.
 */
import { fail } from '../../base/errors.ts';
import { normal, uniform, uniformHalf } from '../../base/random.ts';
import type { Generator } from '../../base/random.ts';
import { sizeOf } from '../../base/shape.ts';
import { encode, isFloat } from '../../base/dtype.ts';
import type { OptionNames } from '../../base/options.ts';
import * as e from '../../graph/expr.ts';
import { overwrite } from '../../graph/ops/identity.ts';
import { leaf, record } from '../../graph/record.ts';
import { changeInPlace } from '../inplace.ts';
import { defaultGenerator } from '../random.ts';
import { Tensor, attach } from '../tensor.ts';
import { tril, triu } from './combine.ts';
import { options as optionsOfIndexing, indexAdd, indexCopy, indexFill, maskedFill, scatter, scatterAdd } from './indexing.ts';
import { options as optionsOfProducts, addmm, baddbmm } from './matmul.ts';
import { options as optionsOfArithmetic, add, addcdiv, addcmul, clamp, clampMax, clampMin, div, floorDivide, fmod, lerp, mul, pow, remainder, sub } from './pointwise.ts';
import type { Operand } from './promote.ts';
import { toNodes } from './promote.ts';
import { expand, to } from './shape.ts';
import { abs, ceil, cos, erf, exp, exp2, expm1, floor, log, log10, log1p, log2, neg, reciprocal, relu, round, rsqrt, sigmoid, sign, sin, sqrt, square, tan, tanh, trunc } from './unary.ts';

/** Operations whose result has the tensor's shape: `name` gives `name_`. */
const outOfPlace = {
  abs, add, addcdiv, addcmul, addmm, baddbmm, ceil, clamp, clampMax, clampMin, cos, div, erf, exp, exp2, expm1, floor, floorDivide, fmod,
  indexAdd, indexCopy, indexFill, lerp, log, log10, log1p, log2, maskedFill, mul, neg, pow, reciprocal, relu, remainder, round, rsqrt,
  scatter, scatterAdd, sigmoid, sign, sin, sqrt, square, sub, tan, tanh, tril, triu, trunc,
};

type Forms = typeof outOfPlace;
type InPlaceForms = { [K in keyof Forms as `${K & string}_`]: Forms[K] extends (self: any, ...rest: infer R) => unknown ? (...rest: R) => Tensor : never };

/** The options of the forms without an underscore, which those with it take over. */
const options: OptionNames<Forms> = { ...optionsOfArithmetic, ...optionsOfProducts, ...optionsOfIndexing };

for (const [name, operation] of Object.entries(outOfPlace)) {
  const apply = operation as (self: Tensor, ...rest: unknown[]) => Tensor;
  const form = `${name}_`;
  attach({ [form]: (self: Tensor, ...rest: unknown[]) => changeInPlace(self, form, (x) => apply(x, ...rest)) }, {}, { [form]: options[name as keyof Forms] });
}

/** Every element becomes the value: a number, or a tensor without dimensions. */
function fill_(self: Tensor, value: Operand): Tensor {
  if (typeof value === 'object' && value.ndim > 0) fail(`fill_: the value has shape ${value.shape}; expected a number or a tensor without dimensions`);
  return changeInPlace(self, 'fill_', (x) => new Tensor(e.expand(toNodes([value, x], x.dtype)[0], x.shape)));
}

/** Every element becomes 0. */
function zero_(self: Tensor): Tensor {
  return changeInPlace(self, 'zero_', (x) => new Tensor(e.fullLike(x.node, 0)));
}

/** Takes over another tensor's elements, which broadcast, and are converted and moved as needed. */
function copy_(self: Tensor, source: Tensor): Tensor {
  return changeInPlace(self, 'copy_', (x) => new Tensor(record(overwrite, [expand(to(source, x.device, x.dtype), x.shape).node, x.node], { through: false })));
}

/** Random numbers, uniform on [from, to). */
function uniform_(self: Tensor, from = 0, to_ = 1, options: { readonly generator?: Generator } = {}): Tensor {
  const draw = self.dtype === 'float16' ? uniformHalf : uniform;
  return drawn(self, 'uniform_', (n) => draw(options.generator ?? defaultGenerator, n, from, to_));
}

/** Random numbers, normal with this mean and standard deviation. */
function normal_(self: Tensor, mean = 0, std = 1, options: { readonly generator?: Generator } = {}): Tensor {
  return drawn(self, 'normal_', (n) => normal(options.generator ?? defaultGenerator, n, mean, std));
}

function drawn(self: Tensor, what: string, draw: (n: number) => Float32Array | Uint16Array): Tensor {
  if (!isFloat(self.dtype)) fail(`${what}: random numbers are floating, the tensor is ${self.dtype}`);
  const values = draw(sizeOf(self.shape));
  const host = values instanceof Uint16Array ? values : encode(self.dtype, values);
  return changeInPlace(self, what, (x) => new Tensor(leaf({ shape: x.shape, dtype: x.dtype }, x.node.device, host)));
}

const fills = { fill_, zero_, copy_, uniform_, normal_ };
attach(fills, {}, { uniform_: ['generator'], normal_: ['generator'] });

type Fills = { [K in keyof typeof fills]: (typeof fills)[K] extends (self: any, ...rest: infer R) => infer O ? (...rest: R) => O : never };

declare module '../tensor.ts' {
  interface Tensor extends InPlaceForms, Fills {}
}
