/**
 * @file Intent: nothing that a program gives is dropped. Everything with a signature is called with an argument too
 * many, with a wrong kind in each place and under each name, and with every parameter in its place and by name, which
 * must come to the same.
 */
import { describe, expect, test } from 'vitest';
import { messageOf } from '../../src/base/errors.ts';
import { isPlain } from '../../src/base/options.ts';
import { F, dnn, nn, optim, torch } from '../../src/torch/index.ts';
import { matched } from '../../src/torch/signature/call.ts';
import type { Param } from '../../src/torch/signature.ts';
import type { SignedValue } from '../../scripts/api/signed-value.ts';
import { signed } from '../../scripts/api/signed-value.ts';

/** Values of every kind. */
const values: readonly unknown[] = [
  torch.ones(2, 2),
  [torch.ones(2), torch.ones(2)],
  2,
  0.5,
  NaN,
  true,
  'float16',
  'cpu',
  'mean',
  'same',
  'fro',
  'relu',
  'int8',
  'floor',
  'ij',
  [1, 2],
  [3],
  [1, 2, 3, 4, 5],
  [1, 1, 4, 4],
  dnn.convolutionDescriptor({ x: [1, 1, 4, 4], w: [1, 1, 3, 3] }),
  ['FMA'],
  [0.5, 0.5],
  [true],
  null,
  {},
  { a: 1 },
  new torch.Generator(),
  new nn.TransformerEncoderLayer(2, 1, 2),
  new torch.utils.data.TensorDataset(torch.ones(3)),
  new optim.SGD([torch.ones(2)]),
  [new optim.lrScheduler.ConstantLR(new optim.SGD([torch.ones(2)]))],
  () => 0,
  Symbol('none'),
  new Uint8Array(2),
];

/** A value that is not PyTorch's default, where there is one. */
const right = ({ kind, usual }: Param): unknown => {
  const taken = values.filter((v) => kind.takes(v));
  return taken.find((v) => v !== usual) ?? taken[0] ?? usual;
};
const wrong = ({ kind, usual, item }: Param): unknown[] =>
  values.filter((v) => !kind.takes(v) && !(v === null && usual === null) && !(item && !item.alone && item.takes(v)));

const call = ({ use, value }: SignedValue, args: readonly unknown[]): unknown => {
  if (use === 'class') return new (value as new (...args: unknown[]) => unknown)(...args);
  if (use === 'member') return (value as (...args: unknown[]) => unknown).call({}, ...args);
  return use === 'method'
    ? (value as (...args: unknown[]) => unknown).apply(args[0], args.slice(1))
    : (value as (...args: unknown[]) => unknown)(...args);
};

function complaint(callable: SignedValue, args: readonly unknown[]): string {
  try {
    const result = call(callable, args);
    if (result instanceof Promise) result.catch(() => {});
    return 'no error';
  } catch (error) {
    return messageOf(error);
  }
}

const alone = signed.filter(({ signatures }) => signatures.length === 1);

describe.each(signed.map((s) => [s.path, s] as const))('%s', (_, callable) => {
  test('an argument beyond the last place is an error', () => {
    for (const { params, places } of callable.signatures) {
      expect(complaint(callable, [...params.slice(0, places).map(right), Symbol('more')])).toMatch(
        /^\w+: .*(beyond the last argument|not )/,
      );
    }
  });

  test('a name that is not known is an error', () => {
    for (const { params, places } of callable.signatures) {
      if (params[places - 1]?.kind.plain) continue;
      expect(complaint(callable, [...params.slice(0, places).map(right), { noSuchOption: 1 }])).toMatch(
        /unknown option noSuchOption/,
      );
    }
  });
});

