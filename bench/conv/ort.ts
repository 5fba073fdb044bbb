/**
 * @file ONNX Runtime Web, in either layout.
 */
import * as ort from 'onnxruntime-web/webgpu';
import { prepareModel } from '../peers/ort.ts';
import type { Candidate } from './candidate.ts';
import { convModel } from './onnx-model.ts';

export const onnxRuntime = (preferredLayout: 'NCHW' | 'NHWC'): Candidate => ({
  name: `ONNX Runtime Web ${ort.env.versions.web} ${preferredLayout}`,
  prepare: (shape, x, w) => prepareModel(convModel(shape, w), { data: x, dims: shape.x }, { preferredLayout }),
});
