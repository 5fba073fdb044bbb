/**
 * @file Intent: bfloat16 on the GPU is the reference's, also where kernels are fused, where views begin in the middle
 * of a word, and where tensors are changed in place; and autocast holds inside compiled code.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import type { DeviceType } from '../../src/graph/types.ts';
import { F, nn, optim, torch } from '../../src/torch/index.ts';
import { startTestEngine } from '../support/engine.ts';
import { describeWith } from '../support/needs.ts';

const devices = ['cpu', 'webgpu'] as const;

/** A few roundings of eight bits. */
const tolerance = 2 ** -6;

function expectClose(a: readonly number[], b: readonly number[]): void {
  const size = Math.sqrt(b.reduce((sum, v) => sum + v * v, 0) / b.length);
  expect(a).toHaveLength(b.length);
  a.forEach((v, i) => expect(Math.abs(v - b[i]) / size, `element ${i}: ${v} and ${b[i]}`).toBeLessThan(tolerance));
}

describeWith(['adapter'], 'bfloat16', () => {
  beforeAll(startTestEngine);
  afterAll(() => engine.device?.destroy());

  const numbers = (count: number, device: DeviceType): torch.Tensor => {
    torch.manualSeed(7);
    return torch.randn(count).to(device).to('bfloat16');
  };

  test.each([1, 2, 7, 255, 513])('%i elements, the last word half full where they are odd', async (count) => {
    const [here, there] = await Promise.all(
      devices.map(async (device) => {
        const x = numbers(count, device);
        return [...(await x.mul(x).add(1).data())];
      }),
    );
    expect(there).toEqual(here);
  });

  test('views that begin in the middle of a word', async () => {
    const of = async (device: DeviceType): Promise<number[]> => {
      const x = numbers(21, device);
      const odd = x.narrow(0, 3, 9).reshape(3, 3).t();
      return [...(await torch.cat([odd, odd.mul(2)]).data()), ...(await x.narrow(0, 1, 5).clone().data())];
    };
    expect(await of('webgpu')).toEqual(await of('cpu'));
  });

  test('writing into a part leaves the neighbour in its word alone', async () => {
    const of = async (device: DeviceType): Promise<number[]> => {
      const x = numbers(6, device);
      x.narrow(0, 1, 3).mul_(2);
      x.select(0, 4).fill_(5);
      return [...(await x.data())];
    };
    expect(await of('webgpu')).toEqual(await of('cpu'));
  });

  test('a module of it trains as on the reference, plain and compiled', async () => {
    const train = async (device: DeviceType, compiled: boolean): Promise<number[]> => {
      torch.manualSeed(1);
      const net = new nn.Sequential(
        new nn.Conv2d(2, 4, 3),
        new nn.BatchNorm2d(4),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
        new nn.Flatten(),
        new nn.Linear(36, 5),
        new nn.LayerNorm(5),
      )
        .to('bfloat16')
        .to(device);
      const model = compiled ? torch.compile(net) : net;
      const optimizer = new optim.SGD(net.parameters(), { lr: 0.05, momentum: 0.5 });
      const x = torch.randn(3, 2, 8, 8).to('bfloat16').to(device);
      const losses: number[] = [];
      for (let i = 0; i < 4; i++) {
        optimizer.zeroGrad();
        const loss = F.crossEntropy(model(x), torch.tensor([0, 3, 1], { dtype: 'int64', device }));
        loss.backward();
        await optimizer.step();
        losses.push(await loss.item());
      }
      return losses;
    };
    const reference = await train('cpu', false);
    expect(reference.at(-1)!).toBeLessThan(reference[0]);
    expectClose(await train('webgpu', false), reference);
    expectClose(await train('webgpu', true), reference);
  });

  test('compiled code is captured again where autocast is another', async () => {
    torch.manualSeed(2);
    const net = new nn.Linear(4, 3).to('webgpu');
    const model = torch.compile(net);
    const x = torch.randn(2, 4).to('webgpu');
    const options = { deviceType: 'webgpu', dtype: 'bfloat16' } as const;
    const plain = model(x);
    const lower = torch.autocast(options, () => model(x));
    expect([plain.dtype, lower.dtype, model(x).dtype]).toEqual(['float32', 'bfloat16', 'float32']);
    expectClose([...(await lower.data())], [...(await plain.data())]);
    expect([...(await lower.data())]).toEqual([...(await torch.autocast(options, () => net(x)).data())]);
  });

  test('attention, softmax and a sum along rows in compiled code', async () => {
    const of = async (device: DeviceType, compiled: boolean): Promise<number[]> => {
      const body = (q: torch.Tensor): torch.Tensor =>
        F.softmax(F.scaledDotProductAttention(q, q, q).mul(3), -1).sub(q.mean(-1, true));
      const run = compiled ? torch.compile(body) : body;
      return [...(await run(numbers(96, device).reshape(2, 6, 8)).data())];
    };
    const reference = await of('cpu', false);
    expectClose(await of('webgpu', false), reference);
    expectClose(await of('webgpu', true), reference);
  });
});
