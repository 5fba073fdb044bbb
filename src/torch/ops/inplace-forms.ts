/**
 * @file Operations whose result has the tensor's shape and kind: as methods, and with an underscore as their in-place
 * forms, which write the result into the tensor.
 */
import { changeInPlace } from '../inplace.ts';
import type { MethodsOf } from '../signature.ts';
import { around, methods } from '../signature.ts';
import type { Tensor } from '../tensor.ts';

/** `add` and `add_` for `add`. */
export type MethodsAndForms<T> = MethodsOf<T> & { [K in keyof T as `${K & string}_`]: MethodsOf<T>[K] };

/**
 * Makes functions of a tensor its methods, and gives it their in-place forms. Their types come from the interface that
 * each family merges in.
 */
export function methodsAndForms<T extends Readonly<Record<string, object>>>(functions: T): void {
  methods(functions);
  for (const [name, operation] of Object.entries(functions)) {
    const form = `${name}_`;
    methods({
      [form]: around(
        operation,
        (python) => `${python.replace('torch', '')}_`,
        ([self, ...rest], inner) => changeInPlace(self as Tensor, form, (x) => inner(x, ...rest) as Tensor),
      ),
    });
  }
}
