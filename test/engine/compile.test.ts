/**
 * @file Compiled code computes what eager code computes, in fewer kernels.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import { nn, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
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
});

const kernelsOf = (take: () => { descriptor: string }[]): string[] => take().map((choice) => choice.descriptor);
