/**
 * @file Which program: the list of them, and what can be done with the one that is open.
 */
import { say } from '../language.ts';
import { saveFile, plainName } from '../save.ts';
import {
  addFile,
  changedElsewhere,
  copyProgram,
  deleteProgram,
  deleted,
  listed,
  open,
  openProgram,
  renameProgram,
  resetProgram,
  resettable,
  takeElsewhere,
  text,
  undoDelete,
  unsaved,
} from '../programs/program.ts';
import { Dropdown, closeAround } from './dropdown.tsx';

export function ProgramList() {
  const { guest, lesson, examples, own } = listed.value;
  // Without an option the list would show another program than the one that is open.
  const unlisted = open.value.own && !own.some(({ id }) => id === open.value.id) ? open.value : undefined;
  return (
    <label>
      <span class="unseen">{say({ en: 'Program', zh: '程序' })}</span>
      <select value={open.value.id} onChange={(event) => openProgram(event.currentTarget.value)}>
        {guest && <option value={guest.id}>{guest.title}</option>}
        {lesson && <option value={lesson.id}>{lesson.title}</option>}
        <optgroup label={say({ en: 'Examples', zh: '示例' })}>
          {examples.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </optgroup>
        {(own.length > 0 || unlisted) && (
          <optgroup label={say({ en: 'Yours, kept in this browser', zh: '我的程序（保存在此浏览器中）' })}>
            {unlisted && <option value={unlisted.id}>{unlisted.title}</option>}
            {own.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </label>
  );
}

export function ProgramMenu() {
  const { own, title } = open.value;
  const origin = resettable.value;
  return (
    <Dropdown class="menu program" badge="button" title={say({ en: 'File', zh: '文件' })}>
      <div class="items">
        {own && (
          <label class="field">
            <span>{say({ en: 'Name', zh: '名称' })}</span>
            <input
              type="text"
              value={title}
              maxLength={100}
              autocomplete="off"
              spellcheck={false}
              onChange={(event) => renameProgram(event.currentTarget.value)}
            />
          </label>
        )}
        <Item act={copyProgram}>{say({ en: 'Make a copy', zh: '创建副本' })}</Item>
        {origin && (
          <Item act={resetProgram}>{say({ en: `Reset to “${origin.title}”`, zh: `恢复为“${origin.title}”` })}</Item>
        )}
        <label class="item">
          {say({ en: 'Open a file…', zh: '打开文件…' })}
          <input type="file" accept=".ts,.mts,.js,.mjs,text/plain" class="unseen" onChange={openChosen} />
        </label>
        <Item act={() => saveFile(`${plainName(title)}.ts`, new TextEncoder().encode(text.value), 'text/plain')}>
          {say({ en: 'Save to a file', zh: '保存到文件' })}
        </Item>
        {own && <Item act={deleteProgram}>{say({ en: 'Delete', zh: '删除' })}</Item>}
      </div>
    </Dropdown>
  );
}

function Item({ act, children }: { act: () => void; children: preact.ComponentChildren }) {
  return (
    <button
      type="button"
      class="item"
      onClick={({ currentTarget }) => {
        closeAround(currentTarget);
        act();
      }}
    >
      {children}
    </button>
  );
}

function openChosen({ currentTarget }: { readonly currentTarget: HTMLInputElement }): void {
  const [file] = currentTarget.files ?? [];
  if (file) void addFile(file);
  currentTarget.value = '';
  closeAround(currentTarget);
}

/** What the visitor must hear about the program: not stored, changed in another tab, deleted. */
export function ProgramNotices() {
  return (
    <>
      {unsaved.value && (
        <p class="notice bad" role="alert">
          {unsaved.value}
        </p>
      )}
      {changedElsewhere.value && (
        <p class="notice" role="alert">
          {say({
            en: 'This program was changed in another tab. The version here is kept: your next edit saves it as a copy.',
            zh: '此程序已在另一个标签页中修改。这里保留的是当前版本：下次编辑会另存为副本。',
          })}
          <button type="button" class="small" onClick={takeElsewhere}>
            {say({ en: "Show the other tab's version", zh: '显示另一标签页的版本' })}
          </button>
        </p>
      )}
      {deleted.value && (
        <p class="notice" role="status">
          {say({ en: `Deleted “${deleted.value.title}”.`, zh: `已删除“${deleted.value.title}”。` })}
          <button type="button" class="small" onClick={undoDelete}>
            {say({ en: 'Undo', zh: '撤销' })}
          </button>
          <button type="button" class="small" onClick={() => (deleted.value = undefined)}>
            {say({ en: 'Dismiss', zh: '知道了' })}
          </button>
        </p>
      )}
    </>
  );
}
