/**
 * @file Intent: what people who come from PyTorch get wrong most often is told with cause, values and remedy, where it
 * happens.
 */
import { describe, expect, test } from 'vitest';
import { nearest } from '../../src/base/names.ts';
import { shown } from '../../src/base/options.ts';
import { F, nn, optim, torch } from '../../src/torch/index.ts';

/** A call as a program without types makes it. */
const loosely = (f: unknown) => f as (...args: unknown[]) => unknown;
const x = torch.ones(2, 2);
const model = new nn.Linear(2, 2);

describe('told', () => {
  test.each<[says: string, call: () => unknown]>([
    [
      'trapezoid: x has shape [3], y [2, 2]; there must be a place for each value along dim 1',
      () => torch.trapezoid(x, torch.ones(3)),
    ],
    ['quantile: q has 1.5 at [1]; a share is from 0 to 1', () => torch.quantile(x, torch.tensor([0.5, 1.5]))],
    [
      'tensor: JavaScript cannot calculate or compare with tensors; write x.mul(2), x.gt(0), or await x.item() for a number',
      () => Number(x) * 2,
    ],
    ['unflatten: sizes is empty; give at least one', () => x.unflatten(0, [])],
    [
      "cosineSimilarity: eps is -1, below 0, where PyTorch's versions disagree; give a small positive number",
      () => F.cosineSimilarity(x, x, { eps: -1 }),
    ],
    ['celu: alpha is 0, by which x is divided; give another number', () => F.celu(x, 0)],
    ['tensor: JavaScript cannot calculate or compare', () => (x as unknown as number) > 1],
    [
      "add: other is 'a', not a tensor or a number; give a number, or a tensor as torch.tensor(…) makes it",
      () => loosely(torch.add)(x, 'a'),
    ],
    [
      'add: other is null, not a tensor or a number; give a number, or a tensor as torch.tensor(…) makes it',
      () => loosely(torch.add)(x, null),
    ],
    ['relu: input is [1, 2], not a tensor; give one, as torch.tensor(…) makes it', () => loosely(F.relu)([1, 2])],
    ['relu: input is missing; give a tensor', () => loosely(F.relu)(undefined)],
    ['Linear: input is 5, not a tensor; give one, as torch.tensor(…) makes it', () => loosely(model)(5)],
    [
      "sum: dim is 'rows', not a dimension or an array of them; give whole numbers",
      () => loosely(torch.sum)(x, 'rows'),
    ],
    ['roll: 0 shifts for 0 dims; give one for each', () => x.roll([])],
    ['roll: 2 shifts for 0 dims; give one for each', () => x.roll([1, 2])],
    ['view: [-1, -1] leaves more than one size open; one −1 can be worked out', () => x.view(-1, -1)],
    [
      'view: a tensor of shape [3, 2] with strides [1, 3] cannot be seen as [6] without a copy; use reshape(), or contiguous() first',
      () => torch.ones(2, 3).t().view(-1),
    ],
    [
      'viewAs: a tensor of shape [3, 2] with strides [1, 3] cannot be seen as [6] without a copy',
      () => torch.ones(2, 3).t().viewAs(torch.ones(6)),
    ],
    [
      "index: the index is float32; places are whole numbers, made with { dtype: 'int64' } or .long()",
      () => x.index(torch.tensor([0, 1])),
    ],
    [
      'index: the mask has shape [3] and the tensor [2, 2]; they differ in dim 0, of size 3 and 2',
      () => x.index(torch.ones(3).gt(0)),
    ],
    ['index: index 2 is out of range for dim 0 of size 2', () => x.index(torch.tensor(Int32Array.of(0, 2)))],
    [
      "index: [0, 1, 0, 1] is not a range [start, end, step]; give indices as torch.tensor([0, 1, 0, 1], { dtype: 'int64' })",
      () => loosely(torch.Tensor.prototype.index).call(x, [0, 1, 0, 1]),
    ],
    [
      "index: 'all' is not an index; give a number, a range [start, end, step], a tensor or nested array of indices, a mask, null, ':' or '...'",
      () => loosely(torch.Tensor.prototype.index).call(x, 'all'),
    ],
    ['index: step -1 is not a whole number of at least 1; flip() walks backwards', () => x.index([null, null, -1])],
    [
      'item: the value is computed first, so the result is a promise; write await x.item(…)',
      () => (x.sum().item() as unknown as number) * 2,
    ],
    [
      'item: the value is computed first, so the result is a promise; write await x.item(…)',
      () => `loss ${String(x.sum().item())}`,
    ],
    [
      'item: the value is computed first, so the result is a promise; write (await x.item(…)).toFixed',
      () => (x.sum().item() as unknown as number).toFixed(2),
    ],
    [
      'data: the value is computed first, so the result is a promise; write (await x.data(…))[0]',
      () => (x.data() as unknown as number[])[0],
    ],
    [
      'index: how many elements there are depends on the data, so the result is a promise; write (await x.index(…)).sum',
      () => x.index(x.gt(0)).sum(),
    ],
    [
      'maskedSelect: how many elements there are depends on the data, so the result is a promise; write (await x.maskedSelect(…)).shape',
      () => loosely(() => (x.maskedSelect(x.gt(0)) as unknown as torch.Tensor).shape)(),
    ],
    [
      "indexPut_: the tensor is float32 and the values are int32; convert them with .to('float32')",
      () => torch.ones(2).indexPut_([torch.tensor(Int32Array.of(0))], torch.tensor(Int32Array.of(5))),
    ],
    [
      'indexPut_: the mask holds in 4 places and there are 3 values for them',
      () => torch.ones(4).indexPut_([torch.tensor([true, true, true, true])], torch.ones(3)),
    ],
    [
      "indexPut_: the values have shape [3], which does not broadcast to the index's [2]",
      () => torch.ones(4).indexPut_([[0, 2]], torch.ones(3)),
    ],
    [
      'indexPut_: indices is a tensor [2], not an array of indices; give them in an array',
      () => torch.ones(2).indexPut_(torch.ones(2).gt(0) as never, 1),
    ],
    [
      'add_: several elements of this tensor are one in memory, as expand() makes them; change a copy (x.clone())',
      () => torch.ones(1, 2).expand(3, 2).add_(1),
    ],
    [
      "crossEntropy: a float32 target holds probabilities and has the input's shape [2, 2], got [2]; convert class indices with .long()",
      () => F.crossEntropy(x, torch.tensor([0, 1])),
    ],
    [
      'ones: unknown dtype float64; known are bool, uint8, int8, int32, int64, float16, bfloat16, float32',
      () => torch.ones([2], { dtype: 'float64' as never }),
    ],
    ['tensor: unknown dtype long', () => torch.tensor([1], { dtype: 'long' as never })],
    ['randn: unknown dtype double', () => torch.randn([1], { dtype: 'double' as never })],
    [
      "to: 'float64' is not a dtype (bool, uint8, int8, int32, int64, float16, bfloat16, float32) or a device (webgpu, cpu)",
      () => x.to('float64' as never),
    ],
    ['to: unknown device cuda; known are webgpu and cpu. Here the GPU is webgpu', () => x.to('cuda' as never)],
    [
      'SGD: params is a function, not parameters; give model.parameters(), or a list of tensors',
      () => new optim.SGD(model as never, { lr: 0.1 }),
    ],
    [
      "SGD: lr is 'fast', not a number; give a number",
      () => new optim.SGD([{ params: model.parameters(), lr: 'fast' as never }], 0.1),
    ],
    [
      'SGD: unknown option weight_decay; known are params, lr, momentum, dampening, weightDecay, nesterov, maximize, foreach, differentiable, fused; did you mean weightDecay?',
      () => new optim.SGD(model.parameters(), { weight_decay: 1 } as never),
    ],
    ['zeroGrad: unknown option set_to_none; known are setToNone', () => model.zeroGrad({ set_to_none: true } as never)],
    [
      'Sequential: the function f is not a module; give modules one after another, or one object of them by name; create a layer with new, as in new nn.ReLU()',
      () => new nn.Sequential(model, function f() {} as never),
    ],
    [
      'MaxPool2d: kernelSize is missing; give a whole number or a pair of them',
      () => new nn.MaxPool2d({ stride: 2 } as never),
    ],
    [
      'MaxPool2d: stride is given twice, as 2 in its place and as 3 by name',
      () => new nn.MaxPool2d(2, 2, { stride: 3 } as never),
    ],
    [
      'Dropout: 1 is beyond the last argument; it takes (p, inplace)',
      () => new nn.Dropout(...([0.1, true, 1] as unknown as [number])),
    ],
    [
      'DataLoader: its batches are promised; write for await (const batch of loader)',
      () => [...(new torch.utils.data.DataLoader(new torch.utils.data.TensorDataset(x)) as unknown as unknown[])],
    ],
    [
      'LSTM: hx is a tensor [1, 1, 3], not two tensors; give [h, c], as the call before returned it',
      () => new nn.LSTM(2, 3)(torch.zeros(4, 1, 2), torch.zeros(1, 1, 3) as never),
    ],
    [
      'LSTM: a state has shape [1, 2, 3], expected [1, 1, 3]',
      () => new nn.LSTM(2, 3)(torch.zeros(4, 1, 2), [torch.zeros(1, 1, 3), torch.zeros(1, 2, 3)]),
    ],
    [
      'GRU: the input [4, 1, 5] has 5 features, the layer expects 2; they are the last dimension',
      () => new nn.GRU(2, 3)(torch.zeros(4, 1, 5)),
    ],
    [
      'RNN: the input [0, 1, 2] has no time steps; at least one is needed',
      () => new nn.RNN(2, 3)(torch.zeros(0, 1, 2)),
    ],
    [
      "RNN: nonlinearity is 'gelu', not one of 'tanh', 'relu'; give one of them",
      () => new nn.RNN(2, 3, { nonlinearity: 'gelu' as never }),
    ],
    [
      'multinomial: a weight is -1 at [1]; weights are finite and not below 0',
      () => torch.multinomial(torch.tensor([1, -1]), 1),
    ],
    [
      'multinomial: 3 samples from 2 weights without replacement; draw at most 2, or pass { replacement: true }',
      () => torch.multinomial(torch.tensor([1, 1]), 3),
    ],
    ['normal: std is -1; a standard deviation is at least 0', () => torch.normal(0, -1, [2])],
    ['diag: expected a vector or a matrix, got shape [1, 2, 2]', () => x.unsqueeze(0).diag()],
    ['cdist: rows of 2 and 3 numbers; both must have as many', () => torch.cdist(x, torch.ones(2, 3))],
    [
      "meshgrid: indexing is 'yx', not one of 'ij', 'xy'; give one of them",
      () => torch.meshgrid([torch.ones(2)], { indexing: 'yx' as never }),
    ],
    ['meshgrid: a tensor has shape [2, 2]; expected vectors', () => torch.meshgrid([x])],
    ['Adadelta: rho is 2; a number from 0 to 1 is needed', () => new optim.Adadelta(model.parameters(), { rho: 2 })],
    [
      'SGD: a parameter of shape [2] is in its group twice and would be updated twice; name it once',
      () => new optim.SGD([model.bias!, model.bias!]),
    ],
    [
      'SGD: a parameter of shape [2] is in two groups; each belongs to one',
      () => new optim.SGD([{ params: [model.bias!] }, { params: [model.bias!] }]),
    ],
    ['SGD: got no parameters; pass model.parameters()', () => new optim.SGD([])],
    [
      'SGD: a parameter is not a leaf tensor; pass model.parameters(), or tensors with requiresGrad',
      () => new optim.SGD([model.bias!.mul(2)]),
    ],
    [
      "SGD: maxLr is 'high', not a number; give a number",
      () => new optim.SGD(model.parameters()).addParamGroup({ params: [torch.ones(1)], maxLr: 'high' as never }),
    ],
    [
      'tensor: int32 cannot hold 3000000000; give a dtype that can, such as float32',
      () => torch.tensor([1, 3e9], { dtype: 'int32' }),
    ],
    [
      'tensor: uint8 cannot hold -300; give a dtype that can, such as float32',
      () => torch.tensor([-1, -300], { dtype: 'uint8' }),
    ],
    [
      'full: int32 cannot hold NaN; give a dtype that can, such as float32',
      () => torch.full([2], NaN, { dtype: 'int32' }),
    ],
    [
      'arange: int64 has 32 bits here and cannot hold 2147483648; give a dtype that can, such as float32',
      () => torch.arange(2 ** 31 - 1, 2 ** 31 + 1),
    ],
    [
      'StepLR: the state has tMax, which this scheduler has not (lastEpoch, baseLrs, lastLr, stepSize, gamma); load it into the kind of scheduler that it was taken from',
      () => new optim.lrScheduler.StepLR(new optim.SGD(model.parameters()), 1).loadStateDict({ tMax: 3 }),
    ],
    [
      "StepLR: lastEpoch in the state is '2', not like 0",
      () => new optim.lrScheduler.StepLR(new optim.SGD(model.parameters()), 1).loadStateDict({ lastEpoch: '2' }),
    ],
    [
      'LambdaLR: lrLambda(0) gives undefined, not a number',
      () => new optim.lrScheduler.LambdaLR(new optim.SGD(model.parameters()), (() => {}) as never),
    ],
    [
      'StepLR: stepSize is missing; give a whole number',
      () => new optim.lrScheduler.StepLR(new optim.SGD(model.parameters()), { gamma: 1 } as never),
    ],
    [
      'MultiStepLR: milestones is 3, not an array of epochs; give whole numbers in an array',
      () => new optim.lrScheduler.MultiStepLR(new optim.SGD(model.parameters()), 3 as never),
    ],
  ])('%s', (says, call) => {
    expect(call).toThrow(says);
  });
});

