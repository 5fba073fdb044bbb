/**
 * @file softmax and its kin along one dimension.
 */
import { normalizeDim } from '../../base/shape.ts';
import * as e from '../../graph/expr.ts';
import { logSoftmax as logSoftmaxOp, softmax as softmaxOp } from '../../graph/ops/softmax.ts';
import { record } from '../../graph/record.ts';
import type { Methods } from '../tensor.ts';
import { Tensor, attach } from '../tensor.ts';
import { floating } from './apply.ts';
import { writtenAs } from '../written.ts';

function along(op: typeof softmaxOp, self: Tensor, dim: number): Tensor {
  const d = normalizeDim(op.name, dim, self.ndim);
  const x = e.cast(self.node, floating(self.dtype));
  return new Tensor(e.reshape(record(op, [self.ndim === 0 ? e.reshape(x, [1]) : x], { dim: d }), self.node.shape));
}

/** e^x over the sum of e^x along a dimension. */
export const softmax = (self: Tensor, dim: number): Tensor => along(softmaxOp, self, dim);
/** The logarithm of softmax, exact where softmax is nearly 0. */
export const logSoftmax = (self: Tensor, dim: number): Tensor => along(logSoftmaxOp, self, dim);
/** softmax of −x. */
export const softmin = writtenAs('F.softmin', (self: Tensor, dim: number): Tensor => softmax(self.neg(), dim));

const methods = { softmax, logSoftmax };
attach(methods);

declare module '../tensor.ts' {
  interface Tensor extends Methods<typeof methods> {}
}
