/**
 * @file Intent: the editor's hover says what a name takes and what it does, for everything that a program can call.
 */
import { beforeAll, expect, test } from 'vitest';
import type { EditorAnswers } from '../../scripts/api/docstrings.ts';
import { hover, textOf } from '../../scripts/api/docstrings.ts';
import { signed } from '../../scripts/api/signed-value.ts';

/** Calls as programs write them, with what the hover shows of each. */
const calls: readonly (readonly [line: string, name: string, shown: RegExp, documentation: RegExp])[] = [
  ['new nn.Conv2d(3, 8, 3)', 'Conv2d', /inChannels: number, outChannels: number, kernelSize: /, /^A convolution/],
  ['F.conv2d(x, x)', 'conv2d', /input: torch\.Tensor, weight: torch\.Tensor, bias\?: /, /^Cross-correlation/],
  ['x.sum(1)', 'sum', /\(dim\?: .*, keepdim\?: boolean/, /sum/i],
  ['torch.sum(x)', 'sum', /\(self: torch\.Tensor, dim\?: .*, keepdim\?: boolean/, /sum/i],
  ['new nn.MaxPool2d(2)', 'MaxPool2d', /kernelSize: .*, stride\?: .*, padding\?: /, /^The largest element/],
  ['torch.randn(2, 3)', 'randn', /number/, /^Standard normal/],
  ['new optim.Adam([x])', 'Adam', /params: .*, lr\?: number/, /^Adam \(Kingma/],
  ['x.exp_()', 'exp_', /torch\.Tensor/, /^In place, the result of exp: e\^a/],
];

/** A call of each optimizer and scheduler, and of some layers, with every option by its name. */
const withOptions = signed
  .filter(
    ({ path, use }) =>
      use === 'class' &&
      (path.startsWith('optim.') ||
        /^lrScheduler|nn\.(Conv2d|Linear|LSTM|BatchNorm2d|MaxPool2d|Embedding)$/.test(path)),
  )
  .map(({ path, signatures: [{ params }] }) => {
    const [first, ...others] = params.filter(({ kind }) => !kind.refused).map(({ name }) => name);
    const named = path.startsWith('nn.') ? [first, ...others] : others;
    const callee = path.replace(/^lrScheduler/, 'optim.lrScheduler');
    const places = path.startsWith('nn.') ? '' : 'null!, ';
    return { line: `new ${callee}(${places}{ ${named.map((name) => `${name}: null!`).join(', ')} })`, path, named };
  });

let hovered: EditorAnswers;
beforeAll(() => {
  hovered = hover([...calls.map(([line]) => line), ...withOptions.map(({ line }) => line)]);
});

test.each(calls)('hovering in %s shows the signature and the docstring of %s', (line, name, shown, documentation) => {
  const info = hovered.ofLine(line, name);
  expect(textOf(info?.displayParts)).toMatch(shown);
  expect(textOf(info?.documentation)).toMatch(documentation);
});

test('every option of optimizers, schedulers and common layers says what it means', () => {
  const without = withOptions.flatMap(({ line, path, named }) =>
    named.filter((name) => !textOf(hovered.ofLine(line, `${name}:`)?.documentation)).map((name) => `${path} ${name}`),
  );
  expect(withOptions.length).toBeGreaterThan(15);
  expect(without).toEqual([]);
});

test('everything that a program can call has a docstring', () => {
  const without = [...hovered.docstrings()].filter(([, docstring]) => docstring === '');
  expect(without.map(([path]) => path)).toEqual([]);
});
