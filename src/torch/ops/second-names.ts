/**
 * @file Second names that PyTorch has for one function, as `torch.multiply` for `torch.mul`: the function itself, under
 * both names, and as methods.
 */
import type { MethodsOf } from '../signature.ts';
import { methods } from '../signature.ts';
import { vstack } from './arrange.ts';
import { cat } from './combine.ts';
import { ge, gt, le, lt, ne } from './compare.ts';
import { outer } from './matmul.ts';
import { atan2, clamp, div, mul, sub } from './pointwise.ts';
import { transpose } from './shape.ts';
import { trapezoid } from './statistics.ts';
import { abs, acos, acosh, asin, asinh, atan, atanh, neg, trunc } from './unary.ts';
import { movedim } from './views.ts';

export {
  abs as absolute,
  acos as arccos,
  acosh as arccosh,
  asin as arcsin,
  asinh as arcsinh,
  atan as arctan,
  atan2 as arctan2,
  atanh as arctanh,
  cat as concat,
  cat as concatenate,
  clamp as clip,
  div as divide,
  ge as greaterEqual,
  gt as greater,
  le as lessEqual,
  lt as less,
  movedim as moveaxis,
  mul as multiply,
  ne as notEqual,
  neg as negative,
  outer as ger,
  sub as subtract,
  trapezoid as trapz,
  transpose as swapaxes,
  transpose as swapdims,
  trunc as fix,
  vstack as rowStack,
};

const again = {
  /** The same as `abs`. */
  absolute: abs,
  /** The same as `acos`. */
  arccos: acos,
  /** The same as `acosh`. */
  arccosh: acosh,
  /** The same as `asin`. */
  arcsin: asin,
  /** The same as `asinh`. */
  arcsinh: asinh,
  /** The same as `atan`. */
  arctan: atan,
  /** The same as `atan2`. */
  arctan2: atan2,
  /** The same as `atanh`. */
  arctanh: atanh,
  /** The same as `clamp`. */
  clip: clamp,
  /** The same as `div`. */
  divide: div,
  /** The same as `trunc`. */
  fix: trunc,
  /** The same as `outer`. */
  ger: outer,
  /** The same as `gt`. */
  greater: gt,
  /** The same as `ge`. */
  greaterEqual: ge,
  /** The same as `lt`. */
  less: lt,
  /** The same as `le`. */
  lessEqual: le,
  /** The same as `movedim`. */
  moveaxis: movedim,
  /** The same as `mul`. */
  multiply: mul,
  /** The same as `neg`. */
  negative: neg,
  /** The same as `ne`. */
  notEqual: ne,
  /** The same as `sub`. */
  subtract: sub,
  /** The same as `transpose`. */
  swapaxes: transpose,
  /** The same as `transpose`. */
  swapdims: transpose,
};
methods(again);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof again> {}
}
