/**
 * @file Results whose size only the data decides: promises, which say so where a program takes one for the tensor.
 */
import { fail } from '../../base/errors.ts';
import { Tensor } from '../tensor.ts';

/** The promise; a tensor's property on it is an error at its line. */
export function promised(what: string, result: Promise<Tensor>): Tensor & Promise<Tensor> {
  return new Proxy(result, {
    get(promise, key) {
      const value = Reflect.get(promise, key, promise) as unknown;
      if (typeof value === 'function') return value.bind(promise) as unknown;
      if (value === undefined && typeof key === 'string' && key in Tensor.prototype) fail(`${what}: how many elements there are depends on the data, so the result is a promise; write (await x.${what}(…)).${key}`);
      return value;
    },
  }) as Tensor & Promise<Tensor>;
}
