/**
 * @file Intent: no program in PyTorch's style needs an await to stay alive. However much is recorded without one, it is
 * computed on the way, memory stays what it is, and no walk over the graph is too deep.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engine } from '../../src/compile/engine.ts';
import type { AlgorithmChoice } from '../../src/dnn/choice/records.ts';
import { nn, optim, torch } from '../../src/torch/index.ts';
import { placeOf } from '../../src/torch/memory.ts';
import { startTestEngine } from '../support/engine.ts';
import { heapBytes } from '../support/garbage.ts';
import { describeWith } from '../support/needs.ts';

type Tensor = torch.Tensor;

const deep = 10_000;

/** How many nodes a tensor, or what it is a view of, still refers to. */
function recordedFor({ node, place }: Tensor): number {
  const found = new Set([node, place.memory.node]);
  for (const reader of found) for (const input of [...reader.inputs, placeOf(reader).memory.node]) found.add(input);
  return found.size;
}

function suite(device: 'cpu' | 'webgpu'): void {
  /**
   * Steps of gradient descent on (w − 1)² from w = 0, each of which halves the distance; what `each` is given is the
   * step's loss.
   */
  const descend = (steps: number, each: (loss: Tensor, w: Tensor) => void): Tensor => {
    const w = torch.zeros(2).to(device).requiresGrad_();
    const optimizer = new optim.SGD([w], { lr: 0.25 });
    for (let i = 0; i < steps; i++) {
      optimizer.zeroGrad();
      const loss = w.sub(1).square().sum();
      loss.backward();
      void optimizer.step();
      each(loss, w);
    }
    return w;
  };

  test('thousands of steps that nobody awaits hold as much at the end as after the first hundreds, and every loss can be read', async () => {
    const losses: Tensor[] = [];
    const copies: Tensor[] = [];
    const buffers: number[] = [];
    const w = descend(3000, (loss, now) => {
      losses.push(loss);
      if (losses.length % 500 === 1) copies.push(now.detach().clone());
      if (losses.length === 500 || losses.length === 3000) buffers.push(torch.webgpu.memoryStats().buffers);
    });
    expect(await w.tolist()).toEqual([1, 1]);
    expect(await Promise.all([0, 1, 2, 40, 2999].map((i) => losses[i].item()))).toEqual([2, 0.5, 0.125, 0, 0]);
    expect(await copies[0].tolist()).toEqual([0.5, 0.5]);
    expect(await copies[5].tolist()).toEqual([1, 1]);
    expect(buffers[1]).toBeLessThanOrEqual(buffers[0] + 8); // copies, and a shelf of losses
  });

  test('steps whose results nobody keeps take no memory of JavaScript, though it tells nobody what is gone before their turn ends', () => {
    const heap: number[] = [];
    let step = 0;
    descend(8500, () => {
      if (++step === 3400 || step === 8500) heap.push(heapBytes());
    });
    // Compiled code and tables of weak references come and go; one node in four steps would be more.
    expect(heap[1] - heap[0]).toBeLessThan(2 ** 20);
  });

  test('updates written by hand, momenta, running means, two optimizers in turn', async () => {
    const [a, b] = [torch.zeros(2), torch.zeros(2)].map((t) => t.to(device).requiresGrad_());
    const mean = torch.zeros(2).to(device);
    const optimizer = new optim.SGD([b], { lr: 0.01, momentum: 0.9 });
    let total = torch.zeros(1).to(device);
    for (let i = 0; i < 1000; i++) {
      a.grad = null;
      optimizer.zeroGrad();
      const loss = a.sub(1).square().sum().add(b.sub(2).square().sum());
      loss.backward();
      torch.noGrad(() => a.sub_(a.grad!.mul(0.25)));
      void optimizer.step();
      mean.mul_(0.5).add_(a.detach(), { alpha: 0.5 });
      total = total.add(loss.detach());
    }
    expect([await a.tolist(), await mean.tolist()]).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect((await b.data())[0]).toBeCloseTo(2, 4);
    expect(Number.isFinite(await total.item())).toBe(true);
  });

  test(`a chain of ${5 * deep} operations before one read, and one in compiled code`, async () => {
    let x = torch.zeros(3).to(device);
    for (let i = 0; i < 5 * deep; i++) x = x.add(1);
    expect(recordedFor(x)).toBeLessThan(4 * deep);
    expect(await x.tolist()).toEqual([5 * deep, 5 * deep, 5 * deep]);
    const y = torch.compile(() => {
      let z = torch.zeros(3).to(device);
      for (let i = 0; i < deep; i++) z = z.add(1);
      return z;
    })();
    expect(await y.tolist()).toEqual([deep, deep, deep]);
  });

  test('a chain of views and operations that nobody reads is computed on the way, and forgets how', async () => {
    let x = torch.zeros(1, 3).to(device);
    for (let i = 0; i < 2 * deep; i++) x = x.add(1).t();
    expect(recordedFor(x)).toBeLessThan(4 * deep);
    expect(await x.flatten().tolist()).toEqual([2 * deep, 2 * deep, 2 * deep]);
  });

  test(`backward through ${deep} operations, views and updates in place among them`, async () => {
    const x = torch.ones(2, 2).to(device).requiresGrad_();
    let y = x.mul(1);
    for (let i = 0; i < deep / 4; i++) {
      y = y.t().add(0.5).t();
      y.mul_(1);
    }
    y.sum().backward();
    expect(await x.grad!.tolist()).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(await y.tolist()).toEqual(Array(2).fill(Array(2).fill(1 + deep / 8)));
  });

  test('many results of one model, none awaited', async () => {
    const layer = new nn.Linear(4, 4).to(device);
    const outputs: Tensor[] = [];
    for (let i = 0; i < 3000; i++) outputs.push(torch.noGrad(() => layer(torch.full([1, 4], i % 7).to(device)).sum()));
    const sums = await torch.stack(outputs).data();
    expect(sums[7]).toBe(sums[0]);
    expect(sums[2999]).toBe(sums[2999 % 7]);
  });
}

describe('on the cpu', () => suite('cpu'));

describeWith(['adapter'], 'on the device', () => {
  beforeAll(startTestEngine);
  afterAll(() => engine.device?.destroy());
  suite('webgpu');

  test('algorithms that had no time to be chosen are told so, and a forced one runs all the same', async () => {
    const train = async (): Promise<AlgorithmChoice> => {
      const conv = new nn.Conv2d(2, 4, 3).to('webgpu');
      const optimizer = new optim.SGD(conv.parameters(), 0.01);
      for (let i = 0; i < 40; i++) {
        optimizer.zeroGrad();
        conv(torch.ones(1, 2, 8, 8).to('webgpu'))
          .sum()
          .backward();
        void optimizer.step();
      }
      await torch.sync();
      return engine
        .takeChoices()
        .find(({ direction, source }) => direction === 'forward' && (source === 'not chosen' || source === 'forced'))!;
    };
    engine.forget();
    const choice = await train();
    expect(choice.source).toBe('not chosen');
    const other = choice.candidates.find(({ algo, status }) => algo !== choice.chosen && status === 'not tried')!;
    engine.forget();
    engine.forced = [{ ...choice, ...other }];
    expect(await train()).toMatchObject({ source: 'forced', candidateId: other.candidateId });
    engine.forget();
  });
});
