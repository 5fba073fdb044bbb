/**
 * @file Checks: the first operand as it is, and an error where the last one, which may be the same, has a number that
 * whoever reads the result cannot work with. PyTorch has no such calls; its operations look for themselves.
 */
import type { Assertion, Range } from '../../assertion.ts';
import { isWithin } from '../../assertion.ts';
import type { Attrs, FormulaContext, Op } from '../../types.ts';
import { isFloat } from '../../../base/dtype.ts';
import { elementwise } from './define.ts';

interface CheckAttrs extends Attrs {
  /** The error's, see `Assertion`. */
  readonly message: string;
}

const check = <A extends CheckAttrs>(
  name: string,
  holds: (value: number, attrs: A) => boolean,
  wgsl: (value: string, attrs: A, context: FormulaContext) => string,
): Op<A> => {
  const op = elementwise<A>({
    name,
    js: ([x]) => x,
    wgsl: ([x]) => x,
    gradient: ({ inputs, grad }) => inputs.map((_, i) => (i === 0 ? grad : undefined)),
    python: ([x]) => x,
    result: ([x]) => x.dtype,
    free: 2,
  });
  return {
    ...op,
    assertion: ({ length }, attrs): Assertion => ({
      message: attrs.message,
      holds: (value) => holds(value, attrs),
      operand: length - 1,
    }),
    elementwise: { ...op.elementwise!, holds: wgsl },
  };
};

export const inRange = check<CheckAttrs & Range>('inRange', isWithin, (v, { least, greatest, allowed }, context) => {
  const floating = isFloat(context.inputs.at(-1)!);
  const bound = (value: number): string => context.parameter(value, floating ? 'float' : 'int');
  const inside = `${v} >= ${bound(least)} && ${v} <= ${bound(greatest)}`;
  const known = floating ? `!is_nan(${v}) && ${inside}` : inside;
  return allowed === undefined ? known : `(${known}) || ${v} == ${bound(allowed)}`;
});

export const nonZero = check<CheckAttrs>(
  'nonZero',
  (value) => value !== 0,
  (v, _, { inputs }) => (isFloat(inputs.at(-1)!) ? `(bitcast<u32>(${v}) & 0x7fffffffu) != 0u` : `${v} != 0`),
);
