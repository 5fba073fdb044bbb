/**
 * @file The affine map.
 */
import { fail } from '../../base/errors.ts';
import { requireExpandable } from '../ops/apply.ts';
import { matmul } from '../ops/matmul.ts';
import { fn, p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';

/** input [..., in] · weightᵀ [in, out] + bias [out] */
export const linear = fn(
  'F.linear',
  [p.tensor('input'), p.tensor('weight'), p.tensor('bias', null)],
  (input, weight, bias): Tensor => {
    const [given, expected] = [input.node.shape.at(-1), weight.node.shape[1]];
    if (weight.ndim !== 2) fail(`linear: the weight has shape ${weight.shape}; expected [out, in]`);
    if (given !== expected)
      fail(
        `linear: the input ${input.shape} has ${given ?? 'no'} features, the weight expects ${expected}; they are the last dimension`,
      );
    // PyTorch adds the bias before it rounds.
    if (bias && [input, weight, bias].every(({ dtype }) => dtype === 'bfloat16'))
      return linear(input.float(), weight.float(), bias.float()).to('bfloat16');
    const product = matmul(input, weight.transpose(0, 1));
    if (!bias) return product;
    requireExpandable('linear', 'bias', bias, product);
    return product.add(bias);
  },
  { pythonCall: true },
);