describe.each(alone.map((s) => [s.path, s] as const))('%s', (_, callable) => {
  const [signature] = callable.signatures;
  const { what, params, places } = signature;
  const isMethod = callable.use === 'method';
  const first = isMethod ? 1 : 0;
  const inPlaces = params.slice(0, places).map(right);
  /** What a call must give by name. */
  const needed = Object.fromEntries(
    params
      .slice(places)
      .filter(({ required }) => required)
      .map((param) => [param.name, right(param)]),
  );
  const matchOf = (args: readonly unknown[]) => matched([{ signature }], args, isMethod).found.values;

  test('a wrong kind is an error, in each place and under each name', () => {
    for (const [i, param] of params.entries()) {
      if (i < first) continue;
      for (const value of wrong(param)) {
        const said = new RegExp(`^${what}: `);
        if (i < places && !isPlain(value))
          expect(complaint(callable, [...inPlaces.slice(0, i), value]), `${param.name} ${String(value)}`).toMatch(said);
        if (!param.kind.plain)
          expect(
            complaint(callable, [...inPlaces.slice(0, Math.min(i, places)), { [param.name]: value }]),
            `${param.name} ${String(value)} by name`,
          ).toMatch(said);
      }
    }
  });

  test('a parameter in its place is the same as by name', () => {
    for (let i = first; i < places && !params[places - 1].kind.plain; i++) {
      if (params[i].kind.plain || params[i].item?.takes(inPlaces[i])) continue; // an array is one of several in a row
      const others = params.slice(i, places).map((param, k) => [param.name, inPlaces[i + k]]);
      expect(matchOf([...inPlaces.slice(0, i), { ...Object.fromEntries(others), ...needed }])).toEqual(
        matchOf([...inPlaces, needed]),
      );
    }
  });

  test('given twice is an error', () => {
    if (places > first && !params[places - 1].kind.plain)
      expect(complaint(callable, [...inPlaces, { [params[places - 1].name]: inPlaces.at(-1) }])).toMatch(/given twice/);
  });
});

