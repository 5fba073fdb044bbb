/**
 * @file Values with their places.
 */
import { found } from '../../graph/ops/identity.ts';
import { record } from '../../graph/record.ts';
import { Tensor } from '../tensor.ts';

/** Values and where in the dimension they were found; int32. Destructures as an array too: `const [values, indices] = …`. */
export interface Ordered extends Iterable<Tensor> {
  readonly values: Tensor;
  readonly indices: Tensor;
}

export function ordered(values: Tensor, indices: Tensor): Ordered {
  return {
    values,
    indices,
    *[Symbol.iterator]() {
      yield values;
      yield indices;
    },
  };
}

/** A value of a tensor's whole: all elements that are equal to it share its gradient. */
export const foundIn = (self: Tensor, value: Tensor): Tensor => new Tensor(record(found, [value.node, self.node], {}));
