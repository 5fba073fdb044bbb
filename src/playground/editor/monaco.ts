/**
 * @file Monaco: its parts that a TypeScript editor needs, its workers, its colours.
 */
import * as monaco from 'monaco-editor/editor/editor.api.js';
// oxlint-disable import/default -- the bundler makes the default export of a worker
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import TypeScriptWorker from './typescript.worker.ts?worker';
// oxlint-enable import/default
import './features.ts';
import type { ProgramError } from '../../session/protocol.ts';
import { formatDuration, formatPercent } from '../../base/format.ts';
import { leaveEditor } from '../keys.ts';
import { say } from '../language.ts';
import type { LineTime } from '../line-times.ts';
import { foldsOf } from './folds.ts';
import type { Theme } from '../theme.ts';
import { setUpTypeScript } from './typescript.ts';

export interface CodeEditor {
  /** Shows another program's text. */
  setText(text: string): void;
  /** Replaces the text by one edit, which can be undone. */
  edit(text: string): void;
  setTheme(theme: Theme): void;
  /** Marks the place of an error, or takes the mark away. */
  markFailure(error: ProgramError | undefined): void;
  /** Lights lines of what is selected elsewhere on the page, and brings the first into view. */
  light(lines: readonly number[]): void;
  /** Shows beside each line what part of the time is its own. */
  showTimes(times: readonly LineTime[]): void;
  /** Makes its type larger by a factor. */
  setScale(factor: number): void;
  /** Folds what begins on these lines, or nothing. */
  fold(lines: readonly number[]): void;
  /** Moves the cursor to a place and the place into view. */
  show(place: { readonly line: number; readonly column?: number }): void;
  /** Calls `listener` with whether Tab leaves the editor, whenever that changes. */
  onTabLeaves(listener: (leaves: boolean) => void): void;
  focus(): void;
  dispose(): void;
}

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) =>
    label === 'typescript' ? new TypeScriptWorker({ name: 'TypeScript' }) : new EditorWorker({ name: 'editor' }),
};

const colours: Record<Theme, { base: 'vs' | 'vs-dark'; background: string; lineNumber: string; current: string }> = {
  light: { base: 'vs', background: '#ffffff', lineNumber: '#67707b', current: '#f4f6f8' },
  dark: { base: 'vs-dark', background: '#15181c', lineNumber: '#8b94a0', current: '#1d2126' },
};

for (const [name, { base, background, lineNumber, current }] of Object.entries(colours)) {
  monaco.editor.defineTheme(`wudnn-${name}`, {
    base,
    inherit: true,
    rules:
      name === 'light' ? [{ token: 'comment', foreground: '4d6b3c' }] : [{ token: 'comment', foreground: '8fb07c' }],
    colors: {
      'editor.background': background,
      'editorGutter.background': background,
      'editorLineNumber.foreground': lineNumber,
      'editor.lineHighlightBackground': current,
      'editor.lineHighlightBorder': '#00000000',
      'editorUnnecessaryCode.opacity': '#000000d8',
    },
  });
}

setUpTypeScript();

const typeOf = (scale: number) => ({ fontSize: Math.round(13 * scale), lineHeight: Math.round(20 * scale) });

// Monaco's own folds go by how far lines are indented, which a kernel's text within a program is not.
monaco.languages.registerFoldingRangeProvider('typescript', {
  provideFoldingRanges: (model) => foldsOf(model.getValue()).map(({ start, end }) => ({ start, end })),
});

