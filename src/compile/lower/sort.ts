/**
 * @file Sorting on the device: a bitonic network over pairs of key and position.
 */
import type { DType } from '../../base/dtype.ts';
import { isFloat } from '../../base/dtype.ts';
import type { Binding, KernelPart, Launch, Slot } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { ArgsortAttrs } from '../../graph/ops/sort.ts';
import type { LowerContext, Lowering } from './context.ts';
import { elementSpec } from './context.ts';
import type { ThreeLevels } from './strided.ts';
import { aroundDim, threeLevels } from './strided.ts';

const group = 256;
const block = 2 * group;

export const lowerArgsort: Lowering = (node, context) => {
  const [x] = node.inputs;
  const { dim, descending } = node.attrs as ArgsortAttrs;
  emitSort(
    {
      keys: threeLevels(x, dim, context),
      dtype: x.dtype,
      sizes: aroundDim(x.shape, dim),
      descending,
      order: context.result(node),
    },
    context,
  );
};

export interface SortJob {
  readonly keys: ThreeLevels;
  readonly dtype: DType;
  readonly sizes: readonly [outer: number, size: number, inner: number];
  readonly descending: boolean;
  /** Where the positions in sorted order go, int32, as outer × size × inner. */
  readonly order: Slot;
}

export function emitSort(
  { keys, dtype, sizes: [outer, n, inner], descending, order }: SortJob,
  context: LowerContext,
): void {
  const rows = outer * inner;
  const padded = 2 ** Math.ceil(Math.log2(Math.max(2, n)));
  const total = rows * padded;
  const pairs = context.temporary(8 * total);
  const sort = params(rows, n, padded, inner, keys.offset, ...keys.strides, descending ? -1 : 0);
  const launch = (name: string, part: KernelPart, invocations: number, ...bindings: readonly Binding[]): Launch => ({
    kernel: kernel(`sort/${name}`, elementSpec(dtype), linear(group), { files: ['lib/sort.wgsl'] }, part),
    bindings,
    workgroups: linearGrid(ceilDiv(invocations, group)),
  });
  const inBlocks = (firstSpan: number, lastSpan: number): void =>
    context.emit(launch('block', {}, ceilDiv(total, 2), writes(pairs), params(total, padded, firstSpan, lastSpan)));

  context.emit(
    launch(
      'keys',
      { const: { FLOATS: String(isFloat(dtype)) }, files: ['lib/math.wgsl'] },
      total,
      reads(keys.slot),
      writes(pairs),
      sort,
    ),
  );
  inBlocks(2, Math.min(padded, block));
  for (let span = 2 * block; span <= padded; span *= 2) {
    for (let distance = span / 2; distance >= block; distance /= 2) {
      context.emit(launch('exchange', {}, total / 2, writes(pairs), params(total, padded, span, distance)));
    }
    inBlocks(span, span);
  }
  context.emit(launch('places', {}, rows * n, reads(pairs), writes(order), sort));
}
