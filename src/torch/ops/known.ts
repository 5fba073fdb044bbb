/**
 * @file Numbers that are on the host before anything is computed, so that checks can look at them.
 */
import type { HostArray } from '../../base/dtype.ts';
import { detach, toDeviceOp } from '../../graph/ops/identity.ts';
import { reshape } from '../../graph/ops/views.ts';
import type { Node, Op } from '../../graph/types.ts';

/** Operations that leave the numbers and their order as they are. */
const sameNumbers: ReadonlySet<Op> = new Set<Op>([reshape, detach, toDeviceOp]);

/** The numbers of an index where they are on the host, through what leaves them as they are: `target.view(-1)`. */
export function hostOf(index: Node): HostArray | undefined {
  let at = index;
  while (!at.value?.host && sameNumbers.has(at.op)) [at] = at.inputs;
  return at.value?.host;
}
