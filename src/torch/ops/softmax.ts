/**
 * @file softmax and its kin along one dimension.
 */
import type { DType } from '../../base/dtype.ts';
import { normalizeDim } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { logSoftmax as logSoftmaxOp, softmax as softmaxOp } from '../../graph/ops/softmax.ts';
import { record } from '../../graph/record.ts';
import type { MethodsOf } from '../signature.ts';
import { fn, methods, p } from '../signature.ts';
import { Tensor } from '../tensor.ts';
import { floating } from './apply.ts';

function along(op: typeof softmaxOp, self: Tensor, dim: number, dtype: DType | null): Tensor {
  const d = normalizeDim(op.name, dim, self.ndim);
  const x = e.cast(self.node, dtype ?? floating(self.dtype));
  return new Tensor(e.reshape(record(op, [self.ndim === 0 ? e.reshape(x, [1]) : x], { dim: d }), self.node.shape));
}

/** The operand is converted to it first. */
const dtype = p.dtype('dtype', null);

/** e^x over the sum of e^x along a dimension. */
export const softmax = fn('torch.softmax', [p.tensor('input'), p.int('dim'), dtype], (input, dim, dtype): Tensor =>
  along(softmaxOp, input, dim, dtype),
);
/** The logarithm of softmax, exact where softmax is nearly 0. */
export const logSoftmax = fn(
  'torch.log_softmax',
  [p.tensor('input'), p.int('dim'), dtype],
  (input, dim, dtype): Tensor => along(logSoftmaxOp, input, dim, dtype),
);

const softmaxes = { softmax, logSoftmax };
methods(softmaxes);

declare module '../tensor.ts' {
  interface Tensor extends MethodsOf<typeof softmaxes> {}
}
