/**
 * @file Memory of the host that is not there: JavaScript says `Array buffer allocation failed`, and not for what.
 */
import { OutOfMemoryError } from './errors.ts';
import type { Shape } from './shape.ts';
import { formatShape, sizeOf } from './shape.ts';

/**
 * Runs `body`, which allocates `bytesEach` for every element of the shape; where there is no room, throws with shape,
 * bytes and remedy.
 */
export function withRoom<T>(what: string, shape: Shape, bytesEach: number, remedy: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof RangeError) || /call stack/i.test(error.message)) throw error;
    throw new OutOfMemoryError(
      `${what}: out of memory on the host; shape ${formatShape(shape)} takes ${sizeOf(shape) * bytesEach} bytes, ${bytesEach} an element; ${remedy}`,
      { cause: error },
    );
  }
}
