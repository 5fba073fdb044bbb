/**
 * @file Values that come later, as promises that say so where a program takes one for the value: JavaScript would go on
 * with
 * `undefined`, NaN or the text [object Promise].
 */
import { fail } from '../../base/errors.ts';

/** Why a result is a promise whose size is that of what is found. */
export const dataDecides = 'how many elements there are depends on the data, so the result is a promise';

/** The promise of `x.what(…)`; what it has not is an error at its line, with why the value comes later. */
export function promiseOf<T, As = unknown>(
  what: string,
  result: Promise<T>,
  why = 'the value is computed first, so the result is a promise',
): As & Promise<T> {
  return new Proxy(result, {
    get(promise, key) {
      if (key === Symbol.toPrimitive) return () => fail(`${what}: ${why}; write await x.${what}(…)`);
      const value = Reflect.get(promise, key, promise) as unknown;
      if (typeof value === 'function') return value.bind(promise) as unknown;
      if (value === undefined && typeof key === 'string')
        fail(`${what}: ${why}; write (await x.${what}(…))${/^\d+$/.test(key) ? `[${key}]` : `.${key}`}`);
      return value;
    },
  }) as As & Promise<T>;
}
