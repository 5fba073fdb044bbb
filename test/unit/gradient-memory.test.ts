/**
 * @file Intent: a gradient has memory of its own, so that what changes it in place changes nothing else, and what looks
 * at it sees what is added to it. The numbers are PyTorch's of the same programs.
 */
import { expect, test } from 'vitest';
import { nn, optim, torch } from '../../src/torch/index.ts';

const numbers = async (x: torch.Tensor): Promise<number[]> => [...(await x.data())].map((v) => Number(v.toFixed(4)));

const twoLeaves = (): torch.Tensor[] => [0, 1].map(() => torch.ones([3], { requiresGrad: true }));

test('a gradient of a sum, which is one number for all, can be changed in place', async () => {
  const [a, b] = twoLeaves();
  const y = a.add(b);
  y.retainGrad();
  y.sum().backward();
  a.grad!.mul_(2);
  expect(await numbers(a.grad!)).toEqual([2, 2, 2]);
  expect(await numbers(b.grad!)).toEqual([1, 1, 1]);
  expect(await numbers(y.grad!)).toEqual([1, 1, 1]);
});

test('two tensors with the same gradient do not share it', async () => {
  const [a, b] = twoLeaves();
  a.add(b).pow(2).sum().backward();
  a.grad!.mul_(2);
  expect(await numbers(a.grad!)).toEqual([8, 8, 8]);
  expect(await numbers(b.grad!)).toEqual([4, 4, 4]);
});

test('what backward() begins with stays as it is', async () => {
  const [a, b] = twoLeaves();
  const seed = torch.ones([3]);
  a.add(b).backward(seed);
  a.grad!.add_(5);
  expect(await numbers(seed)).toEqual([1, 1, 1]);
  expect(await numbers(b.grad!)).toEqual([1, 1, 1]);
});

test('a view of a gradient sees what a second backward() adds', async () => {
  const w = torch.ones([2, 2], { requiresGrad: true });
  w.pow(2).sum().backward();
  const flat = w.grad!.view(-1);
  w.pow(2).sum().backward();
  expect(await numbers(flat)).toEqual([4, 4, 4, 4]);
});

test('a gradient that looks at another tensor writes there what backward() adds', async () => {
  const all = torch.zeros(6);
  const w = torch.ones([2, 2], { requiresGrad: true });
  w.grad = all.narrow(0, 1, 4).view(2, 2);
  w.pow(2).sum().backward();
  expect(await numbers(all)).toEqual([0, 2, 2, 2, 2, 0]);
  expect(await numbers(w.grad)).toEqual([2, 2, 2, 2]);
});

test.each([
  [false, [0.4036, -0.8073, 1.211], [1.939, -3.878, 5.817]],
  [true, [0.1657, -0.3315, 0.4972], [1.6951, -3.3902, 5.0853]],
])('momentum (nesterov %s) leaves a gradient that the program gave alone', async (nesterov, weights, gradient) => {
  const w = new nn.Parameter(torch.tensor([1, -2, 3]));
  const sgd = new optim.SGD([w], { lr: 0.1, momentum: 0.9, nesterov });
  const given = w.detach().clone().mul(0.5);
  for (let i = 0; i < 3; i++) {
    w.grad = given;
    await sgd.step();
  }
  w.pow(2).sum().backward();
  await sgd.step();
  const [got, left] = [await numbers(w), await numbers(given)];
  weights.forEach((expected, i) => expect(got[i]).toBeCloseTo(expected, 3));
  gradient.forEach((expected, i) => expect(left[i]).toBeCloseTo(expected, 3));
});
