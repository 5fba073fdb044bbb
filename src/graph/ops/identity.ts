/**
 * @file The identity in its meanings: `detach` stops gradients, `assign` starts a new leaf from a computed value (what
 * an in-place update leaves behind), `overwrite` gives a value another's history, `toDevice` moves between the devices.
 */
import type { FullAttrs } from './full.ts';
import { full, fullOp } from './full.ts';
import * as e from '../expr.ts';
import { createNode, dataOp, record } from '../record.ts';
import type { Attrs, DeviceType, Node, Op } from '../types.ts';

/** The same value, through which no gradient flows. */
export const detach: Op<Attrs> = {
  name: 'detach',
  infer: ([x]) => x,
  reference: ([x]) => x.data,
  gradient: 'none',
  sums: 'none',
  python: ([x]) => `${x}.detach()`,
  view: (input) => input,
};

/** A new leaf with the value of its input; for gradients, the beginning of the world. */
export const assignOp: Op<Attrs> = {
  name: 'assign',
  infer: ([x]) => x,
  reference: ([x]) => x.data,
  gradient: 'none',
  sums: 'none',
  python: ([x]) => x,
  view: (input) => input,
};

export interface OverwriteAttrs extends Attrs {
  /**
   * Gradients flow on to the history, as where the change was made without recording; else to the value, and the
   * history gets zeros.
   */
  readonly through: boolean;
}

/** The value of the first operand, with the history of the second: a result whose elements were replaced in place. */
export const overwrite: Op<OverwriteAttrs> = {
  name: 'overwrite',
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  reference: ([x]) => x.data,
  gradient: ({ attrs: { through }, grad }) => [through ? undefined : grad, through ? grad : e.fullLike(grad, 0)],
  sums: 'none',
  python: ([x]) => x,
  view: (input) => input,
};

/**
 * A value that was found in a tensor, the second operand: its gradient goes in equal parts to all elements that are
 * equal to it, as that of PyTorch's max(), min() and median() of a whole tensor does.
 */
export const found: Op<Attrs> = {
  name: 'found',
  infer: ([value]) => ({ shape: value.shape, dtype: value.dtype }),
  decompose: ([value]) => value,
  gradient: ({ inputs: [, x], node, grad }) => {
    const hit = e.logicalOr(e.eq(x, node), e.logicalAnd(e.isnan(x), e.isnan(node)));
    const count = e.sum(
      e.cast(hit, x.dtype),
      x.shape.map((_, d) => d),
    );
    return [undefined, e.where(hit, e.div(grad, count), 0)];
  },
  sums: 'none',
  python: ([value]) => value,
};

export const assigned = (x: Node, requiresGrad: boolean): Node =>
  createNode(assignOp, [x], {}, x, x.device, requiresGrad);

/** Whether gradients end here: data, or what an in-place update assigned. */
export const isLeafNode = (node: Node): boolean => node.op === dataOp || node.op === assignOp;

export interface ToDeviceAttrs extends Attrs {
  readonly device: DeviceType;
}

/** The same value on the other device. The remote program has one device, so there it is nothing. */
export const toDeviceOp: Op<ToDeviceAttrs> = {
  name: 'toDevice',
  infer: ([x]) => x,
  reference: ([x]) => x.data,
  gradient: ({ inputs: [x], grad }) => [toDevice(grad, x.device)],
  sums: 'none',
  python: ([x]) => x,
};

export function toDevice(x: Node, device: DeviceType): Node {
  if (x.op === fullOp) return full(x.shape, x.dtype, (x.attrs as FullAttrs).value, device);
  return x.device === device ? x : createNode(toDeviceOp, [x], { device }, x, device, x.requiresGrad);
}

export const detached = (x: Node): Node => record(detach, [x], {});
