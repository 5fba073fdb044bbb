/**
 * @file The code of a kernel as the driver got it, folded by the files that it was linked from. It can be edited, and
 * tried in the place of the shipped one.
 */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CompilationMessage } from '../../../base/compilation-message.ts';
import { counted, formatBytes } from '../../../base/format.ts';
import type { KernelText } from '../../../compile/compilation.ts';
import { kernelKey } from '../../counterparts.ts';
import type { Inspected } from '../../inspection.ts';
import type { KernelRow } from '../../kernel-figures.ts';
import { busy } from '../../state.ts';
import { CodeArea } from './code-area.tsx';
import { edited, messagesByFile } from './edits.ts';
import type { SourcePart } from './source-parts.ts';
import { partsOf } from './source-parts.ts';
import { askForText, linkedText } from './text.ts';
import type { Draft } from './trial.ts';
import { draftOf, edit, reset, tryIt } from './trial.ts';
import { speedText, valuesText, wrongFacts } from './trial-words.ts';
import { RaceIt, WriteOwn } from './write-own.tsx';

export function Source({ run, row: { record, places, key } }: { run: Inspected; row: KernelRow }) {
  const [place] = places;
  useEffect(() => void askForText(run, place), [run, kernelKey(place)]);
  const text = linkedText(run, place);
  return (
    <section class="source" aria-label={`Code of ${record.name}`}>
      <h3>{record.name}</h3>
      <p class="hint">
        {counted(record.buffers, 'storage buffer')}, reads {formatBytes(record.bytesRead)}, writes{' '}
        {formatBytes(record.bytesWritten)}. The code can be edited and raced against the shipped one.
      </p>
      {!text && <p class="empty">Linking…</p>}
      {text && 'error' in text && (
        <p class="notice" role="alert">
          The engine no longer has this kernel ({text.error}). Press Run to see its code.
        </p>
      )}
      {text && 'code' in text && (
        <Editable
          key={key}
          of={key}
          text={text}
          parts={partsOf(text, record)}
          onTry={() => void tryIt(key, text, place)}
        />
      )}
      <WriteOwn key={record.name} kernel={record.name} />
    </section>
  );
}

interface EditableProps {
  /** The row's key. */
  readonly of: string;
  readonly text: KernelText;
  readonly parts: readonly SourcePart[];
  readonly onTry: () => void;
}

function Editable({ of, text, parts, onTry }: EditableProps) {
  const draft = draftOf(of);
  const now = edited(text, draft.edits);
  const isEdited = draft.edits.size > 0;
  const messages = isEdited && draft.checked === now.code ? (draft.check?.messages ?? []) : [];
  const byFile = messagesByFile(messages, now);
  return (
    <>
      <div class="trial-bar">
        <button type="button" class="primary" disabled={!isEdited || busy.value} onClick={onTry}>
          Run it
        </button>
        <button type="button" class="quiet" disabled={!isEdited || busy.value} onClick={() => reset(of)}>
          Reset
        </button>
        <p class="hint" role="status">
          {stateText(draft, now.code)}
        </p>
      </div>
      <Messages byFile={byFile} />
      <Outcome draft={draft} isCurrent={draft.tried === now.code} />
      <RaceIt of={text} parts={parts} edits={draft.edits} />
      {parts.map((part) => (
        <Part
          key={part.file}
          part={part}
          now={draft.edits.get(part.file)}
          messages={byFile.get(part.file) ?? []}
          onText={(value) => edit(of, text, part.file, part.text, value)}
        />
      ))}
    </>
  );
}

function stateText({ edits, check, checked }: Draft, code: string): string {
  if (edits.size === 0) return 'As it is shipped.';
  if (checked !== code || !check) return 'Edited.';
  const errors = check.messages.filter(({ type }) => type === 'error').length;
  return check.ok ? 'Edited; it compiles.' : `Edited; ${counted(errors, 'error')}.`;
}

function Messages({ byFile }: { byFile: ReturnType<typeof messagesByFile> }) {
  const all = [...byFile].flatMap(([file, messages]) => messages.map((message) => ({ file, ...message })));
  if (all.length === 0) return null;
  return (
    <ul class="messages" aria-label="What the compiler says">
      {all.slice(0, 20).map(({ file, type, line, column, message }, i) => (
        <li key={i} data-type={type}>
          <code>
            {file ?? 'between the files'}:{line}:{column}
          </code>{' '}
          {message}
        </li>
      ))}
    </ul>
  );
}

/** How the edited kernel did when it was tried last. */
function Outcome({ draft: { trial, error }, isCurrent }: { draft: Draft; isCurrent: boolean }) {
  if (error !== undefined)
    return (
      <p class="notice bad" role="alert">
        {error}
      </p>
    );
  if (!trial || (trial.messages.some(({ type }) => type === 'error') && trial.reason === undefined)) return null;
  return (
    <div class={trial.ok ? 'outcome' : 'outcome notice bad'} role="status">
      {trial.ok && <p class="sentence">{speedText(trial)}</p>}
      <p>
        {valuesText(trial)}
        {!isCurrent && ' This is of the text before the last edit.'}
      </p>
      <dl>
        {wrongFacts(trial).map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

interface PartProps {
  readonly part: SourcePart;
  /** Its text, where it was edited. */
  readonly now: string | undefined;
  readonly messages: readonly CompilationMessage[];
  readonly onText: (text: string) => void;
}

/** Its lines are coloured when it is opened first. */
function Part({ part: { file, text, lines, isOwn }, now, messages, onText }: PartProps) {
  const isOpen = useSignal(isOwn || now !== undefined);
  return (
    <details open={isOpen.value} onToggle={({ currentTarget }) => (isOpen.value ||= currentTarget.open)}>
      <summary>
        <code>{file}</code> <small>{counted(lines, 'line')}</small>
        {now !== undefined && <small class="edited">edited</small>}
      </summary>
      {isOpen.value && <CodeArea label={file} text={now ?? text} messages={messages} onText={onText} />}
    </details>
  );
}
