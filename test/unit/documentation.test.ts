/**
 * @file Intent: the editor's hover says what a name takes and what it does, for everything that a program can call.
 */
import { beforeAll, expect, test } from 'vitest';
import { editorService, programFile } from '../../scripts/editor-service.ts';
import type { LanguageService, QuickInfo } from '../../src/playground/editor/documentation.ts';
import { quickInfo } from '../../src/playground/editor/documentation.ts';
import { signed } from '../support/signatures.ts';

const text = (parts: QuickInfo['documentation'] = []): string => parts.map((part) => part.text).join('');

const head = `import { F, dnn, nn, optim, torch, vision } from 'wudnn'
const x = torch.ones(2, 3)
`;

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

/** Every name that a program can call, as an expression that ends in it. */
const names = signed.map(({ path, use }) => {
  const dot = path.lastIndexOf('.');
  const owner = path.slice(0, dot).replace(/^utils/, 'torch.utils');
  const left = use === 'member' ? `(null! as InstanceType<typeof ${owner}>)` : owner;
  return { path, line: `${left}.${path.slice(dot + 1)}` };
});

let service: LanguageService;
const places = new Map<string, number>();
beforeAll(() => {
  let program = head;
  for (const [line, name] of calls) {
    places.set(line, program.length + line.indexOf(name));
    program += `${line};\n`;
  }
  for (const { path, line } of names) {
    places.set(path, program.length + line.lastIndexOf('.') + 1);
    program += `${line};\n`;
  }
  service = editorService(program);
});

test.each(calls)('hovering in %s shows the signature and the docstring of %s', (line, _, shown, documentation) => {
  const info = quickInfo(service, programFile, places.get(line)!);
  expect(text(info?.displayParts)).toMatch(shown);
  expect(text(info?.documentation)).toMatch(documentation);
});

test('everything that a program can call has a docstring', () => {
  const without = names.filter(({ path }) => !text(quickInfo(service, programFile, places.get(path)!)?.documentation));
  expect(without.map(({ path }) => path)).toEqual([]);
});
