/**
 * @file What dtypes can hold, and which one an operation on two of them gives.
 */
import type { DType } from '../base/dtype.ts';
import { dtypes, floatFormats, isFloat, largestOf, promote } from '../base/dtype.ts';
import { fail } from '../base/errors.ts';
import { anyOf } from './ops/bounds.ts';
import { resultType as resultOf } from './ops/promote.ts';
import { fn, overloads, p } from './signature.ts';

/** The numbers of a floating dtype. */
export interface FloatInfo {
  readonly bits: number;
  /** The distance from 1 to the next larger number. */
  readonly eps: number;
  readonly max: number;
  readonly min: number;
  /** The smallest number with all of its digits; `tiny` is its older name. */
  readonly smallestNormal: number;
  readonly tiny: number;
  /** Decimal digits of which it keeps so many: 1e-6 are six. */
  readonly resolution: number;
  readonly dtype: DType;
}

/** The numbers of an integer dtype. */
export interface IntegerInfo {
  readonly bits: number;
  readonly max: number;
  readonly min: number;
  readonly dtype: DType;
}

/** What a floating dtype can hold. */
export const finfo = fn('torch.finfo', [p.dtype('type', 'float32')], (type): FloatInfo => {
  const format = floatFormats[type] ?? fail(`finfo: ${type} is not a floating dtype; use torch.iinfo`);
  const max = largestOf(type)!;
  const smallestNormal = 2 ** format.least;
  const eps = 2 ** -format.fraction;
  const { resolution } = format;
  const bits = 8 * dtypes[type].hostBytes;
  return { bits, eps, max, min: -max, smallestNormal, tiny: smallestNormal, resolution, dtype: type };
});

/** What an integer dtype can hold: int64 as much as int32, in whose 32 bits it is kept here. */
export const iinfo = fn('torch.iinfo', [p.dtype('type')], (type): IntegerInfo => {
  if (dtypes[type].kind !== 'int') fail(`iinfo: ${type} is not an integer dtype; use torch.finfo`);
  const { least, greatest } = anyOf[type];
  return { bits: type === 'int64' ? 64 : 8 * dtypes[type].hostBytes, max: greatest, min: least, dtype: type };
});

/** The dtype of an operation on tensors of two dtypes. */
export const promoteTypes = fn('torch.promote_types', [p.dtype('type1'), p.dtype('type2')], (type1, type2): DType =>
  promote(type1, type2),
);

/** The dtype of an operation on these, of which scalars count less than tensors, and numbers less than those. */
export const resultType = overloads(
  fn('torch.result_type', [p.tensor('tensor'), p.operand('other')], (tensor, other): DType => resultOf(tensor, other)),
  fn('torch.result_type', [p.scalar('scalar'), p.tensor('tensor')], (scalar, tensor): DType =>
    resultOf(scalar, tensor),
  ),
  fn('torch.result_type', [p.scalar('scalar1'), p.scalar('scalar2')], (a, b): DType => resultOf(a, b)),
);

/** Whether PyTorch converts one dtype to another where a result is stored: never to a lesser kind. */
export const canCast = fn('torch.can_cast', [p.dtype('from_'), p.dtype('to')], (from, to): boolean => {
  const kinds = ['bool', 'int', 'float'];
  return isFloat(to) || kinds.indexOf(dtypes[from].kind) <= kinds.indexOf(dtypes[to].kind);
});
