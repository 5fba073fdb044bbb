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
import { langOf, say } from '../../language.ts';
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
  const [read, written] = [formatBytes(record.bytesRead), formatBytes(record.bytesWritten)];
  return (
    <section class="source" aria-label={say({ en: `Code of ${record.name}`, zh: `${record.name} 的代码` })}>
      <h3>{record.name}</h3>
      <p class="hint">
        {say({
          en: `${counted(record.buffers, 'storage buffer')}, reads ${read}, writes ${written}.`,
          zh: `${record.buffers} 个存储缓冲区，读 ${read}，写 ${written}。`,
        })}{' '}
        {say({
          en: 'The code can be edited and raced against the shipped one.',
          zh: '代码可以修改，并与发布版比较快慢。',
        })}
      </p>
      {!text && <p class="empty">{say({ en: 'Linking…', zh: '正在链接…' })}</p>}
      {text && 'error' in text && (
        <p class="notice" role="alert">
          {say({
            en: 'The engine no longer has this kernel. Press Run to see its code.',
            zh: '引擎已没有此内核。点击“运行”查看代码。',
          })}{' '}
          <span lang={langOf(text.error)}>({text.error})</span>
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
          {say({ en: 'Run it', zh: '运行它' })}
        </button>
        <button type="button" class="quiet" disabled={!isEdited || busy.value} onClick={() => reset(of)}>
          {say({ en: 'Reset', zh: '还原' })}
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
  if (edits.size === 0) return say({ en: 'As it is shipped.', zh: '与发布版相同。' });
  if (checked !== code || !check) return say({ en: 'Edited.', zh: '已修改。' });
  const errors = check.messages.filter(({ type }) => type === 'error').length;
  return check.ok
    ? say({ en: 'Edited; it compiles.', zh: '已修改，可以编译。' })
    : say({ en: `Edited; ${counted(errors, 'error')}.`, zh: `已修改，${errors} 个错误。` });
}

function Messages({ byFile }: { byFile: ReturnType<typeof messagesByFile> }) {
  const all = [...byFile].flatMap(([file, messages]) => messages.map((message) => ({ file, ...message })));
  if (all.length === 0) return null;
  return (
    <ul class="messages" aria-label={say({ en: 'What the compiler says', zh: '编译器的消息' })}>
      {all.slice(0, 20).map(({ file, type, line, column, message }, i) => (
        <li key={i} data-type={type}>
          <code>
            {file ?? say({ en: 'between the files', zh: '文件之间' })}:{line}:{column}
          </code>{' '}
          <span lang={langOf(message)}>{message}</span>
        </li>
      ))}
    </ul>
  );
}

/** How the edited kernel did when it was tried last. */
function Outcome({ draft: { trial, error }, isCurrent }: { draft: Draft; isCurrent: boolean }) {
  if (error !== undefined)
    return (
      <p class="notice bad" role="alert" lang={langOf(error)}>
        {error}
      </p>
    );
  if (!trial || (trial.messages.some(({ type }) => type === 'error') && trial.reason === undefined)) return null;
  return (
    <div class={trial.ok ? 'outcome' : 'outcome notice bad'} role="status">
      {trial.ok && <p class="sentence">{speedText(trial)}</p>}
      <p>
        <span lang={langOf(valuesText(trial))}>{valuesText(trial)}</span>
        {!isCurrent &&
          say({ en: ' This is of the text before the last edit.', zh: '这是上一次修改之前的文本的结果。' })}
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
        <code>{file}</code> <small>{say({ en: counted(lines, 'line'), zh: `${lines} 行` })}</small>
        {now !== undefined && <small class="edited">{say({ en: 'edited', zh: '已修改' })}</small>}
      </summary>
      {isOpen.value && <CodeArea label={file} text={now ?? text} messages={messages} onText={onText} />}
    </details>
  );
}
