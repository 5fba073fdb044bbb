/**
 * @file The teacher's pane: a link for students, and their files in a table.
 */
import '../../styles/class.css';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Language } from '../../../base/words.ts';
import { languages } from '../../../base/words.ts';
import type { Direction } from '../../../dnn/choice/records.ts';
import { lessons } from '../../../lessons/index.ts';
import { change, draft, isAssignment, isFixed, link, saveAssignment } from '../../class/draft.ts';
import type { Beginning } from '../../class/program.ts';
import { beginningWords, directionWords, words } from '../../class/words.ts';
import { language, say } from '../../language.ts';
import type { Control } from '../../link.ts';
import { controls } from '../../link.ts';
import { Grades } from './grades.tsx';

export function Pane() {
  return (
    <section class="panel class-pane" aria-label={say(words.title)}>
      <h2>{say(words.link)}</h2>
      <p class="hint">{say(words.aboutLink)}</p>
      <LessonFields />
      {isAssignment.value && <AssignmentFields />}
      <Hidden />
      <Address />
      <Grades />
    </section>
  );
}

function LessonFields() {
  const { lesson, lang = language.value, seed } = draft.value;
  return (
    <div class="fields">
      <Field name={say(words.lesson)} wide>
        <select value={lesson} onChange={({ currentTarget }) => change({ lesson: currentTarget.value })}>
          {lessons.map(({ id, title }, i) => (
            <option key={id} value={id}>
              {i + 1} {say(title)}
            </option>
          ))}
        </select>
      </Field>
      <Field name={say(words.language)}>
        <select value={lang} onChange={({ currentTarget }) => change({ lang: currentTarget.value as Language })}>
          {languages.map((name) => (
            <option key={name} value={name} lang={name}>
              {name === 'en' ? 'English' : '简体中文'}
            </option>
          ))}
        </select>
      </Field>
      <Field name={say(words.seed)} about={say(words.aboutSeed)}>
        <input
          type="text"
          inputMode="numeric"
          maxLength={15}
          value={seed}
          onInput={({ currentTarget }) => change({ seed: currentTarget.value.trim() })}
        />
      </Field>
    </div>
  );
}

function AssignmentFields() {
  const { title, direction, begins, visible, hidden } = draft.value;
  return (
    <fieldset class="assignment">
      <legend>{say(words.assignment)}</legend>
      <div class="fields">
        <Field name={say(words.heading)} wide>
          <input
            type="text"
            maxLength={100}
            value={title}
            onInput={({ currentTarget }) => change({ title: currentTarget.value })}
          />
        </Field>
        <Field name={say(words.direction)}>
          <select
            value={direction}
            onChange={({ currentTarget }) => change({ direction: currentTarget.value as Direction })}
          >
            {Object.entries(directionWords).map(([name, label]) => (
              <option key={name} value={name}>
                {say(label)}
              </option>
            ))}
          </select>
        </Field>
        <Field name={say(words.begins)}>
          <select value={begins} onChange={({ currentTarget }) => change({ begins: currentTarget.value as Beginning })}>
            {Object.entries(beginningWords).map(([name, label]) => (
              <option key={name} value={name}>
                {say(label)}
              </option>
            ))}
          </select>
        </Field>
        <Field name={say(words.visible)} wide>
          <input
            type="text"
            class="shape"
            maxLength={100}
            spellcheck={false}
            value={visible}
            onInput={({ currentTarget }) => change({ visible: currentTarget.value })}
          />
        </Field>
        <Field name={say(words.hidden)} wide>
          <textarea
            class="shape"
            rows={4}
            maxLength={3000}
            spellcheck={false}
            value={hidden}
            onInput={({ currentTarget }) => change({ hidden: currentTarget.value })}
          />
        </Field>
      </div>
      <p class="hint">{say(words.aboutShapes)}</p>
      <p>
        <button type="button" disabled={link.value.address === undefined} onClick={saveAssignment}>
          {say(words.saveAssignment)}
        </button>
      </p>
    </fieldset>
  );
}

function Hidden() {
  const { hide } = draft.value;
  const all = (Object.keys(controls) as Control[]).filter((control) => !isFixed(control));
  return (
    <fieldset>
      <legend>{say(words.hide)}</legend>
      {all.map((control) => (
        <label key={control}>
          <input
            type="checkbox"
            checked={hide.includes(control)}
            onChange={({ currentTarget }) =>
              change({ hide: currentTarget.checked ? [...hide, control] : hide.filter((other) => other !== control) })
            }
          />
          {say(controls[control])}
        </label>
      ))}
    </fieldset>
  );
}

function Address() {
  const { address, trouble } = link.value;
  const copied = useSignal<string | undefined>(undefined);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(address!);
    copied.value = address;
  };
  if (address === undefined)
    return (
      <p class="notice bad" role="alert" lang="en">
        {trouble}
      </p>
    );
  return (
    <div class="address-row">
      <input
        type="url"
        readOnly
        aria-label={say(words.address)}
        value={address}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
      <button type="button" class="primary" onClick={() => void copy()}>
        {say(copied.value === address ? words.copied : words.copy)}
      </button>
    </div>
  );
}

interface FieldProps {
  readonly name: string;
  readonly about?: string;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

function Field({ name, about, wide = false, children }: FieldProps) {
  return (
    <div class={wide ? 'field wide' : 'field'}>
      <label>
        <span>{name}</span>
        {children}
      </label>
      {about !== undefined && <small class="hint">{about}</small>}
    </div>
  );
}
