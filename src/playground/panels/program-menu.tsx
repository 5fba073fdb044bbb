/**
 * @file Which program: the list of them, and what can be done with the one that is open.
 */
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
      <span class="unseen">Program</span>
      <select value={open.value.id} onChange={(event) => openProgram(event.currentTarget.value)}>
        {guest && <option value={guest.id}>{guest.title}</option>}
        {lesson && <option value={lesson.id}>{lesson.title}</option>}
        <optgroup label="Examples">
          {examples.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </optgroup>
        {(own.length > 0 || unlisted) && (
          <optgroup label="Yours, kept in this browser">
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
    <Dropdown class="menu program" badge="button" title="File">
      <div class="items">
        {own && (
          <label class="field">
            <span>Name</span>
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
        <Item act={copyProgram}>Make a copy</Item>
        {origin && <Item act={resetProgram}>Reset to “{origin.title}”</Item>}
        <label class="item">
          Open a file…
          <input type="file" accept=".ts,.mts,.js,.mjs,text/plain" class="unseen" onChange={openChosen} />
        </label>
        <Item act={() => saveFile(`${plainName(title)}.ts`, new TextEncoder().encode(text.value), 'text/plain')}>
          Save to a file
        </Item>
        {own && <Item act={deleteProgram}>Delete</Item>}
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
          This program was changed in another tab. The version here is kept: your next edit saves it as a copy.
          <button type="button" class="small" onClick={takeElsewhere}>
            Show the other tab's version
          </button>
        </p>
      )}
      {deleted.value && (
        <p class="notice" role="status">
          Deleted “{deleted.value.title}”.
          <button type="button" class="small" onClick={undoDelete}>
            Undo
          </button>
          <button type="button" class="small" onClick={() => (deleted.value = undefined)}>
            Dismiss
          </button>
        </p>
      )}
    </>
  );
}
