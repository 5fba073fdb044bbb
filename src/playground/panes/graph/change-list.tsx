/**
 * @file What the pass changed, in words: the legend of the signs above the drawing, and the list beside it, whose rows
 * lead to the nodes.
 */
import { useSignal } from '@preact/signals';
import type { Change } from './changes.ts';
import { changeSigns, summaryOf } from './changes.ts';
import { chooseChange, difference, drawn, stageBefore } from './state.ts';

const legend: Readonly<Record<Change, string>> = {
  added: 'added',
  removed: 'removed, drawn with a broken line',
  changed: 'changed',
};

export function ChangeLegend() {
  if (!difference.value) return null;
  return (
    <p class="change-legend" aria-label={`Signs of the changes since ${stageBefore.value!.title}`}>
      Since “{stageBefore.value!.title}”:
      {Object.entries(legend).map(([change, text]) => (
        <span key={change} class={`change ${change}`}>
          <span aria-hidden="true">{changeSigns[change as Change]}</span>
          {text}
        </span>
      ))}
    </p>
  );
}

export function ChangeList() {
  const all = useSignal(false);
  const changed = difference.value;
  if (!changed) return null;
  const { entries } = changed;
  const shown = all.value ? entries : entries.slice(0, atOnce);
  const isDrawn = (nodes: readonly number[]): boolean =>
    drawn.value?.boxes.some((box) => box.nodes.some((id) => nodes.includes(id))) ?? false;
  return (
    <section aria-label="What this pass changed">
      <h3>What this pass changed</h3>
      <p>{summaryOf(changed)}</p>
      <ul class="plain entries">
        {shown.map((entry) => (
          <li key={entry.text}>
            {isDrawn(entry.nodes) ? (
              <button type="button" class="link" onClick={() => chooseChange(entry)}>
                {entry.text}
              </button>
            ) : (
              entry.text
            )}
          </li>
        ))}
      </ul>
      {shown.length < entries.length && (
        <button type="button" class="quiet" onClick={() => (all.value = true)}>
          Show {entries.length - shown.length} more
        </button>
      )}
    </section>
  );
}

const atOnce = 12;
