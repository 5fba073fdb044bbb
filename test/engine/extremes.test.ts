/**
 * @file Intent: a number that a compiler may fold, a difference that it may drop and a sum that may overflow give on
 * every adapter what they give on the cpu, which is PyTorch's answer; and what an adapter makes of denormals is what
 * FEATURES.md says.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAdapter } from '../../src/machine/adapters.ts';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import type { DeviceType } from '../../src/graph/types.ts';
import * as F from '../../src/torch/functional.ts';
import * as nn from '../../src/torch/nn/index.ts';
import * as torch from '../../src/torch/torch.ts';
import { denormals } from '../ops/denormals.ts';
import { softwareAdapters } from '../support/device.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

function answers(device: DeviceType): void {
  const of = (numbers: readonly number[], requiresGrad = false): torch.Tensor =>
    torch.tensor(numbers, { device, requiresGrad });
  const read = async (t: torch.Tensor): Promise<number[]> => [...(await t.data())];

  test('a parameter of 0 keeps a NaN', async () => {
    expect(await read(F.leakyRelu(of([nan, -1, 2]), 0))).toEqual([nan, -0, 2]);
    expect(await read(F.elu(of([nan, -1, 2]), 0))).toEqual([nan, -0, 2]);
    expect(await read(torch.addcmul(of([1]), of([nan]), of([2]), { value: 0 }))).toEqual([nan]);
    expect(await read(F.dropout(of([nan, inf, 1]), 1))).toEqual([nan, nan, 0]);
  });

  test('0 and −0 are two numbers', async () => {
    expect(await read(of([1, 1]).div(0))).toEqual([inf, inf]);
    expect(await read(of([1, 1]).div(-0))).toEqual([-inf, -inf]);
  });

  test('a number less itself, over itself, and beside itself', async () => {
    const x = of([inf, nan, 3]);
    expect(await read(x.sub(x))).toEqual([nan, nan, 0]);
    expect(await read(x.div(x))).toEqual([nan, nan, 1]);
    expect(await read(x.eq(x))).toEqual([1, 0, 1]);
    expect(await read(x.le(x))).toEqual([1, 0, 1]);
  });

  test('softshrink and max pooling keep a NaN; of several the last counts', async () => {
    expect(await read(F.softshrink(of([nan, 1, 0.2])))).toEqual([nan, 0.5, 0]);
    const x = of([nan, 1, nan, 2], true);
    F.maxPool1d(x.reshape(1, 1, 4), 4)
      .sum()
      .backward();
    expect(await read(x.grad!)).toEqual([0, 0, 1, 0]);
  });

  test('large numbers have a variance', async () => {
    expect(await read(torch.variance(of([3e19, 3e19, 3e19, 3e19])))).toEqual([0]);
  });

  test('an infinity stays in its windows', async () => {
    expect(await read(F.adaptiveAvgPool2d(of([inf, 1, 2, 3, 4]).reshape(1, 1, 1, 5), [1, 3]))).toEqual([inf, 2, 3.5]);
  });

  test('a gradient is chosen, not multiplied by 0', async () => {
    for (const f of [torch.relu, torch.sign, torch.floor, torch.round]) {
      const x = of([-1.5], true);
      f(x).backward(of([inf]));
      expect(await read(x.grad!), f.name).toEqual([0]);
    }
    const equal = of([2, 2, 2], true);
    torch.std(equal).backward();
    expect(await read(equal.grad!)).toEqual([0, 0, 0]);
    const far = of([inf, 1], true);
    F.huberLoss(far, of([0, 0]), { reduction: 'sum' }).backward();
    expect(await read(far.grad!)).toEqual([1, 1]);
  });

  test('the gradient of a whole goes in equal parts to the equal', async () => {
    for (const f of [(x: torch.Tensor) => x.max(), (x: torch.Tensor) => x.min(), (x: torch.Tensor) => x.median()]) {
      const x = of([2, 2], true);
      f(x).backward();
      expect(await read(x.grad!)).toEqual([0.5, 0.5]);
    }
  });

  test('clipping by the largest gradient keeps a NaN', async () => {
    const parameters = [of([1], true), of([1], true)];
    parameters[0].mul(nan).add(parameters[1]).backward();
    expect(await read(nn.utils.clipGradNorm_(parameters, 1, { normType: inf }))).toEqual([nan]);
  });

  test('an empty batch leaves running statistics as they were, and unique puts each NaN last', async () => {
    const norm = new nn.BatchNorm2d(2).to(device);
    norm.forward(torch.zeros(0, 2, 3, 3, { device }));
    expect([await read(norm.running_mean!), await read(norm.running_var!)]).toEqual([
      [0, 0],
      [1, 1],
    ]);
    const { values, inverse, counts } = await torch.unique(of([nan, 1, nan, 3, 1]));
    expect([await read(values), await read(inverse), await read(counts)]).toEqual([
      [1, 3, nan, nan],
      [2, 0, 3, 1, 0],
      [2, 1, 1, 1],
    ]);
  });
}

describe('the cpu', () => answers('cpu'));

describe.each(await softwareAdapters())('%s', (name) => {
  beforeAll(async () => {
    provideShaders(readShaders());
    await engine.start((await openAdapter(name)).gpu);
  });
  afterAll(() => engine.device?.destroy());
  answers('webgpu');

  test('takes denormals as FEATURES.md says', async () => {
    const x = torch.tensor([2 ** -130, 2 ** -149], { device: 'webgpu' });
    expect([...(await x.eq(0).data())]).toEqual(denormals[name] === 'kept' ? [0, 0] : [1, 1]);
    expect([...(await x.mul(2).data())]).toEqual(denormals[name] === 'kept' ? [2 ** -129, 2 ** -148] : [0, 0]);
  });
});
