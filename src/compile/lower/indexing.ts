/**
 * @file Reading and writing by index tensors, and cat.
 */
import type { DType } from '../../base/dtype.ts';
import { isFloat } from '../../base/dtype.ts';
import { sizeOf } from '../../base/shape.ts';
import type { Binding, SpecBlock } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import type { DimAttrs, ScatterAttrs } from '../../graph/ops/indexing.ts';
import type { Node } from '../../graph/types.ts';
import type { LowerContext, Lowering } from './context.ts';
import { elementSpec } from './context.ts';
import { lowerFill } from './move.ts';
import { emitSort } from './sort.ts';
import { aroundDim, threeLevels } from './strided.ts';

const group = 256;

export const lowerCat: Lowering = (node, context) => {
  const { dim } = node.attrs as DimAttrs;
  let start = 0;
  for (const x of node.inputs) {
    const [outer, size, inner] = aroundDim(x.shape, dim);
    if (sizeOf(x.shape) > 0) {
      const { slot, offset, strides } = threeLevels(x, dim, context);
      emit(
        'move/copy_into',
        node.dtype,
        sizeOf(x.shape),
        [
          reads(slot),
          writes(context.result(node)),
          params(outer, size, inner, node.shape[dim], start, offset, ...strides),
        ],
        context,
      );
    }
    start += size;
  }
};

export const lowerGather: Lowering = (node, context) => {
  const [x, index] = node.inputs;
  const { dim } = node.attrs as DimAttrs;
  const from = threeLevels(x, dim, context);
  const by = threeLevels(index, dim, context);
  const p = params(...aroundDim(node.shape, dim), from.offset, ...from.strides, by.offset, ...by.strides);
  emit(
    'move/gather',
    node.dtype,
    sizeOf(node.shape),
    [reads(from.slot), reads(by.slot), writes(context.result(node)), p],
    context,
  );
};

export const lowerScatterSum: Lowering = (node, context) => {
  const [source, index] = node.inputs;
  if (sizeOf(index.shape) === 0) return lowerFill(node, 0, context);
  const acc = isFloat(node.dtype) ? 'f32' : 'i32';
  const { enable, alias } = elementSpec(node.dtype);
  scatter(
    node,
    index,
    'sum',
    { enable, alias: { ...alias, Out: alias.Elem, Acc: acc } },
    [reads(context.contiguous(source))],
    context,
  );
};

export const lowerLastPlace: Lowering = (node, context) => {
  const [index] = node.inputs;
  if (sizeOf(index.shape) === 0) return lowerFill(node, -1, context);
  scatter(node, index, 'last', { alias: { Out: 'i32' } }, [], context);
};

function scatter(
  node: Node,
  index: Node,
  combine: string,
  spec: SpecBlock,
  sources: readonly Binding[],
  context: LowerContext,
): void {
  const { dim, size } = node.attrs as ScatterAttrs;
  const by = threeLevels(index, dim, context);
  const [outer, count, inner] = aroundDim(index.shape, dim);
  // An index that is expanded over outer or inner has the same rows again and again: one of them is sorted.
  const [rowsOuter, rowsInner] = [by.strides[0] === 0 ? 1 : outer, by.strides[2] === 0 ? 1 : inner];
  const order = context.temporary(4 * rowsOuter * rowsInner * count);
  emitSort({ keys: by, dtype: 'int32', sizes: [rowsOuter, count, rowsInner], descending: false, order }, context);
  context.emit({
    kernel: kernel('scatter/sorted', spec, linear(group), { files: [`scatter/combine_${combine}.wgsl`] }),
    bindings: [
      reads(by.slot),
      reads(order),
      writes(context.result(node)),
      params(
        outer,
        size,
        inner,
        count,
        by.offset,
        ...by.strides,
        rowsOuter === 1 ? 0 : count * rowsInner,
        rowsInner,
        rowsInner === 1 ? 0 : 1,
      ),
      ...sources,
    ],
    workgroups: linearGrid(ceilDiv(sizeOf(node.shape), group)),
  });
}

function emit(name: string, dtype: DType, size: number, bindings: readonly Binding[], context: LowerContext): void {
  context.emit({
    kernel: kernel(name, elementSpec(dtype), linear(group)),
    bindings,
    workgroups: linearGrid(ceilDiv(size, group)),
  });
}
