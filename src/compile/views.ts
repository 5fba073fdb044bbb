/**
 * @file Views, which cost no kernel: whoever reads one reads the storage behind it through its layout.
 */
import { fullOp } from '../graph/ops/full.ts';
import { assignOp, detach } from '../graph/ops/identity.ts';
import type { Layout, Node } from '../graph/types.ts';
import { contiguousLayout } from './layout.ts';

export const isView = (node: Node): boolean => node.op.view !== undefined;

/** Whether a node has its input's value as it is. */
export const isIdentity = (node: Node): boolean => node.op === assignOp || node.op === detach;

/**
 * The node whose storage a view looks at, and how: the first behind it that is no view, or that `hasStorage`. Where no
 * layout says how, the view itself has to be written out.
 */
export function lookedAt(
  node: Node,
  inputOf: (view: Node) => Node,
  hasStorage: (node: Node) => boolean,
): { readonly base: Node; readonly layout: Layout } {
  const views: Node[] = [];
  let base = node;
  while (isView(base) && !hasStorage(base)) {
    views.push(base);
    base = inputOf(base);
  }
  let layout = contiguousLayout(base.shape);
  for (const view of views.toReversed()) {
    const found = view.op.view!(layout, view.attrs, view);
    if (!found && base.op !== fullOp) base = view;
    layout = found ?? contiguousLayout(view.shape);
  }
  return { base, layout };
}
