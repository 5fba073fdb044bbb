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
import type { MethodsOf } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { floating, one } from './apply.ts';

const unary = (name: string, body: (a: Tensor) => Tensor) =>
  fn(name, [p.tensor('input')], (input): Tensor => body(input));
/** The remote program has the call. */
const asCall = (name: string, body: (a: Tensor) => Tensor) =>
  fn(name, [p.tensor('input')], (input): Tensor => body(input), { pythonCall: true });

const same =
  (op: Op<Attrs>) =>
  (a: Tensor): Tensor =>
    one(op, a, {});
/** Integers and bools become float32 first. */
const real =
  (op: Op<Attrs>) =>
  (a: Tensor): Tensor =>
    one(op, a, {}, floating(a.dtype));
/** Of integers, a copy. */
const rounded =
  (op: Op<Attrs>) =>
  (a: Tensor): Tensor =>
    isFloat(a.dtype) ? one(op, a, {}) : new Tensor(e.copy(a.node));
/** No integer is anything but finite. */
const asked =
  (op: Op<Attrs>, ofIntegers: boolean) =>
  (a: Tensor): Tensor =>
    isFloat(a.dtype) ? one(op, a, {}) : new Tensor(full(a.node.shape, 'bool', Number(ofIntegers), a.node.device));

export const abs = unary('torch.abs', same(ops.abs));
export const sign = unary('torch.sign', same(ops.sign));
export const square = unary('torch.square', (a) =>
  a.dtype === 'bool' ? one(ops.square, a, {}, 'int32') : one(ops.square, a, {}),
);
/** −a; a bool has no negative. */
export const neg = unary('torch.neg', (a) =>
  a.dtype === 'bool' ? fail('neg: a bool has no negative; use logicalNot') : one(ops.neg, a, {}),
);

export const exp = unary('torch.exp', real(ops.exp));
export const exp2 = unary('torch.exp2', real(ops.exp2));
/** e^a − 1 */
export const expm1 = unary('torch.expm1', real(ops.expm1));
export const log = unary('torch.log', real(ops.log));
export const log2 = unary('torch.log2', real(ops.log2));
export const log10 = unary('torch.log10', real(ops.log10));
/** log(1 + a) */
export const log1p = unary('torch.log1p', real(ops.log1p));
export const sqrt = unary('torch.sqrt', real(ops.sqrt));
export const rsqrt = unary('torch.rsqrt', real(ops.rsqrt));
export const reciprocal = unary('torch.reciprocal', real(ops.reciprocal));
export const sigmoid = unary('torch.sigmoid', real(ops.sigmoid));
export const erf = unary('torch.erf', real(ops.erf));
/** 1 − erf(a) */
export const erfc = unary('torch.erfc', real(ops.erfc));

export const sin = unary('torch.sin', real(ops.sin));
export const cos = unary('torch.cos', real(ops.cos));
export const tan = unary('torch.tan', real(ops.tan));
export const asin = unary('torch.asin', real(ops.asin));
export const acos = unary('torch.acos', real(ops.acos));
export const atan = unary('torch.atan', real(ops.atan));
export const sinh = unary('torch.sinh', real(ops.sinh));
export const cosh = unary('torch.cosh', real(ops.cosh));
export const tanh = unary('torch.tanh', real(ops.tanh));
export const asinh = unary('torch.asinh', real(ops.asinh));
export const acosh = unary('torch.acosh', real(ops.acosh));
export const atanh = unary('torch.atanh', real(ops.atanh));

export const floor = unary('torch.floor', rounded(ops.floor));
export const ceil = unary('torch.ceil', rounded(ops.ceil));
/** To the nearest whole number, to the even one of two. */
export const round = fn(
  'torch.round',
  [p.tensor('input'), '*', p.refused('decimals', 0, 'multiply, round and divide')],
  (input): Tensor => rounded(ops.round)(input),
);
export const trunc = unary('torch.trunc', rounded(ops.trunc));
/** a − trunc(a) */
export const frac = unary('torch.frac', (a) =>
  isFloat(a.dtype) ? one(ops.frac, a, {}) : fail(`frac: ${a.dtype} has no fraction`),
);

export const isnan = unary('torch.isnan', asked(ops.isnan, false));
export const isinf = unary('torch.isinf', asked(ops.isinf, false));
export const isfinite = unary('torch.isfinite', asked(ops.isfinite, true));
export const isposinf = unary('torch.isposinf', asked(ops.isposinf, false));
export const isneginf = unary('torch.isneginf', asked(ops.isneginf, false));

const largest: Partial<Record<DType, number>> = { float32: 3.4028234663852886e38, float16: 65504 };

/** Numbers in place of NaN and the infinities: 0 and the dtype's largest unless given. */
export const nanToNum = fn(
  'torch.nan_to_num',
  [p.tensor('input'), p.float('nan', null), p.float('posinf', null), p.float('neginf', null)],
  (input, nan, posinf, neginf): Tensor => {
    const most = largest[input.dtype];
    return most === undefined
      ? new Tensor(e.copy(input.node))
      : one(ops.nanToNum, input, { nan: nan ?? 0, posinf: posinf ?? most, neginf: neginf ?? -most });
  },
);

/** Degrees to radians. */
export const deg2rad = asCall(
  'torch.deg2rad',
  (a) => new Tensor(e.mul(e.cast(a.node, floating(a.dtype)), Math.PI / 180)),
);
export const rad2deg = asCall(
  'torch.rad2deg',
  (a) => new Tensor(e.mul(e.cast(a.node, floating(a.dtype)), 180 / Math.PI)),
);

/** max(a, 0) */
export const relu = unary('torch.relu', (a) =>
  a.dtype === 'bool' ? fail('relu: a bool has no relu; convert with .to()') : one(ops.relu, a, {}),
);

const functions = {
  abs,
  sign,
  square,
  neg,
  exp,
  exp2,
  expm1,
  log,
  log2,
  log10,
  log1p,
  sqrt,
  rsqrt,
  reciprocal,
  sigmoid,
  erf,
  erfc,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  asinh,
  acosh,
  atanh,
  floor,
  ceil,
  round,
  trunc,
  frac,
  isnan,
  isinf,
  isfinite,
  isposinf,
  isneginf,
  nanToNum,
  deg2rad,
  rad2deg,
  relu,
};
methods(functions);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof functions> {}
}
