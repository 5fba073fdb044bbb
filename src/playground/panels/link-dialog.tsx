/**
 * @file A link to this page with this program; a teacher may leave controls out of it.
 */
import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Control, LinkedState } from '../link.ts';
import { layoutToShare } from '../bench/arrangement.ts';
import { controls, writeLink } from '../link.ts';
import { selection } from '../selection.ts';
import { text, unchangedExample } from '../programs/program.ts';

const open = signal(false);

export function LinkButton() {
  return (
    <button type="button" onClick={() => (open.value = true)}>
      Share…
    </button>
  );
}

export function LinkDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const hide = useSignal<readonly Control[]>([]);
  const copied = useSignal(false);
  useEffect(() => {
    if (open.value) dialog.current?.showModal();
    else dialog.current?.close();
    copied.value = false;
  }, [open.value]);
  const link = open.value ? addressOf(hide.value) : '';
  const toggle = (control: Control, on: boolean): void => {
    hide.value = on ? [...hide.value, control] : hide.value.filter((other) => other !== control);
    copied.value = false;
  };
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(link);
    copied.value = true;
  };
  return (
    <dialog ref={dialog} aria-labelledby="link-title" onClose={() => (open.value = false)}>
      <div class="heading">
        <h2 id="link-title">Link to this program</h2>
        <button type="button" class="quiet" onClick={() => (open.value = false)}>
          Close
        </button>
      </div>
      <div class="body">
        <label class="address">
          <span>
            The link contains the program, and how you arranged the panes. Whoever opens it sees the program; nothing
            runs until they press Run.
          </span>
          <input type="url" readOnly value={link} onFocus={(e) => e.currentTarget.select()} />
        </label>
        <fieldset>
          <legend>Hide on the page</legend>
          {Object.entries(controls).map(([control, name]) => (
            <label key={control}>
              <input
                type="checkbox"
                checked={hide.value.includes(control as Control)}
                onChange={(e) => toggle(control as Control, e.currentTarget.checked)}
              />
              {name}
            </label>
          ))}
        </fieldset>
      </div>
      <div class="footer">
        <p class="hint">{link.length > 8000 ? 'Some messaging apps truncate links this long.' : ''}</p>
        <button type="button" class="primary" onClick={() => void copy()}>
          {copied.value ? 'Copied' : 'Copy the link'}
        </button>
      </div>
    </dialog>
  );
}

/** An unedited example is named, any other program is written out. */
function addressOf(hide: readonly Control[]): string {
  const state: LinkedState = {
    ...(unchangedExample.value ? { example: unchangedExample.value.id } : { program: text.value }),
    hide,
    panes: layoutToShare.value,
    select: selection.value,
  };
  return `${location.origin}${location.pathname}#${writeLink(state)}`;
}
