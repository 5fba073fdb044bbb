/**
 * @file The editor: a plain text area at once, Monaco in its place as soon as it has loaded.
 *
 * Monaco is large and everything but typing works without it, so it comes last, and on a narrow page only when the text
 * is tapped; where it cannot load, the text area stays.
 */
import { effect, signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { room } from '../bench/width.ts';
import { leaveEditor } from '../keys.ts';
import type { Inspected } from '../inspection.ts';
import { inspection } from '../inspection.ts';
import { lecture, typeScale } from '../lecture.ts';
import { lineTimes } from '../line-times.ts';
import { highlight } from '../highlights.ts';
import { say } from '../language.ts';
import { keepEditor } from '../offline/keep.ts';
import { failure, lastRun, shownPlace } from '../state.ts';
import { openings, text } from '../programs/program.ts';
import { theme } from '../theme.ts';
import { lectureFolds } from './folds.ts';
import type { CodeEditor } from './monaco.ts';

const loaded = signal(false);
/** Whether Tab leaves the editor instead of indenting. */
const tabLeaves = signal(false);

export function Editor() {
  const mount = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const wanted = useSignal(room.peek() !== 'narrow');
  useEffect(() => {
    if (!wanted.value) return undefined;
    const ended = new AbortController();
    void import('./monaco.ts').then(
      ({ createEditor }) => {
        if (ended.signal.aborted || !mount.current) return;
        const editor = createEditor(mount.current, text.peek(), (value) => (text.value = value));
        const hadFocus = document.activeElement === area.current;
        const disposers = connect(editor);
        ended.signal.addEventListener('abort', () => disposers.forEach((dispose) => dispose()));
        editor.onTabLeaves((leaves) => (tabLeaves.value = leaves));
        loaded.value = true;
        void keepEditor();
        if (hadFocus) editor.focus();
      },
      () => {},
    );
    return () => ended.abort();
  }, [wanted.value]);

  return (
    <section class="editor" aria-label={say({ en: 'Program', zh: '程序' })}>
      {!loaded.value && (
        <textarea
          ref={area}
          aria-label={say({ en: 'Program text', zh: '程序文本' })}
          spellcheck={false}
          autocapitalize="off"
          autocomplete="off"
          value={text.value}
          onFocus={() => (wanted.value = true)}
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
      )}
      <div class="monaco" ref={mount} hidden={!loaded.value} />
      {loaded.value && (
        <p class="keys">
          {tabLeaves.value
            ? say({
                en: `Tab leaves the editor. ${leaveEditor} makes it indent.`,
                zh: `按 Tab 离开编辑器。按 ${leaveEditor} 改为缩进。`,
              })
            : say({
                en: `Tab indents. ${leaveEditor} makes it leave the editor.`,
                zh: `按 Tab 缩进。按 ${leaveEditor} 改为离开编辑器。`,
              })}
        </p>
      )}
    </section>
  );
}

/** Folds each program that is opened in a lecture, and unfolds it when that ends; what is typed changes no fold. */
function foldInLecture(editor: CodeEditor): () => void {
  let folded = false;
  return effect(() => {
    void openings.value;
    if (!lecture.value && !folded) return;
    folded = lecture.value;
    const program = text.peek();
    const lines = lastRun.peek()?.text === program ? recordedLines(inspection.peek()) : undefined;
    editor.fold(folded ? lectureFolds(program, lines).map(({ start }) => start) : []);
  });
}

/** The lines that recorded operations. */
const recordedLines = (run: Inspected | undefined): ReadonlySet<number> =>
  new Set(run?.schedules.flatMap(({ recorded }) => recorded.flatMap(({ lines }) => lines)));

/** Keeps the editor in step with the page's state. */
function connect(editor: CodeEditor): (() => void)[] {
  let shown = openings.peek();
  return [
    effect(() => {
      if (openings.value === shown) editor.edit(text.value);
      else editor.setText(text.value);
      shown = openings.value;
    }),
    effect(() => editor.setTheme(theme.value)),
    effect(() => editor.setScale(typeScale.value)),
    foldInLecture(editor),
    effect(() => editor.markFailure(lastRun.value?.text === text.value ? failure.value : undefined)),
    effect(() => editor.light(lastRun.value?.text === text.value ? [...highlight.value.lines] : [])),
    effect(() =>
      editor.showTimes(inspection.value && lastRun.value?.text === text.value ? lineTimes(inspection.value) : []),
    ),
    effect(() => {
      if (shownPlace.value) editor.show(shownPlace.value);
    }),
    () => editor.dispose(),
  ];
}
