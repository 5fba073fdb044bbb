/**
 * @file Operations that only move elements.
 */
import { dtypes } from '../../base/dtype.ts';
import { sizeOf } from '../../base/shape.ts';
import type { Binding } from '../../gpu/kernel.ts';
import { ceilDiv, kernel, linear, linearGrid, params, reads, writes } from '../../gpu/kernel.ts';
import { cast } from '../../graph/ops/elementwise/unary.ts';
import type { FullAttrs } from '../../graph/ops/full.ts';
import type { SliceBackwardAttrs } from '../../graph/ops/views.ts';
import type { Node } from '../../graph/types.ts';
import { elementwiseLaunch } from '../elementwise.ts';
import { packsOn } from '../packed.ts';
import type { LowerContext, Lowering } from './context.ts';
import { elementSpec } from './context.ts';

const group = 256;

/** A constant written out, for kernels that must read it from memory. */
export const lowerFull: Lowering = (node, context) => lowerFill(node, (node.attrs as FullAttrs).value, context);

export function lowerFill(node: Node, value: number, context: LowerContext): void {
  const step = { op: cast, attrs: { dtype: node.dtype }, args: [0], dtype: node.dtype, output: context.result(node) };
  context.emit(
    elementwiseLaunch({
      inputs: [{ constant: value, dtype: node.dtype }],
      steps: [step],
      shape: node.shape,
      packs: packsOn(context.device.features),
    }),
  );
}

export const lowerSliceBackward: Lowering = (node, context) => {
  const [g] = node.inputs;
  const { dim, start, step } = node.attrs as SliceBackwardAttrs;
  const outer = sizeOf(node.shape.slice(0, dim));
  const inner = sizeOf(node.shape.slice(dim + 1));
  move(
    node,
    context,
    'move/slice_backward',
    [reads(context.contiguous(g))],
    [outer, node.shape[dim], inner, g.shape[dim], start, step],
  );
};

export const lowerTakeFromPlanes: Lowering = (node, context) => {
  const [x, places] = node.inputs;
  const windows = places.shape[2] * places.shape[3];
  move(
    node,
    context,
    'move/take_from_planes',
    [reads(context.contiguous(x)), reads(context.contiguous(places))],
    [sizeOf(node.shape), windows, x.shape[2] * x.shape[3]],
  );
};

function move(
  node: Node,
  context: LowerContext,
  name: string,
  inputs: readonly Binding[],
  fields: readonly number[],
): void {
  context.emit({
    kernel: kernel(name, elementSpec(node.dtype), linear(group)),
    bindings: [...inputs, writes(context.result(node)), params(...fields)],
    workgroups: linearGrid(ceilDiv(sizeOf(node.shape), group)),
  });
}

/** Bytes of a node's value on the device. */
export const deviceBytes = (node: Node): number => sizeOf(node.shape) * dtypes[node.dtype].deviceBytes;
