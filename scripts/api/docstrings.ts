/**
 * @file The docstring of everything that programs can call, as the editor's hover shows it.
 */
import type { QuickInfo } from '../../src/playground/editor/documentation.ts';
import { quickInfo } from '../../src/playground/editor/documentation.ts';
import { editorService, programFile } from './editor-service.ts';
import { signed } from './signed-value.ts';

export const textOf = (parts: QuickInfo['documentation'] = []): string => parts.map((part) => part.text).join('');

const head = `import { F, dnn, nn, optim, torch, vision } from 'wudnn'
const x = torch.ones(2, 3)
`;

/** Every name that a program can call, as an expression that ends in it. */
const names = signed.map(({ path, use }) => {
  const dot = path.lastIndexOf('.');
  const owner = path.slice(0, dot).replace(/^utils/, 'torch.utils');
  const left = use === 'member' ? `(null! as InstanceType<typeof ${owner}>)` : owner;
  return { path, line: `${left}.${path.slice(dot + 1)}` };
});

export interface EditorAnswers {
  /** What hovering over a name in one of the lines shows. */
  readonly ofLine: (line: string, name: string) => QuickInfo | undefined;
  /** By the path on which programs reach it. */
  readonly docstrings: () => Map<string, string>;
}

/** The editor with a program of these lines and of every name. */
export function hover(lines: readonly string[] = []): EditorAnswers {
  const program = [head, ...lines.map((line) => `${line};\n`), ...names.map(({ line }) => `${line};\n`)].join('');
  const service = editorService(program);
  const ofLine = (line: string, name: string): QuickInfo | undefined =>
    quickInfo(service, programFile, program.indexOf(`\n${line};\n`) + 1 + line.lastIndexOf(name));
  return {
    ofLine,
    docstrings: () =>
      new Map(
        names.map(({ path, line }) => [
          path,
          textOf(ofLine(line, line.slice(line.lastIndexOf('.') + 1))?.documentation),
        ]),
      ),
  };
}
