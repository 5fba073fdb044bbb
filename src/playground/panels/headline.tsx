/**
 * @file The run in a sentence, and where to go from there.
 */
import { computed } from '@preact/signals';
import type { AlgorithmChoice } from '../../dnn/choice/records.ts';
import { chosenOf } from '../../dnn/choice/verdict.ts';
import { showPane } from '../bench/arrangement.ts';
import { seeItHappen } from '../actions.ts';
import { compare } from '../compare.ts';
import { firstView, shownChoices } from '../first-view.ts';
import { headlineOf, liveSentence } from '../headline.ts';
import { say } from '../language.ts';
import { isHidden } from '../opening-link.ts';
import { unfold } from '../panes/race/unfolding.ts';
import { activity, busy, lastRun, standing } from '../state.ts';
import { walkOf } from '../stepping.ts';

const headline = computed(() => headlineOf(shownChoices.value));

const running = computed(() => activity.value === 'running');

export function Headline() {
  const told = running.value ? undefined : headline.value;
  return (
    <section class="headline" aria-label={say({ en: 'Result', zh: '结果' })}>
      <p class="sentence">
        {told && firstView.value && (
          <>
            <span class="recorded-label">{say({ en: 'Recorded', zh: '录制' })}</span>{' '}
          </>
        )}
        {told?.sentence ?? emptySentence()}
      </p>
      <p class="because">
        {told?.because ??
          say({
            en: 'Candidates are verified against float64, then timed against each other.',
            zh: '候选算法先与 float64 参考核对，再相互计时比较。',
          })}
      </p>
    </section>
  );
}

/** Where to go from the sentence. */
export function Invitations() {
  const told = running.value ? undefined : headline.value;
  if (!told) return null;
  const winner = chosenOf(told.choice)!;
  const walk = walkOf(told.choice, winner);
  return (
    <p class="invitations">
      {!isHidden('race') && (
        <button
          type="button"
          onClick={() => {
            unfold(told.choice, winner);
            lookAt(told.choice);
          }}
        >
          {say({ en: 'Why did it win?', zh: '它为什么赢？' })}
        </button>
      )}
      {!isHidden('step') && walk !== undefined && (
        <button type="button" onClick={() => seeItHappen(walk)}>
          {say({ en: 'See it happen', zh: '看它如何计算' })}
        </button>
      )}
      {!isHidden('compare') && !isHidden('comparison') && (
        <button type="button" aria-disabled={busy.value} onClick={() => !busy.value && void compare()}>
          {say({ en: 'Is it right?', zh: '结果对吗？' })}
        </button>
      )}
    </p>
  );
}

/** Brings a problem's race into view. */
function lookAt(choice: AlgorithmChoice): void {
  showPane('race');
  const at = shownChoices.value.indexOf(choice);
  // The pane may have been closed, and is drawn first.
  requestAnimationFrame(() => document.getElementById(`race-${at}`)?.scrollIntoView({ block: 'start' }));
}

function emptySentence(): string {
  if (running.value)
    return standing.value ? liveSentence(standing.value) : say({ en: 'The program runs.', zh: '程序正在运行。' });
  const result = lastRun.value?.result;
  if (!result)
    return say({
      en: 'Press Run to see which convolution algorithm wins on this device, and why.',
      zh: '点击“运行”，看看在这台设备上哪种卷积算法最快，以及为什么。',
    });
  if (!result.ok) return say({ en: 'The run failed; the console says where.', zh: '运行失败，出错位置见控制台。' });
  return result.device === 'cpu'
    ? say({
        en: 'The cpu reference has one algorithm for each operation: there is no race.',
        zh: 'CPU 参考实现中每个运算只有一种算法，无从比较。',
      })
    : say({
        en: 'The program ran nothing that has algorithms to choose from.',
        zh: '程序没有运行需要选择算法的运算。',
      });
}
