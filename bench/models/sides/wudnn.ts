/**
 * @file wuDNN: eager, compiled, and compiled with `benchmark`, through its public API.
 */
import { engine } from '../../../src/compile/engine.ts';
import { F, nn, optim, torch } from '../../../src/torch/index.ts';
import project from '../../../package.json' with { type: 'json' };
import type { Layers } from '../layers.ts';
import { epsilon } from '../layers.ts';
import type { Data } from '../parameters.ts';
import type { Side } from '../side.ts';
import type { Workload } from '../workloads.ts';

type Tensor = torch.Tensor;

/** A module with the workload's parameters. */
class Model extends nn.Module<[Tensor], Tensor> {
  readonly workload: Workload;
  readonly tensors: nn.Module;

  constructor(workload: Workload, { parameters }: Data) {
    super();
    this.workload = workload;
    const tensors = new nn.Module();
    for (const [name, { data, shape, fixed }] of parameters) {
      const tensor = torch.tensor(data, { shape });
      if (fixed) tensors.registerBuffer(name, tensor);
      else Object.assign(tensors, { [name]: new nn.Parameter(tensor) });
    }
    this.tensors = tensors;
  }

  override forward(x: Tensor): Tensor {
    const { workload } = this;
    return workload.build(
      layersOf(this.tensors as unknown as Record<string, Tensor>, workload.optimizer !== undefined),
      x,
    );
  }
}

const layersOf = (p: Readonly<Record<string, Tensor>>, training: boolean): Layers<Tensor> => ({
  conv: (x, name, { stride = 1, padding = 0, groups = 1 }) =>
    F.conv2d(x, p[`${name}.weight`], p[`${name}.bias`] ?? null, { stride, padding, groups }),
  norm: (x, name) =>
    training
      ? F.batchNorm(x, null, null, p[`${name}.weight`], p[`${name}.bias`], true)
      : F.batchNorm(x, p[`${name}.running_mean`], p[`${name}.running_var`], p[`${name}.weight`], p[`${name}.bias`]),
  layerNorm: (x, name, features) => F.layerNorm(x, [features], p[`${name}.weight`], p[`${name}.bias`], epsilon),
  linear: (x, name) => F.linear(x, p[`${name}.weight`], p[`${name}.bias`]),
  relu: (x) => F.relu(x),
  relu6: (x) => F.relu6(x),
  maxPool: (x, { size, stride, padding = 0 }) => F.maxPool2d(x, size, stride, padding),
  meanPool: (x) => x.mean([2, 3]),
  upsample: (x) => F.interpolate(x, { scaleFactor: 2 }),
  add: (a, b) => a.add(b),
  concat: (a, b) => torch.cat([a, b], 1),
  flatten: (x) => x.flatten(1),
  attention: (q, k, v, heads) => {
    const [N, L, width] = q.shape;
    const split = (t: Tensor): Tensor => t.reshape(N, L, heads, width / heads).transpose(1, 2);
    return F.scaledDotProductAttention(split(q), split(k), split(v)).transpose(1, 2).reshape(N, L, width);
  },
});

const flags = { eager: 'eager', compiled: 'torch.compile', benchmark: 'torch.compile, benchmark' } as const;

export const wudnn = (mode: keyof typeof flags): Side => ({
  name: `wuDNN ${project.version} ${mode}`,
  flags: flags[mode],
  prepare: async (workload, data) => {
    torch.backends.cudnn.benchmark = mode === 'benchmark';
    const model = new Model(workload, data).to('webgpu');
    model.train(workload.optimizer !== undefined);
    const x = torch.tensor(data.input, { shape: workload.input }).to('webgpu');
    const compiled = <In extends unknown[], Out>(f: (...inputs: In) => Out): ((...inputs: In) => Out) =>
      mode === 'eager' ? f : torch.compile(f);
    let last: Tensor | undefined;
    const common = {
      sync: () => engine.idle(),
      output: async () => Float32Array.from(await last!.data()),
      dispose: () => {
        last?.dispose();
        x.dispose();
        for (const tensor of model.stateDict().values()) tensor.dispose();
        engine.forget();
        engine.device!.pool.emptyCache();
      },
    };
    if (!workload.optimizer) {
      const infer = compiled((input: Tensor) => model(input));
      return {
        ...common,
        call: async () => {
          last?.dispose();
          last = torch.noGrad(() => infer(x));
          await engine.realize([last.node]);
        },
      };
    }
    const { name, ...options } = workload.optimizer;
    const optimizer =
      name === 'SGD'
        ? new optim.SGD(model.parameters(), options as never)
        : new optim.Adam(model.parameters(), options as never);
    const classes = torch.tensor(data.classes, { dtype: 'int32' }).to('webgpu');
    const lossOf = compiled((input: Tensor) => F.crossEntropy(model(input), classes));
    return {
      ...common,
      call: async () => {
        optimizer.zeroGrad();
        last = lossOf(x);
        last.backward();
        await optimizer.step();
      },
    };
  },
});