/** Puts an editor into an element; `onText` hears of what the visitor types. */
export function createEditor(element: HTMLElement, text: string, onText: (text: string) => void): CodeEditor {
  const model = monaco.editor.createModel(text, 'typescript', monaco.Uri.parse('file:///program.ts'));
  const editor = monaco.editor.create(element, {
    model,
    ariaLabel: say({
      en: `Program text; ${leaveEditor} makes Tab leave it`,
      zh: `程序文本；按 ${leaveEditor} 后 Tab 可离开编辑器`,
    }),
    automaticLayout: true,
    fixedOverflowWidgets: true,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
    ...typeOf(1),
    lineDecorationsWidth: 26,
    lineNumbersMinChars: 3,
    minimap: { enabled: false },
    padding: { top: 12, bottom: 12 },
    renderFinalNewline: 'on',
    renderLineHighlight: 'line',
    scrollBeyondLastLine: false,
    smoothScrolling: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    tabSize: 2,
    wordWrap: 'on',
    wrappingIndent: 'indent',
    scrollbar: { alwaysConsumeMouseWheel: false },
  });
  model.onDidChangeContent(() => onText(model.getValue()));
  const lit = editor.createDecorationsCollection();
  const timed = editor.createDecorationsCollection();

  return {
    setText: (value) => {
      if (value !== model.getValue()) model.setValue(value);
    },
    edit: (value) => {
      if (value === model.getValue()) return;
      editor.pushUndoStop();
      editor.executeEdits('page', [{ range: model.getFullModelRange(), text: value }]);
      editor.pushUndoStop();
    },
    setTheme: (theme) => monaco.editor.setTheme(`wudnn-${theme}`),
    markFailure: (error) =>
      monaco.editor.setModelMarkers(model, 'run', error?.line === undefined ? [] : [marker(model, error, error.line)]),
    light: (lines) => {
      const known = lines.filter((line) => line <= model.getLineCount());
      lit.set(
        known.map((line) => ({
          range: new monaco.Range(line, 1, line, 1),
          options: { isWholeLine: true, className: 'lit-line' },
        })),
      );
      if (known.length > 0) editor.revealLineInCenterIfOutsideViewport(Math.min(...known));
    },
    showTimes: (times) =>
      timed.set(
        times
          .filter(({ line }) => line <= model.getLineCount())
          .map(({ line, ms, share }) => ({
            range: new monaco.Range(line, 1, line, 1),
            options: {
              linesDecorationsClassName: `share share-${Math.ceil(10 * share)}`,
              linesDecorationsTooltip: say({
                en: `${formatDuration(ms)} in kernels, ${formatPercent(share)} of the run's, measured`,
                zh: `内核用时 ${formatDuration(ms)}，占本次运行的 ${formatPercent(share)}，实测`,
              }),
            },
          })),
      ),
    setScale: (factor) => editor.updateOptions(typeOf(factor)),
    fold: (lines) => {
      editor.trigger('page', 'editor.unfoldAll', null);
      const selectionLines = lines.map((line) => line - 1);
      if (lines.length > 0) editor.trigger('page', 'editor.fold', { levels: 1, direction: 'down', selectionLines });
    },
    show: ({ line, column }) => {
      const position = { lineNumber: line, column: column ?? 1 };
      editor.setPosition(position);
      editor.revealPositionInCenterIfOutsideViewport(position);
      editor.focus();
    },
    onTabLeaves: (listener) => {
      editor.onDidChangeConfiguration((event) => {
        if (event.hasChanged(monaco.editor.EditorOption.tabFocusMode))
          listener(editor.getOption(monaco.editor.EditorOption.tabFocusMode));
      });
    },
    focus: () => editor.focus(),
    dispose: () => {
      editor.dispose();
      model.dispose();
    },
  };
}

/** From the error's column to the end of its word, or of its line. */
function marker(
  model: monaco.editor.ITextModel,
  { name, message, column }: ProgramError,
  errorLine: number,
): monaco.editor.IMarkerData {
  const line = Math.min(errorLine, model.getLineCount());
  const start = column ?? model.getLineFirstNonWhitespaceColumn(line);
  const word = column === undefined ? null : model.getWordAtPosition({ lineNumber: line, column });
  return {
    severity: monaco.MarkerSeverity.Error,
    message: `${name}: ${message}`,
    source: say({ en: 'last run', zh: '上次运行' }),
    startLineNumber: line,
    startColumn: start,
    endLineNumber: line,
    endColumn: word?.endColumn ?? model.getLineMaxColumn(line),
  };
}
