/**
 * @file torch.nn.functional: softmax and its kin. They differ from torch's in their places, and take a call without a
 * dim.
 */
import type { DType } from '../../base/dtype.ts';
import * as ops from '../ops/softmax.ts';
import { fn, p } from '../signature.ts';
import type { Tensor } from '../tensor.ts';

/** Without a dim PyTorch takes the first of up to one dimension or of three, else the second. */
const along = (name: string, body: (input: Tensor, dim: number, dtype: DType | null) => Tensor) =>
  fn(
    name,
    [p.tensor('input'), p.int('dim', null), p.refused('_stacklevel', 3, 'leave it out'), p.dtype('dtype', null)],
    (input, dim, _stacklevel, dtype): Tensor => body(input, dim ?? ([0, 1, 3].includes(input.ndim) ? 0 : 1), dtype),
    { pythonCall: true },
  );

/** e^x over the sum of e^x along a dimension. */
export const softmax = along('F.softmax', (input, dim, dtype) => ops.softmax(input, dim, dtype));
/** The logarithm of softmax, exact where softmax is nearly 0. */
export const logSoftmax = along('F.log_softmax', (input, dim, dtype) => ops.logSoftmax(input, dim, dtype));
/** softmax of −x. */
export const softmin = along('F.softmin', (input, dim, dtype) => ops.softmax(input.neg(), dim, dtype));
