/**
 * @file Forms of untrusted data: a form takes a value apart and gives a copy that has what the form names and nothing
 * else, or throws with the place. An object's form names every field of its type, so that the compiler says which one
 * is missing.
 */
import { fail } from './errors.ts';

/** Gives a copy of the value where it is of the form; `at` names the place, `'result.choices[3]'`. */
export type Form<T> = (value: unknown, at: string) => T;

/** A field that may be absent. */
interface Optional<T> {
  readonly optional: Form<T>;
}

type Fields<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? Optional<Exclude<T[K], undefined>> : Form<T[K]>;
};

/** Text of so many characters at most; a longer one is refused. */
export const text =
  (most: number): Form<string> =>
  (value, at) => {
    if (typeof value !== 'string') return wrong(at, 'text', value);
    return value.length <= most ? value : fail(`${at}: ${value.length} characters are above the limit of ${most}`);
  };

/** Text for people: a longer one is cut, and says so. */
export const cutText =
  (most: number): Form<string> =>
  (value, at) => {
    if (typeof value !== 'string') return wrong(at, 'text', value);
    return value.length <= most
      ? value
      : `${value.slice(0, most)}… (${(value.length - most).toLocaleString('en')} more characters)`;
  };

/** Any number, NaN and infinities too. */
export const number: Form<number> = (value, at) => (typeof value === 'number' ? value : wrong(at, 'a number', value));

export const finite: Form<number> = (value, at) =>
  Number.isFinite(value) ? (value as number) : wrong(at, 'a finite number', value);

export const boolean: Form<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : wrong(at, 'true or false', value);

export const oneOf =
  <const T extends string | boolean>(...values: readonly T[]): Form<T> =>
  (value, at) =>
    values.includes(value as T) ? (value as T) : wrong(at, values.join(' or '), value);

/** Bytes that share their memory with nobody. */
export const bytes =
  (most: number): Form<Uint8Array> =>
  (value, at) => {
    if (!(value instanceof Uint8Array) || !(value.buffer instanceof ArrayBuffer)) return wrong(at, 'bytes', value);
    return value.length <= most ? value : fail(`${at}: ${value.length} bytes are above the limit of ${most}`);
  };

export const list =
  <T>(item: Form<T>, most: number, least = 0): Form<T[]> =>
  (value, at) => {
    if (!Array.isArray(value) || value.length < least)
      return wrong(at, least > 0 ? `a list of ${least} or more` : 'a list', value);
    if (value.length > most) fail(`${at}: ${value.length} items are above the limit of ${most}`);
    return Array.from(value as unknown[], (one, i) => item(one, `${at}[${i}]`));
  };

export const pair =
  <T>(item: Form<T>): Form<readonly [T, T]> =>
  (value, at) => {
    const [first, second] = list(item, 2, 2)(value, at);
    return [first, second];
  };

/** An object of free names. */
export const record =
  <T>(item: Form<T>, most: number): Form<Record<string, T>> =>
  (value, at) => {
    const entries = Object.entries(plain(value, at));
    if (entries.length > most) fail(`${at}: ${entries.length} names are above the limit of ${most}`);
    return Object.fromEntries(
      entries.map(([name, one]) => [text(1000)(name, at), item(one, `${at}.${name.slice(0, 100)}`)]),
    );
  };

export const optional = <T>(form: Form<T>): Optional<T> => ({ optional: form });

export const object =
  <T extends object>(fields: Fields<T>): Form<T> =>
  (value, at) => {
    const from = plain(value, at);
    const out: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(fields) as [string, Form<unknown> | Optional<unknown>][]) {
      const given = Object.hasOwn(from, name) ? from[name] : undefined;
      if (typeof field === 'function') out[name] = field(given, `${at}.${name}`);
      else if (given !== undefined) out[name] = field.optional(given, `${at}.${name}`);
    }
    return out as T;
  };

function plain(value: unknown, at: string): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : wrong(at, 'an object', value);
}

function wrong(at: string, expected: string, value: unknown): never {
  fail(
    `${at}: expected ${expected}, got ${value === null ? 'null' : typeof value === 'object' ? 'an object' : String(value).slice(0, 80)}`,
  );
}
