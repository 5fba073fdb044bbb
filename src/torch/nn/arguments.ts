/**
 * @file The arguments of layers: given one after another as in PyTorch, or by name in one object; and printed as Python.
 */
import { fail } from '../../base/errors.ts';
import { Module } from './module.ts';

export type PythonValue = number | boolean | string | null | readonly PythonValue[];

/** A value as Python's repr prints it; where a float is meant, whole numbers need `float`. */
export function python(value: PythonValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number') return exponent(String(value));
  return `(${value.map(python).join(', ')}${value.length === 1 ? ',' : ''})`;
}

/** A number as Python prints a float: `1.0`, `1e-05`. */
export const float = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e16
    ? `${value}.0`
    : value !== 0 && Math.abs(value) < 1e-4
      ? exponent(value.toExponential())
      : exponent(String(value));

/** Python writes exponents with at least two digits. */
const exponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');

/** Throws unless each value is a whole number of at least 1. */
export function atLeastOne(what: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values))
    if (!Number.isInteger(value) || value < 1) fail(`${what}: ${name} is ${value}, not a whole number of at least 1`);
}

/** A module that PyTorch has too. */
export class Layer<In extends unknown[] = any[], Out = any> extends Module<In, Out> {}
