/**
 * @file torch.Size: a shape that prints as one.
 */
import { formatShape } from '../base/shape.ts';

/** An array of sizes; `String(size)` is `[4, 16, 16, 16]`. */
export class Size extends Array<number> {
  static fromShape(shape: readonly number[]): Size {
    const size = new Size();
    size.push(...shape);
    return Object.freeze(size) as Size;
  }

  /** Methods such as `map` give plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  override toString(): string {
    return formatShape(this);
  }
}
