/**
 * @file ONNX Runtime Web. Its WebAssembly is handed over, since in Node it would
 * look for it by an address, and what it uploads from memory shared between threads is copied, since Dawn for Node
 * takes no such views.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as ort from 'onnxruntime-web/webgpu';
import { sizeOf } from '../../draw.ts';
import type { Attribute } from '../../onnx.ts';
import { initializer, model, node } from '../../onnx.ts';
import { prepareModel } from '../../peers/ort.ts';
import type { Layers } from '../layers.ts';
import { epsilon } from '../layers.ts';
import type { Parameters } from '../parameters.ts';
import type { Side } from '../side.ts';
import type { Workload } from '../workloads.ts';

/** The provider is part of the build that suspends by Asyncify. */
const binary = 'ort-wasm-simd-threaded.asyncify.wasm';

/** A value of the graph, by name, with its shape as far as later nodes need it. */
interface Value {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The model as ONNX; images are [N, C, H, W]. */
export function onnxOf({ build, input, output }: Workload, parameters: Parameters): Uint8Array {
  const nodes: Uint8Array[] = [];
  const constants = [...parameters].map(([name, { shape, data }]) => initializer(name, shape, data));
  let count = 0;
  const put = (
    op: string,
    inputs: readonly string[],
    shape: readonly number[],
    attributes?: Readonly<Record<string, Attribute>>,
  ): Value => {
    const name = `v${count++}`;
    nodes.push(node(op, inputs, [name], attributes));
    return { name, shape };
  };
  const constant = (values: Float32Array | BigInt64Array, dims: readonly number[] = [values.length]): string => {
    const name = `c${count++}`;
    constants.push(initializer(name, dims, values));
    return name;
  };
  const reshaped = ({ name }: Value, shape: readonly number[]): Value =>
    put('Reshape', [name, constant(BigInt64Array.from(shape, BigInt))], shape);
  const windowed = (size: number, stride: number, padding: number) => ({
    kernel_shape: [size, size],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
  });
  const after = (size: number, window: number, stride: number, padding: number): number =>
    Math.floor((size + 2 * padding - window) / stride) + 1;
  const layers: Layers<Value> = {
    conv: (
      { name: x, shape: [N, , H, W] },
      name,
      { shape: [K, , R], stride = 1, padding = 0, groups = 1, bias = false },
    ) =>
      put(
        'Conv',
        [x, `${name}.weight`, ...(bias ? [`${name}.bias`] : [])],
        [N, K, after(H, R, stride, padding), after(W, R, stride, padding)],
        { ...windowed(R, stride, padding), group: groups },
      ),
    norm: (x, name) =>
      put(
        'BatchNormalization',
        [x.name, ...['weight', 'bias', 'running_mean', 'running_var'].map((key) => `${name}.${key}`)],
        x.shape,
        { epsilon: { float: epsilon } },
      ),
    layerNorm: (x, name) =>
      put('LayerNormalization', [x.name, `${name}.weight`, `${name}.bias`], x.shape, {
        axis: -1,
        epsilon: { float: epsilon },
      }),
    linear: (x, name, from, to) => {
      const rows = x.shape.length === 2 ? x : reshaped(x, [sizeOf(x.shape) / from, from]);
      const y = put('Gemm', [rows.name, `${name}.weight`, `${name}.bias`], [rows.shape[0], to], { transB: 1 });
      return x.shape.length === 2 ? y : reshaped(y, [...x.shape.slice(0, -1), to]);
    },
    relu: (x) => put('Relu', [x.name], x.shape),
    relu6: (x) => put('Clip', [x.name, constant(Float32Array.of(0), []), constant(Float32Array.of(6), [])], x.shape),
    maxPool: ({ name, shape: [N, C, H, W] }, { size, stride, padding = 0 }) =>
      put(
        'MaxPool',
        [name],
        [N, C, after(H, size, stride, padding), after(W, size, stride, padding)],
        windowed(size, stride, padding),
      ),
    meanPool: (x) => {
      const [N, C] = x.shape;
      return reshaped(put('GlobalAveragePool', [x.name], [N, C, 1, 1]), [N, C]);
    },
    upsample: ({ name, shape: [N, C, H, W] }) =>
      put('Resize', [name, '', constant(Float32Array.of(1, 1, 2, 2))], [N, C, 2 * H, 2 * W], {
        mode: 'nearest',
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor',
      }),
    add: (a, b) => put('Add', [a.name, b.name], a.shape),
    concat: (a, b) => {
      const [N, C, H, W] = a.shape;
      return put('Concat', [a.name, b.name], [N, C + b.shape[1], H, W], { axis: 1 });
    },
    flatten: (x) => reshaped(x, [x.shape[0], sizeOf(x.shape.slice(1))]),
    attention: (q, k, v, heads) => {
      const [N, L, width] = q.shape;
      const E = width / heads;
      const split = (t: Value, perm: readonly number[], shape: readonly number[]): string =>
        put('Transpose', [reshaped(t, [N, L, heads, E]).name], shape, { perm }).name;
      const rows = [N, heads, L, E];
      const scores = put(
        'MatMul',
        [split(q, [0, 2, 1, 3], rows), split(k, [0, 2, 3, 1], [N, heads, E, L])],
        [N, heads, L, L],
      );
      const scaled = put('Mul', [scores.name, constant(Float32Array.of(1 / Math.sqrt(E)), [])], scores.shape);
      const weights = put('Softmax', [scaled.name], scores.shape, { axis: -1 });
      const mixed = put('MatMul', [weights.name, split(v, [0, 2, 1, 3], rows)], rows);
      return reshaped(put('Transpose', [mixed.name], [N, L, heads, E], { perm: [0, 2, 1, 3] }), [N, L, width]);
    },
  };
  const y = build(layers, { name: 'x', shape: input });
  return model(nodes, constants, { name: 'x', dims: input }, { name: y.name, dims: output });
}

export const onnxRuntime: Side = {
  name: `ONNX Runtime Web ${ort.env.versions.web}`,
  flags: 'WebGPU provider, Asyncify, one thread',
  prepare: async (workload, { parameters, input }) => {
    if (workload.optimizer) throw new Error('ONNX Runtime Web does not train on WebGPU');
    ort.env.wasm.wasmBinary = readFileSync(
      join(dirname(createRequire(import.meta.url).resolve('onnxruntime-web')), binary),
    );
    ort.env.logLevel = 'error';
    return prepareModel(onnxOf(workload, parameters), { data: input, dims: workload.input });
  },
};
