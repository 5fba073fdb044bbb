/**
 * @file Intent: an index out of range, and any other number that an operation cannot work with, is an error at the line
 * that recorded the operation, on the cpu and on every adapter, though it is known only when it is computed; never
 * another number. In range, the values are PyTorch's.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readShaders } from '../../src/cli/shaders.ts';
import { engine } from '../../src/compile/engine.ts';
import { provideShaders } from '../../src/gpu/linker.ts';
import type { DeviceType } from '../../src/graph/types.ts';
import { inRange, nonZero } from '../../src/graph/ops/elementwise/index.ts';
import { reached } from '../../src/graph/walk.ts';
import { openAdapter } from '../../src/machine/adapters.ts';
import { Session } from '../../src/session/session.ts';
import { F, torch } from '../../src/torch/index.ts';
import { softwareAdapters } from '../support/device.ts';

/** Programs' first two lines: x is [1, 2, 3], and `at` and `of` make numbers that only the device knows. */
const before = (device: DeviceType): string => `import { F, torch } from 'wudnn'
const x = torch.tensor([1, 2, 3], { device: '${device}' }); const of = (...v) => torch.tensor(v, { device: '${device}' }).add(0); const at = (...v) => of(...v).int()
`;

/** What a program tells: where its error is, else what it wrote last. */
async function run(device: DeviceType, lines: string) {
  let text = '';
  const ended = await new Session({ versions: {} }).run(before(device) + lines, {
    console: (entry) => (text = entry.text),
    progress: () => {},
  });
  return ended.ok ? { text } : { line: ended.error.line, message: ended.error.message };
}

const valuesOf = (device: DeviceType, expression: string) =>
  run(device, `const y = ${expression}\nconsole.log([...(await y.data())].map((v) => v.toFixed(5) * 1).join(' '))`);

/**
 * An expression of the index i, which may be from least to 2, its values for both ends, and what its error says of an
 * index.
 */
type Row = readonly [
  name: string,
  expression: string,
  least: 0 | -3,
  lowest: number[],
  highest: number[],
  says: string,
];

const places = (name: string): string => `${name}: index {i} at [0] is out of range; there are 3 elements, from 0 to 2`;
const fromEnd = (name: string): string => `${name}: index {i} is out of range for dim 0 of size 3`;
const classes = (name: string): string => `${name}: class {i} at [0] is out of range; there are 3 classes, from 0 to 2`;

const rows: readonly Row[] = [
  ['gather', 'x.gather(0, i)', 0, [1], [3], places('gather')],
  ['takeAlongDim', 'torch.takeAlongDim(x, i, 0)', 0, [1], [3], places('gather')],
  ['indexSelect', 'x.indexSelect(0, i)', 0, [1], [3], places('indexSelect')],
  ['a subscript', 'x.index(i)', -3, [1], [3], fromEnd('index')],
  ['a subscript without dimensions', 'x.index(i.squeeze())', -3, [1], [3], fromEnd('index')],
  ['beside another', 'x.reshape(3, 1).index(i, at(0))', -3, [1], [3], fromEnd('index')],
  ['indexPut', 'torch.indexPut(x, [i], of(9))', -3, [9, 2, 3], [1, 2, 9], fromEnd('indexPut')],
  ['adding by indexPut', 'torch.indexPut(x, [i], of(9), true)', -3, [10, 2, 3], [1, 2, 12], fromEnd('indexPut')],
  ['scatter', 'x.scatter(0, i, of(9))', 0, [9, 2, 3], [1, 2, 9], places('scatter')],
  ['scatter of a number', 'x.scatter(0, i, 9)', 0, [9, 2, 3], [1, 2, 9], places('scatter')],
  ['scatterAdd', 'x.scatterAdd(0, i, of(9))', 0, [10, 2, 3], [1, 2, 12], places('scatterAdd')],
  ['indexAdd', 'x.indexAdd(0, i, of(9))', 0, [10, 2, 3], [1, 2, 12], places('indexAdd')],
  ['indexCopy', 'x.indexCopy(0, i, of(9))', 0, [9, 2, 3], [1, 2, 9], places('indexCopy')],
  [
    'indexFill',
    'x.indexFill(0, i, 9)',
    -3,
    [9, 2, 3],
    [1, 2, 9],
    'indexFill: index {i} at [0] is out of range; there are 3 elements, from -3 to 2',
  ],
  [
    'embedding',
    'F.embedding(i, x.reshape(3, 1))',
    0,
    [1],
    [3],
    'embedding: row {i} at [0] is out of range; there are 3 rows in the table, from 0 to 2',
  ],
  ['oneHot', 'F.oneHot(i, 3)', 0, [1, 0, 0], [0, 0, 1], classes('oneHot')],
  ['nllLoss', 'F.nllLoss(x.reshape(1, 3), i)', 0, [-1], [-3], classes('nllLoss')],
  [
    'nllLoss with weights and a class to ignore',
    "F.nllLoss(x.reshape(1, 3), i, { weight: x, ignoreIndex: -7, reduction: 'sum' })",
    0,
    [-1],
    [-9],
    classes('nllLoss'),
  ],
  ['crossEntropy', 'F.crossEntropy(x.log().reshape(1, 3), i).exp()', 0, [6], [2], classes('crossEntropy')],
];

