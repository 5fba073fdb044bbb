/**
 * @file Products of 8-bit integers. The matmul reads its operands under their strides, so a transpose costs no copy.
 */
import { sizeOf } from '../../base/shape.ts';
import { convSizes } from '../../dnn/conv2d/descriptor.ts';
import type { Int8Job, Int8Operand } from '../../dnn/int8/launches.ts';
import { int8Conv2d, int8Matmul } from '../../dnn/int8/launches.ts';
import type { Conv2dAttrs } from '../../graph/ops/conv2d.ts';
import type { Node } from '../../graph/types.ts';
import type { LowerContext, Lowering } from './context.ts';
import { lowerFill } from './move.ts';
import { threeLevels } from './strided.ts';

export const lowerIntMatmul: Lowering = (node, context) => {
  const [x, w] = node.inputs;
  const [M, K] = x.shape;
  if (K === 0) return lowerFill(node, 0, context);
  const operand = (of: Node, along: number): Int8Operand => ({
    ...threeLevels(of, along, context),
    unsigned: of.dtype === 'uint8',
  });
  context.emit(...int8Matmul([M, w.shape[1], K], jobOf(node, operand(x, 1), operand(w, 0), context)));
};

export const lowerIntConv2d: Lowering = (node, context) => {
  const [x, w] = node.inputs;
  const sizes = convSizes({ ...(node.attrs as Conv2dAttrs), x: x.shape as never, w: w.shape as never });
  const operand = (of: Node): Int8Operand => {
    const [along, inner] = [w.shape[1], sizeOf(of.shape.slice(2))];
    return {
      slot: context.contiguous(of),
      offset: 0,
      strides: [along * inner, inner, 1],
      unsigned: of.dtype === 'uint8',
    };
  };
  context.emit(...int8Conv2d(sizes, jobOf(node, operand(x), operand(w), context)));
};

function jobOf(node: Node, x: Int8Operand, w: Int8Operand, context: LowerContext): Int8Job {
  const [, , zeroX, zeroW] = node.inputs;
  const zeroPoints = zeroX && {
    x: context.contiguous(zeroX),
    w: context.contiguous(zeroW),
    byChannel: sizeOf(zeroW.shape) > 1,
  };
  return { x, w, y: context.result(node), zeroPoints, device: context.device, temporary: context.temporary };
}
