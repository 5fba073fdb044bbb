/**
 * @file A word that tells what it means when it is pressed, in a small note beside it. Escape, or a press elsewhere,
 * folds the note.
 */
import '../styles/glossary.css';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { say } from '../language.ts';
import type { Entry, Term } from './glossary.ts';

interface Props {
  readonly term: Term;
  readonly children: ComponentChildren;
}

/** A term in a text. */
export const Explained = ({ term, children }: Props) => (
  <Help of={term} class="term">
    {children}
  </Help>
);

/** A text in which terms are marked by their name: `'[error:error] and [tolerance:tolerance]'`. */
export const WithTerms = ({ text }: { text: string }) => (
  <span>
    {text.split(/(\[\w+:[^\]]+\])/).map((part, i) => {
      const [, term, word] = /^\[(\w+):(.+)\]$/.exec(part) ?? [];
      return term === undefined ? (
        part
      ) : (
        <Explained key={i} term={term as Term}>
          {word}
        </Explained>
      );
    })}
  </span>
);

/** A question mark behind an algorithm's name, which has a meaning of its own where it stands. */
export const AlgorithmHelp = ({ algo }: { algo: string }) => (
  <Help of={algo} class="what" label={say({ en: `What is ${algo}?`, zh: `${algo} 是什么？` })}>
    ?
  </Help>
);

interface HelpProps {
  readonly of: string;
  readonly class: string;
  readonly label?: string;
  readonly children: ComponentChildren;
}

/** Panes are trees of their own, and `useId` begins anew in each. */
let count = 0;

function Help({ of, class: name, label, children }: HelpProps) {
  const id = useState(() => `note-${(count += 1)}`)[0];
  const entry = useSignal<Entry | undefined>(undefined);
  const load = async (): Promise<void> => {
    const { entryOf } = await import('./glossary.ts');
    entry.value = entryOf(of);
  };
  return (
    <span class="explained">
      <button type="button" class={name} aria-label={label} popovertarget={id}>
        {children}
      </button>
      <span class="note" popover="auto" id={id} role="note" onBeforeToggle={() => void load()}>
        {entry.value && (
          <>
            <b>{say(entry.value.title)}</b>
            {say(entry.value.text)}
          </>
        )}
      </span>
    </span>
  );
}
