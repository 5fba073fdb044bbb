/**
 * @file Compiled code computes what eager code computes, in fewer kernels.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { optionalPasses, passes } from '../../src/compile/passes/index.ts';
import { nn, torch } from '../../src/torch/index.ts';
import { loggedConvolutions, startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';
import { relativeError } from '../support/numbers.ts';

describeWith(['adapter'], 'torch.compile', () => {
  beforeAll(() => startTestEngine());
  afterAll(() => engine.device?.destroy());

  /** A ResNet block's shape: convolution, ReLU, convolution, skip connection, ReLU. */
  class Block extends nn.Module<[torch.Tensor], torch.Tensor> {
    conv1 = new nn.Conv2d(4, 4, 3, 1, 1);
    conv2 = new nn.Conv2d(4, 4, 3, 1, 1);
    forward(x: torch.Tensor): torch.Tensor {
      const y = torch.relu(this.conv1(x));
      return torch.relu(this.conv2(y).add(x));
    }
  }

  test('a block fuses bias, residual and ReLU into its convolutions, and its numbers stay', async () => {
    torch.manualSeed(3);
    const block = new Block().to('webgpu');
    const x = torch.randn(2, 4, 9, 7).to('webgpu');
    const eager = await block(x).data();
    const kernelsBefore = kernelsOf(() => engine.takeChoices());
    const fused = await torch.compile(block)(x).data();
    const choices = kernelsOf(() => engine.takeChoices());
    expect(kernelsBefore).toEqual([expect.not.stringContaining('relu')]);
    expect(choices).toEqual([
      expect.stringMatching(/\+ bias \+ relu$/),
      expect.stringMatching(/\+ bias \+ residual \+ relu$/),
    ]);
    expect(relativeError(fused, Float64Array.from(eager))).toBeLessThan(2e-6);
  });

  test('whichever pass fails is left out with a warning that names it, and the results are right', async () => {
    torch.manualSeed(4);
    const block = new Block().to('webgpu').eval();
    const x = torch.randn(2, 4, 9, 7).to('webgpu');
    const f = (t: torch.Tensor): torch.Tensor => torch.softmax(block(t).mul(2).sin(), 3);
    const eager = Float64Array.from(await torch.noGrad(() => f(x)).data());
    const remarks: string[] = [];
    engine.onRemark = (text) => remarks.push(text);
    for (const name of optionalPasses) {
      engine.forget();
      remarks.length = 0;
      const run = vi.spyOn(passes[name], 'run').mockImplementation(() => {
        throw new Error('planted');
      });
      const values = await torch.noGrad(() => torch.compile(f)(x)).data();
      run.mockRestore();
      expect(relativeError(values, eager), name).toBeLessThan(2e-6);
      expect(remarks).toContain(`torch.compile: the pass ${name} failed and is left out: planted`);
    }
    engine.onRemark = undefined;
    engine.forget();
  });

  test('gradients through compiled code equal those through eager code', async () => {
    torch.manualSeed(4);
    const block = new Block().to('webgpu');
    const x = torch.randn(1, 4, 6, 6).to('webgpu');
    const gradients = async (f: (x: torch.Tensor) => torch.Tensor): Promise<Float64Array> => {
      block.zeroGrad();
      f(x).sum().backward();
      return Float64Array.from(await block.conv1.weight.grad!.data());
    };
    expect(relativeError(await gradients(torch.compile(block)), await gradients(block))).toBeLessThan(5e-6);
  });

  test('a chain of pointwise operations is one kernel', async () => {
    const x = torch.randn(1000).to('webgpu');
    const chain = (t: torch.Tensor): torch.Tensor => t.mul(2).add(1).sigmoid().mul(t);
    const eager = await chain(x).data();
    const compiled = await torch.compile(chain)(x).data();
    expect(relativeError(compiled, Float64Array.from(eager))).toBeLessThan(1e-6);
  });

  test('calls on the cpu and on the device in turn are captured apart, and each is played on its own', async () => {
    const f = (x: torch.Tensor): torch.Tensor => x.mul(2).add(1).sigmoid();
    const compiled = torch.compile(f);
    for (let step = 0; step < 3; step++) {
      const x = torch.randn(50);
      const there = x.to('webgpu');
      const onCpu = compiled(x);
      const onDevice = compiled(there);
      expect([onCpu.device.type, onDevice.device.type]).toEqual(['cpu', 'webgpu']);
      const expected = Float64Array.from(await f(x).data());
      expect(relativeError(await onCpu.data(), expected)).toBe(0);
      expect(relativeError(await onDevice.data(), expected)).toBeLessThan(1e-6); // a few ulps of float32
    }
    expect(torch.compiler.explain(compiled)(torch.randn(50)).graphCount).toBe(2);
  });

  test('a model that is trained by played calls follows new weights at every step', async () => {
    torch.manualSeed(5);
    const [played, eager] = [new Block().to('webgpu'), new Block().to('webgpu')];
    eager.loadStateDict(played.stateDict());
    const compiled = torch.compile(played);
    const x = torch.randn(1, 4, 6, 6).to('webgpu');
    for (let step = 0; step < 4; step++) {
      const outputs = [compiled, eager].map((f) => f(x));
      for (const [i, model] of [played, eager].entries()) {
        model.zeroGrad();
        outputs[i].square().mean().backward();
        torch.noGrad(() => model.parameters().forEach((p) => p.sub_(p.grad!.mul(0.1))));
      }
      const [a, b] = [await outputs[0].data(), await outputs[1].data()];
      // An error of one step passes through the next.
      expect(relativeError(a, Float64Array.from(b))).toBeLessThan(2e-6 * 4 ** (step + 1));
    }
  });

  test('max-autotune measures the algorithms of compiled code and of its gradients, played or not, and of nothing else', async () => {
    engine.forget();
    engine.settings.benchmarkBudgetMs = 500;
    const conv = new nn.Conv2d(3, 5, 3).to('webgpu');
    const x = torch.randn(1, 3, 7, 6).to('webgpu');
    const sourcesOf = async (f: (x: torch.Tensor) => torch.Tensor): Promise<string[]> => {
      conv.zeroGrad();
      f(x).square().sum().backward();
      await conv.weight.grad!.data();
      return loggedConvolutions();
    };
    const predicted = [/^forward .* heuristic$/, /^backward filter .* heuristic$/].map(matching);
    const measured = [/^forward .* (measured|cache)$/, /^backward filter .* (measured|cache)$/].map(matching);
    expect(await sourcesOf(conv)).toEqual(predicted);
    expect(await sourcesOf(torch.compile(conv))).toEqual(predicted);
    const tuned = torch.compile(conv, { mode: 'max-autotune' });
    expect(await sourcesOf(tuned)).toEqual(measured);
    for (let call = 0; call < 2; call++) expect(tuned(x).node.compiled).toBe('max-autotune');
    expect(await sourcesOf((input) => conv(input).neg())).toEqual(predicted);
    engine.forget();
  });
});

const matching = (text: RegExp): unknown => expect.stringMatching(text);

const kernelsOf = (take: () => { descriptor: string }[]): string[] => take().map((choice) => choice.descriptor);