/** Calls that were answered as if the arguments were not there, each with what it gives or says. */
describe("arguments in PyTorch's places", () => {
  const x = torch.tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const planes = torch.ones(1, 1, 4, 4);
  const gradient = (shape: number[], f: (x: torch.Tensor) => torch.Tensor): torch.Tensor => {
    const leaf = torch.ones(shape, { requiresGrad: true });
    f(leaf).sum().backward();
    return leaf.grad!;
  };

  test.each<[string, () => torch.Tensor, number[]]>([
    ['x.sum(1, true)', () => x.sum(1, true), [2, 1]],
    ['torch.sum(x, 1, { keepdim: true })', () => torch.sum(x, 1, { keepdim: true }), [2, 1]],
    ['x.var(1, false, true)', () => x.var(1, false, true), [2, 1]],
    ['x.max(1, true)', () => x.max(1, true).values, [2, 1]],
    ['F.conv2d(x, w, null, 1, 1)', () => F.conv2d(planes, torch.ones(1, 1, 3, 3), null, 1, 1), [1, 1, 4, 4]],
    ['F.maxPool2d(x, 2, 1)', () => F.maxPool2d(planes, 2, 1), [1, 1, 3, 3]],
    [
      'new nn.MaxPool2d(3, 2, 1, 1, false, true)',
      () => new nn.MaxPool2d(3, 2, 1, 1, false, true)(torch.ones(1, 1, 5, 5)),
      [1, 1, 3, 3],
    ],
    [
      'new nn.ConvTranspose2d(1, 1, 3, 2, 1)(x, [8, 7])',
      () => new nn.ConvTranspose2d(1, 1, 3, 2, 1)(planes, [8, 7]),
      [1, 1, 8, 7],
    ],
    ['new nn.LSTM(2, 3, 1, true, true)', () => new nn.LSTM(2, 3, 1, true, true)(torch.ones(4, 5, 2))[0], [4, 5, 3]],
    ['new nn.Conv2d(1, 2, 3, 1, 1)', () => new nn.Conv2d(1, 2, 3, 1, 1)(planes), [1, 2, 4, 4]],
  ])('%s', (_, f, shape) => {
    expect([...f().shape]).toEqual(shape);
  });

  test.each<[string, () => torch.Tensor | Promise<torch.Tensor>, number[]]>([
    [
      'F.crossEntropy(x, t, classWeights)',
      () =>
        F.crossEntropy(
          torch.tensor([
            [1, 2, 4],
            [4, 5, 6],
          ]),
          torch.tensor([0, 2], { dtype: 'int32' }),
          torch.tensor([1, 2, 3]),
        ).reshape(1),
      [1.0982],
    ],
    [
      'F.batchNorm(x, m, v, w, b, true)',
      () => F.batchNorm(x, torch.zeros(3), torch.ones(3), torch.tensor([1, 2, 3]), torch.tensor([0, 1, 2]), true),
      [-1, -1, -1, 1, 3, 5],
    ],
    [
      'F.embedding(i, table, 0)',
      () => gradient([3, 2], (table) => F.embedding(torch.tensor([0, 2], { dtype: 'int32' }), table, 0)),
      [0, 0, 0, 0, 1, 1],
    ],
    [
      'nn.utils.clipGradNorm_(p, 1, Infinity)',
      () => nn.utils.clipGradNorm_([Object.assign(torch.zeros(2), { grad: torch.tensor([3, 4]) })], 1, Infinity),
      [4],
    ],
    ['torch.isclose(a, b, 0.5)', () => torch.isclose(torch.tensor([1, 2]), torch.tensor([1.4, 5]), 0.5), [1, 0]],
    ['x.flip(0, 1)', () => x.flip(0, 1), [6, 5, 4, 3, 2, 1]],
    ['new nn.InstanceNorm2d(2, 1e-5, 0.1, true)', () => new nn.InstanceNorm2d(2, 1e-5, 0.1, true).weight!, [1, 1]],
    [
      'x.sub(1.5, { alpha: 2 }) of whole numbers',
      () => torch.tensor([2], { dtype: 'int32' }).sub(1.5, { alpha: 2 }),
      [-1],
    ],
  ])('%s', async (_, f, values) => {
    const got = await (await f()).data();
    expect(got).toHaveLength(values.length);
    values.forEach((value, i) => expect(Number(got[i])).toBeCloseTo(value, 4));
  });

  test('a number keeps its kind beside alpha', () => {
    expect(torch.tensor([2], { dtype: 'int32' }).sub(1.5, { alpha: 2 }).dtype).toBe('float32');
    expect(torch.tensor([true, false]).add(true, { alpha: 2 }).dtype).toBe('bool');
  });

  test.each<[() => unknown, string]>([
    [
      () => torch.tensor([1], 'float16' as never),
      "tensor: 'float16' is beyond the last argument; dtype is given by name: tensor(data, { dtype: 'float16' })",
    ],
    [
      () => F.linear(x, torch.ones(2, 3), torch.ones(2, 1, 1)),
      'linear: the bias has shape [2, 1, 1], the product [2, 2]; the bias broadcasts to the product alone',
    ],
    [
      () => F.pad(planes, [1, 1], 'reflect', 0.5),
      "pad: value is 0.5, and mode 'reflect' fills with the tensor's own elements; leave it out",
    ],
    [() => x.index({ dim: 0 } as never), 'index: unknown option dim; known are indices'],
    [() => x.sum(1, 3 as never), 'sum: keepdim is 3, not a boolean; give true or false'],
    [
      () => (x.sum as (...args: unknown[]) => unknown)(1, true, 'float16'),
      "sum: 'float16' is beyond the last argument; dtype is given by name: sum(dim, keepdim, { dtype: 'float16' })",
    ],
    [
      () => x.sum({ keepdims: true } as never),
      'sum: unknown option keepdims; known are dim, keepdim, dtype; did you mean keepdim?',
    ],
    [
      () => x.sum({ keep_dim: true } as never),
      'sum: unknown option keep_dim; known are dim, keepdim, dtype; did you mean keepdim?',
    ],
    [() => x.sum(1, { dim: 0 } as never), 'sum: dim is given twice, as 1 in its place and as 0 by name'],
    [
      () => new nn.Parameter(torch.ones(2), 3 as never),
      'Parameter: requiresGrad is 3, not a boolean; give true or false',
    ],
    [
      () => (new nn.Linear(2, 3) as (...args: unknown[]) => unknown)(x, 1),
      'Linear: 1 is beyond the last argument; it takes (input)',
    ],
    [
      () => new nn.MultiheadAttention(2, 1)(x, x, x, torch.ones(2), 1 as never),
      'MultiheadAttention: needWeights is 1, not a boolean; give true or false',
    ],
    [
      () => new nn.InstanceNorm2d(2, 1e-5, 0.1, true, true as never),
      'InstanceNorm2d: trackRunningStats is true, not false, which is all that is here; every image is normalised by its own statistics; nn.BatchNorm2d keeps running ones',
    ],
    [
      () => new nn.MaxPool2d(3, 2, 1, 1, true as never),
      'MaxPool2d: returnIndices is true, not false, which is all that is here; the indices of the largest elements are not returned',
    ],
    [
      () => new nn.Conv2d(1, 2, [3, 3, 3] as never),
      'Conv2d: kernelSize is [3, 3, 3], not a whole number or a pair of them; give one number, or [vertical, horizontal]',
    ],
    [
      () => new nn.Conv2d(1, 2, { kernel_size: 3 } as never),
      'Conv2d: unknown option kernel_size; known are inChannels, outChannels, kernelSize, stride, padding, dilation, groups, bias, paddingMode, device, dtype, algo; did you mean kernelSize?',
    ],
  ])('%s', (f, message) => {
    expect(f).toThrow(message);
  });
});
