/**
 * @file Options, `{ dim: 1 }`: what an object of them is, and how a line shows an argument. A name that is not known is an error at its
 * line, never a silent default.
 */
import { fail } from './errors.ts';
import { nearest } from './names.ts';

/** Whether a value is an object as programs write it: `{ dim: 1 }`. */
export const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Throws where an option has a name that is not known. */
export function checkOptions(what: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object')
    fail(`${what}: its options are ${shown(options)}; give them by name, { ${known[0] ?? ''}: … }`);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    fail(
      `${what}: unknown option ${name}; ${known.length ? `known are ${known.join(', ')}` : 'it takes no options, its arguments come one after another'}${near ? `; did you mean ${near}?` : ''}`,
    );
  }
}

/** An argument, as far as a line can show it. */
export function shown(value: unknown): string {
  if (isPlain(value)) return `{ ${Object.keys(value).join(', ')} }`;
  if (Array.isArray(value))
    return value.length > 4 ? `an array of ${value.length}` : `[${value.map(shown).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return 'shape' in value ? `a tensor ${String(value.shape)}` : `a ${value.constructor?.name ?? 'object'}`;
  if (typeof value === 'function') return value.name ? `the function ${value.name}` : 'a function';
  return typeof value === 'string' ? `'${value}'` : String(value);
}
