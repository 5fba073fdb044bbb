/**
 * @file What becomes of a parameter or buffer when a state is loaded, or its module moves to a device or dtype.
 */
import { leaf } from '../../graph/record.ts';
import type { DType } from '../../base/dtype.ts';
import type { Device, DeviceType } from '../device.ts';
import { replaceLeaf, replaceValue } from '../inplace.ts';
import '../ops/shape.ts';
import { Tensor } from '../tensor.ts';

/** The source's value becomes the target's, which stays a leaf of its own dtype and device. */
export function copyInto(target: Tensor, source: Tensor): void {
  const { node } = target;
  const host = source.node.value?.host;
  if (host && source.dtype === node.dtype)
    replaceLeaf(target, leaf(node, node.device, host.slice(), node.requiresGrad), 'loadStateDict');
  else replaceValue(target, source.detach().to(target.device, target.dtype).node, 'loadStateDict');
}

export function moveInPlace(tensor: Tensor, target: Device | DeviceType | DType): void {
  const { requiresGrad } = tensor;
  const plain = new Tensor(requiresGrad ? leafOf(tensor) : tensor.node);
  const moved = plain.to(target as Device); // or a dtype: what it is decides which
  if (moved.node === plain.node) return;
  tensor.setNode(moved.node);
  if (requiresGrad) tensor.requiresGrad = true;
}

/** The tensor's value as a leaf without gradient. */
function leafOf(tensor: Tensor): Tensor['node'] {
  const { node } = tensor;
  return node.value?.host ? leaf(node, node.device, node.value.host) : tensor.detach().node;
}
