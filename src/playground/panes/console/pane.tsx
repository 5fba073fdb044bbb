/**
 * @file What the program printed, and how it failed; each line leads to the line of the program that wrote it.
 */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ConsoleEntry, ProgramError } from '../../../session/protocol.ts';
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
        Console
      </h2>
      <div class="log" role="log" tabIndex={0} aria-labelledby="console-title" ref={list}>
        {all.length === 0 && !error && (
          <p class="empty">
            What the program prints with <code>console.log</code> appears here, with the line that printed it.
          </p>
        )}
        {all.length > shown.length && (
          <p class="empty">{(all.length - shown.length).toLocaleString('en')} earlier lines are not shown.</p>
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
        {(level === 'warn' || level === 'error') && <b>{level === 'warn' ? 'warning: ' : 'error: '}</b>}
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
          {error.message}
        </pre>
        {error.frames.length > 1 && (
          <ol class="frames">
            {error.frames.map((frame, i) => (
              <li key={i}>
                {frame.name ?? 'top level'} <LineLink line={frame.line} column={frame.column} />
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
      line {line}
      {column !== undefined && <span class="column">:{column}</span>}
    </button>
  );
}
