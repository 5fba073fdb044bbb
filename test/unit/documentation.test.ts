/**
 * @file Intent: the editor's hover says what a name takes and what it does, for everything that a program can call.
 */
import { beforeAll, expect, test } from 'vitest';
import type { Hovered } from '../../scripts/api/docstrings.ts';
import { hover, textOf } from '../../scripts/api/docstrings.ts';

/** Calls as programs write them, with what the hover shows of each. */
const calls: readonly (readonly [line: string, name: string, shown: RegExp, documentation: RegExp])[] = [
  ['new nn.Conv2d(3, 8, 3)', 'Conv2d', /inChannels: number, outChannels: number, kernelSize: /, /^A convolution/],
  ['F.conv2d(x, x)', 'conv2d', /input: torch\.Tensor, weight: torch\.Tensor, bias\?: /, /^Cross-correlation/],
  ['x.sum(1)', 'sum', /\(dim\?: .*, keepdim\?: boolean/, /sum/i],
  ['torch.sum(x)', 'sum', /\(self: torch\.Tensor, dim\?: .*, keepdim\?: boolean/, /sum/i],
  ['new nn.MaxPool2d(2)', 'MaxPool2d', /kernelSize: .*, stride\?: .*, padding\?: /, /^The largest element/],
  ['torch.randn(2, 3)', 'randn', /number/, /^Standard normal/],
  ['new optim.Adam([x])', 'Adam', /params: .*, lr\?: number/, /^Adam \(Kingma/],
  ['x.exp_()', 'exp_', /torch\.Tensor/, /^In place: e\^a/],
];

let hovered: Hovered;
beforeAll(() => {
  hovered = hover(calls.map(([line]) => line));
});

test.each(calls)('hovering in %s shows the signature and the docstring of %s', (line, name, shown, documentation) => {
  const info = hovered.ofLine(line, name);
  expect(textOf(info?.displayParts)).toMatch(shown);
  expect(textOf(info?.documentation)).toMatch(documentation);
});

test('everything that a program can call has a docstring', () => {
  const without = [...hovered.docstrings()].filter(([, docstring]) => docstring === '');
  expect(without.map(([path]) => path)).toEqual([]);
});
