/**
 * @file The editor's TypeScript in Node: Monaco's own language service with the engine's sources, as the page has it.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { libFileMap } from 'monaco-editor/languages/features/typescript/lib/lib.js';
import { createLanguageService } from 'monaco-editor/languages/features/typescript/lib/typescriptServices.js';
import type { LanguageService } from '../../src/playground/editor/documentation.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = ['base', 'graph', 'gpu', 'dnn', 'compile', 'torch', 'vision'];

const sources = (): [string, string][] =>
  [
    ...folders.flatMap((folder) =>
      readdirSync(`${root}src/${folder}`, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => `/src/${folder}/${name}`),
    ),
    '/src/session/wudnn.ts',
  ].map((path) => [path, readFileSync(`${root}${path.slice(1)}`, 'utf8')]);

export const programFile = '/program.ts';

/** A language service that looks at one program. */
export function editorService(program: string): LanguageService {
  const texts = new Map([...sources(), [programFile, program]]);
  const read = (path: string): string | undefined => texts.get(path) ?? libFileMap[path.slice(1)];
  return createLanguageService({
    getScriptFileNames: () => [programFile],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path: string) => {
      const text = read(path);
      return (
        text !== undefined && {
          getText: (start: number, end: number) => text.slice(start, end),
          getLength: () => text.length,
          getChangeRange: () => undefined,
        }
      );
    },
    getCurrentDirectory: () => '/',
    // as setUpTypeScript (src/playground/editor/typescript.ts) has them, by TypeScript's numbers
    getCompilationSettings: () => ({
      target: 99,
      module: 99,
      moduleResolution: 100,
      moduleDetection: 3,
      allowImportingTsExtensions: true,
      noEmit: true,
      strict: true,
      baseUrl: '/',
      paths: { wudnn: ['/src/session/wudnn.ts'] },
    }),
    getDefaultLibFileName: () => '/lib.esnext.full.d.ts',
    fileExists: (path: string) => read(path) !== undefined,
    readFile: read,
    directoryExists: () => true,
  }) as LanguageService;
}
