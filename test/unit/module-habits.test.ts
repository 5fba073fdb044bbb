/**
 * @file Intent: modules behave as a PyTorch program expects: in place means in place, what is shared comes once, a
 * module's own train() is called, and arguments stand in PyTorch's places.
 */
import { expect, test } from 'vitest';
import { nn, optim, torch } from '../../src/torch/index.ts';

const { randomSplit, TensorDataset } = torch.utils.data;

test('a layer that works in place changes its input', async () => {
  const x = torch.tensor([-1, 2, -3]);
  const y = new nn.ReLU(true)(x);
  expect([await x.tolist(), await y.tolist()]).toEqual([
    [0, 2, 0],
    [0, 2, 0],
  ]);
  const kept = torch.tensor([-1, 2]);
  new nn.ReLU()(kept);
  expect(await kept.tolist()).toEqual([-1, 2]);
});

test('what several names share comes once, and has all its keys in the state', () => {
  const shared = new nn.Linear(2, 2);
  const model = new nn.Sequential(shared, new nn.ReLU(), shared);
  expect([model.children().length, model.modules().length, model.length, model.parameters().length]).toEqual([
    2, 3, 3, 2,
  ]);
  expect([...model.namedModules({ removeDuplicate: false } as never)].map(([path]) => path)).toEqual([
    '',
    '0',
    '1',
    '2',
  ]);
  expect([...model.stateDict().keys()]).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
  expect([...model.namedParameters('net', true, true)].map(([path]) => path)).toEqual(['net.0.weight', 'net.0.bias']);
});

test('a module that stands at two places is called twice', async () => {
  const twice = new nn.Linear(1, 1, false);
  nn.init.constant_(twice.weight, 3);
  expect(await (new nn.Sequential(twice, twice)(torch.ones(1, 1)) as torch.Tensor).tolist()).toEqual([[9]]);
});

test('train() goes through the own train() of each child', () => {
  class Frozen extends nn.BatchNorm2d {
    override train(): this {
      return super.train(false);
    }
  }
  const model = new nn.Sequential(new Frozen(2), new nn.Dropout()).train();
  expect([model.training, model.at(0).training, model.at(1).training]).toEqual([true, false, true]);
});

test('Softmax without a dim takes the one that PyTorch takes', async () => {
  expect(await new nn.Softmax()(torch.zeros(2, 4)).tolist()).toEqual([
    [0.25, 0.25, 0.25, 0.25],
    [0.25, 0.25, 0.25, 0.25],
  ]);
  expect(await new nn.Softmax()(torch.zeros(2, 1, 1)).tolist()).toEqual([[[0.5]], [[0.5]]]);
});

test("optimizers, schedulers and clipping take PyTorch's places", async () => {
  const p = new nn.Parameter(torch.ones(2));
  const sgd = new optim.SGD([p], 0.5, 0.9, 0, 0.1, true);
  expect(sgd.paramGroups[0]).toMatchObject({ lr: 0.5, momentum: 0.9, dampening: 0, weightDecay: 0.1, nesterov: true });
  expect(new optim.Adam([p], 1e-3, [0.5, 0.9]).paramGroups[0].betas).toEqual([0.5, 0.9]);
  const steps = new optim.lrScheduler.StepLR(sgd, 1, 0.5);
  steps.step();
  expect(steps.getLastLr()).toEqual([0.25]);
  p.grad = torch.tensor([3, 4]);
  expect(await nn.utils.clipGradNorm_([p], 2, Infinity).item()).toBe(4);
  expect((await p.grad.tolist()) as number[]).toEqual([expect.closeTo(1.5, 5), expect.closeTo(2, 5)]);
});

test('shares of a data set are whole numbers of items', () => {
  const parts = randomSplit(new TensorDataset(torch.arange(10)), [0.55, 0.25, 0.2]);
  expect(parts.map((part) => part.length)).toEqual([6, 2, 2]);
});

test('a hint that a mask is causal needs the mask', () => {
  const [attention, x] = [new nn.MultiheadAttention(2, 1), torch.ones(3, 1, 2)];
  expect(() => attention(x, x, x, { isCausal: true })).toThrow(
    'MultiheadAttention: isCausal is only a hint; give attnMask too',
  );
  const mask = torch.triu(torch.ones(3, 3), 1).bool();
  expect([...attention(x, x, x, null, false, mask, true, true)[0].shape]).toEqual([3, 1, 2]);
});
