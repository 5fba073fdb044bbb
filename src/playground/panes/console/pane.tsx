/**
 * @file What the program printed, and how it failed; each line leads to the line of the program that wrote it.
 */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ConsoleEntry, ProgramError } from '../../../session/protocol.ts';
import { langOf, say } from '../../language.ts';
import { entries, failure, shownPlace } from '../../state.ts';

/** More lines and letters than these are slow to show and not read. */
const most = { entries: 2000, letters: 300_000 };

/** The last entries, as many as are shown. */
function lastOf(all: readonly ConsoleEntry[]): readonly ConsoleEntry[] {
  let letters = 0;
  let from = all.length;
  while (from > 0 && all.length - from < most.entries && (letters += all[from - 1].text.length) <= most.letters) from--;
  return all.slice(from);
}

export function Pane() {
  const all = entries.value;
  const shown = lastOf(all);
  const error = failure.value;
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [all, error]);
  return (
    <section class="panel" aria-labelledby="console-title">
      <h2 class="unseen" id="console-title">
        {say({ en: 'Console', zh: '控制台' })}
      </h2>
      <div class="log" role="log" tabIndex={0} aria-labelledby="console-title" ref={list}>
        {all.length === 0 && !error && (
          <p class="empty">
            {say({
              en: (
                <>
                  What the program prints with <code>console.log</code> appears here, with the line that printed it.
                </>
              ),
              zh: (
                <>
                  程序用 <code>console.log</code> 打印的内容显示在这里，并附打印它的代码行。
                </>
              ),
            })}
          </p>
        )}
        {all.length > shown.length && (
          <p class="empty">
            {say({
              en: `${(all.length - shown.length).toLocaleString('en')} earlier lines are not shown.`,
              zh: `较早的 ${(all.length - shown.length).toLocaleString('en')} 行未显示。`,
            })}
          </p>
        )}
        {shown.map((entry, i) => (
          <Entry key={all.length - shown.length + i} entry={entry} />
        ))}
        {error && <Failure error={error} />}
      </div>
    </section>
  );
}

function Entry({ entry }: { entry: ConsoleEntry }) {
  const { level, text, line } = entry;
  return (
    <div class="entry" data-level={level}>
      <pre>
        {(level === 'warn' || level === 'error') && (
          <b>{level === 'warn' ? say({ en: 'warning: ', zh: '警告：' }) : say({ en: 'error: ', zh: '错误：' })}</b>
        )}
        {text}
      </pre>
      {line !== undefined && <LineLink line={line} />}
    </div>
  );
}

function Failure({ error }: { error: ProgramError }) {
  return (
    <div class="entry" data-level="error">
      <div>
        <pre>
          <b>{error.name}: </b>
          <span lang={langOf(error.message)}>{error.message}</span>
        </pre>
        {error.frames.length > 1 && (
          <ol class="frames">
            {error.frames.map((frame, i) => (
              <li key={i}>
                {frame.name ?? say({ en: 'top level', zh: '顶层' })}{' '}
                <LineLink line={frame.line} column={frame.column} />
              </li>
            ))}
          </ol>
        )}
      </div>
      {error.line !== undefined && <LineLink line={error.line} column={error.column} />}
    </div>
  );
}

function LineLink({ line, column }: { line: number; column?: number }) {
  return (
    <button type="button" class="link" onClick={() => (shownPlace.value = { line, column })}>
      {say({ en: `line ${line}`, zh: `第 ${line} 行` })}
      {column !== undefined && <span class="column">:{column}</span>}
    </button>
  );
}
