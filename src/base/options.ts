/**
 * @file The options of functions, `{ dim: 1 }` behind the other arguments: a name that a function does not know is an error at
 * its line, never a silent default. A function that lists no names takes no options.
 */
import { fail } from './errors.ts';
import { nearest } from './names.ts';

/** The names that each of some functions knows; those that are left out know none. */
export type OptionNames<T> = { readonly [K in keyof T]?: readonly string[] };

/** Whether a value is an object as programs write it: `{ dim: 1 }`. */
export const isPlain = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Throws where an option has a name that is not known. */
export function checkOptions(what: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object') fail(`${what}: its options are ${shown(options)}; give them by name, { ${known[0] ?? ''}: … }`);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    fail(`${what}: unknown option ${name}; ${known.length ? `known are ${known.join(', ')}` : 'it takes no options, its arguments come one after another'}${near ? `; did you mean ${near}?` : ''}`);
  }
}

/** An argument, as far as a line can show it. */
export function shown(value: unknown): string {
  if (isPlain(value)) return `{ ${Object.keys(value).join(', ')} }`;
  if (Array.isArray(value)) return value.length > 4 ? `an array of ${value.length}` : `[${value.map(shown).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return 'shape' in value ? `a tensor ${String(value.shape)}` : `a ${value.constructor?.name ?? 'object'}`;
  if (typeof value === 'function') return value.name ? `the function ${value.name}` : 'a function';
  return typeof value === 'string' ? `'${value}'` : String(value);
}

/** The functions among these values, each with a look at the names of its options. Classes and plain values stay as they are. */
export function withOptions<T extends object>(functions: T, names: OptionNames<T> = {}): T {
  return Object.fromEntries(Object.entries(functions).map(([name, f]) => [name, typeof f === 'function' ? checking(name, f as Function_, names[name as keyof T] ?? []) : f])) as T;
}

type Function_ = (...args: unknown[]) => unknown;

function checking(what: string, f: Function_, known: readonly string[]): Function_ {
  return (...args) => {
    const last = args.at(-1);
    if (isPlain(last)) checkOptions(what, last, known);
    try {
      return f(...args);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw new Error(`${what}: it cannot be called with (${args.map(shown).join(', ')}); tensors come from torch.tensor(…), options last`, { cause: error });
    }
  };
}
