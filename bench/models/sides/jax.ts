/**
 * @file jax-js: a call, or a whole step of training, is one jitted function.
 */
import { jit, lax, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import peers from '../../package.json' with { type: 'json' };
import type { JaxArray as Array } from '../../peers/jax.ts';
import { finished, openBackend, prepareFunction } from '../../peers/jax.ts';
import type { Layers } from '../layers.ts';
import { epsilon } from '../layers.ts';
import type { Parameters } from '../parameters.ts';
import type { Side } from '../side.ts';
import type { Optimizer } from '../workloads.ts';

type Tree = Record<string, Array>;

/** Every layer takes references, since arrays end with their use. */
const layersOf = (p: Tree, training: boolean): Layers<Array> => {
  const of = (name: string): Array => p[name].ref;
  const perChannel = (name: string): Array => np.reshape(of(name), [1, -1, 1, 1]);
  return {
    conv: (x, name, { stride = 1, padding = 0, groups = 1, bias = false }) => {
      const sides: [number, number][] = [
        [padding, padding],
        [padding, padding],
      ];
      const y = lax.convGeneralDilated(x.ref, of(`${name}.weight`), [stride, stride], sides, {
        featureGroupCount: groups,
      });
      return bias ? y.add(perChannel(`${name}.bias`)) : y;
    },
    norm: (x, name) => {
      const axes = [0, 2, 3];
      const mean = training ? np.mean(x.ref, axes, { keepdims: true }) : perChannel(`${name}.running_mean`);
      const centred = x.ref.sub(mean);
      const variance = training
        ? np.mean(np.square(centred.ref), axes, { keepdims: true })
        : perChannel(`${name}.running_var`);
      const scale = perChannel(`${name}.weight`).div(np.sqrt(variance.add(epsilon)));
      return centred.mul(scale).add(perChannel(`${name}.bias`));
    },
    layerNorm: (x, name) => {
      const centred = x.ref.sub(np.mean(x.ref, -1, { keepdims: true }));
      const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
      return centred
        .div(np.sqrt(variance.add(epsilon)))
        .mul(of(`${name}.weight`))
        .add(of(`${name}.bias`));
    },
    linear: (x, name) => np.matmul(x.ref, np.transpose(of(`${name}.weight`))).add(of(`${name}.bias`)),
    relu: (x) => nn.relu(x.ref),
    relu6: (x) => nn.relu6(x.ref),
    // What is padded has been rectified, so 0 is as good as −∞.
    maxPool: (x, { size, stride, padding = 0 }) => {
      const edges: [number, number][] = [0, 0, padding, padding].map((n) => [n, n]);
      const framed = padding > 0 ? np.pad(x.ref, edges) : x.ref;
      return lax.reduceWindow(framed, (w: Array) => np.max(w), [size, size], [stride, stride]);
    },
    meanPool: (x) => np.mean(x.ref, [2, 3]),
    upsample: (x) => np.repeat(np.repeat(x.ref, 2, 2), 2, 3),
    add: (a, b) => a.ref.add(b.ref),
    concat: (a, b) => np.concatenate([a.ref, b.ref], 1),
    flatten: (x) => np.reshape(x.ref, [x.shape[0], -1]),
    attention: (q, k, v, heads) => {
      const [N, L, width] = q.shape;
      const split = (t: Array, order: number[]): Array =>
        np.transpose(np.reshape(t.ref, [N, L, heads, width / heads]), order);
      // nn.dotProductAttention needs iterators with map, which Node 20 lacks.
      const scores = np.matmul(split(q, [0, 2, 1, 3]), split(k, [0, 2, 3, 1])).mul((width / heads) ** -0.5);
      const mixed = np.matmul(nn.softmax(scores, -1), split(v, [0, 2, 1, 3]));
      return np.reshape(np.transpose(mixed, [0, 2, 1, 3]), [N, L, width]);
    },
  };
};

/** What an optimizer remembers of the parameters, by name, and the parameters after a step. */
type State = { readonly parameters: Tree; readonly first: Tree; readonly second: Tree; readonly count: Array };

function updated(optimizer: Optimizer, { parameters, first, second, count }: State, grads: Tree): State {
  const next = { parameters: {} as Tree, first: {} as Tree, second: {} as Tree, count: count.ref.add(1) };
  for (const [name, grad] of Object.entries(grads)) {
    if (optimizer.name === 'SGD') {
      next.first[name] = first[name].ref.mul(optimizer.momentum).add(grad);
      next.second[name] = second[name].ref;
      next.parameters[name] = parameters[name].ref.sub(next.first[name].ref.mul(optimizer.lr));
      continue;
    }
    next.first[name] = first[name].ref.mul(0.9).add(grad.ref.mul(0.1));
    next.second[name] = second[name].ref.mul(0.999).add(np.square(grad).mul(0.001));
    const corrected = (m: Array, beta: number): Array => m.ref.div(np.power(beta, next.count.ref).neg().add(1));
    const step = corrected(next.first[name], 0.9).div(np.sqrt(corrected(next.second[name], 0.999)).add(1e-8));
    next.parameters[name] = parameters[name].ref.sub(step.mul(optimizer.lr));
  }
  return next;
}

const arraysOf = (parameters: Parameters, isWanted: (fixed: boolean) => boolean): Tree =>
  Object.fromEntries(
    [...parameters].flatMap(([name, { data, shape, fixed }]) =>
      isWanted(fixed) ? [[name, np.array(data, { shape: [...shape] })]] : [],
    ),
  );

const zerosLike = (tree: Tree): Tree =>
  Object.fromEntries(Object.entries(tree).map(([name, { shape }]) => [name, np.zeros(shape)]));

const disposeAll = (tree: object): void => {
  for (const value of Object.values(tree) as (Array | Tree)[])
    if ('dispose' in value && typeof value.dispose === 'function') (value as Array).dispose();
    else disposeAll(value);
};

export const jax: Side = {
  name: `jax-js ${peers.dependencies['@jax-js/jax']}`,
  flags: 'jit',
  prepare: async ({ input, output, build, optimizer }, data) => {
    await openBackend();
    const x = np.array(data.input, { shape: [...input] });
    if (!optimizer) {
      const parameters = arraysOf(data.parameters, () => true);
      const infer = jit((p: Tree, input: Array) => build(layersOf(p, false), input));
      const refs = (): Tree => Object.fromEntries(Object.entries(parameters).map(([name, array]) => [name, array.ref]));
      return prepareFunction(() => infer(refs(), x.ref), [...Object.values(parameters), x]);
    }
    const [rows, classes] = output;
    const oneHot = Float32Array.from({ length: rows * classes }, (_, i) =>
      Number(data.classes[Math.floor(i / classes)] === i % classes),
    );
    const targets = np.array(oneHot, { shape: [rows, classes] });
    const lossOf = (p: Tree, input: Array, wanted: Array): Array =>
      np.sum(nn.logSoftmax(build(layersOf(p, true), input)).mul(wanted)).mul(-1 / rows);
    const step = jit((state: State, input: Array, wanted: Array) => {
      const refs = Object.fromEntries(Object.entries(state.parameters).map(([name, array]) => [name, array.ref]));
      const [loss, grads] = valueAndGrad(lossOf)(refs, input, wanted) as unknown as [Array, Tree];
      return { loss, state: updated(optimizer, state, grads) };
    });
    const parameters = arraysOf(data.parameters, (fixed) => !fixed);
    let state: State = { parameters, first: zerosLike(parameters), second: zerosLike(parameters), count: np.zeros([]) };
    let loss: Array | undefined;
    return {
      call: () => {
        loss?.dispose();
        const next = step(state as never, x.ref, targets.ref) as unknown as { loss: Array; state: State };
        ({ loss, state } = next);
      },
      sync: () => finished([...(loss ? [loss] : []), ...Object.values(state.parameters)]),
      output: async () => (await loss!.ref.data()) as Float32Array,
      dispose: () => disposeAll({ x, targets, ...state, ...(loss && { loss }) }),
    };
  },
};
