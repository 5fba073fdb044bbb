/**
 * @file TensorFlow.js.
 */
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { dataOf, nchw, openBackend, tensorOf } from '../../peers/tfjs.ts';
import type { Layers } from '../layers.ts';
import { epsilon } from '../layers.ts';
import type { Side } from '../side.ts';
import type { Optimizer } from '../workloads.ts';

// Gradients are apart, in files that import folders, which Node's own imports do not find.
createRequire(import.meta.url)('@tensorflow/tfjs-core/dist/register_all_gradients.js');

type Tensor = ReturnType<typeof tf.tensor>;
type Vector = ReturnType<typeof tf.tensor1d>;
type Matrix = ReturnType<typeof tf.tensor2d>;
type Image = ReturnType<typeof tf.tensor4d>;
type NamedTensors = Readonly<Record<string, Tensor>>;

const layersOf = (p: NamedTensors, training: boolean): Layers<Tensor> => ({
  conv: (x, name, { shape, stride = 1, padding = 0, groups = 1, bias = false }) => {
    const w = p[`${name}.weight`] as Image;
    if (groups > 1 && shape[1] !== 1) throw new Error('TensorFlow.js has convolutions in groups of one channel alone');
    const y =
      groups > 1 ? tf.depthwiseConv2d(x as Image, w, stride, padding) : tf.conv2d(x as Image, w, stride, padding);
    return bias ? tf.add(y, p[`${name}.bias`]) : y;
  },
  norm: (x, name) => {
    const { mean, variance } = training
      ? tf.moments(x, [0, 1, 2])
      : { mean: p[`${name}.running_mean`], variance: p[`${name}.running_var`] };
    return tf.batchNorm(
      x as Image,
      mean as Vector,
      variance as Vector,
      p[`${name}.bias`] as Vector,
      p[`${name}.weight`] as Vector,
      epsilon,
    );
  },
  layerNorm: (x, name) => {
    const { mean, variance } = tf.moments(x, -1, true);
    const normed = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, epsilon)));
    return tf.add(tf.mul(normed, p[`${name}.weight`]), p[`${name}.bias`]);
  },
  linear: (x, name, from, to) => {
    const rows = tf.reshape(x, [-1, from]) as Matrix;
    const y = tf.add(tf.matMul(rows, p[`${name}.weight`] as Matrix, false, true), p[`${name}.bias`]);
    return tf.reshape(y, [...x.shape.slice(0, -1), to]);
  },
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  maxPool: (x, { size, stride, padding = 0 }) => tf.maxPool(x as Image, size, stride, padding),
  meanPool: (x) => tf.mean(x, [1, 2]),
  upsample: (x) => tf.image.resizeNearestNeighbor(x as Image, [2 * x.shape[1]!, 2 * x.shape[2]!]),
  add: (a, b) => tf.add(a, b),
  concat: (a, b) => tf.concat([a, b], 3),
  // In PyTorch's order, so that the weights that follow are the same.
  flatten: (x) => tf.reshape(tf.transpose(x, nchw), [x.shape[0], -1]),
  attention: (q, k, v, heads) => {
    const [N, L, width] = q.shape;
    const split = (t: Tensor): Tensor => tf.transpose(tf.reshape(t, [N, L, heads, width / heads]), [0, 2, 1, 3]);
    const scores = tf.mul(tf.matMul(split(q), split(k), false, true), 1 / Math.sqrt(width / heads));
    return tf.reshape(tf.transpose(tf.matMul(tf.softmax(scores), split(v)), [0, 2, 1, 3]), [N, L, width]);
  },
});

const made = ({
  name,
  lr,
  ...more
}: Optimizer): ReturnType<typeof tf.train.adam> | ReturnType<typeof tf.train.momentum> =>
  name === 'Adam'
    ? tf.train.adam(lr, 0.9, 0.999, 1e-8)
    : tf.train.momentum(lr, (more as { momentum: number }).momentum);

export const tfjs: Side = {
  name: `TensorFlow.js ${tf.version_core}`,
  flags: 'WebGPU backend, NHWC',
  prepare: async ({ input, output, build, optimizer }, data) => {
    const sync = await openBackend();
    const named: Record<string, Tensor> = {};
    for (const [name, { data: values, shape, fixed, groups }] of data.parameters) {
      const tensor = tensorOf(values, shape, groups);
      named[name] = optimizer && !fixed ? tf.variable(tensor) : tensor;
    }
    const x = tensorOf(data.input, input);
    let last: Tensor | undefined;
    const common = {
      sync,
      output: () => dataOf(last!),
      dispose: () => tf.dispose([...Object.values(named), x, ...(last ? [last] : [])]),
    };
    if (!optimizer)
      return {
        ...common,
        call: () => {
          last?.dispose();
          last = tf.tidy(() => build(layersOf(named, false), x));
        },
      };
    const wanted = tf.oneHot(tf.tensor1d(data.classes, 'int32'), output[1]);
    const steps = made(optimizer);
    return {
      ...common,
      call: () => {
        last?.dispose();
        const loss = () =>
          tf.losses.softmaxCrossEntropy(wanted, build(layersOf(named, true), x)) as ReturnType<typeof tf.scalar>;
        last = steps.minimize(loss, true) ?? undefined;
      },
    };
  },
};
