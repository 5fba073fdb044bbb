/**
 * @file Shapes with a size left open, and views of another shape.
 */
import { fail } from '../../base/errors.ts';
import type { Shape } from '../../base/shape.ts';
import { formatShape, sizeOf } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { Tensor } from '../tensor.ts';

/** The shape with its −1 worked out, for as many elements as the tensor has. */
export function completeShape(what: string, self: Tensor, shape: Shape): Shape {
  const total = sizeOf(self.node.shape);
  const open = shape.indexOf(-1);
  if (open >= 0 && shape.includes(-1, open + 1))
    fail(`${what}: ${formatShape(shape)} leaves more than one size open; one −1 can be worked out`);
  if (open < 0 && sizeOf(shape) !== total)
    fail(`${what}: ${self.shape} has ${total} elements, ${formatShape(shape)} needs ${sizeOf(shape)}`);
  if (open < 0) return shape;
  const rest = sizeOf(shape.toSpliced(open, 1));
  if (rest === 0 || total % rest !== 0)
    fail(
      `${what}: ${formatShape(shape)} cannot hold the ${total} elements of ${self.shape}; ${total} is not a multiple of ${rest}`,
    );
  return shape.with(open, total / rest);
}

/** A view for `what`, which never copies. */
export function viewOf(what: string, self: Tensor, sizes: Shape): Tensor {
  const shape = completeShape(what, self, sizes);
  const result = new Tensor(e.reshape(self.node, shape));
  if (result.place.memory !== self.place.memory) {
    fail(
      `${what}: a tensor of shape ${self.shape} with strides ${formatShape(self.stride())} cannot be seen as ${formatShape(shape)} without a copy; use reshape(), or contiguous() first`,
    );
  }
  return result;
}
