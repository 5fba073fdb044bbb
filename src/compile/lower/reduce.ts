/**
 * @file Reductions, over strided inputs without copying them: each becomes a descriptor, the chooser answers with a
 * plan.
 */
import type { ReductionName } from '../../dnn/reduce/accumulator.ts';
import type { ReduceDescriptor, Walk } from '../../dnn/reduce/descriptor.ts';
import { mostDimensions } from '../../dnn/reduce/descriptor.ts';
import { reduceProblem } from '../../dnn/reduce/problem.ts';
import type { ReduceAttrs, VarianceAttrs } from '../../graph/ops/reduce.ts';
import type { Attrs, Layout, TensorType } from '../../graph/types.ts';
import { collapse, contiguousLayout } from '../layout.ts';
import type { Lowering } from './context.ts';

export const lowerReduction: Lowering = (node, context) => {
  const [x] = node.inputs;
  const told = context.assertion(node);
  const { slot, layout } = context.view(x);
  const inPlace = reductionOver(node.op.name, x, layout, node.attrs, node, told !== undefined);
  const desc =
    inPlace ?? reductionOver(node.op.name, x, contiguousLayout(x.shape), node.attrs, node, told !== undefined)!;
  const plan = context.choose(reduceProblem(desc), node);
  context.emit(
    ...plan.algorithm.launches(desc, plan.config, {
      x: inPlace ? slot : context.contiguous(x),
      y: context.result(node),
      workspace: plan.workspace.map((bytes) => context.temporary(bytes)),
      ...assertionIn(told),
    }),
  );
};

/** The slots of a kernel that tells wrong results. */
export const assertionIn = (
  told: { readonly slot: number; readonly number: number } | undefined,
): { readonly assertions?: number; readonly assertion?: number } =>
  told ? { assertions: told.slot, assertion: told.number } : {};

/**
 * The descriptor of a reduction of x as it lies in memory; `undefined` where it lies in more dimensions than a kernel
 * walks over.
 */
export function reductionOver(
  name: string,
  x: TensorType,
  { strides, offset }: Layout,
  attrs: Attrs,
  result: Pick<TensorType, 'dtype'>,
  asserts: boolean,
): ReduceDescriptor | undefined {
  const { dims, correction } = attrs as ReduceAttrs & Partial<VarianceAttrs>;
  const pick = (wanted: boolean): Walk => {
    const chosen = x.shape.map((_, d) => d).filter((d) => dims.includes(d) === wanted);
    const { sizes, strides: walks } = collapse(
      chosen.map((d) => x.shape[d]),
      [chosen.map((d) => strides[d])],
    );
    return { sizes, strides: walks[0] };
  };
  const [kept, along] = [pick(false), pick(true)];
  if (Math.max(kept.sizes.length, along.sizes.length) > mostDimensions) return undefined;
  return {
    name: name as ReductionName,
    kept,
    along,
    offset,
    dtype: x.dtype,
    result: result.dtype,
    ...(correction !== undefined && { correction }),
    asserts,
  };
}
