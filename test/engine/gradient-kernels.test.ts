/**
 * Intent: gradients take few kernels in a program that compiles nothing, as in PyTorch: one for a pointwise
 * operation's. Their values are those that the operations' tests hold against PyTorch, and the cpu's.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { planRegion } from '../../src/compile/plan.ts';
import { collectRegion } from '../../src/compile/region.ts';
import { candidates } from '../../src/dnn/choice/candidates.ts';
import { F, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';

type Tensor = torch.Tensor;

/** The kernels that compute the gradient by the input, by label; what the forward pass computed is there. */
async function gradientKernels(f: (x: Tensor) => Tensor, ...shape: number[]): Promise<string[]> {
  const x = torch
    .randn(...shape)
    .to('webgpu')
    .requiresGrad_();
  const y = f(x);
  const given = torch.randn(...y.shape).to('webgpu');
  await engine.realize([y.node, given.node]);
  const [grad] = torch.autograd.grad(y, x, { gradOutputs: given });
  return kernelsOf(grad!);
}

/** The kernels that compute these values in one go, by label. */
function kernelsOf(...values: Tensor[]): string[] {
  const nodes = values.map(({ node }) => node);
  const device = engine.device!;
  const { launches } = planRegion(collectRegion(nodes), nodes, {
    device,
    choose: (problem) => candidates(problem, device).plans[0],
  });
  return launches.map(({ kernel }) => kernel.label);
}

const activations: Record<string, (x: Tensor) => Tensor> = {
  relu: (x) => x.relu(),
  relu6: (x) => F.relu6(x),
  leakyRelu: (x) => F.leakyRelu(x),
  elu: (x) => F.elu(x),
  hardsigmoid: (x) => F.hardsigmoid(x),
  hardswish: (x) => F.hardswish(x),
  softplus: (x) => F.softplus(x),
  logSigmoid: (x) => F.logsigmoid(x),
  gelu: (x) => F.gelu(x),
  'gelu by tanh': (x) => F.gelu(x, { approximate: 'tanh' }),
  silu: (x) => F.silu(x),
  mish: (x) => F.mish(x),
  sigmoid: (x) => x.sigmoid(),
  tanh: (x) => x.tanh(),
  abs: (x) => x.abs(),
  clamp: (x) => x.clamp(-1, 1),
};

describeWith(['adapter'], 'kernels of gradients', () => {
  beforeAll(() => startTestEngine());
  afterAll(() => engine.device?.destroy());

  test.each(Object.entries(activations))('%s', async (_, f) => {
    expect(await gradientKernels(f, 5, 7)).toHaveLength(1);
  });

  test('two operations one after the other are two kernels: only a formula is put together', async () => {
    const kernels = await gradientKernels((x) => x.tanh().sigmoid(), 5, 7);
    expect(kernels).toEqual(['pointwise tanh', 'pointwise sub+mul+mul', 'pointwise mul+sub+mul']);
  });

  test('training computes maxima and their places by one kernel', async () => {
    const trained = (x: Tensor): Tensor[] => {
      const y = F.maxPool2d(x, 3, { stride: 2, padding: 1 });
      return [y, torch.autograd.grad(y.square().sum(), x)[0]!];
    };
    const x = torch.randn(2, 3, 9, 11);
    const [y, dx] = trained(x.to('webgpu').requiresGrad_());
    const pools = kernelsOf(y, dx).filter((label) => label.startsWith('pool/'));
    expect(pools).toEqual([expect.stringMatching(/^pool\/\d/), expect.stringMatching(/^pool\/backward/)]);
    const [onCpu, dxOnCpu] = trained(x.requiresGrad_());
    expect(await y.tolist()).toEqual(await onCpu.tolist());
    expect(await dx.tolist()).toEqual(await dxOnCpu.tolist());
  });

  test.each(['mean', 'sum', 'none'] as const)(
    'cross-entropy, %s: three kernels forward and backward',
    async (reduction) => {
      const scores = torch.randn(6, 4).to('webgpu').requiresGrad_();
      const labels = torch.tensor([0, 3, -100, 1, 2, 2], { dtype: 'int32' }).to('webgpu');
      const loss = F.crossEntropy(scores, labels, { reduction });
      const given = torch.randnLike(loss);
      await engine.realize([scores.node, labels.node, given.node]);
      const [gradient] = torch.autograd.grad(loss, scores, { gradOutputs: given });
      expect(kernelsOf(loss, gradient!)).toEqual([
        expect.stringMatching(/^softmax/),
        reduction === 'none' ? 'loss/each' : 'loss/reduced',
        'loss/backward',
      ]);
    },
  );

  test('more samples than a workgroup adds up are added in chunks', async () => {
    const scores = torch.randn(10_001, 3);
    const labels = torch.randint(0, 3, [10_001]).to('int32');
    const [onGpu, onCpu] = ['webgpu', 'cpu'].map((device) =>
      F.crossEntropy(scores.to(device as 'cpu'), labels.to(device as 'cpu')),
    );
    // Each loss is a few units in the last place off, and so is a mean of them.
    expect(await onGpu.item()).toBeCloseTo(await onCpu.item(), 5);
  });
});