/** Expressions whose other numbers are wrong, and what the error says. */
const wrong: readonly (readonly [says: string, expression: string])[] = [
  [
    'maskedScatter: the mask holds in 2 places, more than the source has elements, 1; give one for each',
    'x.maskedScatter(x.gt(1), of(9))',
  ],
  ['maskedScatter: the mask holds in 2 places, more than the source has elements, 0', 'x.maskedScatter(x.gt(1), of())'],
  ['indexPut: the mask holds in 1 places and there are 2 values for them', 'torch.indexPut(x, [x.gt(2)], of(8, 9))'],
  ['indexPut: the mask holds in 3 places and there are 2 values for them', 'torch.indexPut(x, [x.gt(0)], of(8, 9))'],
  ['indexPut: the mask holds in 1 places and there are 0 values for them', 'torch.indexPut(x, [x.gt(2)], of())'],
  ['multinomial: a weight is -1 at [1]; weights are finite and not below 0', 'torch.multinomial(of(3, -1), 1)'],
  ['multinomial: a weight is NaN at [1]', 'torch.multinomial(of(3, NaN), 2, true)'],
  ['multinomial: a weight is Infinity at [1, 0]', 'torch.multinomial(of(3, 1, Infinity, 1).reshape(2, 2), 1)'],
  ['multinomial: all weights of a row are 0', 'torch.multinomial(of(3, 1, 0, 0).reshape(2, 2), 1)'],
  ['multinomial: all weights of a row are 0', 'torch.multinomial(of(0, 0), 2, true)'],
  ['normal: std is -1 at [2]; a standard deviation is at least 0', 'torch.normal(x, of(1, 0, -1))'],
  ['normal: std is NaN at [0]', 'torch.normal(0, of(NaN, 0))'],
  [
    'binaryCrossEntropy: the input has 1.5 at [1]; probabilities are from 0 to 1, as sigmoid gives them',
    'F.binaryCrossEntropy(of(0.5, 1.5), of(1, 1))',
  ],
  ['binaryCrossEntropy: the input has NaN at [0]', 'new torch.nn.BCELoss()(of(NaN), of(1))'],
  ['floorDivide: a whole number divided by 0 at [1] is none', 'at(6, 6).floorDivide(at(2, 0))'],
  ['remainder: a whole number divided by 0 at [1] is none', 'at(6, 6).remainder(at(2, 0))'],
  ['fmod: a whole number divided by 0 at [0] is none', 'at(6, 6).fmod(at(0, 2))'],
  ['div: a whole number divided by 0 at [1] is none', "at(6, 6).div(at(2, 0), { roundingMode: 'floor' })"],
  ['div: a whole number divided by 0 is none', "at(6, 6).div(at(0).squeeze(), { roundingMode: 'trunc' })"],
  [
    'quantizePerChannel: zeroPoint 300 at [1] is not from 0 to 255',
    "torch.quantizePerChannel(x.reshape(3, 1), of(1, 1, 1), at(0, 300, 0), 0, 'uint8')",
  ],
  ['quantizePerTensor: zeroPoint -1 is not from 0 to 255', "torch.quantizePerTensor(x, 1, at(-1).squeeze(), 'uint8')"],
  [
    'fakeQuantizePerChannelAffine: zeroPoint 300 at [1] is not from 0 to 255',
    'torch.fakeQuantizePerChannelAffine(x, of(1, 1, 1), at(0, 300, 0), 0, 0, 255)',
  ],
];

