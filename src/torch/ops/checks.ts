/**
 * @file Numbers that an operation cannot work with: an error at once where they are on the host, else when they are
 * computed. Where an operation gives no others, nothing is checked.
 *
 * In a message, `{value}` and `{place}` stand for the number that is wrong, and where it is: `index 7 at [2, 0]`.
 */
import { decode } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { sizeOf } from '../../base/shape.ts';
import type { Range } from '../../graph/assertion.ts';
import { isWithin, assertionMessage } from '../../graph/assertion.ts';
import * as e from '../../graph/expr.ts';
import { inRange, nonZero } from '../../graph/ops/elementwise/index.ts';
import { expand } from '../../graph/ops/views.ts';
import { record } from '../../graph/record.ts';
import type { Attrs, Node, Op } from '../../graph/types.ts';
import { boundsOf, hostOf } from './bounds.ts';

/** The node, whose numbers are in the range. */
export const within = (node: Node, range: Range, message: string): Node =>
  isAlwaysWithin(node, range) ? node : checked(node, inRange, { ...range, message }, (v) => isWithin(v, range));

/** The node, none of whose numbers is 0. */
export function withoutZero(node: Node, message: string): Node {
  const { least, greatest } = boundsOf(node);
  return least > 0 || greatest < 0 ? node : checked(node, nonZero, { message }, (v) => v !== 0);
}

/** The node, where the numbers beside it, which broadcast to its shape, are in the range; the message has no place. */
export const withinBeside = (node: Node, beside: Node, range: Range, message: string): Node =>
  isAlwaysWithin(beside, range) ? node : record(inRange, [node, beside], { ...range, message });

function isAlwaysWithin(node: Node, range: Range): boolean {
  const { least, greatest } = boundsOf(node);
  return least >= range.least && greatest <= range.greatest;
}

function checked<A extends Attrs & { readonly message: string }>(
  node: Node,
  op: Op<A>,
  attrs: A,
  holds: (value: number) => boolean,
): Node {
  if (sizeOf(node.shape) === 0) return node;
  const host = hostOf(node);
  if (host) {
    const values = decode(node.dtype, host);
    const at = values.findIndex((value) => !holds(value));
    return at < 0 ? node : fail(assertionMessage(attrs.message, values[at], at, node.shape));
  }
  const { least, greatest } = boundsOf(node);
  if (least === greatest && !holds(least)) fail(assertionMessage(attrs.message, least, 0, []));
  // What is repeated is looked at once.
  const [whole] = node.op === expand && !node.value ? node.inputs : [];
  return whole ? e.expand(checked(whole, op, attrs, holds), node.shape) : record(op, [node], attrs);
}
