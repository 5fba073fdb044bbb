/**
 * @file What the editor's TypeScript knows: the real sources of the engine, so that completion and errors never differ
 * from what runs.
 */
import type { ModuleResolutionKind } from 'monaco-editor/languages/features/typescript/register.js';
import { ScriptTarget, typescriptDefaults } from 'monaco-editor/languages/features/typescript/register.js';

const sources = import.meta.glob<string>(
  ['/src/{base,graph,gpu,dnn,compile,torch,vision}/**/*.ts', '/src/session/wudnn.ts'],
  { query: '?raw', import: 'default', eager: true },
);

/** Compiler options that Monaco's own enumerations do not list, by TypeScript's numbers. */
const esNextModules = 99;
const bundlerResolution = 100 as ModuleResolutionKind;

export function setUpTypeScript(): void {
  typescriptDefaults.setCompilerOptions({
    target: ScriptTarget.ESNext,
    module: esNextModules,
    moduleResolution: bundlerResolution,
    moduleDetection: 3, // every text is a module, so that `await` works at the top level without an import
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    baseUrl: 'file:///',
    paths: { wudnn: ['file:///src/session/wudnn.ts'] },
  });
  typescriptDefaults.setEagerModelSync(true);
  typescriptDefaults.setExtraLibs(
    Object.entries(sources).map(([path, content]) => ({ content, filePath: `file://${path}` })),
  );
}