/** The same at the ends of what they may be. */
const right: readonly (readonly [expression: string, values: number[]])[] = [
  ['x.maskedScatter(x.gt(1), of(8, 9, 10))', [1, 8, 9]],
  ['x.maskedScatter(x.gt(5), of())', [1, 2, 3]],
  ['torch.indexPut(x, [x.gt(1)], of(8, 9))', [1, 8, 9]],
  ['torch.indexPut(x, [x.gt(5)], of())', [1, 2, 3]],
  ['torch.multinomial(of(0, 1), 1)', [1]],
  ['torch.multinomial(of(0, 1), 2)', [1, 0]],
  ['torch.multinomial(of(0, 1), 2, true)', [1, 1]],
  ['torch.normal(x, of(0, 0, 0))', [1, 2, 3]],
  ["F.binaryCrossEntropy(of(0, 1), of(0, 1), { reduction: 'sum' })", [0]],
  ['at(6, -7).floorDivide(at(-4, 2))', [-2, -4]],
  ['at(6, -7).remainder(at(-4, 2))', [-2, 1]],
  ['at(6, -7).fmod(at(-4, 2))', [2, -1]],
  ["torch.quantizePerTensor(x, 1, at(255).squeeze(), 'uint8')", [255, 255, 255]],
  ['F.nllLoss(x.reshape(3, 1).expand(3, 3), at(0, -100, 2))', [-2]],
  ["F.nllLoss(x.reshape(3, 1).expand(3, 3), at(0, 1, 2), { ignoreIndex: 1, reduction: 'sum' })", [-4]],
];

const programs = (device: DeviceType): void => {
  test.each(rows)('%s', async (_, expression, least, lowest, highest, says) => {
    const of = (i: number) => valuesOf(device, expression.replace(/\bi\b/g, `at(${i})`));
    expect(await of(least)).toEqual({ text: lowest.join(' ') });
    expect(await of(2)).toEqual({ text: highest.join(' ') });
    for (const i of [least - 1, 3])
      expect(await of(i), String(i)).toEqual({
        line: 3,
        message: expect.stringContaining(says.replace('{i}', String(i))),
      });
  });

  test.each(wrong)('%s', async (says, expression) => {
    expect(await valuesOf(device, expression)).toEqual({ line: 3, message: expect.stringContaining(says) });
  });

  test.each(right)('%s', async (expression, values) => {
    expect(await valuesOf(device, expression)).toEqual({ text: values.join(' ') });
  });

  test.each([
    ['made of it', 'const y = x.gather(0, at(3))\nawait y.mul(0).add(1).item()'],
    ['made of it later', 'const y = x.gather(0, at(3))\nawait y.add(1).item().catch(() => {})\nawait y.mul(2).item()'],
    ['asked for again', 'const y = x.gather(0, at(3))\nawait y.item().catch(() => {})\nawait y.item()'],
    ['compiled', 'const f = torch.compile((i) => x.gather(0, i).add(1))\nconst y = f(at(3))\nawait y.item()'],
    [
      'compiled, into one kernel with what reads it',
      'const f = torch.compile((p) => F.binaryCrossEntropy(p.add(1), p).mul(2))\nconst y = f(of(0.5))\nawait y.item()',
    ],
    [
      'compiled, and played again',
      'const f = torch.compile((i) => x.gather(0, i).add(1))\nfor (const i of [0, 2, 1]) await f(at(i)).item()\nawait f(at(3)).item()',
    ],
    [
      'compiled, and called with other numbers that are on the host',
      `const f = torch.compile((i) => x.gather(0, i.flip(0)))
for (const i of [0, 2, 1, 3]) await f(torch.tensor([i], { dtype: 'int32', device: '${device}' })).item()`,
    ],
    ['one of many', 'const y = x.gather(0, at(...new Array(999).fill(2), 3))\nawait y.data()'],
    [
      'repeated',
      'const y = x.reshape(3, 1).expand(3, 4).gather(0, at(0, 3).reshape(2, 1).expand(2, 4))\nawait y.data()',
    ],
    [
      'on its way to the other device',
      `const y = x.gather(0, at(3))\nawait y.to('${device === 'cpu' ? 'webgpu' : 'cpu'}').add(1).item()`,
    ],
    ['a gradient', 'const y = x.clone().requiresGrad_().gather(0, at(3))\ny.sum().backward()\nawait y.item()'],
    [
      'trained with by a program that never awaits',
      `const loss = (w, i) => F.nllLoss(w.reshape(1, 3), i)
const w = new torch.nn.Parameter(x.clone()); const opt = new torch.optim.SGD([w], { lr: 0.1 })
for (let i = 0; i < 40; i++) { opt.zeroGrad(); loss(w, at(i)).backward(); opt.step() }
await w.data()`,
    ],
  ])('%s', async (name, lines) => {
    const error = await run(device, lines);
    expect(error).toEqual({ line: 3, message: expect.stringMatching(/(is|has) .*(out of range|; probabilities)/) });
    if (name === 'repeated') expect(error.message).toContain('at [1, 0]'); // once, not for each of the four
  });
};

