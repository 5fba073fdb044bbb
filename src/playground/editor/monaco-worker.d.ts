/**
 * @file What is used of Monaco's files that come without types.
 */
declare module 'monaco-editor/language/typescript/ts.worker.js' {
  export class TypeScriptWorker {
    constructor(context: unknown, data: unknown);
    protected readonly _languageService: unknown;
  }
  export function initialize(start: (context: unknown, data: unknown) => TypeScriptWorker): void;
}

declare module 'monaco-editor/languages/features/typescript/lib/lib.js' {
  /** TypeScript's own declarations by file name. */
  export const libFileMap: Readonly<Record<string, string>>;
}

declare module 'monaco-editor/languages/features/typescript/lib/typescriptServices.js' {
  export function createLanguageService(host: object): unknown;
}
