/**
 * @file Classes whose constructor has a signature: optimizers, schedulers, data loaders.
 *
 *     export class SGD extends constructed(
 *       Optimizer<SGDOptions>,
 *       'optim.SGD',
 *       [params, p.float('lr', 1e-3), …],
 *       (params, lr, …) => [params, { lr, … }],
 *     ) { … }
 */
import { matched, register } from './call.ts';
import { signature } from './match.ts';
import type { Body, ByName, InARow, InPlaces, Params, Values } from './types.ts';

/** The class of what is constructed so: its arguments in PyTorch's places, by name, or first so and then so. */
export interface ConstructorOf<T, S, B extends Body> {
  new (...args: InPlaces<S, B>): T;
  new (...args: ByName<S, B, []>): T;
  new (...args: InARow<S, B, []>): T;
}

/**
 * A class by PyTorch's name and the parameters of its constructor; `given` gets every value in order, and says what the
 * class that it extends gets.
 */
export function constructed<A extends unknown[], T, const S extends Params, B extends (...values: Values<S>) => A>(
  base: abstract new (...args: A) => T,
  name: string,
  params: S,
  given: B,
): ConstructorOf<T, S, B> {
  const way = { signature: signature(name, params), body: given as Body, pythonCall: false as const };
  class Class extends (base as unknown as new (...args: unknown[]) => object) {
    constructor(...args: unknown[]) {
      super(
        ...(given as Body as (...values: readonly unknown[]) => unknown[])(...matched([way], args, false).found.values),
      );
    }
  }
  register(Class, [way]);
  return Class as unknown as ConstructorOf<T, S, B>;
}