describe('the cpu', () => programs('cpu'));

describe.each(await softwareAdapters())('%s', (name) => {
  beforeAll(async () => {
    provideShaders(readShaders());
    await engine.start((await openAdapter(name)).gpu);
  });
  afterAll(() => engine.device?.destroy());
  programs('webgpu');

  test('whoever does not read it is not told, and later work goes on', async () => {
    const x = torch.tensor([1, 2, 3], { device: 'webgpu' });
    const at = (i: number) => torch.tensor([i], { device: 'webgpu' }).int();
    const [bad, good] = [x.gather(0, at(3)), x.gather(0, at(2))];
    expect(await good.item()).toBe(3);
    await expect(bad.item()).rejects.toThrow('gather: index 3 at [0] is out of range');
    expect(await x.gather(0, at(1)).item()).toBe(2);
    expect(await good.item()).toBe(3);
    await expect(bad.mul(2).item()).rejects.toThrow('gather: index 3 at [0] is out of range');
  });
});

describe('nothing is looked at', () => {
  /** How many checks lie between a tensor and its leaves. */
  const checks = ({ node }: torch.Tensor): number =>
    [...reached([node])].filter(({ op }) => op === inRange || op === nonZero).length;
  const x = torch.tensor([
    [4, 2, 3],
    [1, 5, 0],
  ]);
  let unknown: torch.Tensor;
  beforeEach(() => {
    unknown = torch.tensor([1, 2]).int();
  });

  test.each<[string, () => torch.Tensor]>([
    ['on the host', () => x.gather(1, torch.tensor([[2], [-0]], { dtype: 'int32' }))],
    ['of argmax', () => x.gather(1, x.argmax(1, true))],
    ['of topk', () => x.gather(1, x.topk(2, 1).indices)],
    ['of sort', () => x.gather(1, x.sort(1).indices)],
    ['of a range', () => x.indexSelect(1, torch.arange(3))],
    ['of random numbers', () => F.embedding(torch.randint(0, 2, [5]), x)],
    ['clamped', () => x.indexSelect(1, unknown.clamp(0, 2))],
    ['a remainder', () => x.index(':', unknown.remainder(3))],
    [
      'of what was known',
      () => x.indexSelect(1, torch.tensor([2, 0], { dtype: 'int32' }).gather(0, x.argmax(0).remainder(2))),
    ],
    ['checked before', () => x.indexCopy(1, torch.tensor([0, 1], { dtype: 'int32' }), x.slice(1, 0, 2))],
    ['divided by a number', () => unknown.floorDivide(2)],
    ['bools as a class', () => F.crossEntropy(x, x.index(':', 0).gt(2).int())],
  ])('%s', (_, make) => {
    expect(checks(make())).toBe(0);
  });

  test('twice', () => {
    expect(checks(x.indexSelect(1, unknown))).toBe(1);
    expect(checks(x.indexCopy(1, unknown, x.slice(1, 0, 2)))).toBe(1);
    expect(checks(F.crossEntropy(x, unknown))).toBe(1);
  });
});
