/**
 * Intent: what compiled code computes from a model's weights alone (folded batch norms, transformed filters) is
 * computed once, and again exactly when a weight has changed. It counts as memory, and goes with the model.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { F, nn, optim, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { relativeError } from '../support/numbers.ts';

type Tensor = torch.Tensor;

class Net extends nn.Module<[Tensor], Tensor> {
  conv = new nn.Conv2d(4, 6, { kernelSize: 3, padding: 1, bias: false, algo: 'WINOGRAD_NONFUSED' });
  norm = new nn.BatchNorm2d(6);
  head = new nn.Linear(6, 3);

  override forward(x: Tensor): Tensor {
    return this.head(F.relu(this.norm(this.conv(x))).mean([2, 3]));
  }
}

describeWith(['adapter'], 'prepared weights', () => {
  beforeAll(() => startTestEngine());
  afterAll(() => engine.device?.destroy());

  /** A trained model under eval, and an input. */
  function trained(): { net: Net; x: Tensor } {
    torch.manualSeed(7);
    const net = new Net();
    net.norm.running_mean!.copy_(torch.randn(6));
    net.norm.running_var!.copy_(torch.rand(6).add(0.5));
    return { net: net.to('webgpu').eval(), x: torch.randn(2, 4, 9, 8).to('webgpu') };
  }

  /** The labels of the kernels that a call runs, and its numbers. */
  async function run(f: () => Tensor): Promise<{ kernels: string[]; numbers: Float64Array }> {
    const submit = vi.spyOn(engine.device!, 'submit');
    const numbers = Float64Array.from(await f().data());
    const kernels = submit.mock.calls.flatMap(([program]) => program.steps.map(({ label }) => label));
    submit.mockRestore();
    return { kernels, numbers };
  }

  const preparing = /normalized|nonfused_filter$/;

  test('the third call of a model runs neither folds nor transforms', async () => {
    const { net, x } = trained();
    const eager = await run(() => torch.noGrad(() => net(x)));
    const compiled = torch.compile(net);
    const calls = [];
    for (let i = 0; i < 4; i++) calls.push(await run(() => torch.noGrad(() => compiled(x))));
    const counts = calls.map(({ kernels }) => kernels.filter((label) => preparing.test(label)).length);
    expect(counts.slice(0, 2)).toEqual([3, 3]); // filters folded, bias folded, filters transformed
    expect(counts.slice(2)).toEqual([0, 0]);
    for (const { numbers } of calls) expect(relativeError(numbers, eager.numbers)).toBeLessThan(2e-5);
    expect(calls[3].numbers).toEqual(calls[0].numbers);
  });

  test("a linear layer's weight is laid out by rows once", async () => {
    const net = new nn.Linear(24, 16).to('webgpu');
    const x = torch.randn(10, 24).to('webgpu');
    const compiled = torch.compile(net);
    const eager = await run(() => torch.noGrad(() => net(x)));
    const descriptors = [];
    for (let i = 0; i < 3; i++) {
      engine.takeChoices();
      const { numbers } = await run(() => torch.noGrad(() => compiled(x)));
      expect(relativeError(numbers, eager.numbers)).toBeLessThan(2e-6);
      descriptors.push(...engine.takeChoices().map(({ descriptor }) => descriptor));
    }
    expect(descriptors).toEqual(['10×24 · 24×16, Bᵀ, float32, + bias', '10×24 · 24×16, float32, + bias']);
    expect((await run(() => torch.noGrad(() => compiled(x)))).kernels).toEqual([expect.stringMatching(/^gemm/)]);
  });

  test('another input changes nothing of it', async () => {
    const { net, x } = trained();
    const compiled = torch.compile(net);
    for (let i = 0; i < 3; i++) await run(() => torch.noGrad(() => compiled(x)));
    const y = torch.randn(2, 4, 9, 8).to('webgpu');
    const { kernels, numbers } = await run(() => torch.noGrad(() => compiled(y)));
    expect(kernels.filter((label) => preparing.test(label))).toEqual([]);
    expect(relativeError(numbers, (await run(() => torch.noGrad(() => net(y)))).numbers)).toBeLessThan(2e-5);
  });

  const changes: readonly [string, (net: Net) => void | Promise<void>][] = [
    [
      'a copy into a weight',
      (net) => {
        torch.noGrad(() => net.conv.weight.copy_(torch.randn(6, 4, 3, 3)));
      },
    ],
    [
      'a copy into a running statistic',
      (net) => {
        net.norm.running_var!.copy_(torch.rand(6).add(1));
      },
    ],
    [
      'a loaded state',
      (net) => {
        net.loadStateDict(new Net().to('webgpu').stateDict());
      },
    ],
    [
      'a step of an optimizer',
      async (net) => {
        const optimizer = new optim.SGD(net.parameters(), { lr: 0.5 });
        net(torch.randn(2, 4, 9, 8).to('webgpu'))
          .sum()
          .backward();
        await optimizer.step();
      },
    ],
  ];

  test.for(changes)('%s is seen at once', async ([, change]) => {
    const { net, x } = trained();
    const compiled = torch.compile(net);
    for (let i = 0; i < 3; i++) await run(() => torch.noGrad(() => compiled(x)));
    await change(net);
    for (let i = 0; i < 4; i++) {
      const { numbers } = await run(() => torch.noGrad(() => compiled(x)));
      const { numbers: eager } = await run(() => torch.noGrad(() => net(x)));
      expect(relativeError(numbers, eager)).toBeLessThan(2e-5);
    }
  });

  test('training steps prepare nothing', async () => {
    const { net, x } = trained();
    const compiled = torch.compile(net);
    const optimizer = new optim.SGD(net.parameters(), { lr: 0.01 });
    const counts: number[] = [];
    for (let step = 0; step < 5; step++) {
      optimizer.zeroGrad();
      const loss: Tensor = compiled(x).square().mean();
      loss.backward();
      const { kernels } = await run(() => {
        void optimizer.step();
        return loss;
      });
      counts.push(kernels.filter((label) => label.endsWith('nonfused_filter')).length);
    }
    expect(new Set(counts.slice(1)).size).toBe(1);
    expect(counts[4]).toBeGreaterThan(0);
  });

  test('it counts as memory, and goes when schedules are forgotten', async () => {
    const { net, x } = trained();
    const compiled = torch.compile(net);
    await run(() => torch.noGrad(() => compiled(x)));
    const before = torch.webgpu.memoryAllocated();
    await run(() => torch.noGrad(() => compiled(x)));
    const filters = 4 * 36 * 4 * 6; // 36 points, 4 by 6 channels, and what the kernels pad them to
    expect(torch.webgpu.memoryAllocated() - before).toBeGreaterThanOrEqual(filters);
  });

  test('where there is no room for it, it is computed on the way', async () => {
    const layers = Array.from(
      { length: 4 },
      () => new nn.Conv2d(32, 32, { kernelSize: 3, padding: 1, algo: 'WINOGRAD_NONFUSED' }),
    );
    const net = new nn.Sequential(...layers).to('webgpu').eval();
    const x = torch.randn(1, 32, 4, 4).to('webgpu');
    const compiled = torch.compile(net);
    engine.forget();
    const first = await run(() => torch.noGrad(() => compiled(x) as Tensor));
    net.loadStateDict(net.stateDict()); // new values, so that the next run prepares nothing either
    torch.webgpu.emptyCache();
    await run(() => torch.noGrad(() => compiled(x) as Tensor));
    torch.webgpu.setMemoryLimit(torch.webgpu.memoryReserved()); // the layers' transformed filters share memory
    try {
      for (let i = 0; i < 3; i++) {
        const { kernels, numbers } = await run(() => torch.noGrad(() => compiled(x) as Tensor));
        expect(numbers).toEqual(first.numbers);
        expect(kernels.filter((label) => preparing.test(label))).toHaveLength(4);
      }
    } finally {
      torch.webgpu.setMemoryLimit(Infinity);
    }
  });
});
