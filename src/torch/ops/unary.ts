/**
 * @file Functions of one operand, element by element.
 */
import { isFloat, largestOf } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import * as e from '../../graph/expr.ts';
import * as ops from '../../graph/ops/elementwise/index.ts';
import { full } from '../../graph/ops/full.ts';
import { record } from '../../graph/record.ts';
import type { Attrs, Node, Op } from '../../graph/types.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { floating, one } from './apply.ts';
import type { MethodsAndForms } from './inplace-forms.ts';
import { methodsAndForms } from './inplace-forms.ts';

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

/** |a|, the absolute value. */
export const abs = unary('torch.abs', same(ops.abs));
/** −1, 0 or 1 by the sign of each element. */
export const sign = unary('torch.sign', same(ops.sign));
/** a². */
export const square = unary('torch.square', (a) =>
  a.dtype === 'bool' ? one(ops.square, a, {}, 'int64') : one(ops.square, a, {}),
);
/** −a; a bool has no negative. */
export const neg = unary('torch.neg', (a) =>
  a.dtype === 'bool' ? fail('neg: a bool has no negative; use logicalNot') : one(ops.neg, a, {}),
);

/** e^a. */
export const exp = unary('torch.exp', real(ops.exp));
/** 2^a. */
export const exp2 = unary('torch.exp2', real(ops.exp2));
/** e^a − 1 */
export const expm1 = unary('torch.expm1', real(ops.expm1));
/** The natural logarithm; NaN below 0, −Infinity at 0. */
export const log = unary('torch.log', real(ops.log));
/** The logarithm to base 2. */
export const log2 = unary('torch.log2', real(ops.log2));
/** The logarithm to base 10. */
export const log10 = unary('torch.log10', real(ops.log10));
/** log(1 + a) */
export const log1p = unary('torch.log1p', real(ops.log1p));
/** The square root; NaN below 0. */
export const sqrt = unary('torch.sqrt', real(ops.sqrt));
/** 1 / √a. */
export const rsqrt = unary('torch.rsqrt', real(ops.rsqrt));
/** 1 / a. */
export const reciprocal = unary('torch.reciprocal', real(ops.reciprocal));
/** 1 / (1 + e^−a), between 0 and 1. */
export const sigmoid = unary('torch.sigmoid', real(ops.sigmoid));
/** The error function, 2/√π · ∫ e^−t² dt from 0 to a. */
export const erf = unary('torch.erf', real(ops.erf));
/** 1 − erf(a) */
export const erfc = unary('torch.erfc', real(ops.erfc));

/** log(a / (1 − a)), the inverse of sigmoid; a is kept within `eps` of 0 and 1 first, or is NaN outside of them. */
export const logit = fn(
  'torch.logit',
  [p.tensor('input'), p.float('eps', null)],
  (input, eps): Tensor => {
    const x = e.cast(input.node, floating(input.dtype));
    const of = (node: Node): Node => record(ops.logit, [node], {});
    if (eps === null) return new Tensor(of(x));
    const [isLow, isHigh] = [e.lt(x, eps), e.gt(x, 1 - eps)];
    const inside = of(e.where(e.logicalOr(isLow, isHigh), 0.5, x));
    const bound = (at: number): Node => of(e.fullLike(x, at));
    return new Tensor(e.where(isLow, bound(eps), e.where(isHigh, bound(1 - eps), inside)));
  },
  { pythonCall: true },
);

/** The sine of an angle in radians. */
export const sin = unary('torch.sin', real(ops.sin));
/** The cosine of an angle in radians. */
export const cos = unary('torch.cos', real(ops.cos));
/** The tangent of an angle in radians. */
export const tan = unary('torch.tan', real(ops.tan));
/** The angle in radians whose sine is a; NaN outside [−1, 1]. */
export const asin = unary('torch.asin', real(ops.asin));
/** The angle in radians whose cosine is a; NaN outside [−1, 1]. */
export const acos = unary('torch.acos', real(ops.acos));
/** The angle in radians whose tangent is a. */
export const atan = unary('torch.atan', real(ops.atan));
/** sin(πa) / (πa), and 1 at 0. */
export const sinc = unary('torch.sinc', real(ops.sinc));
/** The hyperbolic sine. */
export const sinh = unary('torch.sinh', real(ops.sinh));
/** The hyperbolic cosine. */
export const cosh = unary('torch.cosh', real(ops.cosh));
/** The hyperbolic tangent, between −1 and 1. */
export const tanh = unary('torch.tanh', real(ops.tanh));
/** The inverse hyperbolic sine. */
export const asinh = unary('torch.asinh', real(ops.asinh));
/** The inverse hyperbolic cosine; NaN below 1. */
export const acosh = unary('torch.acosh', real(ops.acosh));
/** The inverse hyperbolic tangent; NaN outside [−1, 1]. */
export const atanh = unary('torch.atanh', real(ops.atanh));

/** The largest integer not above a. */
export const floor = unary('torch.floor', rounded(ops.floor));
/** The smallest integer not below a. */
export const ceil = unary('torch.ceil', rounded(ops.ceil));
/** The nearest integer; a tie goes to the even one. */
export const round = fn(
  'torch.round',
  [p.tensor('input'), '*', p.refused('decimals', 0, 'multiply, round and divide')],
  (input): Tensor => rounded(ops.round)(input),
);
/** The integer part, without the fraction. */
export const trunc = unary('torch.trunc', rounded(ops.trunc));
/** a − trunc(a) */
export const frac = unary('torch.frac', (a) =>
  isFloat(a.dtype) ? one(ops.frac, a, {}) : fail(`frac: ${a.dtype} has no fraction`),
);

/** Whether each element is NaN, as bool. */
export const isnan = unary('torch.isnan', asked(ops.isnan, false));
/** Whether each element is infinite, as bool. */
export const isinf = unary('torch.isinf', asked(ops.isinf, false));
/** Whether each element is neither NaN nor infinite, as bool. */
export const isfinite = unary('torch.isfinite', asked(ops.isfinite, true));
/** Whether each element is +Infinity, as bool. */
export const isposinf = unary('torch.isposinf', asked(ops.isposinf, false));
/** Whether each element is −Infinity, as bool. */
export const isneginf = unary('torch.isneginf', asked(ops.isneginf, false));

/** Numbers in place of NaN and the infinities: 0 and the dtype's largest unless given. */
export const nanToNum = fn(
  'torch.nan_to_num',
  [p.tensor('input'), p.float('nan', null), p.float('posinf', null), p.float('neginf', null)],
  (input, nan, posinf, neginf): Tensor => {
    const most = largestOf(input.dtype);
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
/** Radians to degrees. */
export const rad2deg = asCall(
  'torch.rad2deg',
  (a) => new Tensor(e.mul(e.cast(a.node, floating(a.dtype)), 180 / Math.PI)),
);

/** max(a, 0) */
export const relu = unary('torch.relu', (a) =>
  a.dtype === 'bool' ? fail('relu: a bool has no relu; convert with .to()') : one(ops.relu, a, {}),
);

const questions = { isnan, isinf, isfinite, isposinf, isneginf };
methods(questions);

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
  logit,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinc,
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
  nanToNum,
  deg2rad,
  rad2deg,
  relu,
};
methodsAndForms(functions);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof questions>, MethodsAndForms<typeof functions> {}
}
