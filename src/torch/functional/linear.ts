/**
 * @file The affine map.
 */
import { matmul } from '../ops/matmul.ts';
import type { Tensor } from '../tensor.ts';
import { writtenAs } from '../written.ts';

/** input [..., in] · weightᵀ [in, out] + bias [out] */
export const linear = writtenAs('F.linear', (input: Tensor, weight: Tensor, bias?: Tensor | null): Tensor => {
  const product = matmul(input, weight.transpose(0, 1));
  return bias ? product.add(bias) : product;
});
