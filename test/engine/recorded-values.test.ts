/**
 * @file Intent: a recorded value is a value. What a program computes from parameters, gradients and buffers can be read
 * whenever it likes, any number of updates later, awaited or not; what it lets go of takes no memory.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { nn, optim, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';

type Tensor = torch.Tensor;

const steps = 5;

/** Gradient descent on the sum of squares: each step halves the weights. */
function halving(device: 'cpu' | 'webgpu', size = 2): { w: Tensor; step: () => Promise<void> } {
  const w = torch.full([size], 8).to(device).requiresGrad_();
  const optimizer = new optim.SGD([w], { lr: 0.25 });
  return {
    w,
    step: () => {
      optimizer.zeroGrad();
      w.mul(w).sum().backward();
      return optimizer.step();
    },
  };
}

function suite(device: 'cpu' | 'webgpu'): void {
  describe.each([
    ['awaited', true],
    ['not awaited', false],
  ] as const)('steps that are %s', (_, awaited) => {
    const training = async (step: () => Promise<void>, each: (i: number) => void = () => {}): Promise<void> => {
      for (let i = 0; i < steps; i++) {
        each(i);
        if (awaited) await step();
        else void step();
      }
    };

    test.each([[2], [5000]])('copies and results of a parameter of %i elements from before', async (size) => {
      const { w, step } = halving(device, size);
      const before = w.detach().clone();
      const results = [
        w.detach().mul(3),
        w.add(1),
        w.detach().clone().add(2),
        w.detach().norm().mul(w.detach().norm()),
      ];
      await training(step);
      const values = await Promise.all([before, ...results, w].map(async (t) => (await t.data())[0]));
      expect(values.map((v) => +v.toPrecision(5))).toEqual([8, 24, 9, 10, size * 64, 0.25]);
    });

    test('states of the best epoch, gradient norms, running means', async () => {
      const { w, step } = halving(device);
      const states: Tensor[] = [];
      const norms: Tensor[] = [];
      let mean = torch.zeros(2).to(device);
      const average = torch.zeros(2).to(device);
      const means: Tensor[] = [];
      await training(step, (i) => {
        states.push(w.detach().clone());
        if (w.grad) norms.push(w.grad.norm());
        mean = mean.mul(0.5).add(w.detach().mul(0.5));
        average.mul_(0.5).add_(w.detach(), { alpha: 0.5 });
        if (i % 2 === 0) means.push(mean);
      });
      expect(await Promise.all(states.map(async (s) => (await s.data())[0]))).toEqual([8, 4, 2, 1, 0.5]);
      const root = Math.fround(Math.SQRT2);
      expect(await Promise.all(norms.map((n) => n.item()))).toEqual(
        [16, 8, 4, 2].map((g) => expect.closeTo(g * root, 4)),
      );
      expect(await Promise.all(means.map(async (m) => (await m.data())[0]))).toEqual([4, 3, 1.25]);
      expect(await average.tolist()).toEqual([1.25, 1.25]);
    });

    test('gradients that accumulate over steps', async () => {
      const w = torch.full([2], 8).to(device).requiresGrad_();
      const optimizer = new optim.SGD([w], { lr: 0.25 });
      const gradients: Tensor[] = [];
      await training(() => {
        w.mul(w).sum().backward();
        gradients.push(w.grad!.clone());
        return optimizer.step();
      });
      // w = 8, 4, −2, −7, −8.5; each gradient adds 2 w.
      expect(await Promise.all(gradients.map(async (g) => (await g.data())[0]))).toEqual([16, 24, 20, 6, -11]);
      expect([await w.tolist(), await w.grad!.tolist()]).toEqual([
        [-5.75, -5.75],
        [-11, -11],
      ]);
    });

    test('outputs of a compiled model, what hooks collect, the norm that clipping returns', async () => {
      torch.manualSeed(0);
      const layer = new nn.Linear(2, 1, { bias: false }).to(device);
      torch.noGrad(() => layer.weight.fill_(8));
      const seen: Tensor[] = [];
      layer.registerForwardHook(
        (_module, _inputs, output: Tensor) => void seen.push(output, output.detach(), output.mean()),
      );
      const model = torch.compile((x: Tensor) => layer(x).relu());
      const optimizer = new optim.SGD(layer.parameters(), { lr: 0.25 });
      const outputs: Tensor[] = [];
      const norms: Tensor[] = [];
      await training(() => {
        optimizer.zeroGrad();
        const y = model(torch.tensor([[1, 0]], { device }));
        outputs.push(y);
        y.mul(y).sum().backward();
        norms.push(nn.utils.clipGradNorm_(layer.parameters(), 1e6));
        return optimizer.step();
      });
      const read = (tensors: readonly Tensor[]): Promise<number[]> => Promise.all(tensors.map((t) => t.item()));
      expect(await read(outputs)).toEqual([8, 4, 2, 1, 0.5]);
      expect(await read(seen)).toEqual([8, 4, 2, 1, 0.5].flatMap((v) => [v, v, v]));
      expect(await read(norms)).toEqual([16, 8, 4, 2, 1]);
    });
  });

  test('a step looks at what was recorded since the step before, however many results of earlier ones are held', async () => {
    const { w, step } = halving(device);
    const held: Tensor[] = [];
    const deref = vi.spyOn(WeakRef.prototype, 'deref');
    const looks: number[] = [];
    for (let i = 0; i < 200; i++) {
      const result = w.detach().mul(2);
      held.push(result, result.add(1)); // the first is read in the graph, so it is not computed with the step
      deref.mockClear();
      await step();
      looks.push(deref.mock.calls.length);
    }
    deref.mockRestore();
    expect(looks[199]).toBeLessThanOrEqual(looks[9]);
    expect(await Promise.all([0, 2, 4, 6].map(async (i) => (await held[i].data())[0]))).toEqual([16, 8, 4, 2]);
  });

  test('one gradient that is read computes all, and the loss, in one go', async () => {
    let x = torch.ones(1, 4).to(device);
    const weights = Array.from({ length: 12 }, () => torch.eye(4).to(device).requiresGrad_());
    for (const w of weights) x = x.matmul(w);
    const loss = x.sum();
    loss.backward();
    await weights.at(-1)!.grad!.norm().item();
    expect([...weights.map((w) => w.grad!), loss].every((t) => t.node.value !== undefined)).toBe(true);
  });
}

describe('on the cpu', () => suite('cpu'));

describeWith(['adapter'], 'on the device', () => {
  beforeAll(startTestEngine);
  afterAll(() => engine.device?.destroy());
  suite('webgpu');

  test('beyond the room for old values, what the program holds is computed, and the rest goes', async () => {
    const { w, step } = halving('webgpu', 2 ** 22);
    const first = w.detach().mul(2);
    const kept = first.add(w.detach());
    const more = kept.add(first); // both are read in the graph, so neither is computed with the first update
    for (let i = 0; i < 12; i++) await step();
    expect(torch.webgpu.maxMemoryAllocated()).toBeLessThan(24 * 2 ** 24);
    expect((await kept.data())[5]).toBe(24);
    expect((await first.data())[5]).toBe(16);
    expect((await more.data())[5]).toBe(40);
  });
});
