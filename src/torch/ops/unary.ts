/**
 * @file Functions of one operand, element by element.
 */
import type { DType } from '../../base/dtype.ts';
import { isFloat } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import * as e from '../../graph/expr.ts';
import * as ops from '../../graph/ops/elementwise/index.ts';
import { full } from '../../graph/ops/full.ts';
import type { Attrs, Op } from '../../graph/types.ts';
import type { Methods } from '../tensor.ts';
import { Tensor, attach } from '../tensor.ts';
import { floating, one } from './apply.ts';

const same = (op: Op<Attrs>) => (a: Tensor): Tensor => one(op, a, {});
/** Integers and bools become float32 first. */
const real = (op: Op<Attrs>) => (a: Tensor): Tensor => one(op, a, {}, floating(a.dtype));
/** Of integers, a copy. */
const rounded = (op: Op<Attrs>) => (a: Tensor): Tensor => (isFloat(a.dtype) ? one(op, a, {}) : new Tensor(e.copy(a.node)));
/** No integer is anything but finite. */
const asked = (op: Op<Attrs>, ofIntegers: boolean) => (a: Tensor): Tensor => (isFloat(a.dtype) ? one(op, a, {}) : new Tensor(full(a.node.shape, 'bool', Number(ofIntegers), a.node.device)));

export const abs = same(ops.abs);
export const sign = same(ops.sign);
export const square = (a: Tensor): Tensor => (a.dtype === 'bool' ? one(ops.square, a, {}, 'int32') : one(ops.square, a, {}));
/** −a; a bool has no negative. */
export const neg = (a: Tensor): Tensor => (a.dtype === 'bool' ? fail('neg: a bool has no negative; use logicalNot') : one(ops.neg, a, {}));

export const exp = real(ops.exp);
export const exp2 = real(ops.exp2);
/** e^a − 1 */
export const expm1 = real(ops.expm1);
export const log = real(ops.log);
export const log2 = real(ops.log2);
export const log10 = real(ops.log10);
/** log(1 + a) */
export const log1p = real(ops.log1p);
export const sqrt = real(ops.sqrt);
export const rsqrt = real(ops.rsqrt);
export const reciprocal = real(ops.reciprocal);
export const sigmoid = real(ops.sigmoid);
export const erf = real(ops.erf);
/** 1 − erf(a) */
export const erfc = real(ops.erfc);

export const sin = real(ops.sin);
export const cos = real(ops.cos);
export const tan = real(ops.tan);
export const asin = real(ops.asin);
export const acos = real(ops.acos);
export const atan = real(ops.atan);
export const sinh = real(ops.sinh);
export const cosh = real(ops.cosh);
export const tanh = real(ops.tanh);
export const asinh = real(ops.asinh);
export const acosh = real(ops.acosh);
export const atanh = real(ops.atanh);

export const floor = rounded(ops.floor);
export const ceil = rounded(ops.ceil);
/** To the nearest whole number, to the even one of two. */
export const round = rounded(ops.round);
export const trunc = rounded(ops.trunc);
/** a − trunc(a) */
export const frac = (a: Tensor): Tensor => (isFloat(a.dtype) ? one(ops.frac, a, {}) : fail(`frac: ${a.dtype} has no fraction`));

export const isnan = asked(ops.isnan, false);
export const isinf = asked(ops.isinf, false);
export const isfinite = asked(ops.isfinite, true);
export const isposinf = asked(ops.isposinf, false);
export const isneginf = asked(ops.isneginf, false);

const largest: Partial<Record<DType, number>> = { float32: 3.4028234663852886e38, float16: 65504 };

/** Numbers in place of NaN and the infinities: 0 and the dtype's largest unless given. */
export function nanToNum(a: Tensor, nan = 0, posinf = largest[a.dtype], neginf = -(largest[a.dtype] ?? 0)): Tensor {
  return posinf === undefined ? new Tensor(e.copy(a.node)) : one(ops.nanToNum, a, { nan, posinf, neginf });
}

/** Degrees to radians. */
export const deg2rad = (a: Tensor): Tensor => new Tensor(e.mul(e.cast(a.node, floating(a.dtype)), Math.PI / 180));
export const rad2deg = (a: Tensor): Tensor => new Tensor(e.mul(e.cast(a.node, floating(a.dtype)), 180 / Math.PI));

/** max(a, 0) */
export const relu = (a: Tensor): Tensor => (a.dtype === 'bool' ? fail('relu: a bool has no relu; convert with .to()') : one(ops.relu, a, {}));

const functions = {
  abs, sign, square, neg, exp, exp2, expm1, log, log2, log10, log1p, sqrt, rsqrt, reciprocal, sigmoid, erf, erfc,
  sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh,
  floor, ceil, round, trunc, frac, isnan, isinf, isfinite, isposinf, isneginf, nanToNum, deg2rad, rad2deg, relu,
};
/** As programs call them. */
export const called = attach(functions, {
  deg2rad: 'torch.deg2rad',
  rad2deg: 'torch.rad2deg',
});

declare module '../tensor.ts' {
  interface Tensor extends Methods<typeof functions> {}
}
