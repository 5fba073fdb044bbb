/**
 * @file The editor's TypeScript worker: Monaco's, whose quick info has the docstrings too.
 */
import { TypeScriptWorker, initialize } from 'monaco-editor/language/typescript/ts.worker.js';
import type { LanguageService, QuickInfo } from './documentation.ts';
import { quickInfo } from './documentation.ts';

class DocumentedWorker extends TypeScriptWorker {
  async getQuickInfoAtPosition(file: string, position: number): Promise<QuickInfo | undefined> {
    return quickInfo(this._languageService as LanguageService, file, position);
  }
}

// oxlint-disable-next-line unicorn/prefer-add-event-listener -- in place of the one that Monaco's file has set
self.onmessage = () => initialize((context, data) => new DocumentedWorker(context, data));
