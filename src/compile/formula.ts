/**
 * @file Formulas of pointwise operations in generated kernels: their parameters, operands and results.
 */
import type { DType } from '../base/dtype.ts';
import { dtypes } from '../base/dtype.ts';
import type { Param } from '../gpu/kernel.ts';
import { float } from '../gpu/kernel.ts';
import type { Attrs, FormulaContext, Op } from '../graph/types.ts';
import type { Packs } from './packed.ts';
import { packedBits, unpacked } from './packed.ts';

/** What a value of the dtype is computed as: floats as f32, all else as i32. */
export const register = (dtype: DType): 'f32' | 'i32' => (dtypes[dtype].kind === 'float' ? 'f32' : 'i32');

/** The parameters of a generated kernel: its `struct Params`, bound as `p`. */
export class Fields {
  readonly all: { readonly name: string; readonly type: string; readonly value: Param }[] = [];

  /** How the kernel calls a field, which it has once. */
  add(name: string, type: string, value: Param): string {
    if (!this.all.some((field) => field.name === name)) this.all.push({ name, type, value });
    return `p.${name}`;
  }

  /** A number of the program's. */
  number(value: number, type: 'f32' | 'i32', name = `n${this.all.length}`): string {
    return this.add(name, type, type === 'f32' ? float(value) : value);
  }

  get struct(): string {
    return `struct Params { ${this.all.map(({ name, type }) => `${name}: ${type}`).join(', ')} }`;
  }
}

/** A value that a kernel has in a variable. */
export interface Variable {
  readonly name: string;
  readonly dtype: DType;
}

export interface Formula {
  /** WGSL of the result, converted to what the dtype can hold. */
  readonly text: string;
  readonly args: readonly string[];
  readonly context: FormulaContext;
}

/** An operation on values, as a formula. */
export function formulaOf(
  { op, attrs, dtype }: { readonly op: Op; readonly attrs: Attrs; readonly dtype: DType },
  operands: readonly Variable[],
  fields: Fields,
  packs: Packs,
): Formula {
  const inputs = operands.map((operand) => operand.dtype);
  // A compiler may take a − a for 0 and a = a for true, though a may be NaN, so the second one comes as a value of its
  // own.
  const args = operands.map(({ name }, i) =>
    operands.findIndex((other) => other.name === name) === i || register(inputs[i]) === 'i32'
      ? name
      : `known_only_now(${name}, ${fields.add('zero', 'u32', 0)})`,
  );
  const context: FormulaContext = {
    inputs,
    output: dtype,
    parameter: (value, kind = 'float') => fields.number(value, kind === 'int' ? 'i32' : 'f32'),
  };
  return { text: narrowed(op.elementwise!.wgsl(args, attrs, context), dtype, inputs[0], packs), args, context };
}

/** Converts a value to what the dtype can hold: bools to 0 or 1, small integers wrapped, halves rounded. */
export function narrowed(formula: string, dtype: DType, from: DType, packs: Packs): string {
  if (dtype === 'bool')
    return register(from) === 'f32' ? `select(1i, 0i, f32(${formula}) == 0.0)` : `select(0i, 1i, (${formula}) != 0)`;
  if (dtype === 'uint8') return `(i32(${formula}) & 255)`;
  if (dtype === 'int8') return `((i32(${formula}) << 24u) >> 24u)`;
  if (packs(dtype)) return unpacked(dtype, packedBits(dtype, `f32(${formula})`));
  if (dtype === 'float16') return `f32(f16(${formula}))`;
  return `${register(dtype)}(${formula})`;
}
