/**
 * @file TensorFlow.js in the race, on its WebGPU backend, in the layout that it is made for (NHWC).
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-webgpu';
import type { Contender } from './contender.ts';

/** What flushing needs; the backend's read-back does the same three calls. */
interface Backend {
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  readonly queue: GPUQueue;
}

export const tfjs: Contender = {
  name: `TensorFlow.js ${tf.version_core}`,
  prepare: async ({ x: xShape, w: wShape, stride, pad }, xData, wData) => {
    await tf.setBackend('webgpu');
    await tf.ready();
    const x = tf.tidy(() => tf.transpose(tf.tensor4d(xData, [...xShape]), [0, 2, 3, 1]));
    const w = tf.tidy(() => tf.transpose(tf.tensor4d(wData, [...wShape]), [2, 3, 1, 0]));
    const convolve = () => tf.conv2d(x, w, stride, pad);
    let last = convolve();
    const backend = tf.backend() as unknown as Backend;
    return {
      run: () => {
        last.dispose();
        last = convolve();
      },
      sync: async () => {
        backend.ensureCommandEncoderReady();
        backend.endComputePassEncoder();
        backend.submitQueue();
        await backend.queue.onSubmittedWorkDone();
      },
      output: async () => {
        const nchw = tf.tidy(() => tf.transpose(last, [0, 3, 1, 2]));
        const data = (await nchw.data()) as Float32Array;
        nchw.dispose();
        return data;
      },
      dispose: () => tf.dispose([x, w, last]),
    };
  },
};
