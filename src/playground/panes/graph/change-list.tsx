/**
 * @file What the pass changed, in words: the legend of the signs above the drawing, and the list beside it, whose rows
 * lead to the nodes.
 */
import { useSignal } from '@preact/signals';
import type { Words } from '../../../base/words.ts';
import { say } from '../../language.ts';
import type { Change } from './changes.ts';
import { changeSigns, summaryOf } from './changes.ts';
import { chooseChange, difference, drawn, stageBefore } from './state.ts';
import { changeWords } from './words.ts';

const legend: Readonly<Record<Change, Words>> = {
  added: changeWords.added,
  removed: { en: 'removed, drawn with a broken line', zh: '移除（虚线）' },
  changed: changeWords.changed,
};

export function ChangeLegend() {
  if (!difference.value) return null;
  return (
    <p
      class="change-legend"
      aria-label={say({
        en: `Signs of the changes since ${stageBefore.value!.title}`,
        zh: `自“${stageBefore.value!.title}”以来变化的标记`,
      })}
    >
      {say({ en: `Since “${stageBefore.value!.title}”:`, zh: `自“${stageBefore.value!.title}”以来：` })}
      {Object.entries(legend).map(([change, text]) => (
        <span key={change} class={`change ${change}`}>
          <span aria-hidden="true">{changeSigns[change as Change]}</span>
          {say(text)}
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
    <section aria-label={say({ en: 'What this pass changed', zh: '这一步改变了什么' })}>
      <h3>{say({ en: 'What this pass changed', zh: '这一步改变了什么' })}</h3>
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
          {say({
            en: `Show ${entries.length - shown.length} more`,
            zh: `显示其余 ${entries.length - shown.length} 项`,
          })}
        </button>
      )}
    </section>
  );
}

const atOnce = 12;
