/**
 * @file Cases for autocast: the first of each function with float32 operands, with those, with the lower precision in
 * their place, and with the first operand alone in it.
 */
import type { DType } from '../../src/base/dtype.ts';
import type { Case } from '../ops/case.ts';
import { families } from '../ops/cases/index.ts';

/** Families of other dtypes, or of the same functions again. */
const others = ['bfloat16', 'creation', 'inplace', 'integers', 'quantization', 'quantizedLayers'];

const floats = ({ inputs }: Case): string[] => Object.keys(inputs).filter((name) => inputs[name].dtype === 'float32');

/** By the function's name as cases call it. */
export const firstCases: ReadonlyMap<string, Case> = new Map(
  Object.entries(families)
    .filter(([family]) => !others.includes(family))
    .flatMap(([, cases]) => cases)
    .filter((c) => floats(c).length > 0 && !/float|half/.test(c.python))
    .toReversed()
    .map((c) => [c.op, c]),
);

/** The case under autocast, with some of its float32 operands in the lower precision. */
export function autocastCase(c: Case, lower: DType, which: 'none' | 'all' | 'the first'): Case {
  const names = which === 'none' ? [] : which === 'all' ? floats(c) : floats(c).slice(0, 1);
  return {
    ...c,
    name: `${which} in ${lower}`,
    autocast: true,
    grad: false,
    mayRefuse: true,
    inputs: Object.fromEntries(
      Object.entries(c.inputs).map(([name, x]) => [name, names.includes(name) ? { ...x, dtype: lower } : x]),
    ),
  };
}

export const hasSeveral = (c: Case): boolean => floats(c).length > 1;
