/**
 * @file Values with their places.
 */
import { found } from '../../graph/ops/identity.ts';
import { record } from '../../graph/record.ts';
import { Tensor } from '../tensor.ts';

/**
 * Values and where in the dimension they were found; int64. Destructures as an array too:
 * `const [values, indices] = …`.
 */
export interface ValuesAndIndices extends Iterable<Tensor> {
  readonly values: Tensor;
  readonly indices: Tensor;
}

export function valuesAndIndices(values: Tensor, indices: Tensor): ValuesAndIndices {
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
export const readFrom = (self: Tensor, value: Tensor): Tensor => new Tensor(record(found, [value.node, self.node], {}));
