/**
 * @file Python's words for values and names here: literals, snake case.
 */

/** A value that Python has a literal for. */
export type PythonValue = number | boolean | string | null | readonly PythonValue[];

/** `max_pool2d` for `maxPool2d`. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `maxPool2d` for `max_pool2d`; an underscore at the end stays. */
export const camelCase = (name: string): string =>
  name.replace(/(?<=\w)_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** A number as Python writes it; one beyond the whole numbers that float64 tells apart is a float there too. */
export function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'math.nan';
  if (!Number.isFinite(value)) return value > 0 ? 'math.inf' : '-math.inf';
  if (Object.is(value, -0)) return '-0.0';
  return withExponent(value, Number.MAX_SAFE_INTEGER);
}

/** A number as Python's repr prints a float: `1.0`, `1e-05`. */
export const pythonFloat = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : withExponent(value, 1e16);

/** Small numbers, and those beyond `limit`, have an exponent; Python writes it with at least two digits. */
function withExponent(value: number, limit: number): string {
  const size = Math.abs(value);
  const text = value !== 0 && (size < 1e-4 || size > limit) ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** A string literal in ASCII: whatever is no plain character stands as an escape, and above 16 bits as one of 32. */
export function pythonString(text: string): string {
  const hex = (c: string): string => c.codePointAt(0)!.toString(16);
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/[^ -~]/gu, (c) => (c.length > 1 ? `\\U${hex(c).padStart(8, '0')}` : `\\u${hex(c).padStart(4, '0')}`))}"`;
}

/** A number, a truth value, a string or None as a program writes it. */
export function pythonLiteral(value: number | boolean | string | null): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? pythonNumber(value) : pythonString(value);
}

/** `(a, b)`, `(a,)`. */
export const pythonTuple = (items: readonly string[]): string =>
  `(${items.join(', ')}${items.length === 1 ? ',' : ''})`;

/** A value as Python's repr prints it; where a float is meant, whole numbers need `pythonFloat`. */
export function repr(value: PythonValue): string {
  if (typeof value === 'string') return `'${value}'`;
  return typeof value === 'object' && value !== null ? pythonTuple(value.map(repr)) : pythonLiteral(value);
}
