/**
 * @file nn.Parameter: a tensor that a module learns.
 */
import { dtypes } from '../../base/dtype.ts';
import { fail } from '../../base/errors.ts';
import { assigned, detached, isLeafNode } from '../../graph/ops/identity.ts';
import { leaf } from '../../graph/record.ts';
import { p } from '../signature.ts';
import { matched, register } from '../signature/call.ts';
import { signature } from '../signature/match.ts';
import { Tensor } from '../tensor.ts';

const parameter = {
  signature: signature('nn.Parameter', [p.tensor('data', null), p.flag('requiresGrad', true)]),
  body: () => {},
  pythonCall: false as const,
};

/** A tensor that a module learns: a leaf that requires a gradient unless told otherwise. */
export class Parameter extends Tensor {
  constructor(...given: [data: Tensor, requiresGrad?: boolean | { readonly requiresGrad?: boolean }]) {
    const [data, requiresGrad] = matched([parameter], given, false).found.values as [Tensor | null, boolean];
    const { node } = data ?? fail('Parameter: data is missing; give a tensor, as torch.zeros(…) makes it');
    if (requiresGrad && dtypes[node.dtype].kind !== 'float')
      fail(
        `Parameter: only floating tensors can require gradients, this one is ${node.dtype}; pass false as the second argument`,
      );
    const host = isLeafNode(node) ? node.value?.host : undefined;
    super(host ? leaf(node, node.device, host, requiresGrad) : assigned(detached(node), requiresGrad));
  }

  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}

register(Parameter, [parameter]);
