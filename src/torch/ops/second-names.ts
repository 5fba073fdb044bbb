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
  absolute: abs,
  arccos: acos,
  arccosh: acosh,
  arcsin: asin,
  arcsinh: asinh,
  arctan: atan,
  arctan2: atan2,
  arctanh: atanh,
  clip: clamp,
  divide: div,
  fix: trunc,
  ger: outer,
  greater: gt,
  greaterEqual: ge,
  less: lt,
  lessEqual: le,
  moveaxis: movedim,
  multiply: mul,
  negative: neg,
  notEqual: ne,
  subtract: sub,
  swapaxes: transpose,
  swapdims: transpose,
};
methods(again);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof again> {}
}
