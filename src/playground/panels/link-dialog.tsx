/**
 * @file A link to this page with this program, with its result where wanted; a teacher may leave controls out of it.
 * And the HTML that shows it in another page.
 */
import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Control } from '../link.ts';
import { controls } from '../link.ts';
import { embedText, linkHash, pageAddress, sharedResult } from '../share.ts';

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
  const withResult = useSignal(false);
  useEffect(() => {
    if (open.value) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open.value]);
  const { card, about } = open.value ? sharedResult.value : { about: '' };
  const hash = open.value ? linkHash(hide.value, withResult.value) : '';
  const toggle = (control: Control, on: boolean): void => {
    hide.value = on ? [...hide.value, control] : hide.value.filter((other) => other !== control);
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
        <fieldset class="brings">
          <legend>The link brings</legend>
          <label>
            <input type="radio" name="brings" checked={!withResult.value} onChange={() => (withResult.value = false)} />
            The program
          </label>
          <label>
            <input
              type="radio"
              name="brings"
              aria-describedby="result-about"
              disabled={!card}
              checked={withResult.value && card !== undefined}
              onChange={() => (withResult.value = true)}
            />
            The program with this result
          </label>
          <p class="hint" id="result-about">
            {about}
          </p>
        </fieldset>
        <label class="address">
          <span>
            It also holds how you arranged the panes, what you selected, forced and set. Whoever opens it sees the
            program; nothing runs until they press Run.
          </span>
          <input type="url" readOnly value={pageAddress(hash)} onFocus={(e) => e.currentTarget.select()} />
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
        <details class="how">
          <summary>Show it in another page</summary>
          <div class="embed-text">
            <p>
              Headline, race and output with a button to run it, for a page of yours. It compares with nothing and loads
              nothing. wuDNN has to lie on a web server for it: what <code>npm start</code> serves is for this machine
              alone, and shows in no page but those that you name with <code>--frame-by</code>.
            </p>
            <textarea
              readOnly
              rows={4}
              aria-label="HTML for another page"
              value={embedText(hash)}
              onFocus={(e) => e.currentTarget.select()}
            />
            <Copy key={hash} what={() => embedText(hash)} label="Copy the HTML" />
          </div>
        </details>
      </div>
      <div class="footer">
        <p class="hint">{hash.length > 8000 ? 'Some messaging apps truncate links this long.' : ''}</p>
        <Copy key={hash} what={() => pageAddress(hash)} label="Copy the link" primary />
      </div>
    </dialog>
  );
}

/** Until the text is another one, it says that it was copied. */
function Copy({ what, label, primary = false }: { what: () => string; label: string; primary?: boolean }) {
  const copied = useSignal(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(what());
    copied.value = true;
  };
  return (
    <button type="button" class={primary ? 'primary' : 'quiet'} onClick={() => void copy()}>
      {copied.value ? 'Copied' : label}
    </button>
  );
}
