/**
 * @file TensorFlow.js.
 */
import * as tf from '@tensorflow/tfjs-core';
import { dataOf, openBackend, tensorOf } from '../peers/tfjs.ts';
import type { Candidate } from './candidate.ts';
import { groupsOf } from './candidate.ts';

type Image = ReturnType<typeof tf.tensor4d>;

export const tfjs: Candidate = {
  name: `TensorFlow.js ${tf.version_core}`,
  prepare: async (shape, xData, wData) => {
    const { stride, pad } = shape;
    const groups = groupsOf(shape);
    if (groups > 1 && shape.w[1] !== 1) throw new Error('it has groups of one channel only');
    const sync = await openBackend();
    const x = tensorOf(xData, shape.x) as Image;
    const w = tensorOf(wData, shape.w, groups) as Image;
    const convolve = () => (groups > 1 ? tf.depthwiseConv2d(x, w, stride, pad) : tf.conv2d(x, w, stride, pad));
    let last = convolve();
    return {
      call: () => {
        last.dispose();
        last = convolve();
      },
      sync,
      output: () => dataOf(last),
      dispose: () => tf.dispose([x, w, last]),
    };
  },
};
