/**
 * @file Operations that walk along one dimension, row by row: softmax, running sums and products. Each becomes a
 * descriptor, the chooser answers with a plan.
 */
import { sizeOf } from '../../base/shape.ts';
import type { RowsDescriptor } from '../../dnn/rows/descriptor.ts';
import { rowsProblem } from '../../dnn/rows/problem.ts';
import type { ScanAttrs } from '../../graph/ops/scan.ts';
import type { Lowering } from './context.ts';
import { assertionIn } from './reduce.ts';

export const lowerRows: Lowering = (node, context) => {
  const [x] = node.inputs;
  const { dim, reverse } = node.attrs as { readonly dim: number } & Partial<ScanAttrs>;
  const length = x.shape[dim];
  const told = context.assertion(node);
  const desc: RowsDescriptor = {
    name: node.op.name as RowsDescriptor['name'],
    rows: sizeOf(x.shape) / length,
    length,
    inner: sizeOf(x.shape.slice(dim + 1)),
    dtype: x.dtype,
    result: node.dtype,
    ...(reverse && { reverse }),
    asserts: told !== undefined,
  };
  const plan = context.choose(rowsProblem(desc), node);
  const workspace = plan.workspace.map((bytes) => context.temporary(bytes));
  context.emit(
    ...plan.algorithm.launches(desc, plan.config, {
      x: context.contiguous(x),
      y: context.result(node),
      workspace,
      ...assertionIn(told),
    }),
  );
};
