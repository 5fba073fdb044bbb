/**
 * @file The identity in its two meanings: `detach` stops gradients, `toDevice` moves between the devices.
 */
import { createNode, record } from '../record.ts';
import type { Attrs, DeviceType, Node, Op } from '../types.ts';

/** The same value, through which no gradient flows. */
export const detach: Op<Attrs> = {
  name: 'detach',
  infer: ([x]) => x,
  reference: ([x]) => x.data,
  gradient: 'none',
  python: ([x]) => `${x}.detach()`,
  view: (input) => input,
};

export interface ToDeviceAttrs extends Attrs {
  readonly device: DeviceType;
}

/** The same value on the other device. The remote program has one device, so there it is nothing. */
export const toDeviceOp: Op<ToDeviceAttrs> = {
  name: 'toDevice',
  infer: ([x]) => x,
  reference: ([x]) => x.data,
  gradient: ({ inputs: [x], grad }) => [toDevice(grad, x.device)],
  python: ([x]) => x,
};

export function toDevice(x: Node, device: DeviceType): Node {
  return x.device === device ? x : createNode(toDeviceOp, [x], { device }, x, device, x.requiresGrad);
}

export const detached = (x: Node): Node => record(detach, [x], {});
