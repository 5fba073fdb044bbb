/**
 * @file The smallest ONNX model: one Conv node.
 */
import { initializer, model, node } from '../onnx.ts';
import type { ConvShape } from './candidate.ts';
import { outputPlane } from './candidate.ts';

/** x [N, C, H, W] → y, with the filter as an initializer. */
export function convModel(shape: ConvShape, w: Float32Array): Uint8Array {
  const { stride, pad } = shape;
  const attributes = { strides: [stride, stride], pads: [pad, pad, pad, pad], kernel_shape: shape.w.slice(2) };
  return model(
    [node('Conv', ['x', 'w'], ['y'], attributes)],
    [initializer('w', shape.w, w)],
    { name: 'x', dims: shape.x },
    { name: 'y', dims: [shape.x[0], shape.w[0], ...outputPlane(shape)] },
  );
}