describe('taken as it is meant', () => {
  test('options first in their places and then by name', () => {
    const conv = new nn.Conv2d(3, 8, 3, { stride: 2, padding: 1 });
    expect(String(conv)).toBe('Conv2d(3, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))');
    expect(String(new nn.MaxPool2d({ kernelSize: 3, stride: 2 }))).toContain('kernel_size=3, stride=2');
  });

  test('a tensor in text', () => {
    expect(`${torch.tensor([1, 2])}`).toContain('tensor([1., 2.]');
  });

  test('dtypes by name, and the widest integer', () => {
    expect(torch.zeros([1], { dtype: torch.long }).dtype).toBe('int64');
    expect(torch.tensor([1.7]).long().dtype).toBe('int64');
  });

  test('gradients are taken away, or made 0', async () => {
    const w = torch.ones([2], { requiresGrad: true });
    const opt = new optim.SGD([w]);
    w.sum().backward();
    opt.zeroGrad({ setToNone: false });
    expect([...(await w.grad!.data())]).toEqual([0, 0]);
    opt.zeroGrad();
    expect(w.grad).toBeNull();
  });

  test('the length of a list of modules', () => {
    expect([new nn.Sequential(model, model).length, new nn.ModuleList([model]).length]).toEqual([2, 1]);
  });
});

test('the name that was meant is the nearest within a third of its letters', () => {
  const names = ['zeroGrad', 'softmax', 'logSoftmax', 'ones', 'at'];
  expect(['zero_grad', 'sofmax', 'softamx', 'log_softmax', 'onse', 'Ones'].map((name) => nearest(name, names))).toEqual(
    ['zeroGrad', 'softmax', 'softmax', 'logSoftmax', 'ones', 'ones'],
  );
  expect(nearest('randm', ['rand', 'randn', 'randint'])).toBe('randn');
  expect(['relu', 'xy', ''].map((name) => nearest(name, names))).toEqual([undefined, undefined, undefined]);
});

test('arguments are shown in a line', () => {
  expect([x, [1, 'a'], [1, 2, 3, 4, 5], { p: 1, q: 2 }, null, new Map(), nearest].map(shown)).toEqual([
    'a tensor [2, 2]',
    "[1, 'a']",
    'an array of 5',
    '{ p, q }',
    'null',
    'a Map',
    'the function nearest',
  ]);
});
