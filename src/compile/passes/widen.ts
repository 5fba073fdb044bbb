/**
 * @file Operations on numbers of which two share a word, where no kernel reads those.
 *
 *     before    conv2d(x, w)                                     bfloat16
 *     after     cast(conv2d(cast(x), cast(w)), bfloat16)         the convolution in float32
 *
 * Nothing but pointwise operations and views does. Rounding once, behind, is what PyTorch's kernels do; so an
 * operation that is defined by simpler ones is widened before those take its place.
 */
import * as e from '../../graph/expr.ts';
import { record } from '../../graph/record.ts';
import type { Node } from '../../graph/types.ts';
import type { Packs } from '../packed.ts';

/** Whether a node needs others to stand for it. */
export const needsWidening = ({ op, dtype, inputs }: Node, packs: Packs): boolean =>
  !op.elementwise && !op.view && inputs.length > 0 && (packs(dtype) || inputs.some((input) => packs(input.dtype)));

/** The same in float32, rounded to the node's dtype. `known` are operands that were widened before. */
export function widened({ op, inputs, attrs, dtype }: Node, packs: Packs, known: Map<Node, Node>): Node {
  const wide = inputs.map((input) => {
    if (!packs(input.dtype)) return input;
    const made = known.get(input) ?? e.cast(input, 'float32');
    known.set(input, made);
    return made;
  });
  return e.cast(record(op, wide, attrs), dtype);
}
