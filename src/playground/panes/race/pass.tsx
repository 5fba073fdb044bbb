/**
 * @file The whole pass as one bar, a part for each problem; beside it how long it would take with the model's guesses.
 */
import { formatDuration } from '../../../base/format.ts';
import type { AlgorithmChoice } from '../../../dnn/choice/records.ts';
import { shareText, slowerText } from '../../../dnn/choice/verdict.ts';
import { say } from '../../language.ts';
import { isSelected, select } from '../../selection.ts';
import { signOf } from '../palette.ts';
import { guessedPassMs, passOf } from './lanes.ts';
import { titleOf } from './words.ts';

export function Pass({ choices }: { choices: readonly AlgorithmChoice[] }) {
  const parts = passOf(choices);
  if (parts.length < 2) return null;
  const total = parts.reduce((sum, { ms }) => sum + ms, 0);
  const measured = parts.every(({ candidate }) => candidate.timeMs !== undefined);
  const guessed = guessedPassMs(choices);
  return (
    <figure class="pass">
      <figcaption>
        <strong>
          {say({
            en: `All ${parts.length} problems together: ${formatDuration(total)}`,
            zh: `全部 ${parts.length} 个问题合计：${formatDuration(total)}`,
          })}
        </strong>{' '}
        {measured ? say({ en: 'measured', zh: '实测' }) : say({ en: 'partly by the model', zh: '部分为模型估算' })}
        {guessed !== undefined &&
          (guessed > total
            ? say({
                en: `; with the model's guesses ${formatDuration(guessed)}, ${slowerText(guessed / total - 1)}`,
                zh: `；按模型的猜测则为 ${formatDuration(guessed)}，${slowerText(guessed / total - 1, 'zh-Hans')}`,
              })
            : say({
                en: `; with the model's guesses ${formatDuration(guessed)}`,
                zh: `；按模型的猜测则为 ${formatDuration(guessed)}`,
              }))}
      </figcaption>
      <div class="stack">
        {parts.map(({ choice, candidate, ms }, i) => {
          const { colour, letter } = signOf(candidate.algo);
          const title = titleOf(choice);
          return (
            <button
              key={i}
              type="button"
              class={candidate.timeMs === undefined ? 'modelled' : ''}
              style={{ flexGrow: ms / total, '--colour': colour }}
              aria-pressed={choice.layer !== undefined && isSelected('layer', choice.layer)}
              title={`${title}: ${candidate.algo}, ${formatDuration(ms)}, ${shareText(ms / total)}`}
              onClick={() => {
                if (choice.layer !== undefined) select('layer', choice.layer);
                document.getElementById(`race-${choices.indexOf(choice)}`)?.scrollIntoView({ block: 'nearest' });
              }}
            >
              <b aria-hidden="true">{letter}</b> <span>{title}</span>
              <span class="unseen">
                {say({
                  en: `: ${candidate.algo}, ${formatDuration(ms)}, ${shareText(ms / total)} of the whole`,
                  zh: `：${candidate.algo}，${formatDuration(ms)}，占全部的 ${shareText(ms / total, 'zh-Hans')}`,
                })}
              </span>
            </button>
          );
        })}
      </div>
    </figure>
  );
}
