/**
 * @file Intent: a tensor prints as in PyTorch, and `console.log(tensor)` prints what it was at that line, in its place,
 * though its value is computed later. Texts are PyTorch 1.13's; `test/remote/printed-live.test.ts` asks for more of
 * them.
 */
import { expect, test } from 'vitest';
import type { DType } from '../../src/base/dtype.ts';
import { inOrder } from '../../src/cli/program.ts';
import { nn, torch } from '../../src/torch/index.ts';
import { runProgram } from '../../src/session/program.ts';
import type { ConsoleEntry } from '../../src/session/protocol.ts';
import * as wudnn from '../../src/session/wudnn.ts';

/** What a program tells, in the order of its lines. */
async function printedBy(program: string): Promise<{ all: ConsoleEntry[]; texts: string[] }> {
  const all: ConsoleEntry[] = [];
  const texts: string[] = [];
  const ordered = inOrder(({ text }) => texts.push(text));
  const console = (entry: ConsoleEntry): void => {
    all.push(entry);
    ordered(entry);
  };
  const result = await runProgram(`import { torch } from 'wudnn'\n${program}`, { modules: { wudnn }, console });
  if (!result.ok) throw new Error(result.error.message);
  return { all, texts };
}

test('a tensor that is not computed prints its values, before what is printed behind it', async () => {
  const { all, texts } = await printedBy(
    "const x = torch.ones(2, 2).add(0.5)\nconsole.log('x is', x, 7)\nconsole.log('after')",
  );
  expect(texts).toEqual([
    expect.stringMatching(/^x is tensor\(\[\[1\.5000, 1\.5000\],\n {5} {8}\[1\.5000, 1\.5000\]\].*\) 7$/s),
    'after',
  ]);
  expect(all.map(({ open, line }) => [open ?? false, line])).toEqual([
    [true, 3],
    [false, 4],
    [false, 3],
  ]);
  expect(all[0].text).toBe('x is … 7');
  expect(all[2].id).toBe(all[0].id);
});

test('it prints what it was at that line, whatever is written into it later', async () => {
  const { texts } = await printedBy(
    'const x = torch.zeros(1).add(1)\nconsole.log(x)\nx.add_(1)\nconsole.log([x, x.mul(2)])\nx.zero_()',
  );
  expect(texts[0]).toMatch(/tensor\(\[1\.\]/);
  expect(texts[1]).toMatch(/tensor\(\[2\.\][^]*tensor\(\[4\.\]/);
});

test('nothing waits in what needs no value, and a group indents all lines of a tensor', async () => {
  const { all, texts } = await printedBy(
    "console.group('g')\nconsole.log(torch.zeros(2, 1).add(1))\nconsole.groupEnd()\nconsole.log('end')",
  );
  expect(texts[1].split('\n').every((line) => line.startsWith('  '))).toBe(true);
  expect(all.at(0)).toEqual({ level: 'log', text: 'g', line: 2 });
});

const given = (values: readonly number[], shape: readonly number[], dtype: DType = 'float32'): torch.Tensor =>
  torch.tensor(values, { shape: [...shape], dtype, device: 'cpu' });
const range = (count: number, f: (i: number) => number = (i) => i): number[] =>
  Array.from({ length: count }, (_, i) => f(i));

test.each([
  [
    'whole numbers, whose rows end at 80 columns',
    given(
      range(24, (i) => i * 1000),
      [24],
    ),
    `
tensor([    0.,  1000.,  2000.,  3000.,  4000.,  5000.,  6000.,  7000.,  8000.,
         9000., 10000., 11000., 12000., 13000., 14000., 15000., 16000., 17000.,
        18000., 19000., 20000., 21000., 22000., 23000.])`,
  ],
  [
    'planes apart, in half precision',
    given([1, 2, 3, 4, 5, 6, 7, NaN], [2, 2, 2], 'float16'),
    `
tensor([[[1., 2.],
         [3., 4.]],

        [[5., 6.],
         [7., nan]]], dtype=torch.float16)`,
  ],
  [
    'edges of more than 1,000 elements',
    given(range(1200), [30, 40], 'int32'),
    `
tensor([[   0,    1,    2,  ...,   37,   38,   39],
        [  40,   41,   42,  ...,   77,   78,   79],
        [  80,   81,   82,  ...,  117,  118,  119],
        ...,
        [1080, 1081, 1082,  ..., 1117, 1118, 1119],
        [1120, 1121, 1122,  ..., 1157, 1158, 1159],
        [1160, 1161, 1162,  ..., 1197, 1198, 1199]], dtype=torch.int32)`,
  ],
  ['a wide range', given([1e-5, 1, -Infinity], [3]), 'tensor([1.0000e-05, 1.0000e+00,       -inf])'],
  ['ties, rounded to even', given([0.03125, -0.09375, 1 / 3], [3]), 'tensor([ 0.0312, -0.0938,  0.3333])'],
  ['bools', given([1, 0], [1, 2], 'bool'), 'tensor([[ True, False]])'],
  ['a scalar', given([2.5], []), 'tensor(2.5000)'],
  ['nothing', given([], [0]), 'tensor([])'],
  ['nothing of a shape', given([], [0, 3], 'bool'), 'tensor([], size=(0, 3), dtype=torch.bool)'],
  ['a parameter', new nn.Parameter(given([1], [1])), 'Parameter containing:\ntensor([1.], requires_grad=True)'],
])('%s', (_, x, text) => {
  expect(String(x)).toBe(text.trimStart());
});

test('behind the values stand the device, the dtype and the operation, on a new line where the last one is full', async () => {
  const x = torch.tensor(
    range(9, (i) => i / 2),
    { device: 'webgpu', requiresGrad: true },
  );
  expect(String(x)).toBe(
    "tensor([0.0000, 0.5000, 1.0000, 1.5000, 2.0000, 2.5000, 3.0000, 3.5000, 4.0000],\n       device='webgpu:0', requires_grad=True)",
  );
  const y = torch.ones(2, 3, { device: 'cpu', requiresGrad: true }).mul(2);
  expect(String(y)).toBe('tensor(<not computed>, size=(2, 3), grad_fn=<mul>)');
  const { texts } = await printedBy("console.log(torch.ones(2, { device: 'cpu', requiresGrad: true }).mul(2))");
  expect(texts).toEqual(['tensor([2., 2.], grad_fn=<mul>)']);
});
