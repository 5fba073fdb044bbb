/**
 * @file TensorFlow.js on its WebGPU backend, in the layout that it is made for: images are [N, H, W, C], filters [R, S,
 * C, K].
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgpu';

/** What flushing needs; the backend's read-back does the same three calls. */
interface Backend {
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  readonly queue: GPUQueue;
}

const nhwc = [0, 2, 3, 1];
export const nchw = [0, 3, 1, 2];
const filter = [2, 3, 1, 0];
const depthwiseFilter = [2, 3, 0, 1];

/** Opens the backend; what comes back submits all work and resolves when the device has done it. */
export async function openBackend(): Promise<() => Promise<void>> {
  await tf.setBackend('webgpu');
  await tf.ready();
  const backend = tf.backend() as unknown as Backend;
  return async () => {
    backend.ensureCommandEncoderReady();
    backend.endComputePassEncoder();
    backend.submitQueue();
    await backend.queue.onSubmittedWorkDone();
  };
}

type Tensor = ReturnType<typeof tf.tensor>;

/** Numbers in PyTorch's order as a tensor in TensorFlow's: those of an image, and with `groups` those of a filter. */
export function tensorOf(data: Float32Array, shape: readonly number[], groups?: number): Tensor {
  const order = groups === undefined ? nhwc : groups > 1 ? depthwiseFilter : filter;
  return tf.tidy(() => {
    const tensor = tf.tensor(data, [...shape]);
    return shape.length === 4 ? tf.transpose(tensor, order) : tensor;
  });
}

/** An image's numbers in PyTorch's order; other tensors' as they are. */
export async function dataOf(tensor: Tensor): Promise<Float32Array> {
  const ordered = tf.tidy(() => (tensor.rank === 4 ? tf.transpose(tensor, nchw) : tf.clone(tensor)));
  const data = (await ordered.data()) as Float32Array;
  ordered.dispose();
  return data;
}
