/**
 * @file Intent: layers that the oldest PyTorch to be tested with does not have compute what their functions do, and
 * convolutions pad as F.pad does before them.
 */
import { expect, test } from 'vitest';
import { F, nn, torch } from '../../src/torch/index.ts';

const values = (x: torch.Tensor): Promise<unknown> => x.tolist();

test('RMSNorm has a weight of ones, and is F.rmsNorm', async () => {
  const norm = new nn.RMSNorm([3, 4], { eps: 0.1 });
  expect(String(norm)).toBe('RMSNorm((3, 4), eps=0.1, elementwise_affine=True)');
  expect(await norm.weight!.tolist()).toEqual(Array.from({ length: 3 }, () => [1, 1, 1, 1]));
  const x = torch.randn(2, 3, 4);
  norm.weight = new nn.Parameter(torch.randn(3, 4));
  expect(await values(norm(x))).toEqual(await values(F.rmsNorm(x, [3, 4], norm.weight, 0.1)));
  expect(new nn.RMSNorm(5, { elementwiseAffine: false }).weight).toBe(null);
  expect(String(new nn.RMSNorm(5))).toBe('RMSNorm((5,), eps=None, elementwise_affine=True)');
});

test('paddings that came later are F.pad', async () => {
  const [line, plane] = [torch.randn(2, 3, 5), torch.randn(2, 3, 4, 5)];
  const same = async (
    module: nn.Module,
    x: torch.Tensor,
    pad: number[],
    mode: F.PadMode,
    text: string,
  ): Promise<void> => {
    expect(String(module)).toBe(text);
    expect(await values(module(x) as torch.Tensor)).toEqual(await values(F.pad(x, pad, mode)));
  };
  await same(new nn.ZeroPad1d([1, 2]), line, [1, 2], 'constant', 'ZeroPad1d((1, 2))');
  await same(new nn.CircularPad1d(2), line, [2, 2], 'circular', 'CircularPad1d((2, 2))');
  await same(new nn.CircularPad2d([1, 2, 3, 0]), plane, [1, 2, 3, 0], 'circular', 'CircularPad2d((1, 2, 3, 0))');
});

test('ChannelShuffle is F.channelShuffle', async () => {
  const x = torch.randn(2, 6, 3, 2);
  expect(String(new nn.ChannelShuffle(3))).toBe('ChannelShuffle(groups=3)');
  expect(await values(new nn.ChannelShuffle(3)(x))).toEqual(await values(F.channelShuffle(x, 3)));
});

test('GaussianNLLLoss is F.gaussianNllLoss', async () => {
  const [x, y, v] = [torch.randn(3, 4), torch.randn(3, 4), torch.rand(3, 4)];
  const loss = new nn.GaussianNLLLoss({ full: true, eps: 0.1, reduction: 'sum' });
  expect(String(loss)).toBe('GaussianNLLLoss()');
  expect(await values(loss(x, y, v))).toEqual(
    await values(F.gaussianNllLoss(x, y, v, { full: true, eps: 0.1, reduction: 'sum' })),
  );
});

test('parameters as one vector, and back', async () => {
  const model = new nn.Sequential(new nn.Linear(2, 3), new nn.Linear(3, 1));
  const vector = nn.utils.parametersToVector(model.parameters());
  expect([...vector.shape]).toEqual([13]);
  nn.utils.vectorToParameters(torch.arange(13).float(), model.parameters());
  expect(await (model.at(0) as nn.Linear).weight.tolist()).toEqual([
    [0, 1],
    [2, 3],
    [4, 5],
  ]);
  expect(await nn.utils.parametersToVector(model.parameters()).tolist()).toEqual(
    Array.from({ length: 13 }, (_, i) => i),
  );
  expect((model.at(1) as nn.Linear).bias!.requiresGrad).toBe(true);
  expect(() => nn.utils.vectorToParameters(torch.zeros(12), model.parameters())).toThrow(
    'vectorToParameters: the vector has 12 elements and the parameters 13; they must be as many',
  );
});

test('lists and dictionaries of parameters are found by names', async () => {
  const list = new nn.ParameterList([torch.ones(2), new nn.Parameter(torch.zeros(3))]);
  list.append(torch.ones([]));
  expect(list.length).toBe(3);
  expect([...list.namedParameters()].map(([name]) => name)).toEqual(['0', '1', '2']);
  expect([...list].every((parameter) => parameter instanceof nn.Parameter)).toBe(true);
  expect([...list.at(-2).shape]).toEqual([3]);
  expect(() => list.at(5)).toThrow('ParameterList: index 5 is out of range; there are 3 parameters');
  const named = new nn.ParameterDict({ left: torch.ones(1), right: torch.zeros(2) });
  named.set('middle', torch.ones(4));
  expect([...named.stateDict().keys()]).toEqual(['left', 'right', 'middle']);
  expect([...named.get('middle').shape]).toEqual([4]);
  expect(() => named.get('top')).toThrow("ParameterDict: there is no parameter 'top'; there are left, right, middle");
  expect(() => new nn.ParameterList([3 as never])).toThrow(
    'ParameterList: 3 is not a tensor; give tensors or parameters',
  );
});
